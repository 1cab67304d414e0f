"""How many activities there are by month, kind and sector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth

from partnerships.models import Activity, ActivityKind, Sector

MOST_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Counts:
    """Months oldest first, with those that had none; kinds and sectors with the most first, without those that had none.

    An activity with organisations of two sectors counts once in each, so sectors may add up to more than the total.
    """

    total: int
    months: tuple[tuple[date, int], ...]
    earlier: int
    kinds: tuple[tuple[str, int], ...]
    sectors: tuple[tuple[str, int], ...]


def count(activities: QuerySet[Activity]) -> Counts:
    """Three queries, whatever the number of activities."""
    plain, labels = activities.order_by(), dict(ActivityKind.choices)
    by_month = dict(
        plain.annotate(month=TruncMonth("happened_on")).values_list("month").annotate(Count("pk"))
    )
    by_kind = {
        own or labels.get(kind, kind): number
        for kind, own, number in plain.values_list("kind", "own_kind__name").annotate(Count("pk"))
    }
    links = Activity.organisations.through.objects.filter(activity__in=plain.values("pk"))
    by_sector = dict(
        links.values_list("organisation__sector").annotate(Count("activity", distinct=True)).order_by()
    )
    months = _last_months(by_month)
    total = sum(by_month.values())
    return Counts(
        total=total,
        months=months,
        earlier=total - sum(number for _, number in months),
        kinds=_most_first(by_kind, {}),
        sectors=_most_first(by_sector, dict(Sector.choices)),
    )


def _last_months(by_month: Mapping[date, int]) -> tuple[tuple[date, int], ...]:
    """From the first month to the last without a gap, of which the newest two years."""
    if not by_month:
        return ()
    first, month = min(by_month), max(by_month)
    months = []
    while month >= first and len(months) < MOST_MONTHS:
        months.append((month, by_month.get(month, 0)))
        month = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    return tuple(reversed(months))


def _most_first(numbers: Mapping[str, int], words: Mapping[str, str]) -> tuple[tuple[str, int], ...]:
    found = [(words.get(key, key), number) for key, number in numbers.items()]
    return tuple(sorted(found, key=lambda one: (-one[1], one[0])))
