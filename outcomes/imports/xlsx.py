"""The rows of an Excel workbook, as text, in constant memory.

openpyxl's own reader keeps every row's element and every shared string, and cannot tell an empty cell from a formula without
result; so the sheets are read here, and openpyxl only says which number formats are dates.
"""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import IO, Any, BinaryIO
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel
from openpyxl.utils.escape import unescape

from outcomes.imports.errors import Unreadable
from outcomes.imports.files import LONGEST_CELL, MOST_COLUMNS, WHAT_TO_DO
from outcomes.imports.numbers import FORMULA_WITHOUT_RESULT

MOST_PARTS = 10_000
LARGEST_UNPACKED = 4 << 30
LARGEST_SMALL_PART = 32 << 20
MOST_PACKED = (
    150  # How many times larger than the file its content may be; spreadsheets reach 30, bombs 1,000.
)
SHEET_ROWS = 1_048_576
DAMAGED = f"The workbook is damaged, or is no Excel workbook. {WHAT_TO_DO}"


class Workbook:
    """An open .xlsx file. Use it as a context manager; `sheets` are the names of those that can be seen, in order."""

    def __init__(self, file: BinaryIO) -> None:
        file.seek(0)
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, OSError):
            raise Unreadable(DAMAGED) from None
        self._check_size()
        names = set(self._zip.namelist())
        if "xl/workbook.xml" not in names:
            raise Unreadable(_what_else(names))
        self._parts: dict[str, str] = {}
        self._epoch = CALENDAR_WINDOWS_1900
        self._read_contents()
        self._styles = self._read_styles() if "xl/styles.xml" in names else []
        self._strings: _Strings | None = None
        self._read = self._size = 0

    def __enter__(self) -> Workbook:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._strings:
            self._strings.close()
        self._zip.close()

    @property
    def done(self) -> float:
        """How much of the sheet that is being read has been read, from 0 to 1."""
        return self._read / self._size if self._size else 0.0

    @property
    def sheets(self) -> list[str]:
        return list(self._parts)

    def rows(self, sheet: str) -> Iterator[list[str]]:
        """Every row up to the last that is written, empty ones too, so that row numbers are the spreadsheet's own."""
        if self._strings is None:
            self._strings = _Strings(self._events)
        reader = _SheetReader(self._strings, self._styles, self._epoch)
        if sheet not in self._parts:
            raise Unreadable("The workbook has no sheet of this name.")
        count = 0
        for _ in self._events(self._parts[sheet], reader):
            for number, cells in reader.take():
                for _gap in range(count + 1, number):
                    yield []
                count = max(count, number)
                yield cells

    def _check_size(self) -> None:
        parts = self._zip.infolist()
        packed, unpacked = sum(part.compress_size for part in parts), sum(part.file_size for part in parts)
        if len(parts) > MOST_PARTS or unpacked > min(LARGEST_UNPACKED, max(packed * MOST_PACKED, 10 << 20)):
            raise Unreadable(f"The workbook would become far too large when it is opened. {WHAT_TO_DO}")

    def _events(self, part: str, handler: Any, limit: int = LARGEST_UNPACKED) -> Iterator[None]:
        """Feeds a part to the handler's start, end and text; yields after each block."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = handler.start
        parser.EndElementHandler = handler.end
        parser.CharacterDataHandler = handler.text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        try:
            self._read, self._size = 0, self._zip.getinfo(part).file_size
            with self._zip.open(part) as source:
                while block := source.read(1 << 16):
                    self._read += len(block)
                    if self._read > limit:
                        raise Unreadable(DAMAGED)
                    parser.Parse(block, False)
                    yield
            parser.Parse(b"", True)
            yield
        except KeyError:
            raise Unreadable(DAMAGED) from None
        except (
            expat.ExpatError,
            ValueError,
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
        ):
            raise Unreadable(DAMAGED) from None

    def _elements(self, part: str) -> list[tuple[str, dict[str, str]]]:
        """Every element of a small part with its attributes, in order."""
        collector = _Collector()
        for _ in self._events(part, collector, LARGEST_SMALL_PART):
            pass
        return collector.elements

    def _read_contents(self) -> None:
        targets = {
            attributes["Id"]: attributes["Target"]
            for name, attributes in self._elements("xl/_rels/workbook.xml.rels")
            if name == "Relationship" and attributes.get("Type", "").endswith("/worksheet")
        }
        for name, attributes in self._elements("xl/workbook.xml"):
            if name == "workbookPr" and attributes.get("date1904") in ("1", "true"):
                self._epoch = CALENDAR_MAC_1904
            if name == "sheet" and attributes.get("state", "visible") == "visible":
                target = targets.get(attributes.get("id", ""))
                if target:
                    self._parts[attributes["name"]] = (
                        target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                    )
        if not self._parts:
            raise Unreadable("The workbook has no sheet that can be seen.")

    def _read_styles(self) -> list[str]:
        """For each cell style: "date", "percent" or nothing."""
        formats = dict(BUILTIN_FORMATS)
        kinds, inside = [], False
        for name, attributes in self._elements("xl/styles.xml"):
            if name == "numFmt":
                formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
            elif name in ("cellXfs", "cellStyleXfs"):
                inside = name == "cellXfs"
            elif name == "xf" and inside:
                code = formats.get(int(attributes.get("numFmtId", 0)), "")
                kinds.append("date" if is_date_format(code) else "percent" if "%" in code else "")
        return kinds


def _what_else(names: set[str]) -> str:
    if "xl/workbook.bin" in names:
        return f"This is a binary Excel workbook (.xlsb). {WHAT_TO_DO}"
    if any(name.startswith("word/") for name in names):
        return f"This is a Word document. {WHAT_TO_DO}"
    if any(name.lower().endswith((".csv", ".xlsx")) for name in names):
        return "This is a compressed folder (.zip). Open it and upload the file inside it that holds the figures."
    return f"This is a compressed file, but no Excel workbook. {WHAT_TO_DO}"


def _refuse_doctype(*arguments: object) -> None:
    raise Unreadable(DAMAGED)


def _local(name: str) -> str:
    return name.rsplit(" ", 1)[-1]


def _keep(data: str, pieces: list[str]) -> None:
    if len(data) + sum(map(len, pieces)) > LONGEST_CELL:
        raise Unreadable(f"A cell is longer than {LONGEST_CELL:,} characters.")
    pieces.append(data)


class _Collector:
    def __init__(self) -> None:
        self.elements: list[tuple[str, dict[str, str]]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements.append((_local(name), {_local(key): value for key, value in attributes.items()}))

    def end(self, name: str) -> None:
        pass

    def text(self, data: str) -> None:
        pass


class _Strings:
    """The workbook's shared strings, kept in a temporary file; only where each begins is held in memory."""

    def __init__(self, events: Callable[..., Iterator[None]]) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - the workbook closes it
        self._ends = array("Q", [0])
        self._now: list[str] = []
        self._inside_text = self._inside_phonetic = False
        try:
            for _ in events("xl/sharedStrings.xml", self):
                pass
        except Unreadable:
            if len(self._ends) > 1:
                raise
            # A workbook whose text stands in the cells themselves has no such part.
        self._file.flush()
        self.get = lru_cache(maxsize=20_000)(self._get)

    def close(self) -> None:
        self._file.close()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "si":
            self._now = []
        elif local == "rPh":
            self._inside_phonetic = True
        elif local == "t":
            self._inside_text = not self._inside_phonetic

    def end(self, name: str) -> None:
        local = _local(name)
        if local == "t":
            self._inside_text = False
        elif local == "rPh":
            self._inside_phonetic = False
        elif local == "si":
            text = "".join(self._now).encode()
            self._file.write(text)
            self._ends.append(self._ends[-1] + len(text))

    def text(self, data: str) -> None:
        if self._inside_text:
            _keep(data, self._now)

    def _get(self, index: int) -> str:
        if not 0 <= index < len(self._ends) - 1:
            raise Unreadable(DAMAGED)
        self._file.seek(self._ends[index])
        return unescape(self._file.read(self._ends[index + 1] - self._ends[index]).decode())


