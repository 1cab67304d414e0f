"""Files that partners open in a spreadsheet program: whole, typed, and with no cell that runs."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from reports.renderers.csv import CHUNK, cell, csv_lines
from reports.renderers.xlsx import Cover, Sheet, write_workbook

DANGEROUS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")', "＝1+1", "\n=2"]


def read_csv(lines):
    text = b"".join(lines).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_that_looks_like_a_formula_is_text(text):
    assert read_csv(csv_lines(["a"], [[text]]))[1] == ["'" + text]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (-3.5, "-3.5"),
        ("-3.5", "-3.5"),
        (Decimal("1E+3"), "1000"),
        (Decimal("61.500000"), "61.5"),
        (date(2026, 3, 1), "2026-03-01"),
        (0, "0"),
        ("", ""),
        ("’tis", "’tis"),
        (datetime(2026, 3, 1, 9, tzinfo=UTC), "2026-03-01T09:00:00+00:00"),
    ],
)
def test_values_are_written_as_what_they_are(value, written):
    assert cell(value) == written


def test_commas_quotes_lines_and_other_scripts_survive():
    row = ['a, "b"', "two\nlines", "🚲", "مرحبا"]
    assert read_csv(csv_lines(["1", "2", "3", "4"], [row]))[1] == row


def test_a_long_file_comes_in_pieces_and_rows_are_taken_one_by_one():
    taken = []

    def rows():
        for number in range(20_000):
            taken.append(number)
            yield [number, "x" * 20]

    lines = csv_lines(["n", "x"], rows())
    first = next(lines)
    assert len(taken) < 5_000
    assert len(first) < 2 * CHUNK
    assert sum(line.count(b"\r\n") for line in [first, *lines]) == 20_001


def workbook(rows, headers=("Name", "Value")):
    with write_workbook(Cover("A title", ("A note",)), [Sheet("Figures", headers, rows)]) as file:
        return load_workbook(io.BytesIO(file.read()))


def test_a_workbook_has_a_cover_and_one_table_from_a1():
    book = workbook([["Walks", 12]])
    assert book.sheetnames == ["About", "Figures"]
    assert book["About"]["A1"].value == "A title"
    assert [c.value for c in book["Figures"][1]] == ["Name", "Value"]
    assert book["Figures"]["B2"].value == 12
    assert book["Figures"]["A1"].font.bold
    assert not book["Figures"].merged_cells.ranges


@pytest.mark.parametrize("text", [*DANGEROUS, "{=1}", "=cmd|' /C calc'!A0"])
def test_no_cell_of_a_workbook_runs(text):
    made = workbook([[text, 1]])["Figures"]["A2"]
    assert made.data_type == "s"
    assert (
        "=" in made.value or "+" in made.value or "-" in made.value or "@" in made.value or "＝" in made.value
    )


def test_letters_that_a_workbook_cannot_hold_are_left_out():
    assert workbook([["a\x00b\x0bc", 1]])["Figures"]["A2"].value == "abc"


def test_very_long_texts_and_odd_sheet_names_do_not_break_the_file():
    with write_workbook(Cover("t"), [Sheet("A/B: [all]*?" + "x" * 60, ("h",), [["y" * 40_000]])]) as file:
        book = load_workbook(io.BytesIO(file.read()))
    assert len(book.worksheets[1]["A2"].value) == 32_767
    assert len(book.sheetnames[1]) <= 31
