"""Reads a filled return back: the texts of its boxes and answers, by the names that stand in its hidden column."""

from __future__ import annotations

from typing import BinaryIO

from outcomes.imports.errors import Unreadable
from outcomes.imports.xlsx import Workbook

MARK = "throughline-return:"
FIRST_BOX = 4  # The column of the totals; the measure and what to enter stand before it.
MOST_ROWS = 2_000


def read_file(file: BinaryIO, *, return_id: int, names: set[str]) -> dict[str, str]:
    """The texts by name, of the names that the form has. Raises Unreadable for a file that is not this return's."""
    texts: dict[str, str] = {}
    with Workbook(file) as book:
        rows = book.rows(book.sheets[0]) if book.sheets else iter(())
        first = next(rows, [])
        mark = first[0] if first else ""
        if not mark.startswith(MARK):
            raise Unreadable(
                "This is not a spreadsheet that was downloaded here. Download it again and fill that in."
            )
        if mark != f"{MARK}{return_id}":
            raise Unreadable("This spreadsheet is of another return. Upload it where you downloaded it.")
        for number, row in enumerate(rows):
            if number > MOST_ROWS:
                raise Unreadable("The sheet has more rows than this form.")
            for offset, name in enumerate((row[0] if row else "").split("|")):
                column = FIRST_BOX - 1 + offset
                if name in names:
                    texts[name] = row[column].strip() if column < len(row) else ""
    return texts
