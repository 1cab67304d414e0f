"""Activities filled in offline: the spreadsheet is kept, looked through, and logged as a whole, once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from partnerships.actions.activities import NewActivity, check_entry, log_activities
from partnerships.errors import DomainError
from partnerships.models import Activity, ActivitySheet, Partnership, SheetStatus
from partnerships.queries import own_kinds
from partnerships.queries.activities import visible
from partnerships.queries.activity_sheets import FIELDS, Problem, Question, ReadRow, known_in, read_rows

MOST_ROWS = 500
KEPT = timedelta(days=30)
COLUMN_OF = {name: column for column, name in FIELDS.items()}


@dataclass(slots=True)
class Entry:
    """A row with what would be logged. `same_as` are activities of that day and title which are logged already, and
    `same_row` the earlier row that says the same."""

    row: ReadRow
    activity: NewActivity | None = None
    same_as: list[int] = field(default_factory=list)
    same_row: int | None = None

    @property
    def is_right(self) -> bool:
        return self.activity is not None

    @property
    def is_repeat(self) -> bool:
        return bool(self.same_as or self.same_row)


@dataclass(frozen=True, slots=True)
class Preview:
    entries: list[Entry]
    questions: list[Question]


@transaction.atomic
def upload_sheet(
    *, partnership: Partnership, by: Any, file_name: str, sha256: str, rows: Sequence[dict[str, Any]]
) -> ActivitySheet:
    """Keep what was filled in: each row as {"row": its number, "cells": {column: [cell, text]}}."""
    if not rows:
        raise DomainError("The spreadsheet has no rows that are filled in.", field="file")
    if len(rows) > MOST_ROWS:
        raise DomainError(
            f"The spreadsheet has {len(rows):,} rows. {MOST_ROWS} at most can be logged at once: split it.",
            field="file",
        )
    clean = [
        {
            "row": one["row"],
            "cells": {name: [cell, text.replace("\x00", "")] for name, (cell, text) in one["cells"].items()},
        }
        for one in rows
    ]
    return ActivitySheet.objects.create(
        partnership=partnership,
        file_name=file_name.replace("\x00", "")[:200],
        sha256=sha256,
        rows=clean,
        uploaded_by=by,
    )


def preview(*, sheet: ActivitySheet, by: Any, people: QuerySet, answers: Mapping[str, str]) -> Preview:
    """What would be logged row by row, by the rules that one activity is logged by. Writes nothing."""
    partnership = sheet.partnership
    entries = [Entry(row) for row in read_rows(sheet, known_in(partnership, people), answers)]
    questions: dict[str, Question] = {}
    for entry in entries:
        questions |= {question.key: question for question in entry.row.questions}
        if not entry.row.problems and not entry.row.questions:
            _judge(partnership, entry)
    _find_repeats(partnership, by, entries)
    return Preview(entries, list(questions.values()))


@transaction.atomic
def log_sheet(
    *,
    sheet: ActivitySheet,
    by: Any,
    people: QuerySet,
    answers: Mapping[str, str],
    again: Collection[int] = (),
) -> list[Activity]:
    """Log the rows that are right, in one go and once: a second call answers with what the first logged.

    Rows that repeat what is logged already are left out, but for those whose numbers are in `again`.
    """
    current = (
        ActivitySheet.objects.select_for_update(of=["self"]).select_related("partnership").get(pk=sheet.pk)
    )
    if current.status == SheetStatus.LOGGED:
        return list(current.activities.all())
    if current.status == SheetStatus.GIVEN_UP:
        raise DomainError("This spreadsheet was not used. Upload it again.")
    found = preview(sheet=current, by=by, people=people, answers=answers)
    if any(entry.row.questions for entry in found.entries):
        raise DomainError("Say who or what is meant where a name has more than one meaning.")
    chosen = [
        entry.activity
        for entry in found.entries
        if entry.activity is not None and (not entry.is_repeat or entry.row.number in again)
    ]
    if not chosen:
        raise DomainError("No row can be logged. Mend the spreadsheet and upload it again.")
    made = log_activities(partnership=current.partnership, by=by, entries=chosen)
    current.activities.set(made)
    current.status, current.logged_at = SheetStatus.LOGGED, timezone.now()
    current.save(update_fields=["status", "logged_at"])
    return made


@transaction.atomic
def give_up_sheet(*, sheet: ActivitySheet, by: Any) -> None:
    """Say that a sheet is not to be used. What was logged from one stays."""
    ActivitySheet.objects.filter(pk=sheet.pk, status=SheetStatus.PREVIEWED).update(
        status=SheetStatus.GIVEN_UP, rows=[]
    )


@transaction.atomic
def clear_old_sheets() -> int:
    """Sheets go after thirty days; what was logged from them stays."""
    return ActivitySheet.objects.filter(uploaded_at__lt=timezone.now() - KEPT).delete()[0]


def _judge(partnership: Partnership, entry: Entry) -> None:
    facts = dict(entry.row.facts)
    facts["kind"], facts["own_kind"] = own_kinds.chosen(partnership, facts["kind"])
    made = NewActivity(**facts)
    try:
        check_entry(partnership, made)
    except DomainError as refused:
        column = COLUMN_OF.get(refused.field or "", "")
        entry.row.problems.append(Problem(entry.row.cell(column), refused.message))
    else:
        entry.activity = made


def _find_repeats(partnership: Partnership, by: Any, entries: list[Entry]) -> None:
    """A day and a title that are logged already, or stand in an earlier row."""
    days = {entry.activity.happened_on for entry in entries if entry.activity}
    logged: dict[tuple[Any, str], list[int]] = {}
    rows = visible(partnership, by).filter(happened_on__in=days)
    for day, title, pk in rows.values_list("happened_on", "title", "pk"):
        logged.setdefault((day, title.casefold()), []).append(pk)
    earlier: dict[tuple[Any, str], int] = {}
    for entry in entries:
        if entry.activity is not None:
            key = (entry.activity.happened_on, entry.activity.title.strip().casefold())
            entry.same_as, entry.same_row = logged.get(key, [])[:3], earlier.get(key)
            earlier.setdefault(key, entry.row.number)
