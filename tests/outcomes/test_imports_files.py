"""What kind of file this is, where its table lies, and what its columns seem to hold."""

import csv
import io
import struct
import zipfile
from datetime import date

import openpyxl
import pytest

from outcomes.imports import files
from outcomes.imports.errors import Unreadable
from outcomes.imports.files import CSV, XLSX, csv_rows, examine, find_delimiter
from outcomes.imports.mapping import WIDE, Mapping, guess
from outcomes.imports.numbers import FORMULA_WITHOUT_RESULT
from outcomes.imports.table import find_headings, name_columns, open_table, read_layout
from outcomes.imports.xlsx import Workbook

TABLE = "code,period,value\nE06000032,2023/24,58.1\n"


def layout(content, **chosen):
    file = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    return read_layout(file, examine(file), **chosen)


def rows_of(content):
    file = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    with open_table(file, read_layout(file, examine(file))) as table:
        return list(table.rows())


def workbook(*sheets, change=None):
    """An .xlsx file of (name, rows)."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    if change:
        change(book)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


# --- kinds of file, told by their content ---


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf\r\n \n", "The file is empty"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "This is a PDF, whatever its name says"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            r"old Excel file \(.xls\) or an Excel file with a password",
        ),
        (b"\x1f\x8b\x08\x00" + b"a" * 100, "a compressed file"),
        (b"\x89PNG\r\n\x1a\n" + b"a" * 100, "a picture"),
        (b"PAR1" + b"a" * 100, "a Parquet file"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "This is a web page"),
        (b"\n  <html lang='en'>", "This is a web page"),
        (b"code,value\nE06000032,5\x008\n", "bytes that no table of text holds"),
        (b"\x00\x01\x02\x03" * 100, "bytes that no table of text holds"),
        (b"code,value\nL\xfcton,\x815\n", "letters cannot be read"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(content, because):
    with pytest.raises(Unreadable, match=because) as refused:
        examine(io.BytesIO(content))
    assert refused.value.field == "file"


def test_a_file_that_is_too_large(monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 1 << 20)
    with pytest.raises(Unreadable, match="larger than 1 MB"):
        examine(io.BytesIO(b"a,b\n" * (1 << 19)))


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be"), ("cp1252", "cp1252")],
)  # fmt: skip
def test_encodings(encoding, expected):
    text = "place,value\nYnys Môn,5\n“Über”,6\n"
    content = text.encode(encoding)
    assert examine(io.BytesIO(content)).encoding == expected
    assert rows_of(content) == [["place", "value"], ["Ynys Môn", "5"], ["“Über”", "6"]]


def test_a_letter_that_two_blocks_share_is_still_utf8():
    content = ("a,b\n" + "x" * ((1 << 18) - 5) + "é,1\n").encode()
    assert examine(io.BytesIO(content)).encoding == "utf-8"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter):
    text = "\n".join(
        delimiter.join(row)
        for row in [["code", "name", "value"], ["E1", "A, B and C", "1"], ["E2", "D", "2"]] * 5
    )
    text = text.replace("A, B and C", '"A, B and C"') if delimiter == "," else text
    assert find_delimiter(io.BytesIO(text.encode()), "utf-8") == delimiter


def test_quotes_commas_and_line_breaks_within_cells():
    assert rows_of('code,name,value\nE1,"Bristol, City of",5\nE2,"two\nlines ""quoted""",6\n')[1:] == [
        ["E1", "Bristol, City of", "5"],
        ["E2", 'two\nlines "quoted"', "6"],
    ]


def test_a_missing_quotation_mark_does_not_swallow_the_memory():
    content = b'code,value\nE1,"5\n' + b"E2,6\n" * 100_000
    with pytest.raises(Unreadable, match=r"After row 1 a cell is longer .* quotation mark is missing"):
        list(csv_rows(io.BytesIO(content), "utf-8", ","))


def test_a_huge_cell_and_a_huge_line_are_refused():
    with pytest.raises(Unreadable, match="a cell is longer"):
        rows_of(b"code,value\nE1," + b"9" * 500_000 + b"\n")
    with pytest.raises(Unreadable, match="a line of more than"):
        list(csv_rows(io.BytesIO(b"1,2," * 400_000), "utf-8", ","))


def test_too_many_rows_and_too_many_columns(monkeypatch):
    monkeypatch.setattr(files, "MOST_ROWS", 10)
    with pytest.raises(Unreadable, match="more than 10 rows"):
        list(csv_rows(io.BytesIO(b"a,b\n" * 12), "utf-8", ","))
    with pytest.raises(Unreadable, match="more than 2,000 columns"):
        list(csv_rows(io.BytesIO(b"a," * 2500), "utf-8", ","))


# --- workbooks ---


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
    with pytest.raises(Unreadable, match="compressed file, but no Excel workbook"):
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


# --- headings ---


def test_title_rows_above_the_headings_are_passed_over():
    found = layout(
        "Table 1: active adults\n\nSource: somebody\ncode,name,period,value\nE06000032,Luton,2023/24,58.1\nE92000001,England,2023/24,63\n"
    )
    assert (found.heading_row, found.heading_rows, found.headings) == (
        4,
        1,
        ["code", "name", "period", "value"],
    )


def test_headings_over_several_columns():
    rows = [
        ["Table 5"],
        [],
        ["", "", "2022/23", "", "2023/24", ""],
        ["Code", "Area", "Number", "%", "Number", "%"],
        ["E06000032", "Luton", "10", "5.1", "12", "6.2"],
        ["E92000001", "England", "1000", "4", "1100", "4.5"],
    ]
    assert find_headings(rows) == (3, 2)
    assert name_columns(rows[2:4]) == [
        "Code", "Area", "2022/23 | Number", "2022/23 | %", "2023/24 | Number", "2023/24 | %",
    ]  # fmt: skip


