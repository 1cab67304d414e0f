"""The parts of a partnership's own page, for components/subnav.html."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from partnerships.models import Partnership

ABOUT = (
    ("Overview", "about"),
    ("Story of us", "story"),
    ("Simple rules", "rule-list"),
    ("Strategies", "strategy-list"),
    ("Agreements", "agreement-list"),
    ("Places", "place-list"),
)


def about_links(partnership: Partnership, current: str = "") -> list[dict[str, Any]]:
    return [
        {"label": label, "url": reverse(name, args=[partnership.slug]), "current": name == current}
        for label, name in ABOUT
    ]
