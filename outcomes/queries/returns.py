"""Returns: what each asks for, what is filled in, what the same partner sent last, and what is owed by whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from outcomes.models import (
    CalculationRule,
    Frequency,
    Group,
    Measure,
    MeasureBreakdown,
    Return,
    ReturnCell,
    ReturnQuestion,
    ReturnStatus,
    ReturnStep,
)
from outcomes.queries.units import scale_of
from outcomes.statistics import haf
from outcomes.statistics.return_checks import (
    BOXES,
    Asked,
    Breakdown,
    CellKey,
    Cells,
    Finding,
    Said,
    Shape,
    check,
)
from partnerships.models import (
    Calendar,
    Organisation,
    Partnership,
    Programme,
    ProgrammeKind,
    ProgrammePeriod,
)

STILL_OWED = (ReturnStatus.OWED, ReturnStatus.SENT_BACK)
OPEN_TO_CHANGE = STILL_OWED
# A measure counted by month belongs on the form of a programme whose partners send figures by month.
_SAME_RHYTHM = {
    Calendar.MONTH: Frequency.MONTH,
    Calendar.QUARTER: Frequency.QUARTER,
    Calendar.YEAR: Frequency.YEAR,
}


def measures_asked(programme: Programme) -> list[Measure]:
    """The measures that a programme's partners send, in the order of the form.

    Those that are counted each period of their programme; and those of its template that keep its rhythm under its own name,
    such as every month.
    """
    asked = Q(frequency=Frequency.PERIOD)
    rhythm = _SAME_RHYTHM.get(Calendar(programme.calendar))
    if rhythm:
        asked |= Q(frequency=rhythm) & ~Q(template_key="")
    return list(Measure.objects.filter(asked, programme=programme).order_by("position", "pk"))


def measures_not_asked(programme: Programme) -> list[Measure]:
    """The measures of a programme that its returns do not ask for, since they are counted in another rhythm."""
    asked = [measure.pk for measure in measures_asked(programme)]
    return list(Measure.objects.filter(programme=programme).exclude(pk__in=asked).order_by("position", "pk"))


def owing(programme: Programme) -> list[Organisation]:
    """The organisations that owe a programme its figures: its partners; the provider where it has none."""
    partners = list(programme.partners.select_related("merged_into")) or [programme.provider]
    kept = {(one.merged_into or one) for one in partners if one is not None}
    return sorted(kept, key=lambda one: one.name)


def shape_of(measure: Measure) -> Shape:
    if measure.rule == CalculationRule.WEIGHTED_MEAN:
        return Shape.MEAN
    if measure.rule == CalculationRule.RATIO_OF_SUMS or measure.denominator_name:
        return Shape.PAIR
    return Shape.COUNT


@dataclass(frozen=True, slots=True)
class Grid:
    """A return as its form has it: what is asked, what is filled in, what was sent last, and what to look at."""

    found: Return
    measures: tuple[Measure, ...]
    asked: tuple[Asked, ...]
    cells: dict[CellKey, ReturnCell]
    before: dict[CellKey, Said]
    last: Return | None
    questions: tuple[ReturnQuestion, ...]
    answers: dict[int, str]

    @property
    def said(self) -> dict[CellKey, Said]:
        return {key: said_by(cell) for key, cell in self.cells.items()}

    @property
    def groups(self) -> dict[int, Group]:
        return {cell.group_id: cell.group for cell in self.cells.values() if cell.group is not None}

    def findings(self) -> list[Finding]:
        return check_all(self, self.said)


def check_all(grid: Grid, said: Cells) -> list[Finding]:
    """What is wrong or odd about figures in this form: by the general rules, and by those of the programme's kind."""
    found = check(grid.asked, said, grid.before)
    if grid.found.programme.kind == ProgrammeKind.HAF:
        found += _holiday_rules(grid, said)
    return found


# The line of the form beside which each rule of the holiday programme is asked about.
_HAF_LINES = {
    "days": haf.DAYS,
    "weeks": haf.WEEKS,
    "hours": haf.HOURS,
    "other_children": haf.OTHER_CHILDREN,
    "administration": haf.ADMINISTRATION,
    "parts": haf.FUNDED,
    "places": haf.ATTENDED,
}