def test_a_merged_heading_of_a_workbook():
    def change(book):
        book["Data"].merge_cells("C1:D1")

    rows = [
        ["", "", "2023/24", None],
        ["Code", "Area", "Number", "%"],
        *[[f"E0600000{n}", "X", n, n / 2] for n in range(1, 9)],
    ]
    found = layout(workbook(("Data", rows), change=change))
    assert found.headings == ["Code", "Area", "2023/24 | Number", "2023/24 | %"]


def test_headings_that_are_the_same_or_missing_get_names_of_their_own():
    assert name_columns([["value", "value", "", "value", " a\n b "]]) == [
        "value",
        "value (2)",
        "Column 3",
        "value (3)",
        "a b",
    ]


def test_headings_can_be_chosen():
    found = layout("a,b,c\ncode,period,value\nE06000032,2023/24,58.1\n", heading_row=2, heading_rows=1)
    assert found.headings == ["code", "period", "value"]


@pytest.mark.parametrize("content", ["code,period,value\n", "code,period,value\n\n ,,\n"])
def test_headings_without_rows_are_refused(content):
    with pytest.raises(Unreadable, match="headings, but no rows"):
        layout(content)


def test_headings_chosen_beyond_the_end_are_refused():
    with pytest.raises(Unreadable, match="No headings were found"):
        layout(TABLE, heading_row=50)


# --- guesses ---


def test_a_guess_from_headings_and_values():
    found = guess(layout(
        "Area Code,Area Name,Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,Count,Denominator,Sex\n"
        + "E06000032,Luton,2023/24,58.1,55,61,100,172,Persons\nE06000032,Luton,2022/23,57.1,54,60,98,171,Male\n" * 3
    ))  # fmt: skip
    assert (found.place_columns, found.period_column, found.value_column) == (
        ["Area Code"],
        "Time period",
        "Value",
    )
    assert (found.lower_column, found.upper_column) == ("Lower CI 95.0 limit", "Upper CI 95.0 limit")
    assert (found.numerator_column, found.denominator_column) == ("Count", "Denominator")
    assert found.filters == [["Sex", "Persons"]]


def test_a_guess_for_a_column_for_each_period():
    found = guess(
        layout("Code,Area,2022/23,2023/24\n" + "E06000032,Luton,57,58\nE92000001,England,63,64\n" * 3)
    )
    assert (found.layout, found.period_columns) == (WIDE, ["2022/23", "2023/24"])


def test_of_two_columns_for_each_period_a_percentage_takes_the_percentages():
    text = ",,2022/23,,2023/24,\nCode,Area,Number,%,Number,%\n" + "E06000032,Luton,10,5.1,12,6.2\n" * 3
    assert guess(layout(text), percent=True).period_columns == ["2022/23 | %", "2023/24 | %"]


def test_a_guess_for_the_layout_of_education_statistics():
    found = guess(layout(
        "time_period,time_identifier,geographic_level,country_code,region_code,new_la_code,la_name,pc_in_time\n"
        "202425,Academic year,National,E92000001,,,,50.1\n202425,Academic year,Regional,E92000001,E12000006,,,51\n"
        "202425,Academic year,Local authority,E92000001,E12000006,E06000032,Luton,52\n"
    ), percent=True)  # fmt: skip
    assert found.place_columns == ["new_la_code", "region_code", "country_code"]
    assert (found.level_column, found.period_note_column) == ("geographic_level", "time_identifier")
    assert found.value_column == "pc_in_time"


def test_the_measures_name_tells_columns_apart():
    text = (
        "code,year,children_active,children_asked\n" + "E06000032,2024,55.1,100\nE92000001,2024,50,1000\n" * 3
    )
    assert guess(layout(text), measure="Active children").value_column == "children_active"
    assert guess(layout(text), measure="Something else").value_column == ""


def test_shares_of_one_are_noticed_for_a_percentage():
    text = "code,period,value\n" + "".join(f"E0600000{n},2023/24,0.{n}5\n" for n in range(1, 9))
    assert guess(layout(text), percent=True).times_100
    assert not guess(layout(text), percent=False).times_100


def test_a_recipe_fits_only_files_with_its_columns_and_its_indicator():
    text = "code,period,indicator,value\nE06000032,2023/24,{},58\nE92000001,2023/24,{},60\n"
    active = layout(text.format("active", "active"))
    recipe = Mapping.from_json(guess(active).to_json())
    assert recipe.filters == [["indicator", "active"]]
    assert recipe.fits(active)
    assert not recipe.fits(layout(text.format("inactive", "inactive")))
    assert not recipe.fits(layout(TABLE))


def test_a_mapping_survives_being_kept_and_ignores_what_it_does_not_know():
    mapping = Mapping(place_columns=["a"], filters=[["b", "c"]])
    assert Mapping.from_json({**mapping.to_json(), "of_a_later_version": 1}) == mapping


def test_constant_memory_for_a_long_file():
    """Rows are handed over one by one: taking a few reads only the beginning."""
    content = io.BytesIO(b"code,value\n" + b"E06000032,5\n" * 200_000)
    rows = csv_rows(content, "utf-8", ",")
    assert [next(rows) for _ in range(3)][2] == ["E06000032", "5"]
    assert content.tell() < 200_000


def test_a_written_csv_is_read_back_whole():
    kept = io.StringIO()
    written = [["code", "name"], ["E1", 'a "quoted", name'], ["E2", "line\nbreak"], ["", "x"]]
    csv.writer(kept).writerows(written)
    assert rows_of(kept.getvalue()) == written
    assert examine(io.BytesIO(kept.getvalue().encode())).kind == CSV
