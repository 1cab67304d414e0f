"""What kind of file this is, told by its content, and how its letters and cells are separated."""

import io

import pytest

from outcomes.imports import files
from outcomes.imports.errors import Unreadable
from outcomes.imports.files import csv_rows, examine, find_delimiter
from tests.outcomes.imports_world import rows_of

TABLE = "code,period,value\nE06000032,2023/24,58.1\n"


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
