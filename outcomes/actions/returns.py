"""Returns: asked for when a period begins, and filled in by the partner, any number of times, until they are sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from outcomes.models import Marker, Return, ReturnAnswer, ReturnCell, ReturnQuestion, ReturnStatus
from outcomes.queries.returns import OPEN_TO_CHANGE, Grid, grid_of, owing
from outcomes.queries.units import scale_of
from outcomes.statistics.return_checks import CellKey, Shape
from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Place, Programme, ProgrammePeriod, ProgrammeStatus

# The clock asks for what it missed while it stood still; nobody is asked for what was due long before they came.
ASKED_LATE = timedelta(days=14)
LONGEST = {"got_in_the_way": 10_000, "way_forward": 10_000, "answer": 10_000, "explanation": 500}
MARKERS = {"", Marker.UNAVAILABLE.value, Marker.NOT_APPLICABLE.value}


@dataclass(frozen=True, slots=True)
class NewCell:
    """What a partner says in one cell: numbers, or a marker, and why it is right although it looks odd."""

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    marker: str = ""
    explanation: str = ""


@transaction.atomic
def open_returns(
    *, programme: Programme, by: Any = None, today: date | None = None, due_from: date | None = None
) -> list[Return]:
    """Ask for what is missing: a return for each period that has begun and each organisation that owes it.

    They owe who are its partners, or its provider where it has none. The figures are about the partnership's main place,
    where its dashboard shows them, and the programme's first place where there is no main one; a return is about one place,
    since no partner counts its children or its visits twice. `due_from` leaves out periods that were due before it.
    Safe to call again: what is there stays as it is. Returns those that this call made.
    """
    today = today or timezone.localdate()
    place = _place_of(programme)
    if not programme.calendar or place is None:
        return []
    begun = ProgrammePeriod.objects.filter(programme=programme, starts_on__lte=today)
    if due_from is not None:
        begun = begun.filter(returns_due_on__gte=due_from)
    # Two clocks at once wait for each other here, so that each return is counted as made by one of them.
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    known = set(Return.objects.filter(programme=programme).values_list("period", "organisation"))
    return Return.objects.bulk_create(
        Return(
            partnership_id=programme.partnership_id,
            programme=programme,
            period=period,
            organisation=organisation,
            place=place,
            due_on=period.returns_due_on,
            created_by=by,
        )
        for period in begun
        for organisation in owing(programme)
        if (period.pk, organisation.pk) not in known
    )


def _place_of(programme: Programme) -> Place | None:
    covered = programme.partnership.covered.filter(is_main=True).select_related("place").first()
    return covered.place if covered else programme.places.order_by("name").first()


def open_due_returns(*, today: date | None = None) -> list[int]:
    """What the clock does each hour: ask for the returns of periods that have begun, of all programmes that run.

    A programme that is paused, stopped or only planned owes nothing new. Returns the ids of what was made.
    """
    today = today or timezone.localdate()
    due_from = today - ASKED_LATE
    waiting = Programme.objects.filter(
        Q(status=ProgrammeStatus.RUNNING) | Q(status=ProgrammeStatus.FINISHED),
        periods__starts_on__lte=today,
        periods__returns_due_on__gte=due_from,
    )
    made: list[int] = []
    for programme in waiting.exclude(calendar="").select_related("partnership", "provider").distinct():
        made += [one.pk for one in open_returns(programme=programme, today=today, due_from=due_from)]
    return made


# --- Filling in --------------------------------------------------------------------------------------------------
@transaction.atomic
def fill_in(
    *,
    found: Return,
    expected_version: int,
    by: Any,
    cells: Mapping[CellKey, NewCell | None] | None = None,
    answers: Mapping[int, str] | None = None,
    got_in_the_way: str | None = None,
    way_forward: str | None = None,
) -> Return:
    """Save what is filled in so far, as a draft. Only the cells and answers that are named change; None empties a cell.

    Raises DomainError for a return that is sent or locked and for a cell that its form has not, EditConflict when somebody
    else saved it since `expected_version`.
    """
    found = locked(found)
    if found.status not in OPEN_TO_CHANGE:
        raise DomainError(f"This return can’t be changed: it is {STATES[ReturnStatus(found.status)]}.")
    grid = grid_of(found)
    words = {"got_in_the_way": got_in_the_way, "way_forward": way_forward}
    changes = {name: text.strip() for name, text in words.items() if text is not None}
    for name, text in changes.items():
        _check_length(text, name, field=name)
    saved = save_edit(found, expected_version=expected_version, changes=changes)
    _save_cells(grid, cells or {})
    _save_answers(grid, answers or {})
    return saved


STATES = {
    ReturnStatus.OWED: "not sent yet",
    ReturnStatus.SUBMITTED: "sent and waits to be accepted",
    ReturnStatus.SENT_BACK: "sent back",
    ReturnStatus.ACCEPTED: "accepted and locked. Ask for it to be opened again",
    ReturnStatus.NOT_NEEDED: "not needed any more",
}


def locked(found: Return) -> Return:
    """The return as it stands now, held until this transaction ends: of two who decide at once, one comes second."""
    rows = Return.objects.select_for_update(of=("self",), no_key=True).filter(pk=found.pk)
    linked = ("programme", "period", "organisation", "place", "decided_by", "partnership")
    (now,) = rows.select_related(*linked)
    return now


def _save_cells(grid: Grid, cells: Mapping[CellKey, NewCell | None]) -> None:
    lines = {line.measure: line for line in grid.asked}
    measures = {measure.pk: measure for measure in grid.measures}
    made, changed, gone = [], [], []
    for (measure_id, group_id), new in cells.items():
        line = lines.get(measure_id)
        if line is None or (group_id is not None and group_id not in line.groups):
            raise DomainError("The form has no such cell. Open it again.")
        row = grid.cells.get((measure_id, group_id))
        if new is None:
            gone += [row.pk] if row else []
            continue
        facts = _facts(new, line.shape, scale_of(measures[measure_id]), line.name_of(group_id))
        if row is None:
            made.append(
                ReturnCell(
                    partnership_id=grid.found.partnership_id,
                    returned_in=grid.found,
                    measure_id=measure_id,
                    group_id=group_id,
                    **facts,
                )
            )
        elif any(getattr(row, name) != fact for name, fact in facts.items()):
            for name, fact in facts.items():
                setattr(row, name, fact)
            changed.append(row)
    ReturnCell.objects.filter(pk__in=gone).delete()
    ReturnCell.objects.bulk_update(changed, ["value", "numerator", "denominator", "marker", "explanation"])
    ReturnCell.objects.bulk_create(made)


def _facts(new: NewCell, shape: Shape, scale: Decimal, name: str) -> dict[str, Any]:
    """A cell as it is kept: a pair with the value that it makes, out of nought with the marker for it."""
    explanation = new.explanation.strip()
    _check_length(explanation, "explanation")
    nothing = {"value": None, "numerator": None, "denominator": None}
    if new.marker:
        if new.marker not in MARKERS:
            raise DomainError(f"{name}: write x if it is not available, z if it does not apply.")
        if any(number is not None for number in (new.value, new.numerator, new.denominator)):
            raise DomainError(f"{name}: enter a number or a marker, not both.")
        return {**nothing, "marker": new.marker, "explanation": explanation}
    wanted = {
        Shape.COUNT: ("value",),
        Shape.PAIR: ("numerator", "denominator"),
        Shape.MEAN: ("value", "denominator"),
    }[shape]
    if any(getattr(new, part) is None for part in wanted):
        raise DomainError(f"{name}: enter both numbers." if len(wanted) > 1 else f"{name}: enter a number.")
    facts = nothing | {part: getattr(new, part) for part in wanted}
    for part, number in facts.items():
        if number is not None and abs(number) >= Decimal(10) ** 12:
            raise DomainError(f"{name} is too large.")
        if number is not None:
            facts[part] = number.quantize(Decimal("0.000001") if part == "value" else Decimal("0.001"))
    if shape is Shape.PAIR and facts["denominator"]:
        facts["value"] = (scale * facts["numerator"] / facts["denominator"]).quantize(Decimal("0.000001"))
    return {**facts, "marker": "", "explanation": explanation}


def _save_answers(grid: Grid, answers: Mapping[int, str]) -> None:
    questions = {question.pk: question for question in grid.questions}
    for pk, text in answers.items():
        question: ReturnQuestion | None = questions.get(pk)
        if question is None:
            raise DomainError("The form has no such question. Open it again.")
        text = text.strip()
        _check_length(text, "answer", field=f"answer-{pk}")
        if text == grid.answers.get(pk, ""):
            continue
        kept = ReturnAnswer.objects.filter(returned_in=grid.found, question=question)
        if not text:
            kept.delete()
            continue
        ReturnAnswer.objects.update_or_create(
            partnership_id=grid.found.partnership_id,
            returned_in=grid.found,
            question=question,
            defaults={"text": text},
        )


def _check_length(text: str, what: str, *, field: str | None = None) -> None:
    if "\x00" in text:
        raise DomainError("The text holds a character that can’t be stored.", field=field)
    if len(text) > LONGEST[what]:
        raise DomainError(f"Write {LONGEST[what]:,} characters or fewer.", field=field)