def _holiday_rules(grid: Grid, said: Cells) -> list[Finding]:
    lines = {m.template_key: m for m in grid.measures if m.template_key}
    figures = {key: _figure(m, said.get((m.pk, None))) for key, m in lines.items()}
    period = grid.found.period
    broken = haf.broken(
        haf.check_holiday(
            name=period.name,
            starts_on=period.starts_on,
            ends_on=period.ends_on,
            figures=figures,
            rules=haf.HafRules.of(grid.found.programme.rules),
        )
    )
    found = []
    for rule in broken:
        measure = lines.get(_HAF_LINES[rule.rule])
        if measure is not None:
            box = BOXES[shape_of(measure)][0]
            found.append(Finding(measure.pk, None, box, False, f"{measure.name}: {rule.text}"))
    return found


def _figure(measure: Measure, said: Said | None) -> float | None:
    if said is None or said.marker:
        return None
    if shape_of(measure) is Shape.PAIR:
        if said.numerator is None or not said.denominator:
            return None
        return float(scale_of(measure) * said.numerator / said.denominator)
    return None if said.value is None else float(said.value)


def said_by(cell: ReturnCell) -> Said:
    return Said(cell.value, cell.numerator, cell.denominator, cell.marker)


def grid_of(found: Return) -> Grid:
    """Everything about one return in a fixed number of queries."""
    measures = measures_asked(found.programme)
    cells = {(cell.measure_id, cell.group_id): cell for cell in found.cells.select_related("group")}
    known = {measure.pk for measure in measures}
    # A measure that was asked for when this was filled in, and is not any more, keeps its line here.
    gone = {key[0] for key in cells} - known
    measures += list(Measure.objects.filter(pk__in=gone).order_by("position", "pk"))
    last = last_before(found)
    before = {(c.measure_id, c.group_id): said_by(c) for c in last.cells.all()} if last else {}
    return Grid(
        found=found,
        measures=tuple(measures),
        asked=asked_of(measures),
        cells=cells,
        before=before,
        last=last,
        questions=tuple(questions_of(found)),
        answers=dict(found.answers.values_list("question", "text")),
    )


def asked_of(measures: Iterable[Measure]) -> tuple[Asked, ...]:
    """The lines of a form, each with its groups: two queries."""
    measures = list(measures)
    breakdowns = list(MeasureBreakdown.objects.filter(measure__in=measures))
    groups: dict[str, list[Group]] = {}
    if breakdowns:
        wanted = {breakdown.dimension for breakdown in breakdowns}
        for group in Group.objects.filter(
            partnership=breakdowns[0].partnership_id, dimension__in=wanted
        ).order_by("position", "name"):
            groups.setdefault(group.dimension, []).append(group)
    return tuple(
        Asked(
            measure=measure.pk,
            name=measure.name,
            shape=shape_of(measure),
            unit=measure.unit,
            decimals=measure.decimals,
            breakdowns=tuple(
                Breakdown(b.dimension, b.adds_up, tuple((g.pk, g.name) for g in groups.get(b.dimension, [])))
                for b in breakdowns
                if b.measure_id == measure.pk
            ),
            is_running_total=measure.is_running_total,
            counts_people=measure.hide_below is not None,
            numerator_name=measure.numerator_name,
            denominator_name=measure.denominator_name,
        )
        for measure in measures
    )


def last_before(found: Return) -> Return | None:
    """What the same partner sent to the same programme for the newest period before this one."""
    sent = Return.objects.filter(
        programme=found.programme_id,
        organisation=found.organisation_id,
        place=found.place_id,
        period__starts_on__lt=found.period.starts_on,
        status__in=[ReturnStatus.SUBMITTED, ReturnStatus.ACCEPTED],
    )
    return sent.select_related("period").order_by("-period__starts_on").first()


def questions_of(found: Return) -> list[ReturnQuestion]:
    """What is asked in words; yearly questions only with the last period that ends in its financial year."""
    questions = list(ReturnQuestion.objects.filter(programme=found.programme_id))
    if any(question.is_annual for question in questions) and not _closes_year(found.period):
        answered = set(found.answers.values_list("question", flat=True))
        questions = [q for q in questions if not q.is_annual or q.pk in answered]
    return questions


