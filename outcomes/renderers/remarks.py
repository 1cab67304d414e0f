"""Remarks as pins of a chart and as rows of a page."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.urls import reverse

from config.words import moment_words
from outcomes.charts import Annotation
from outcomes.queries.remarks import Remarks, Said

# As much of a note as stands below a chart; the whole of it stands on the page.
SHORT = 140


def pins(remarks: Remarks) -> tuple[Annotation, ...]:
    """One pin for each period about which something was said that nobody took back."""
    by_period: dict[date, list[str]] = {}
    for said in remarks.pinned:
        if said.period_end and not said.is_withdrawn and not said.group:
            by_period.setdefault(said.period_end, []).append(said.text)
    return tuple(Annotation(when, _short(texts)) for when, texts in sorted(by_period.items()))


def _short(texts: list[str]) -> str:
    first = " ".join(texts[0].split())
    if len(first) > SHORT:
        first = f"{first[:SHORT].rsplit(' ', 1)[0]}…"
    return first if len(texts) == 1 else f"{first} (and {len(texts) - 1} more)"


def remark_rows(
    said: Collection[Said],
    *,
    slug: str,
    measure: str,
    person: Any,
    may_write: bool,
    may_remove: bool,
    numbers: Collection[tuple[date, str]] = (),
) -> list[dict[str, Any]]:
    """What `outcomes/measure/_remark.html` shows. `numbers` are the notes of a chart in the order of their numbers."""
    order = [when for when, _ in numbers]

    def row(one: Said) -> dict[str, Any]:
        own = one.author_id == person.pk
        return {
            "pk": one.pk,
            "text": one.text,
            "author": one.author,
            "when": moment_words(one.written_at),
            "is_withdrawn": one.is_withdrawn,
            "period": f"{one.period_label}, {one.group}" if one.group else one.period_label,
            "number": _number(one, order, numbers),
            "replies": [row(reply) for reply in one.replies],
            "answer_url": reverse("remark-answer", args=[slug, measure, one.pk])
            if may_write and not one.is_withdrawn
            else "",
            "take_back_url": reverse("remark-take-back", args=[slug, measure, one.pk])
            if own and may_write and not one.is_withdrawn
            else "",
            "remove_url": reverse("remark-remove", args=[slug, measure, one.pk])
            if may_remove and not own and not one.is_withdrawn
            else "",
        }

    return [row(one) for one in said]


def _number(one: Said, order: list[date], numbers: Collection[tuple[date, str]]) -> int | None:
    """The number of the pin: of the notes of that date, the one that begins with what was said."""
    if one.period_end is None or one.is_withdrawn or one.group:
        return None
    start = " ".join(one.text.split())[: SHORT // 2].rsplit(" ", 1)[0]
    same = [index for index, (when, _) in enumerate(numbers) if when == one.period_end]
    exact = [index for index in same if f": {start}" in list(numbers)[index][1]]
    return ((exact or same)[-1] + 1) if same else None
