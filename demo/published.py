"""Published measures: real figures of real places, and the borough's invented ones for the same periods."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils import timezone

from demo.facts import rows, source_of
from demo.figures import Cell
from demo.setting import INVENTED, Setting
from demo.windows import published_on, published_span
from outcomes.actions.observations import NewObservation
from outcomes.imports.periods import label_of
from outcomes.models import Group

# How much a gap between groups widens from the first year to the last.
GAP_FROM, GAP_TO = 0.85, 1.15
OUT_AT = time(9, 30)  # official statistics come out at half past nine


@dataclass(frozen=True, slots=True)
class Year:
    """One published period, how far through the series it lies, and when it was known here."""

    label: str
    start: date
    end: date
    known_at: datetime
    at: float


def published_rows(
    row: dict[str, Any], setting: Setting, groups: dict[str, Group]
) -> Iterator[NewObservation]:
    years = _years(row["published"], setting)
    yield from _of_real_places(row["published"], years, setting)
    for index, year in enumerate(years.values()):
        for cell in _invented(row, year, index, setting):
            lower, upper = cell.interval
            yield NewObservation(
                place=setting.borough,
                period_start=year.start,
                period_end=year.end,
                period_label=year.label,
                value=cell.value,
                group=groups.get(cell.group),
                numerator=Decimal(cell.count),
                denominator=Decimal(cell.of or 0),
                lower=lower,
                upper=upper,
                source=INVENTED,
                recorded_at=year.known_at,
            )


def _years(name: str, setting: Setting) -> dict[str, Year]:
    """The periods that were out before the demo's today; what was out before the partnership began was brought in then."""
    found = {}
    periods = list(dict.fromkeys(row["period"] for row in rows(name)))
    for index, period in enumerate(periods):
        out = max(published_on(name, period), setting.settled_on)
        if out >= setting.today:
            continue
        start, end = published_span(period)
        known_at = timezone.make_aware(datetime.combine(out, OUT_AT))
        found[period] = Year(label_of(start, end), start, end, known_at, index / (len(periods) - 1))
    return found


def _of_real_places(name: str, years: dict[str, Year], setting: Setting) -> Iterator[NewObservation]:
    source = source_of(name)
    for fact in rows(name):
        year = years.get(fact["period"])
        if year is None:
            continue
        yield NewObservation(
            place=setting.published_places[fact["code"]],
            period_start=year.start,
            period_end=year.end,
            period_label=year.label,
            value=_number(fact["value"]),
            marker="" if fact["value"] else "x",
            numerator=_number(fact.get("numerator")),
            denominator=_number(fact.get("denominator")),
            source=source.source,
            recorded_at=year.known_at,
        )


def _invented(row: dict[str, Any], year: Year, index: int, setting: Setting) -> list[Cell]:
    """The borough's own figure, and where there is a breakdown the parts that it is the sum of."""
    dice = setting.chance.dice(row["key"], year.label)
    level = row["values"][index] + dice.gauss(0, row["noise"])
    of = row["bases"][index] if "bases" in row else round(row["base"] * dice.uniform(0.97, 1.03))
    parts = row.get("groups", {}).get("parts", ())
    if not parts:
        return [Cell("", "", round(of * level / 100), of)]
    gap = GAP_FROM + (GAP_TO - GAP_FROM) * year.at
    part = of // len(parts)
    cells = [
        Cell("", name, round(part * (level + offset * gap + dice.gauss(0, 0.8)) / 100), part)
        for name, offset in parts
    ]
    return [Cell("", "", sum(cell.count for cell in cells), part * len(parts)), *cells]


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None
