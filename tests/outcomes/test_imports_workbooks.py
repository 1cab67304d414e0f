"""Excel workbooks: their cells as text, and those that are damaged or dangerous."""

import io
import struct
import zipfile
from datetime import date

import pytest

from outcomes.imports.errors import Unreadable
from outcomes.imports.files import XLSX, examine
from outcomes.imports.numbers import FORMULA_WITHOUT_RESULT
from outcomes.imports.xlsx import Workbook
from tests.outcomes.imports_world import layout, workbook

TABLE = "code,period,value\nE06000032,2023/24,58.1\n"


def test_a_workbook_as_text():
    def change(book):
        sheet = book["Data"]
        sheet["C2"].number_format = "0.0%"
        sheet["F2"] = "=1+1"

    content = workbook(
        ("Data", [["code", "day", "share", "n", "flag"], ["E1", date(2024, 3, 31), 0.452, 66.1, True]]),
        change=change,
    )
    assert examine(io.BytesIO(content)).kind == XLSX
    with Workbook(io.BytesIO(content)) as book:
        assert list(book.rows("Data")) == [
            ["code", "day", "share", "n", "flag"],
            ["E1", "2024-03-31", "45.2%", "66.1", "TRUE", FORMULA_WITHOUT_RESULT],
        ]


def test_numbers_of_a_workbook_lose_only_what_a_spreadsheet_does_not_show():
    content = workbook(("Data", [[0.1 + 0.2, 2024, 1e-7, 123456789012, -5.5, 66.0998765]]))
    with Workbook(io.BytesIO(content)) as book:
        assert list(book.rows("Data")) == [["0.3", "2024", "0.0000001", "123456789012", "-5.5", "66.0998765"]]


def test_gaps_in_a_sheet_keep_its_row_numbers():
    def change(book):
        book["Data"]["B4"] = "x"

    with Workbook(io.BytesIO(workbook(("Data", [["a"]]), change=change))) as book:
        assert list(book.rows("Data")) == [["a"], [], [], ["", "x"]]


def test_hidden_sheets_are_not_offered_and_the_sheet_with_figures_is_chosen():
    def change(book):
        book["Secret"].sheet_state = "hidden"

    figures = [["code", "period", "value"], *[[f"E0600000{n}", "2023/24", n] for n in range(9)]]
    found = layout(
        workbook(
            ("Cover", [["Statistics"], ["Notes"]]),
            ("Secret", figures * 3),
            ("Table 1", figures),
            change=change,
        )
    )
    assert (found.sheets, found.sheet) == (["Cover", "Table 1"], "Table 1")


def test_text_kept_in_the_cells_themselves():
    """Some programs write no shared strings."""
    content = workbook(("Data", [["code", "value"]]))
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(changed, "w") as after:
        for part in before.namelist():
            if part == "xl/sharedStrings.xml":
                continue
            data = before.read(part)
            if part == "xl/worksheets/sheet1.xml":
                data = (
                    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row>'
                    b'<c t="inlineStr"><is><r><t>co</t></r><r><t>de</t></r></is></c><c t="str"><v>value</v></c></row></sheetData></worksheet>'
                )
            after.writestr(part, data)
    with Workbook(changed) as book:
        assert list(book.rows("Data")) == [["code", "value"]]


@pytest.mark.parametrize(
    ("replace", "because"),
    [
        ({"xl/workbook.xml": None}, "no Excel workbook"),
        ({"xl/worksheets/sheet1.xml": None}, "damaged"),
        ({"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row>"}, "damaged"),
        ({"xl/worksheets/sheet1.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>'}, "damaged"),
        ({"xl/worksheets/sheet1.xml": b'<worksheet><sheetData><row r="99999999"/></sheetData></worksheet>'}, "damaged"),
        ({"xl/worksheets/sheet1.xml": b'<worksheet><sheetData><row r="x"/></sheetData></worksheet>'}, "damaged"),
        ({"xl/worksheets/sheet1.xml": b'<worksheet><sheetData><row><c t="s"><v>77</v></c></row></sheetData></worksheet>'}, "damaged"),
    ],
)  # fmt: skip
def test_a_damaged_workbook_is_refused(replace, because):
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(("Data", [["a", "b"]])))) as before,
        zipfile.ZipFile(changed, "w") as after,
    ):
        for part in before.namelist():
            data = replace.get(part, before.read(part))
            if data is not None:
                after.writestr(part, data)
    with pytest.raises(Unreadable, match=because):
        layout(changed.getvalue())


def test_a_cut_off_workbook_and_another_zip_are_refused():
    with pytest.raises(Unreadable, match="damaged"):
        layout(workbook(("Data", [["a", "b"]]))[:-100])
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("figures.csv", TABLE)
    with pytest.raises(Unreadable, match="compressed folder"):
        layout(other.getvalue())


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (64 << 20))
    assert len(bomb.getvalue()) < 1 << 20
    with pytest.raises(Unreadable, match="far too large"):
        layout(bomb.getvalue())


def test_a_bomb_that_lies_about_its_size_is_refused():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (64 << 20))
    said_small = bomb.getvalue().replace(struct.pack("<I", 64 << 20), struct.pack("<I", 100))
    with pytest.raises(Unreadable, match="damaged"):
        layout(said_small)


def test_a_huge_cell_of_a_workbook_is_refused():
    sheet = (
        b'<worksheet><sheetData><row><c t="str"><v>'
        + b"abcdefgh" * 200_000
        + b"</v></c></row></sheetData></worksheet>"
    )
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(("Data", [["a"]])))) as before,
        zipfile.ZipFile(changed, "w") as after,
    ):
        for part in before.namelist():
            after.writestr(part, sheet if part == "xl/worksheets/sheet1.xml" else before.read(part))
    with pytest.raises(Unreadable, match="A cell is longer"):
        layout(changed.getvalue())
