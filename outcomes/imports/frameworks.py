"""A framework's items from a CSV file or a workbook: code, title, description and the code of what they are part of."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from outcomes.imports.errors import Unreadable, quoted
from outcomes.imports.files import DELIMITERS, XLSX, csv_rows, examine, find_delimiter
from outcomes.imports.xlsx import Workbook

COLUMNS = ("code", "title", "description", "parent")
MOST_ITEMS = 2_000
LARGEST = 2 * 1024 * 1024
LONGEST = {"code": 40, "title": 300, "description": 10_000, "parent": 40}
# What each column may be called, without capitals and marks.
HEADINGS = {
    "code": {"code", "ref", "reference", "id", "number", "no"},
    "title": {"title", "name", "outcome", "heading"},
    "description": {"description", "text", "definition", "detail", "details"},
    "parent": {"parent", "parent code", "part of", "under", "theme code"},
}
MOST_SAID = 20


@dataclass(frozen=True, slots=True)
class Item:
    """One item as the file has it. `parent` is the code of what it is part of; `key` says whose outcome it shares."""

    code: str
    title: str
    description: str = ""
    parent: str = ""
    outcome: int | None = None


class Wrong(Unreadable):
    """What is wrong with a file, row by row."""

    def __init__(self, said: Sequence[str]) -> None:
        more = len(said) - MOST_SAID
        shown = [*said[:MOST_SAID], *([f"And {more:,} more." if more > 0 else ""])]
        super().__init__(" ".join(filter(None, shown)))
        self.said = tuple(said)


def read_items(file: BinaryIO) -> list[Item]:
    """The items in the order of the file. Raises Unreadable, and `Wrong` with a sentence for each row that is wrong."""
    facts = examine(file)
    if facts.size > LARGEST:
        raise Unreadable(f"The file is larger than {LARGEST >> 20} MB. A framework has its items only.")
    if facts.kind == XLSX:
        with Workbook(file) as workbook:
            rows = _first_with_headings(workbook.rows(sheet) for sheet in workbook.sheets[:20])
            return checked(_items(rows))
    return checked(_items(csv_rows(file, facts.encoding, _delimiter(file, facts.encoding))))


def read_text(text: str) -> list[Item]:
    """The items of a text that `as_text` wrote."""
    return checked(_items(csv_rows(io.BytesIO(text.encode()), "utf-8", ",")))


def _delimiter(file: BinaryIO, encoding: str) -> str:
    """The one under which the first row names the columns: descriptions of several lines end in whatever marks they like."""
    for delimiter in DELIMITERS:
        if _names_columns(next(csv_rows(file, encoding, delimiter), [])):
            return delimiter
    return find_delimiter(file, encoding)


def as_text(items: Iterable[Item]) -> str:
    """The items as CSV, the same that `read_items` takes: what a preview keeps."""
    out = io.StringIO()
    written = csv.writer(out)
    written.writerow(COLUMNS)
    written.writerows([item.code, item.title, item.description, item.parent] for item in items)
    return out.getvalue()


def _first_with_headings(sheets: Iterable[Iterator[list[str]]]) -> Iterator[list[str]]:
    """The first sheet whose first row names the columns: covers and notes stand before it."""
    for rows in sheets:
        first = next(rows, None)
        if first is not None and _names_columns(first):
            yield first
            yield from rows
            return


def _names_columns(row: list[str]) -> bool:
    return {"code", "title"} <= _columns(row).keys()


def _columns(headings: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for n, heading in enumerate(headings):
        words = " ".join("".join(c if c.isalnum() else " " for c in heading.lower()).split())
        for name, known in HEADINGS.items():
            if words in known and name not in found:
                found[name] = n
    return found


def _items(rows: Iterator[list[str]]) -> list[tuple[int, Item]]:
    headings = next(rows, [])
    columns = _columns(headings)
    if not _names_columns(headings):
        raise Unreadable(
            "The first row must name the columns: code, title, description and parent. "
            "Code and title are needed, description and parent are not."
        )
    found = []
    for number, row in enumerate(rows, 2):
        cells = {
            name: _plain(row[n] if n < len(row) else "", keeps_lines=name == "description")
            for name, n in columns.items()
        }
        if any(cells.values()):
            found.append((number, Item(**cells)))
        if len(found) > MOST_ITEMS:
            raise Unreadable(f"The file has more than {MOST_ITEMS:,} items.")
    return found


def _plain(text: str, *, keeps_lines: bool) -> str:
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return ("\n" if keeps_lines else " ").join(lines).strip()


def checked(rows: Sequence[tuple[int, Item]]) -> list[Item]:
    """The items, when nothing is wrong with them. Numbers are those of the file's rows, for what is said."""
    if not rows:
        raise Unreadable("The file has headings, but no items below them.")
    wrong = [sentence for number, item in rows for sentence in _wrong_in(number, item)]
    first: dict[str, int] = {}
    for number, item in rows:
        if item.code and first.setdefault(item.code.casefold(), number) != number:
            wrong.append(
                f"Row {number}: code {quoted(item.code)} is in row {first[item.code.casefold()]} already."
            )
    wrong += _wrong_parents(rows)
    if wrong:
        raise Wrong(wrong)
    return [item for _, item in rows]


def _wrong_in(number: int, item: Item) -> Iterator[str]:
    for name in ("code", "title"):
        if not getattr(item, name):
            yield f"Row {number}: there is no {name}."
    for name, limit in LONGEST.items():
        if len(getattr(item, name)) > limit:
            yield f"Row {number}: the {name} is longer than {limit:,} characters."


def _wrong_parents(rows: Sequence[tuple[int, Item]]) -> Iterator[str]:
    parents = {item.code.casefold(): item.parent.casefold() for _, item in rows}
    for number, item in rows:
        above = item.parent.casefold()
        if above and above not in parents:
            yield f"Row {number}: it is part of {quoted(item.parent)}, which is no code of this file."
            continue
        seen: set[str] = set()
        while above and above not in seen:
            seen.add(above)
            if above == item.code.casefold():
                yield f"Row {number}: {quoted(item.code)} would be part of itself."
            above = parents.get(above, "")
