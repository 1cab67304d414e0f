"""What the rows of a filled-in spreadsheet mean: days read, names matched to what the partnership has."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from config.forms import DateParts
from partnerships.models import ActivityKind, ActivitySheet, Board, Partnership, Programme
from partnerships.queries import own_kinds
from partnerships.queries.activities import organisations_of, places_of

DATE, TITLE, KIND, ORGANISATIONS, PEOPLE = "Date", "What happened", "Kind", "Organisations", "People"
PROGRAMME, BOARD, PLACE, MINUTES, DETAILS = "Programme", "Board", "Place", "Minutes", "Details"
NEXT_STEP, NEXT_STEP_BY = "Next step", "Next step by"
COLUMNS = (
    DATE, TITLE, KIND, ORGANISATIONS, PEOPLE, PROGRAMME, BOARD, PLACE, MINUTES, DETAILS, NEXT_STEP, NEXT_STEP_BY,
)  # fmt: skip
NEEDED = (DATE, TITLE)
# The field of an activity that each column fills.
FIELDS = {
    DATE: "happened_on", TITLE: "title", KIND: "kind", ORGANISATIONS: "organisations", PEOPLE: "people",
    PROGRAMME: "programme", BOARD: "board", PLACE: "place", MINUTES: "minutes", DETAILS: "what_happened",
    NEXT_STEP: "next_step", NEXT_STEP_BY: "next_step_on",
}  # fmt: skip
SEVERAL = (ORGANISATIONS, PEOPLE)
WEEKDAY = re.compile(r"(?i)(mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun)(day|nesday|sday|rsday|urday)?")
FIRST_SERIAL, LAST_SERIAL = 30_000, 80_000


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in which cell, and how to mend it."""

    cell: str
    message: str


@dataclass(frozen=True, slots=True)
class Question:
    """A name that means more than one thing here."""

    key: str
    column: str
    text: str
    options: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class ReadRow:
    """One row: what it says, what it means, and what stands in the way."""

    number: int
    facts: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    cells: dict[str, str] = field(default_factory=dict)

    def cell(self, column: str) -> str:
        return self.cells.get(column, f"row {self.number}")


@dataclass(frozen=True, slots=True)
class Known:
    """What a cell may name, by column and by the name as it is compared."""

    by_name: Mapping[str, Mapping[str, list[Any]]]

    def names(self, column: str) -> list[str]:
        return sorted((str(found[0]) for found in self.by_name[column].values()), key=str.casefold)


def known_in(partnership: Partnership, people: QuerySet) -> Known:
    """`people` are those whom an activity may name, which the app above knows."""
    today = timezone.localdate()
    lists: dict[str, Iterable[Any]] = {
        ORGANISATIONS: organisations_of(partnership),
        PEOPLE: people,
        PROGRAMME: Programme.objects.filter(partnership=partnership),
        BOARD: Board.objects.filter(partnership=partnership).exclude(ended_on__lt=today - timedelta(366)),
        PLACE: places_of(partnership).select_related("parent"),
    }
    made: dict[str, dict[str, list[Any]]] = {}
    for column, records in lists.items():
        by_name = made.setdefault(column, {})
        for record in records:
            by_name.setdefault(_compared(str(record)), []).append(record)
    kinds = own_kinds.choices(own_kinds.in_use(partnership))
    made[KIND] = {_compared(label): [Named(key, str(label))] for key, label in kinds}
    return Known(made)


@dataclass(frozen=True, slots=True)
class Named:
    """A choice that is no record."""

    pk: str
    name: str

    def __str__(self) -> str:
        return self.name


def read_rows(sheet: ActivitySheet, known: Known, answers: Mapping[str, str]) -> list[ReadRow]:
    """What the sheet's rows mean; `answers` say which of several was meant, by the question's key."""
    return [_read(kept, known, answers) for kept in sheet.rows]


