"""Records as rows of plain data, for components/rows.html."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from config.words import day_words
from partnerships.models import Activity


def activity_row(activity: Activity, slug: str, *, more: str = "") -> dict[str, Any]:
    """An activity with its kind and day, and what else its page wants to say of it."""
    said = f"{activity.get_kind_display()}, {day_words(activity.happened_on)}"
    return {
        "title": activity.title,
        "url": reverse("activity-detail", args=[slug, activity.pk]),
        "meta": f"{said}, {more}" if more else said,
    }
