"""What kind of file this is, told by its content and never by its name, and how its letters and cells are separated."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from outcomes.imports.errors import Unreadable

LARGEST = 200 * 1024 * 1024
LONGEST_LINE = 1_000_000
LONGEST_CELL = 100_000
MOST_ROWS = 2_000_000
MOST_COLUMNS = 2_000
CSV, XLSX = "csv", "xlsx"
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_OTHER_KINDS = (
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls) or an Excel file with a password"),
    (b"\x1f\x8b", "a compressed file"),
    (b"BZh", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"PAR1", "a Parquet file"),
    (b"{\\rtf", "a word processor's file"),
    (b"SQLite format", "a database"),
)
_ZIPPED = (
    (b"opendocument.spreadsheet", "an OpenDocument spreadsheet (.ods)"),
    (b"opendocument", "an OpenDocument file"),
    (b"word/", "a Word document"),
    (b"ppt/", "a presentation"),
)
WHAT_TO_DO = "Save it as CSV or as an Excel workbook (.xlsx) and upload that."


@dataclass(frozen=True, slots=True)
class FileFacts:
    kind: str
    size: int
    sha256: str
    encoding: str = ""


def examine(file: BinaryIO) -> FileFacts:
    """Reads the whole file once, in blocks. Raises Unreadable with a sentence for a file that holds no table."""
    file.seek(0)
    start = file.read(4096)
    if not start.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise Unreadable("The file is empty.")
    for magic, kind in _OTHER_KINDS:
        if start.startswith(magic):
            raise Unreadable(f"This is {kind}, whatever its name says. {WHAT_TO_DO}")
    is_zip = start.startswith(b"PK\x03\x04")
    if is_zip and (kind := next((word for sign, word in _ZIPPED if sign in start[:200]), "")):
        raise Unreadable(f"This is {kind}, whatever its name says. {WHAT_TO_DO}")
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"{", b"[{", b"[[")):
        raise Unreadable(f"This is JSON, which holds no table of rows and columns. {WHAT_TO_DO}")
    if not is_zip and start.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(
        (b"<!doctype", b"<html", b"<?xml", b"<svg")
    ):
        raise Unreadable(
            "This is a web page and not a table. Download the file that the page offers and upload that."
        )
    encoding = "" if is_zip else next((name for bom, name in _BOMS if start.startswith(bom)), _guess(start))
    return _read_through(file, XLSX if is_zip else CSV, encoding)


def _guess(start: bytes) -> str:
    """UTF-16 without a mark shows as a zero in every second byte."""
    pairs = start[: len(start) // 2 * 2]
    if len(pairs) >= 8 and b"\x00" in pairs:
        if pairs[1::2].count(0) > 0.9 * len(pairs) / 2:
            return "utf-16-le"
        if pairs[0::2].count(0) > 0.9 * len(pairs) / 2:
            return "utf-16-be"
    return "utf-8"


def _read_through(file: BinaryIO, kind: str, encoding: str) -> FileFacts:
    digest, size = hashlib.sha256(), 0
    decoder = codecs.getincrementaldecoder(encoding)() if encoding else None
    file.seek(0)
    while True:
        block = file.read(1 << 18)
        digest.update(block)
        size += len(block)
        if size > LARGEST:
            raise Unreadable(f"The file is larger than {LARGEST >> 20} MB. Split it and upload the parts.")
        if decoder is not None:
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError:
                if encoding != "utf-8":
                    raise Unreadable(f"The file's letters cannot be read. {WHAT_TO_DO}") from None
                return _read_through(file, kind, "cp1252")
            if "\x00" in text:
                raise Unreadable(f"The file holds bytes that no table of text holds. {WHAT_TO_DO}")
        if not block:
            return FileFacts(kind, size, digest.hexdigest(), encoding)


def find_delimiter(file: BinaryIO, encoding: str) -> str:
    """The delimiter that cuts the first lines into the most columns of which most lines have the same number."""
    file.seek(0)
    text = file.read(1 << 16).decode(encoding, errors="ignore")
    lines = text.splitlines(keepends=True)[:200]
    if len(text) >= 1 << 15 and len(lines) > 1:
        lines.pop()  # It may be cut off.

    def columns(delimiter: str) -> tuple[float, int]:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1]
        except csv.Error:
            return 0, 0
        if not widths:
            return 0, 0
        common = max(set(widths), key=widths.count)
        return widths.count(common) / max(len(lines), 1), common

    best = max(DELIMITERS, key=lambda delimiter: (round(columns(delimiter)[0], 1), columns(delimiter)[1]))
    return best if columns(best)[1] > 1 else ","


def csv_rows(file: BinaryIO, encoding: str, delimiter: str) -> Iterator[list[str]]:
    """Rows of cells as text, read in constant memory whatever the file holds."""
    file.seek(0)
    csv.field_size_limit(LONGEST_CELL)
    text = io.TextIOWrapper(io.BufferedReader(_Borrowed(file), 1 << 16), encoding=encoding, newline="")
    reader = csv.reader(_lines(text), delimiter=delimiter)
    number = 0
    try:
        for number, row in enumerate(reader, 1):
            if number > MOST_ROWS:
                raise Unreadable(f"The file has more than {MOST_ROWS:,} rows. Split it and upload the parts.")
            if len(row) > MOST_COLUMNS:
                raise Unreadable(f"Row {number:,} has more than {MOST_COLUMNS:,} columns.")
            yield row
    except csv.Error:
        raise Unreadable(
            f"After row {number:,} a cell is longer than {LONGEST_CELL:,} characters. Perhaps a quotation mark is missing there."
        ) from None
    finally:
        text.detach()


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE):
        if len(line) >= LONGEST_LINE:
            raise Unreadable(f"The file has a line of more than {LONGEST_LINE:,} characters. {WHAT_TO_DO}")
        yield line


class _Borrowed(io.RawIOBase):
    """The file for a text reader that must not close it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        block = self._file.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)