def _read(kept: dict[str, Any], known: Known, answers: Mapping[str, str]) -> ReadRow:
    row = ReadRow(kept["row"], cells={column: cell for column, (cell, _) in kept["cells"].items()})
    said = {column: text for column, (_, text) in kept["cells"].items()}
    facts = row.facts
    for column in (DATE, NEXT_STEP_BY):
        facts[FIELDS[column]] = _day(row, column, said.get(column, ""))
    if not said.get(DATE, ""):
        row.problems.append(Problem(row.cell(DATE), "Enter the day on which it happened."))
    if not said.get(TITLE, ""):
        row.problems.append(Problem(row.cell(TITLE), "Enter what happened, in a few words."))
    for column in (TITLE, DETAILS, NEXT_STEP):
        facts[FIELDS[column]] = said.get(column, "")
    facts["minutes"] = _minutes(row, said.get(MINUTES, ""))
    for column in (PROGRAMME, BOARD, PLACE):
        facts[FIELDS[column]] = _one(row, column, said.get(column, ""), known, answers)
    kind = _one(row, KIND, said.get(KIND, ""), known, answers)
    facts["kind"] = kind.pk if kind else ActivityKind.MEETING.value
    for column in SEVERAL:
        names = [name for name in re.split(r"[;\n]", said.get(column, "")) if name.strip()]
        found = [_one(row, column, name, known, answers) for name in names]
        facts[FIELDS[column]] = list(dict.fromkeys(one for one in found if one is not None))
    return row


def _one(row: ReadRow, column: str, text: str, known: Known, answers: Mapping[str, str]) -> Any | None:
    text = " ".join(text.split())
    if not text:
        return None
    by_name = known.by_name[column]
    found = by_name.get(_compared(text), [])
    if len(found) == 1:
        return found[0]
    if not found:
        near = difflib.get_close_matches(_compared(text), by_name, n=1, cutoff=0.6)
        hint = (
            f" Did you mean “{by_name[near[0]][0]}”?"
            if near
            else " Choose one from the list, or leave it empty."
        )
        row.problems.append(Problem(row.cell(column), f"There is no “{text[:60]}” here.{hint}"))
        return None
    key = key_of(column, text)
    chosen = [one for one in found if str(one.pk) == answers.get(key)]
    if chosen:
        return chosen[0]
    options = tuple((str(one.pk), describe(one)) for one in found)
    row.questions.append(Question(key, column, text, options))
    return None


def key_of(column: str, text: str) -> str:
    return "which-" + hashlib.sha256(f"{column}:{_compared(text)}".encode()).hexdigest()[:16]


def describe(record: Any) -> str:
    """What tells one from another of the same name."""
    parent = getattr(record, "parent", None)
    more = getattr(record, "job_title", "") or (f"in {parent}" if parent else "") or f"number {record.pk}"
    return f"{record} ({more})"


def _day(row: ReadRow, column: str, text: str) -> date | None:
    if not text:
        return None
    try:
        return day_from(text)
    except ValueError:
        row.problems.append(Problem(row.cell(column), f"“{text[:40]}” is not a date. Write it as 27/3/2026."))
        return None


def day_from(text: str) -> date:
    """A day as people here write it: 3/6/2026, 03.06.26, 3 June 2026, Wed 3rd Jun 26, 2026-06-03. ValueError otherwise."""
    text = re.sub(r"[T ]00:00(:00)?$", "", text.strip())
    if text.isascii() and text.isdecimal() and FIRST_SERIAL < int(text) < LAST_SERIAL:
        return date(1899, 12, 30) + timedelta(int(text))  # A spreadsheet's day that lost its format.
    parts = [part for part in re.split(r"[\s/.,\-–]+", text) if part]
    if parts and WEEKDAY.fullmatch(parts[0]) and len(parts) == 4:
        parts = parts[1:]
    if len(parts) != 3 or not all(part.isascii() for part in parts):
        raise ValueError(text)
    if len(parts[0]) == 4 and parts[0].isdecimal():
        parts.reverse()
    elif parts[0].isalpha():
        parts[:2] = parts[1::-1]
    day, month, year = parts
    if not (year.isdecimal() and len(year) in (2, 4)):
        raise ValueError(text)
    return DateParts(day, month, year).as_date()


def _minutes(row: ReadRow, text: str) -> int | None:
    """Whole minutes; "1h 30", "1.5 hours" and "1:30" are minutes too."""
    if not text:
        return None
    found = re.fullmatch(
        r"(?:(?P<hours>[0-9]{1,3}(?:[.,][0-9]{1,2})?)\s*(?:h|hr|hrs|hour|hours|:))?"
        r"\s*(?:(?P<minutes>[0-9]{1,5})\s*(?:m|min|mins|minutes)?(?::00)?)?",
        text.strip().casefold(),
        re.ASCII,
    )
    if found is None or not any(found.groups()):
        row.problems.append(
            Problem(row.cell(MINUTES), f"“{text[:40]}” is not a number of minutes, such as 90.")
        )
        return None
    hours = float((found["hours"] or "0").replace(",", "."))
    return round(hours * 60) + int(found["minutes"] or 0)


def _compared(text: str) -> str:
    return " ".join(text.split()).casefold().replace("’", "'").replace("&", "and")
