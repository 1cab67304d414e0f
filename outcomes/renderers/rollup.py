"""Figures put together by year, as a measure's page shows them."""

from __future__ import annotations

from datetime import date
from typing import Any

from outcomes.models import Measure
from outcomes.queries.rollup import by_year, rule_across_periods
from outcomes.queries.series import Series

YEARS = 6
HOW = {
    "sum": "Its figures are added up.",
    "weighted_mean": "Its figures are averaged, each by how many it is of.",
    "max": "The largest figure of each year.",
    "ratio_of_sums": "What is counted is added up, and so is what it is out of; then the one is divided by the other.",
}


def year_table(measure: Measure, series: Series, *, today: date) -> dict[str, Any] | None:
    """What `outcomes/measures/_by_year.html` takes; None where there is nothing to put together, or the rule forbids it."""
    rule = rule_across_periods(measure)
    if rule not in HOW:
        return None
    years = by_year(measure, series, today=today)
    if not any(year.pieces > 1 for year in years):
        return None
    return {
        "title": "By year",
        "rule": HOW[rule],
        "rows": [
            {
                "label": one.label,
                "text": f"{one.text}{' (provisional)' if one.provisional else ''}",
                "note": one.note,
            }
            for one in years[:YEARS]
        ],
    }
