"""A month of activities as a calendar."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from partnerships.models import Activity

SHOWN_A_DAY = 4


@dataclass(frozen=True, slots=True)
class Day:
    """One day: the last logged few of its activities, and how many there are. `is_outside` the month."""

    date: date
    activities: tuple[Activity, ...] = ()
    count: int = 0
    is_outside: bool = False


def month_of(activities: QuerySet[Activity], first: date) -> list[list[Day]]:
    """The weeks of the month, Monday first. Two queries, whatever the number of activities."""
    last = date(first.year, first.month, calendar.monthrange(first.year, first.month)[1])
    rows = activities.filter(happened_on__range=(first, last))
    counts = dict(rows.order_by().values_list("happened_on").annotate(Count("pk")))
    nth = Window(RowNumber(), partition_by=F("happened_on"), order_by=F("pk").desc())
    few: dict[date, list[Activity]] = {}
    for activity in rows.annotate(nth=nth).filter(nth__lte=SHOWN_A_DAY).order_by("happened_on", "-pk"):
        few.setdefault(activity.happened_on, []).append(activity)
    days = [
        Day(day, tuple(few.get(day, ())), counts.get(day, 0), is_outside=day.month != first.month)
        for day in _days(first, last)
    ]
    return [days[start : start + 7] for start in range(0, len(days), 7)]


def _days(first: date, last: date) -> list[date]:
    monday = first - timedelta(first.weekday())
    return [monday + timedelta(n) for n in range((last - monday).days + 7 - last.weekday())]


def newest_month(activities: QuerySet[Activity]) -> date | None:
    """The first day of the month in which the newest of them happened."""
    newest = activities.values_list("happened_on", flat=True).first()
    return newest.replace(day=1) if newest else None
