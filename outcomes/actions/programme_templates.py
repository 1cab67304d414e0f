"""Templates of programmes: a programme made in one step, and partnerships' own templates made from a programme."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from outcomes.actions.returns import open_returns
from outcomes.actions.setting_up import add_measure, add_outcome
from outcomes.blueprints import Blueprint, BudgetLine, MeasureLine
from outcomes.models import (
    Group,
    Measure,
    MeasureBreakdown,
    MeasureKind,
    Outcome,
    ProgrammeOutcome,
    ProgrammeTemplate,
    ReturnQuestion,
)
from outcomes.queries.programme_templates import blueprint_from, blueprint_of
from partnerships.actions.editing import save_edit
from partnerships.actions.money import add_money_line
from partnerships.actions.periods import NewPeriod, add_periods
from partnerships.actions.programmes import add_programme
from partnerships.errors import DomainError
from partnerships.models import (
    Organisation,
    Partnership,
    Place,
    Programme,
    ProgrammeStatus,
)

LONGEST_NAME = 200
SAME = (
    "definition", "unit", "quadrant", "rule", "direction", "frequency", "decimals", "numerator_name", "denominator_name",
    "hide_below", "is_headline", "is_running_total", "ownership", "due_after_days", "outside_our_control",
)  # fmt: skip


@transaction.atomic
def use_template(
    *,
    partnership: Partnership,
    template: Blueprint,
    name: str,
    provider: Organisation | None = None,
    commissioner: Organisation | None = None,
    partners: Iterable[Organisation] = (),
    places: Iterable[Place] = (),
    outcome: Outcome | None = None,
    new_outcome: str = "",
    outcomes: Mapping[str, Outcome] | None = None,
    how: str = "",
    measures: Collection[str] | None = None,
    summary: str = "",
    status: ProgrammeStatus | str = ProgrammeStatus.RUNNING,
    starts_on: date | None = None,
    ends_on: date | None = None,
    periods: Iterable[NewPeriod] = (),
    budget: Sequence[tuple[BudgetLine, Decimal]] = (),
    created_at: datetime | None = None,
    by: Any,
) -> Programme:
    """Make a programme with its measures, breakdowns, periods, questions, budget lines and returns: all of it, or nothing.

    Measures go under `outcome`, or a new one called `new_outcome`; `outcomes` says otherwise for single ones, by key.
    `measures` are the keys of those wanted (all if None). `budget` gives amounts for lines of the template. `created_at` is
    for measures that were there before they came here, so that a dashboard as of an earlier day shows them.
    """
    wanted = [line for line in template.measures if measures is None or line.key in measures]
    if not wanted:
        raise DomainError("Choose at least one measure.", field="measures")
    programme = add_programme(
        partnership=partnership,
        name=name,
        kind=template.kind,
        summary=summary or template.description,
        provider=provider,
        commissioner=commissioner,
        partners=partners,
        places=places,
        status=ProgrammeStatus(status),
        starts_on=starts_on,
        ends_on=ends_on,
        calendar=template.calendar,
        by=by,
    )
    chosen = outcome_for(partnership, outcome, new_outcome, by=by)
    under = {line.key: (outcomes or {}).get(line.key, chosen) for line in wanted}
    _make_measures(programme, wanted, under, created_at or timezone.now(), by=by)
    for one in dict.fromkeys(under.values()):
        ProgrammeOutcome.objects.create(partnership=partnership, programme=programme, outcome=one, how=how)
    ReturnQuestion.objects.bulk_create(
        ReturnQuestion(
            partnership=partnership,
            programme=programme,
            text=question.text,
            hint=question.hint,
            is_annual=question.is_annual,
            position=position,
        )
        for position, question in enumerate(template.questions, 1)
    )
    periods = list(periods)
    if periods:
        add_periods(programme=programme, periods=periods, by=by)
    _add_budget(programme, budget, periods, by=by)
    open_returns(programme=programme, by=by)
    return programme


def outcome_for(partnership: Partnership, outcome: Outcome | None, new_outcome: str, *, by: Any) -> Outcome:
    """The outcome that measures go under: one that is there, or a new one."""
    if outcome is not None and new_outcome.strip():
        raise DomainError("Choose an outcome or enter a new one, not both.", field="new_outcome")
    if outcome is None:
        if not new_outcome.strip():
            raise DomainError("Choose the outcome that the programme should help.", field="outcome")
        try:
            return add_outcome(partnership=partnership, title=new_outcome, by=by)
        except DomainError as refused:
            raise DomainError(refused.message, field="new_outcome") from None
    if outcome.partnership_id != partnership.pk:
        raise DomainError("Choose an outcome of this partnership.", field="outcome")
    return outcome


def _make_measures(
    programme: Programme,
    lines: Sequence[MeasureLine],
    under: Mapping[str, Outcome],
    created_at: datetime,
    *,
    by: Any,
) -> None:
    taken = {
        name.casefold()
        for name in Measure.objects.filter(partnership=programme.partnership).values_list("name", flat=True)
    }
    breakdowns: list[MeasureBreakdown] = []
    for position, line in enumerate(lines, 1):
        name = free_name(line.name, programme.name, taken)
        taken.add(name.casefold())
        measure = add_measure(
            outcome=under[line.key],
            name=name,
            by=by,
            created_at=created_at,
            kind=MeasureKind.PERFORMANCE,
            programme=programme,
            template_key=line.key,
            position=position,
            **{field: getattr(line, field) for field in SAME},
        )
        breakdowns += [
            MeasureBreakdown(
                partnership=programme.partnership,
                measure=measure,
                dimension=breakdown.dimension,
                adds_up=breakdown.adds_up,
                position=place,
            )
            for place, breakdown in enumerate(line.breakdowns, 1)
        ]
    MeasureBreakdown.objects.bulk_create(breakdowns)
    _make_groups(programme.partnership, lines)


def _make_groups(partnership: Partnership, lines: Sequence[MeasureLine]) -> None:
    """The parts of every breakdown; those that are known already are used again."""
    parts = {
        (breakdown.dimension, part): order
        for line in lines
        for breakdown in line.breakdowns
        for order, part in enumerate(breakdown.parts, 1)
    }
    Group.objects.bulk_create(
        (
            Group(partnership=partnership, dimension=dimension, name=name, position=order)
            for (dimension, name), order in parts.items()
        ),
        ignore_conflicts=True,
    )


def free_name(name: str, programme: str, taken: Collection[str]) -> str:
    """The name of a measure, told apart by its programme's where another measure has it."""
    if name.casefold() not in taken:
        return name
    count = 1
    while True:
        suffix = f" ({programme})" if count == 1 else f" ({programme}, {count})"
        if len(suffix) > LONGEST_NAME // 2:
            suffix = f" ({programme[:60]}…, {count})"
        made = name[: LONGEST_NAME - len(suffix)] + suffix
        if made.casefold() not in taken:
            return made
        count += 1


