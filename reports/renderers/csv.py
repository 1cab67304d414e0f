"""CSV in a stream, which no spreadsheet program can be made to run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

# A spreadsheet program takes a text that begins so for a formula.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
CHUNK = 64 * 1024


def safe_text(text: str) -> str:
    """A text cell that is no formula: one that begins like a formula gets an apostrophe in front.

    Texts that are plain numbers, such as -3.5, are left alone: they are what they look like.
    """
    if text.startswith(DANGEROUS) and not _is_number(text):
        return "'" + text
    return text


def cell(value: Any) -> str:
    """A value as a cell: empty for None, ISO dates, yes and no, numbers as they are, text made safe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return f"{value.normalize():f}" if isinstance(value, Decimal) else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return safe_text(str(value))


def csv_lines(headers: Sequence[str], rows: Iterable[Sequence[Any]], *, mark: bool = True) -> Iterator[bytes]:
    """The file in chunks of about 64 KB, in constant memory.

    UTF-8; `mark` begins it with a byte order mark, without which Excel takes it for a Windows code page.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    if mark:
        buffer.write("\ufeff")
    writer.writerow(headers)
    for row in rows:
        writer.writerow([cell(value) for value in row])
        if buffer.tell() > CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.strip() == text and "\n" not in text
