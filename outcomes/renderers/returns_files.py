"""A return as a workbook: the same grid, to be filled in offline. Its labels are locked; no cell runs."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter

from config.words import day_words
from outcomes.imports.returns import box_name, called
from outcomes.imports.returns_files import FIRST_BOX, MARK
from outcomes.queries.returns import Grid
from outcomes.statistics.return_checks import Asked, Box

_BOX = PatternFill("solid", fgColor="FFF8E1")
_LINE = Border(*(Side("thin", color="B0B0B0"),) * 4)
_BOLD = Font(bold=True)
_WRAP = Alignment(wrap_text=True, vertical="top")
INSTRUCTIONS = (
    "Fill in the yellow cells only. Where you have no figure, write x if it is not available or z if it does not apply.",
    "A cell left empty is no figure: missing is not zero. Leave a breakdown empty where you do not know it.",
    "Save the file as an Excel workbook (.xlsx) and upload it where you downloaded it. You will see what changes first.",
)


def return_workbook(grid: Grid) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "Return"
    found = grid.found
    book.properties.title = str(found)
    book.properties.creator = "Throughline"
    put(sheet, 1, 1, f"{MARK}{found.pk}")
    sheet.column_dimensions["A"].hidden = True
    put(sheet, 1, 2, f"{found.programme}: {found.period}", font=Font(bold=True, size=16))
    put(sheet, 2, 2, f"{found.organisation}. Due {day_words(found.due_on)}.")
    for row, words in enumerate(INSTRUCTIONS, 3):
        put(sheet, row, 2, words)
    row = 7
    before: tuple[int, ...] | None = None
    for line in grid.asked:
        if tuple(line.groups) != before:
            before = tuple(line.groups)
            _headings(sheet, row, line)
            row += 1
        for box in line.boxes:
            _boxes(sheet, row, grid, line, box)
            row += 1
    _words(sheet, row + 1, grid)
    sheet.column_dimensions["B"].width = 46
    sheet.column_dimensions["C"].width = 30
    for column in range(FIRST_BOX, FIRST_BOX + 12):
        sheet.column_dimensions[get_column_letter(column)].width = 18
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def put(sheet: Any, row: int, column: int, value: Any, **style: Any) -> Any:
    """A typed cell: text always as text, so that what begins with = is not run."""
    cell = sheet.cell(row, column)
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    elif value is not None:
        value = ILLEGAL_CHARACTERS_RE.sub("", str(value))[:32_000]
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
    for name, setting in style.items():
        setattr(cell, name, setting)
    return cell


def _headings(sheet: Any, row: int, line: Asked) -> None:
    heads = ["Measure", "What to enter", "Total", *line.groups.values()]
    for column, words in enumerate(heads, 2):
        put(sheet, row, column, words, font=_BOLD, alignment=_WRAP)


def _boxes(sheet: Any, row: int, grid: Grid, line: Asked, box: Box) -> None:
    groups = (None, *line.groups)
    put(sheet, row, 1, "|".join(box_name(line.measure, group, box) for group in groups))
    put(sheet, row, 2, line.name, alignment=_WRAP)
    put(sheet, row, 3, called(line, box) or line.unit, alignment=_WRAP)
    for column, group in enumerate(groups, FIRST_BOX):
        cell = grid.cells.get((line.measure, group))
        value = (cell.marker or getattr(cell, box.value)) if cell else None
        _open(put(sheet, row, column, value))


def _words(sheet: Any, row: int, grid: Grid) -> None:
    found = grid.found
    asked = [(f"answer-{q.pk}", q.text, grid.answers.get(q.pk, "")) for q in grid.questions]
    asked += [
        ("got_in_the_way", "What got in the way? If nothing did, write “nothing”.", found.got_in_the_way),
        ("way_forward", "What is the way forward?", found.way_forward),
    ]
    for name, question, answer in asked:
        put(sheet, row, 1, name)
        put(sheet, row, 2, question, alignment=_WRAP)
        sheet.merge_cells(start_row=row, end_row=row, start_column=FIRST_BOX, end_column=FIRST_BOX + 5)
        sheet.row_dimensions[row].height = 60
        _open(put(sheet, row, FIRST_BOX, answer or None, alignment=_WRAP))
        row += 1


def _open(cell: Any) -> None:
    cell.protection = Protection(locked=False)
    cell.fill = _BOX
    cell.border = _LINE
