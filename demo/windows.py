"""The periods that a measure is told for, and when each figure became known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from demo.days import A_DAY, month_end, months_back
from outcomes.imports.periods import label_of

POINTS = {"month": 60, "quarter": 20, "year": 10, "summer": 5}


@dataclass(frozen=True, slots=True)
class Window:
    """One period: how far through its series it lies, from 0 to 1, and what it is called."""

    start: date
    end: date
    label: str
    at: float


def windows(kind: str, today: date, points: int | None = None) -> list[Window]:
    """The newest periods that were over before today, oldest first."""
    points = points or POINTS[kind]
    spans = {"month": _months, "quarter": _quarters, "year": _years, "summer": _summers}[kind](today, points)
    last = max(1, len(spans) - 1)
    return [
        Window(start, end, f"Summer {end.year}" if kind == "summer" else label_of(start, end), index / last)
        for index, (start, end) in enumerate(spans)
    ]


Span = tuple[date, date]


def _months(today: date, points: int) -> list[Span]:
    starts = [months_back(today, n) for n in range(points, 0, -1)]
    return [(start, month_end(start)) for start in starts]


def _quarters(today: date, points: int) -> list[Span]:
    this = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    starts = [months_back(this, 3 * n) for n in range(points, 0, -1)]
    return [(start, month_end(months_back(start, -2))) for start in starts]


def _years(today: date, points: int) -> list[Span]:
    return [(date(year, 1, 1), date(year, 12, 31)) for year in range(today.year - points, today.year)]


def _summers(today: date, points: int) -> list[Span]:
    """From the first day of the summer holidays to the end of August."""
    last = today.year if today > date(today.year, 8, 31) else today.year - 1
    return [(date(year, 7, 23), date(year, 8, 31)) for year in range(last - points + 1, last + 1)]


def published_span(period: str) -> Span:
    """2015/16 runs from April to March, as an import reads it; 2019 is the calendar year."""
    year = int(period[:4])
    if "/" in period:
        return date(year, 4, 1), date(year + 1, 3, 31)
    return date(year, 1, 1), date(year, 12, 31)


def published_on(name: str, period: str) -> date:
    """About when the publisher put the figure out."""
    year = int(period[:4])
    return {
        "active_adults": date(year + 2, 4, 24),
        "inactive_adults": date(year + 2, 4, 24),
        "active_children": date(year + 1, 12, 11),
        "sen2_20_week": date(year + 1, 6, 26),
    }[name]


def working_days_after(day: date, days: int) -> date:
    """So many days later, put off to Monday at a weekend."""
    later = day + timedelta(days=days)
    return later + (7 - later.weekday()) * A_DAY if later.weekday() > 4 else later
