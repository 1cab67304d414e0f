"""The spreadsheet in which activities are filled in offline."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from partnerships.queries.activity_sheets import (
    BOARD,
    COLUMNS,
    DATE,
    KIND,
    NEEDED,
    NEXT_STEP_BY,
    PLACE,
    PROGRAMME,
    Known,
)

LAST_ROW = 501
WIDTHS = {DATE: 13, KIND: 18, "What happened": 42, "Details": 48, "Minutes": 10, NEXT_STEP_BY: 13}
CHOICES = (KIND, PROGRAMME, BOARD, PLACE)
HEAD = PatternFill("solid", fgColor="DCEBE7")
EXAMPLE = {
    DATE: "3/6/2026",
    "What happened": "Walked the canal path with the ward councillors",
    KIND: "Visit",
    "Organisations": "Names as they stand in the partnership; several with a semicolon between them",
    "People": "The same for people",
    "Minutes": "90",
    "Details": "As much as is worth keeping",
    "Next step": "Ask the trust about the broken lights",
    NEXT_STEP_BY: "17/6/2026",
}


def blank_sheet(partnership: str, known: Known) -> IO[bytes]:
    """An empty workbook with lists to choose from, and what to know on a sheet of its own."""
    book = Workbook()
    book.properties.title = f"Activities of {partnership}"
    book.properties.creator = "Throughline"
    rows = book.active
    rows.title = "Activities"
    rows.append([f"{name} *" if name in NEEDED else name for name in COLUMNS])
    for number, name in enumerate(COLUMNS, 1):
        head = rows.cell(1, number)
        head.font, head.fill = Font(bold=True), HEAD
        letter = get_column_letter(number)
        rows.column_dimensions[letter].width = WIDTHS.get(name, 28)
        if name in (DATE, NEXT_STEP_BY):
            for row in range(2, LAST_ROW + 1):
                rows.cell(row, number).number_format = "dd/mm/yyyy"
    rows.freeze_panes = "A2"
    _lists(book, rows, known)
    _instructions(book, partnership)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller streams it and closes it
    book.save(file)
    file.seek(0)
    return file


def _lists(book: Workbook, rows: Any, known: Known) -> None:
    lists = book.create_sheet("Lists")
    for number, column in enumerate(CHOICES, 1):
        names = known.names(column)
        letter = get_column_letter(number)
        lists.column_dimensions[letter].width = 36
        _write(lists, 1, number, column, bold=True)
        for row, name in enumerate(names, 2):
            _write(lists, row, number, name)
        if not names:
            continue
        check = DataValidation(
            type="list", formula1=f"Lists!${letter}$2:${letter}${len(names) + 1}", allow_blank=True
        )
        check.error = "Choose one from the list, or leave it empty."
        check.errorTitle = column
        rows.add_data_validation(check)
        place = get_column_letter(COLUMNS.index(column) + 1)
        check.add(f"{place}2:{place}{LAST_ROW}")


def _instructions(book: Workbook, partnership: str) -> None:
    sheet = book.create_sheet("How to fill this in")
    sheet.column_dimensions["A"].width = 20
    sheet.column_dimensions["B"].width = 80
    lines: Sequence[tuple[str, str]] = [
        (f"Activities of {partnership}", ""),
        (
            "1",
            "Fill in the sheet “Activities”, one row for each activity. Only the date and what happened are needed.",
        ),
        (
            "2",
            "Dates: 3/6/2026, 3 June 2026 or 3-Jun-26. Kind, programme, board and place: choose from the list.",
        ),
        ("3", "Organisations and people: their names, several with a semicolon between them."),
        (
            "4",
            "At most 500 rows. Save it, then upload it: nothing is logged before you have seen what will be.",
        ),
        ("An example", ""),
    ]
    for row, (first, second) in enumerate(lines, 1):
        _write(sheet, row, 1, first, bold=not second)
        _write(sheet, row, 2, second)
    for row, (name, text) in enumerate(EXAMPLE.items(), len(lines) + 1):
        _write(sheet, row, 1, name)
        _write(sheet, row, 2, text)


def _write(sheet: Any, row: int, column: int, text: str, *, bold: bool = False) -> None:
    """Always as text, so that a name which begins with = is not run."""
    cell = sheet.cell(row, column)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"
    cell.font = Font(bold=bold)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
