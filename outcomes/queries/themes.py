"""Outcomes that stand in line with the themes of a strategy."""

from __future__ import annotations

from outcomes.models import Outcome, OutcomeTheme
from partnerships.models import Strategy


def outcomes_by_theme(strategy: Strategy) -> dict[int, list[Outcome]]:
    links = OutcomeTheme.objects.filter(theme__strategy=strategy).select_related("outcome")
    found: dict[int, list[Outcome]] = {}
    for link in links.order_by("outcome__title"):
        found.setdefault(link.theme_id, []).append(link.outcome)
    return found
