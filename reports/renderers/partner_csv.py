"""A page of the partner API as CSV: the same names as the JSON, one row an item, and no cell that is a formula."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer

from reports.renderers.csv import csv_lines


class CsvRenderer(BaseRenderer):
    """For endpoints with `item`, the serializer whose fields are the columns."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(
        self, data: Any, media_type: str | None = None, context: Mapping[str, Any] | None = None
    ) -> bytes:
        columns = list((context or {})["view"].item().fields)
        rows = ([_plain(item[column]) for column in columns] for item in data["items"])
        return b"".join(csv_lines(columns, rows, mark=False))


def _plain(value: Any) -> Any:
    """Names of linked records stand in one cell, with semicolons between them."""
    if isinstance(value, list):
        return "; ".join(str(_plain(entry)) for entry in value)
    if isinstance(value, Mapping):
        return next(
            (value[name] for name in ("name", "title", "slug", "place_name", "status") if name in value), ""
        )
    return value
