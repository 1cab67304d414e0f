"""What a measure's figures are made of, as its page shows it: periods that open to rows that lead to returns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from config.words import moment_words
from outcomes.queries.origins import Origin, PeriodOrigins


def origin_tables(
    periods: Sequence[PeriodOrigins], slug: str, place: str, *, may_open_imports: bool
) -> list[dict[str, Any]]:
    """For each period its figure, a sentence on what it is made of, and a table of its rows."""
    return [
        {
            "label": period.label,
            "text": period.text,
            "note": period.note,
            "table": {
                "id": f"origin-{index}",
                "caption": f"What {period.label} is made of",
                "hide_caption": True,
                "columns": [
                    {"label": "Whose"},
                    {"label": "Figure", "numeric": True},
                    {"label": "From", "wide": True},
                    {"label": "Entered", "wide": True},
                ],
                "rows": [_row(row, slug, place, may_open_imports) for row in period.rows],
            },
        }
        for index, period in enumerate(periods, 1)
    ]


def _row(row: Origin, slug: str, place: str, may_open_imports: bool) -> list[dict[str, Any]]:
    where: dict[str, Any] = {"text": row.source or "Entered by hand"}
    if row.return_id:
        where = {"text": "Return", "url": reverse("return-detail", args=[slug, row.return_id])}
    elif row.batch_id and may_open_imports:
        where = {"text": row.source or "Import", "url": reverse("import-detail", args=[slug, row.batch_id])}
    by = f" by {row.entered_by}" if row.entered_by else ""
    note = f" {row.note}" if row.note else ""
    return [
        {"text": row.who or f"{place}, whole", "header": True},
        {"text": f"{row.text}{' (provisional)' if row.provisional else ''}"},
        where,
        {"text": f"{moment_words(row.entered_at)}{by}.{note}"},
    ]
