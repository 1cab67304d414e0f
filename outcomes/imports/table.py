"""A file of figures as rows of text, whatever its kind, with its headings and what its columns hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any, BinaryIO

from outcomes.imports.errors import Unclear, Unreadable
from outcomes.imports.files import CSV, XLSX, FileFacts, csv_rows, find_delimiter
from outcomes.imports.numbers import MARKERS
from outcomes.imports.periods import MONTH, parse_period
from outcomes.imports.places import CODE
from outcomes.imports.xlsx import Workbook

LOOKED_AT = 60
PROFILED = 20_000
PROFILED_CELLS = {CSV: 2_000_000, XLSX: 200_000}  # A workbook's cells take ten times as long to read.
MOST_CHOICES = 60
LONGEST_CHOICE = 150
MOST_CHOOSING = 100  # columns whose values are offered to choose rows by
SHOWN_ROWS = 8
BETWEEN_HEADINGS = " | "
_NUMBER = re.compile(r"[-\u2212]?[£$]?[0-9][0-9,. ]*%?")


@dataclass
class Column:
    """What one column holds in the rows that were looked at. `choices` are its values where there are only a few."""

    name: str
    samples: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    filled: int = 0


@dataclass
class Reading:
    """How a file is read. Kept with the batch as JSON."""

    kind: str
    size: int
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    heading_row: int = 1
    heading_rows: int = 1
    rows: int = 0
    rows_are_all: bool = True
    columns: list[Column] = field(default_factory=list)
    first_rows: list[list[str]] = field(default_factory=list)

    @property
    def headings(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def first_data_row(self) -> int:
        return self.heading_row + self.heading_rows

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Reading:
        return cls(**{**kept, "columns": [Column(**column) for column in kept.get("columns", [])]})


class OpenTable:
    """Rows of one sheet or of a CSV file; `done` says how much has been read, from 0 to 1."""

    def __init__(self, file: BinaryIO, reading: Reading, workbook: Workbook | None) -> None:
        self._file, self._reading, self._workbook = file, reading, workbook

    def rows(self) -> Iterator[list[str]]:
        if self._workbook is not None:
            return self._workbook.rows(self._reading.sheet)
        return csv_rows(self._file, self._reading.encoding, self._reading.delimiter)

    @property
    def done(self) -> float:
        if self._workbook is not None:
            return self._workbook.done
        return self._file.tell() / self._reading.size if self._reading.size else 1.0


@contextmanager
def open_table(file: BinaryIO, reading: Reading) -> Iterator[OpenTable]:
    if reading.kind == XLSX:
        with Workbook(file) as workbook:
            yield OpenTable(file, reading, workbook)
    else:
        yield OpenTable(file, reading, None)


def read_layout(
    file: BinaryIO, facts: FileFacts, *, sheet: str = "", heading_row: int = 0, heading_rows: int = 1
) -> Reading:
    """Finds sheet, headings and columns, or takes those that were chosen (`heading_row` 0 means: find it).

    Raises Unreadable where there is no table.
    """
    reading = Reading(facts.kind, facts.size, encoding=facts.encoding, sheet=sheet)
    if facts.kind == XLSX:
        with Workbook(file) as workbook:
            reading.sheets = workbook.sheets
            if sheet not in reading.sheets:
                reading.sheet = _likeliest(workbook)
    else:
        reading.delimiter = find_delimiter(file, facts.encoding)
    with open_table(file, reading) as table:
        if not heading_row:
            heading_row, heading_rows = find_headings(list(islice(table.rows(), LOOKED_AT)))
        reading.heading_row, reading.heading_rows = heading_row, heading_rows
        _profile(reading, table.rows())
    return reading


def _likeliest(workbook: Workbook) -> str:
    """The sheet with the most numbers near its top: covers, contents and notes have few."""

    def numbers(sheet: str) -> int:
        return sum(
            bool(_NUMBER.fullmatch(cell)) for row in islice(workbook.rows(sheet), LOOKED_AT) for cell in row
        )

    return max(workbook.sheets[:40], key=numbers)


def find_headings(rows: list[list[str]]) -> tuple[int, int]:
    """The number of the first heading row (from 1) and how many there are. Titles and notes may stand above them."""
    widths = [sum(bool(cell.strip()) for cell in row) for row in rows]
    common = Counter(width for width in widths if width > 1).most_common(1)
    if not common:
        return 1, 1
    wide_enough = max(2, 0.6 * common[0][0])
    last = next((n for n, row in enumerate(rows) if widths[n] >= wide_enough and _could_head(row)), None)
    if last is None:
        return 1, 1
    first = last
    last = _named_below(rows, last)
    while first > 0 and last - first < 2 and _stands_over(rows[first - 1]):
        first -= 1
    return first + 1, last - first + 1


def _named_below(rows: list[list[str]], last: int) -> int:
    """The last row of headings: where columns have no name yet, up to three rows below may give it."""
    unnamed = {n for n, cell in enumerate(rows[last]) if not cell.strip()}
    for n in range(last + 1, min(last + 4, len(rows))):
        if not _could_head(rows[n]) or any(map(_is_of_data, rows[n])):
            return last
        if unnamed & {place for place, cell in enumerate(rows[n]) if cell.strip()}:
            return n
    return last


def _is_of_data(cell: str) -> bool:
    """A code of a place or a marker for a missing number stands in no heading."""
    cell = cell.strip()
    return bool(CODE.fullmatch(cell)) or (cell.casefold().strip("[]()") in MARKERS and cell != "")


def _stands_over(row: list[str]) -> bool:
    """Whether this is a row of headings over several columns each, and not a title, which stands alone in the first."""
    return _could_head(row) and any(cell.strip() for cell in row[1:])


def _could_head(row: list[str]) -> bool:
    cells = [cell.strip() for cell in row if cell.strip()]
    numbers = sum(bool(_NUMBER.fullmatch(cell)) and not is_period(cell) for cell in cells)
    return bool(cells) and numbers <= 0.2 * len(cells)


def is_period(text: str) -> bool:
    try:
        parse_period(text, frequency=MONTH)
    except Unclear:
        return False
    return True


def name_columns(rows: list[list[str]]) -> list[str]:
    """One name for each column from its heading rows, each name once. A heading over several columns counts for each."""
    width = max((n for row in rows for n, cell in enumerate(row, 1) if cell.strip()), default=0)
    filled = []
    for number, row in enumerate(rows, 1):
        cells = [" ".join(cell.split()) for cell in row[:width]] + [""] * (width - len(row))
        if number < len(rows):
            for n in range(1, width):
                cells[n] = cells[n] or cells[n - 1]
        filled.append(cells)
    names: list[str] = []
    for n in range(width):
        parts = list(dict.fromkeys(cells[n] for cells in filled if cells[n]))
        name = BETWEEN_HEADINGS.join(parts)[:180] or f"Column {n + 1}"
        unique, count = name, 1
        while unique in names:
            count += 1
            unique = f"{name} ({count})"
        names.append(unique)
    return names


def _profile(reading: Reading, rows: Iterator[list[str]]) -> None:
    """Fills in what the columns hold, from the first rows below the headings."""
    above = list(islice(rows, reading.heading_row - 1 + reading.heading_rows))
    names = name_columns(above[reading.heading_row - 1 :])
    if not names:
        raise Unreadable("No headings were found. The first row should say what each column holds.")
    reading.columns = [Column(name) for name in names]
    values: list[dict[str, None] | None] = [{} for _ in names]
    most = min(PROFILED, PROFILED_CELLS[reading.kind] // len(names))
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if reading.rows >= most:
            reading.rows_are_all = False
            break
        reading.rows += 1
        cells = [cell.strip() for cell in row[: len(names)]]
        if len(reading.first_rows) < SHOWN_ROWS:
            reading.first_rows.append([cell[:60] for cell in cells] + [""] * (len(names) - len(cells)))
        for n, cell in enumerate(cells):
            if cell:
                reading.columns[n].filled += 1
                values[n] = _remember(values[n], cell, reading.columns[n])
    if not reading.rows:
        raise Unreadable("The file has headings, but no rows below them.")
    for column, found in list(zip(reading.columns, values, strict=True))[:MOST_CHOOSING]:
        column.choices = list(found) if found else []


def _remember(found: dict[str, None] | None, cell: str, column: Column) -> dict[str, None] | None:
    if len(column.samples) < 12 and cell[:60] not in column.samples:
        column.samples.append(cell[:60])
    if found is None or cell in found:
        return found
    if len(found) >= MOST_CHOICES or len(cell) > LONGEST_CHOICE:
        return None
    found[cell] = None
    return found