@dataclass
class _SheetReader:
    """Handles the events of one sheet; `take` hands over the rows that are complete."""

    strings: _Strings
    styles: list[str]
    epoch: datetime
    _done: list[tuple[int, list[str]]] = field(default_factory=list)
    _row: list[str] = field(default_factory=list)
    _row_number: int = 0
    _column: int = 0
    _type: str = "n"
    _style: str = ""
    _value: list[str] = field(default_factory=list)
    _has_formula: bool = False
    _collecting: bool = False

    def take(self) -> list[tuple[int, list[str]]]:
        done, self._done = self._done, []
        return done

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "c":
            reference = attributes.get("r")
            self._column = _column_of(reference) if reference else self._column + 1
            self._type = attributes.get("t", "n")
            style = int(attributes.get("s") or 0)
            self._style = self.styles[style] if style < len(self.styles) else ""
            self._value, self._has_formula = [], False
        elif local in ("v", "t"):
            self._collecting = True
        elif local == "f":
            self._has_formula = True
        elif local == "row":
            self._row_number = int(attributes.get("r") or self._row_number + 1)
            if self._row_number > SHEET_ROWS:
                raise Unreadable(DAMAGED)
            self._row, self._column = [], 0

    def text(self, data: str) -> None:
        if self._collecting:
            _keep(data, self._value)

    def end(self, name: str) -> None:
        local = _local(name)
        if local in ("v", "t"):
            self._collecting = False
        elif local == "c":
            text = self._as_text()
            if text:
                if self._column > MOST_COLUMNS:
                    raise Unreadable(f"Row {self._row_number:,} has more than {MOST_COLUMNS:,} columns.")
                self._row.extend([""] * (self._column - len(self._row)))
                self._row[self._column - 1] = text
        elif local == "row":
            self._done.append((self._row_number, self._row))

    def _as_text(self) -> str:
        value = "".join(self._value)
        if not value:
            return FORMULA_WITHOUT_RESULT if self._has_formula else ""
        if self._type == "s":
            return self.strings.get(int(value)).strip()
        if self._type == "n":
            return self._number_as_text(value)
        if self._type == "b":
            return "TRUE" if value == "1" else "FALSE"
        return value.strip()

    def _number_as_text(self, value: str) -> str:
        try:
            if self._style == "date":
                when = from_excel(float(value), self.epoch)
                if isinstance(when, datetime):
                    return when.date().isoformat() if when.time() == time() else when.isoformat(" ")
                return str(when)
            number = float(value)
            if self._style == "percent":
                # Rounded as a spreadsheet shows it: 0.1 + 0.2 is 30%, not 30.000000000000004%.
                return f"{Decimal(f'{number * 100:.12g}'):f}%"
        except (ValueError, OverflowError):
            return value
        if number.is_integer() and abs(number) < 1e15:
            return str(int(number))
        return f"{Decimal(f'{number:.15g}'):f}"


@lru_cache(maxsize=4096)
def _column_letters(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _column_of(reference: str) -> int:
    """2 for B7."""
    return _column_letters(reference.rstrip("0123456789"))
