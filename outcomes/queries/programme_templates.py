"""Templates of programmes: the built-in ones, the partnership's own, and those that others share."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.utils.text import slugify

from outcomes.blueprints import (
    BUILT_IN,
    Blueprint,
    Breakdown,
    BudgetLine,
    MeasureLine,
    Question,
    from_content,
)
from outcomes.models import Group, Measure, MeasureBreakdown, ProgrammeTemplate, ReturnQuestion
from partnerships.models import Calendar, MoneyHeading, MoneyKind, Partnership, Programme, ProgrammeKind
from partnerships.queries.money import lines_of

OWN = "own-"


@dataclass(frozen=True, slots=True)
class Offered:
    """A template that the partnership may use. `record` is its own; one that another shares shows its content only."""

    key: str
    blueprint: Blueprint
    origin: str
    record: ProgrammeTemplate | None = None


def offered(partnership: Partnership) -> list[Offered]:
    """The built-in ones first, then the partnership's own, then what others share."""
    found = [Offered(key, blueprint, "Comes with Throughline") for key, blueprint in BUILT_IN.items()]
    rows = ProgrammeTemplate.objects.filter(ended_on__isnull=True)
    found += [
        Offered(f"{OWN}{row.pk}", blueprint_from(row), "Yours, shared" if row.is_shared else "Yours", row)
        for row in rows.filter(partnership=partnership)
    ]
    found += [
        Offered(f"{OWN}{row.pk}", blueprint_from(row), "Shared by another partnership")
        for row in rows.filter(is_shared=True).exclude(partnership=partnership)
    ]
    return found


def offered_as(partnership: Partnership, key: str) -> Offered | None:
    return next((one for one in offered(partnership) if one.key == key), None)


def blueprint_from(template: ProgrammeTemplate) -> Blueprint:
    return from_content(
        name=template.name,
        kind=template.kind,
        description=template.description,
        content=template.content,
    )


def blueprint_of(programme: Programme) -> Blueprint:
    """What a programme counts, asks and plans for, as a template: no figure, partner, place or person."""
    measures = list(Measure.objects.filter(programme=programme).order_by("position", "pk"))
    parts = _parts(programme.partnership_id)
    breakdowns: dict[int, list[Breakdown]] = defaultdict(list)
    for row in MeasureBreakdown.objects.filter(measure__in=measures):
        breakdowns[row.measure_id].append(Breakdown(row.dimension, parts[row.dimension], row.adds_up))
    headings = dict.fromkeys(
        (line.heading, line.description, line.kind)
        for line in reversed(lines_of(programme))
        if line.kind in (MoneyKind.BUDGET, MoneyKind.MATCH)
    )
    return Blueprint(
        kind=ProgrammeKind(programme.kind),
        name=programme.name,
        description=programme.summary,
        calendar=Calendar(programme.calendar),
        measures=tuple(_line(measure, programme, tuple(breakdowns[measure.pk])) for measure in measures),
        questions=tuple(
            Question(row.text, row.hint, row.is_annual)
            for row in ReturnQuestion.objects.filter(programme=programme)
        ),
        budget=tuple(BudgetLine(MoneyHeading(h), text, MoneyKind(kind)) for h, text, kind in headings),
    )


def _parts(partnership_id: int) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for group in Group.objects.filter(partnership_id=partnership_id):
        found[group.dimension].append(group.name)
    return defaultdict(tuple, {dimension: tuple(names) for dimension, names in found.items()})


def _line(measure: Measure, programme: Programme, breakdowns: tuple[Breakdown, ...]) -> MeasureLine:
    # A measure that was told apart by its programme's name needs that no more.
    name = measure.name.removesuffix(f" ({programme.name})")
    return MeasureLine(
        key=measure.template_key or slugify(name)[:50].replace("-", "_") or f"measure_{measure.pk}",
        name=name,
        definition=measure.definition,
        unit=measure.unit,
        quadrant=measure.quadrant,  # type: ignore[arg-type]
        rule=measure.rule,  # type: ignore[arg-type]
        direction=measure.direction,  # type: ignore[arg-type]
        frequency=measure.frequency,  # type: ignore[arg-type]
        decimals=measure.decimals,
        numerator_name=measure.numerator_name,
        denominator_name=measure.denominator_name,
        hide_below=measure.hide_below,
        is_headline=measure.is_headline,
        is_running_total=measure.is_running_total,
        ownership=measure.ownership,  # type: ignore[arg-type]
        due_after_days=measure.due_after_days,
        outside_our_control=measure.outside_our_control,
        breakdowns=breakdowns,
    )