def _add_budget(
    programme: Programme,
    budget: Sequence[tuple[BudgetLine, Decimal]],
    periods: Sequence[NewPeriod],
    *,
    by: Any,
) -> None:
    """For the programme's own days, where both are known; else for its periods; else for a year from its first day."""
    first = programme.starts_on or min((one.starts_on for one in periods), default=timezone.localdate())
    last = programme.ends_on or max((one.ends_on for one in periods), default=first + timedelta(days=364))
    for line, amount in budget:
        add_money_line(
            programme=programme,
            kind=line.kind,
            heading=line.heading,
            description=line.description,
            amount=amount,
            starts_on=first,
            ends_on=max(first, last),
            by=by,
        )


# --- Templates of one's own ------------------------------------------------------------------------------------
@transaction.atomic
def keep_as_template(
    *, programme: Programme, name: str, description: str = "", is_shared: bool = False, by: Any
) -> ProgrammeTemplate:
    """Make a template of a programme: what it counts, asks and plans for. No figure, partner, place or person is in it."""
    blueprint = blueprint_of(programme)
    if not blueprint.measures:
        raise DomainError("The programme has no measures yet, so there is nothing to keep.")
    return ProgrammeTemplate.objects.create(
        partnership_id=programme.partnership_id,
        name=_free(programme.partnership_id, name),
        kind=programme.kind,
        description=description.strip(),
        content=blueprint.as_content(),
        is_shared=is_shared,
        created_by=by,
    )


@transaction.atomic
def edit_template(
    *,
    template: ProgrammeTemplate,
    expected_version: int,
    name: str,
    description: str,
    measures: Sequence[str],
    is_shared: bool,
    by: Any,
) -> ProgrammeTemplate:
    """Change its name, description, who may use it, and which of its measures it keeps (by key), in which order."""
    _check_not_ended(template)
    known = {row["key"]: row for row in template.content.get("measures", ())}
    kept = [known[key] for key in dict.fromkeys(measures) if key in known]
    if not kept:
        raise DomainError("A template needs at least one measure.", field="measures")
    changes = {
        "name": _free(template.partnership_id, name, template),
        "description": description.strip(),
        "content": {**template.content, "measures": kept},
        "is_shared": is_shared,
    }
    saved = save_edit(template, expected_version=expected_version, changes=changes)
    blueprint_from(saved)  # What could not be used again would fail here, and nothing would be saved.
    return saved


@transaction.atomic
def end_template(*, template: ProgrammeTemplate, by: Any) -> ProgrammeTemplate:
    """From today on nobody makes a programme with it. Programmes that were made with it stay as they are."""
    _check_not_ended(template)
    return save_edit(template, expected_version=template.version, changes={"ended_on": timezone.localdate()})


def _check_not_ended(template: ProgrammeTemplate) -> None:
    if template.ended_on is not None:
        raise DomainError("This template has ended.")


def _free(partnership_id: int, name: str, template: ProgrammeTemplate | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise DomainError("Enter the template’s name.", field="name")
    others = ProgrammeTemplate.objects.filter(
        partnership_id=partnership_id, name__iexact=name, ended_on__isnull=True
    )
    if others.exclude(pk=template.pk if template else None).exists():
        raise DomainError("There is already a template of this name.", field="name")
    return name
