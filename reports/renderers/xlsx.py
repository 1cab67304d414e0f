"""Spreadsheets in constant memory: one table a sheet from A1, a cover sheet first, no cell that runs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

CELL_LIMIT = 32_767
NAME_LIMIT = 31


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. `widths` are in characters, by column; columns without one are 16 wide."""

    name: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Any]]
    widths: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Cover:
    """What the file is: shown on its first sheet, as the government's guidance on accessible spreadsheets asks."""

    title: str
    notes: Sequence[str] = field(default_factory=tuple)


def write_workbook(cover: Cover, sheets: Iterable[Sheet]) -> IO[bytes]:
    """The workbook as a temporary file, rewound and deleted when closed. Rows are taken one by one."""
    book = Workbook(write_only=True)
    book.properties.title = cover.title
    book.properties.creator = "Throughline"
    first = book.create_sheet("About")
    first.column_dimensions["A"].width = 90
    first.append([_cell(first, cover.title, bold=True, size=16)])
    for note in cover.notes:
        first.append([_cell(first, note)])
    for sheet in sheets:
        _write(book, sheet)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller streams it and closes it
    book.save(file)
    file.seek(0)
    return file


def _write(book: Workbook, sheet: Sheet) -> None:
    target = book.create_sheet(_sheet_name(sheet.name))
    target.freeze_panes = "A2"
    for column in range(1, len(sheet.headers) + 1):
        width = sheet.widths[column - 1] if column <= len(sheet.widths) else 16
        target.column_dimensions[get_column_letter(column)].width = width
    target.append([_cell(target, header, bold=True) for header in sheet.headers])
    for row in sheet.rows:
        target.append([_cell(target, value) for value in row])


def _cell(sheet: Any, value: Any, *, bold: bool = False, size: int = 11) -> Any:
    """A typed cell: numbers and dates as such; text always as text, so that one beginning with = is not run."""
    if isinstance(value, bool):
        value = "yes" if value else "no"
    elif isinstance(value, Decimal):
        value = float(value)
    elif isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone().replace(tzinfo=None)
    elif value is not None and not isinstance(value, int | float | date):
        value = ILLEGAL_CHARACTERS_RE.sub("", str(value))[:CELL_LIMIT]
    made = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        made.data_type = "s"
    if bold:
        made.font = Font(bold=True, size=size)
    return made


def _sheet_name(name: str) -> str:
    return (
        "".join("-" if letter in r"[]:*?/\ ".strip() else letter for letter in name)[:NAME_LIMIT] or "Sheet"
    )