def _closes_year(period: ProgrammePeriod) -> bool:
    """Whether no later period of the programme ends before the financial year does, on 31 March."""
    end = period.ends_on
    year_end = date(end.year + (1 if end.month > 3 else 0), 3, 31)
    later = ProgrammePeriod.objects.filter(
        programme=period.programme_id, ends_on__gt=end, ends_on__lte=year_end
    )
    return not later.exists()


# --- What is owed ------------------------------------------------------------------------------------------------
def returns_of(partnership: Partnership) -> QuerySet[Return]:
    return Return.objects.filter(partnership=partnership).select_related(
        "programme", "period", "organisation", "place"
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the home page says of returns: those my organisations owe, and those that wait for me to accept them."""

    owed: tuple[Return, ...]
    to_accept: tuple[Return, ...]

    def __bool__(self) -> bool:
        return bool(self.owed or self.to_accept)


def organisations_of(partnership: Partnership, person: Any) -> set[int]:
    """The organisations for which somebody holds a role here today."""
    held = partnership.memberships.current().filter(person=person, organisation__isnull=False)  # type: ignore[attr-defined]
    return set(held.values_list("organisation", flat=True))


def returns_waiting(
    partnership: Partnership, person: Any, *, may_send: bool, may_accept: bool, limit: int = 10
) -> Waiting:
    """Due first. The caller says what the person may do, since this app knows no permissions."""
    mine = organisations_of(partnership, person) if may_send else set()
    owed = returns_of(partnership).filter(organisation__in=mine, status__in=STILL_OWED)
    sent = returns_of(partnership).filter(status=ReturnStatus.SUBMITTED)
    return Waiting(
        owed=tuple(owed.order_by("due_on", "pk")[:limit]) if mine else (),
        to_accept=tuple(sent.order_by("submitted_at", "pk")[:limit]) if may_accept else (),
    )


def is_overdue(found: Return, today: date | None = None) -> bool:
    return found.status in STILL_OWED and found.due_on < (today or timezone.localdate())


# --- Lists -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Missing:
    """The partners that have not sent a programme's figures for a period although they were due."""

    programme: Programme
    period: ProgrammePeriod
    organisations: tuple[Organisation, ...]


def filtered(
    partnership: Partnership,
    *,
    status: str = "",
    programme: Programme | None = None,
    period: ProgrammePeriod | None = None,
    organisation: Organisation | None = None,
    today: date | None = None,
) -> QuerySet[Return]:
    """The newest period first, then what is due first."""
    found = returns_of(partnership)
    if status == "overdue":
        found = found.filter(status__in=STILL_OWED, due_on__lt=today or timezone.localdate())
    elif status:
        found = found.filter(status=status)
    wanted = {"programme": programme, "period": period, "organisation": organisation}
    found = found.filter(**{name: one for name, one in wanted.items() if one is not None})
    return found.order_by("-period__starts_on", "due_on", "programme__name", "organisation__name", "pk")


def missing_now(partnership: Partnership, today: date | None = None) -> list[Missing]:
    """Who is overdue, by programme and period, the longest first."""
    late = filtered(partnership, status="overdue", today=today).order_by("due_on", "organisation__name")
    by_period: dict[int, list[Return]] = {}
    for one in late:
        by_period.setdefault(one.period_id, []).append(one)
    return [
        Missing(rows[0].programme, rows[0].period, tuple(row.organisation for row in rows))
        for rows in by_period.values()
    ]


def filter_choices(partnership: Partnership) -> dict[str, QuerySet]:
    owed = Return.objects.filter(partnership=partnership).order_by()
    return {
        "programme": Programme.objects.filter(pk__in=owed.values("programme")),
        "period": ProgrammePeriod.objects.filter(pk__in=owed.values("period")).order_by("-starts_on"),
        "organisation": Organisation.objects.filter(pk__in=owed.values("organisation")),
    }


def one_return(partnership: Partnership, pk: int) -> Return | None:
    rows = returns_of(partnership).select_related(
        "programme", "period", "organisation", "place", "submitted_by", "decided_by", "partnership"
    )
    return rows.filter(pk=pk).first()


def steps_of(found: Return) -> list[ReturnStep]:
    """What happened to a return, newest first."""
    return list(found.steps.select_related("by").order_by("-at", "-pk"))
