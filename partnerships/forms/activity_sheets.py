"""Reading the spreadsheet in which activities were filled in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO

from django import forms
from openpyxl.utils import get_column_letter

from outcomes.imports.errors import Unreadable
from outcomes.imports.files import CSV, csv_rows, examine, find_delimiter
from outcomes.imports.xlsx import Workbook
from partnerships.actions.activity_sheets import MOST_ROWS
from partnerships.queries.activity_sheets import COLUMNS, NEEDED

MEGABYTES = 5
LOOKED_AT = 20
NO_HEADINGS = "The columns “Date” and “What happened” were not found. Use the spreadsheet from this page and keep its first row."


class SheetForm(forms.Form):
    file = forms.FileField(
        label="The spreadsheet, filled in",
        help_text=f"Excel (.xlsx) or CSV, up to {MOST_ROWS} rows and {MEGABYTES} MB.",
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
        error_messages={"required": "Choose the spreadsheet", "empty": "The file is empty."},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MEGABYTES << 20:
            raise forms.ValidationError(f"The file must be {MEGABYTES} MB or smaller.")
        try:
            facts = examine(file)
            self.rows = list(islice(_rows(file, facts), MOST_ROWS + 1))
        except Unreadable as refused:
            raise forms.ValidationError(refused.message) from None
        self.sha256 = facts.sha256
        return file


def _rows(file: BinaryIO, facts: Any) -> Iterator[dict[str, Any]]:
    if facts.kind == CSV:
        yield from _filled(csv_rows(file, facts.encoding, find_delimiter(file, facts.encoding)))
        return
    with Workbook(file) as book:
        for sheet in book.sheets[:20]:
            if any(_columns(row) for row in islice(book.rows(sheet), LOOKED_AT)):
                yield from _filled(book.rows(sheet))
                return
    raise Unreadable(NO_HEADINGS)


def _filled(rows: Iterable[list[str]]) -> Iterator[dict[str, Any]]:
    """The rows below the headings in which something stands, each cell with what it is called in the spreadsheet."""
    columns: dict[int, str] = {}
    for number, row in enumerate(rows, 1):
        if not columns:
            columns = _columns(row)
            if not columns and number >= LOOKED_AT:
                break
            continue
        cells = {
            name: [f"{get_column_letter(place + 1)}{number}", row[place].strip() if place < len(row) else ""]
            for place, name in columns.items()
        }
        if any(text for _, text in cells.values()):
            yield {"row": number, "cells": cells}
    if not columns:
        raise Unreadable(NO_HEADINGS)


def _columns(row: list[str]) -> dict[int, str]:
    """Which column is which, by its heading; none where this is no row of headings."""
    wanted = {name.casefold(): name for name in COLUMNS}
    found: dict[int, str] = {}
    for place, cell in enumerate(row):
        name = wanted.get(cell.replace("*", "").strip().casefold())
        if name and name not in found.values():
            found[place] = name
    return found if set(NEEDED) <= set(found.values()) else {}
