"""The copy of what is held about somebody: one ZIP with a page to read, tables for a spreadsheet, and JSON for a program."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import datetime

from django.template.loader import render_to_string
from django.utils.text import slugify

from people.queries.access import Held, Table

# A spreadsheet takes a text that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def archive_of(held: Held, as_of: datetime) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        page = render_to_string("people/held/copy.html", {"held": held, "as_of": as_of})
        archive.writestr("read-me-first.html", page)
        archive.writestr("data.json", json.dumps(_plain(held, as_of), ensure_ascii=False, indent=1))
        for number, table in enumerate(held.tables, 1):
            archive.writestr(f"tables/{number:02}-{slugify(table.kind)[:60]}.csv", _csv(table))
    return made.getvalue()


def _plain(held: Held, as_of: datetime) -> dict:
    return {
        "as_of": as_of.isoformat(timespec="seconds"),
        "you": dict(held.facts),
        "records": [
            {
                "kind": table.kind,
                "left_out": table.left_out,
                "rows": [dict(zip(table.columns, row, strict=True)) for row in table.rows],
            }
            for table in held.tables
        ],
    }


def _csv(table: Table) -> str:
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([_safe(text) for text in row] for row in table.rows)
    return out.getvalue()


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
