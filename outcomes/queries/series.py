"""Reads stored observations: the one place from which every number leaves, with disclosure control applied.

Page, chart, API, spreadsheet and report print the `Figure` objects that `series_for` returns. Where partners sent parts of a
place's figure, and nobody the whole, the parts are folded by the measure's rule.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import connection

from outcomes.models import Marker, Measure
from outcomes.queries.parts import NO_TOTAL_TEXT, Period, PeriodParts, Whole, wholes
from outcomes.statistics.folding import Part
from outcomes.statistics.rounding import format_number
from outcomes.statistics.terms import Point

HIDDEN_TEXT = "Hidden"
# The first words tell a reader why there is no number; missing is not zero.
MARKER_TEXT = {
    Marker.UNAVAILABLE: "Not available",
    Marker.NOT_APPLICABLE: "Not applicable",
    Marker.CONFIDENTIAL: HIDDEN_TEXT,
}
# Both halves are answered by a partial index; together they are what stood at a moment, now or in the past.
_AS_OF = """
SELECT {columns} FROM outcomes_observation
WHERE place_id = ANY(%(places)s) AND measure_id = ANY(%(measures)s) AND group_id IS NULL
  AND superseded_at IS NULL AND recorded_at <= %(as_of)s
UNION ALL
SELECT {columns} FROM outcomes_observation
WHERE place_id = ANY(%(places)s) AND measure_id = ANY(%(measures)s) AND group_id IS NULL
  AND superseded_at > %(as_of)s AND recorded_at <= %(as_of)s
"""
_COLUMNS = (
    "measure_id, place_id, organisation_id, CASE WHEN organisation_id IS NOT NULL THEN recorded_at END, "
    "period_start, period_end, period_label, value::float8, lower::float8, upper::float8, "
    "marker, status, numerator::float8, denominator::float8"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One value as it may be shown. `value` is None where there is none or where it is hidden; `text` says it in words."""

    period_start: date
    period_end: date
    period_label: str
    value: float | None
    text: str
    lower: float | None = None
    upper: float | None = None
    marker: str = ""
    provisional: bool = False
    hidden: bool = False
    numerator: float | None = None
    denominator: float | None = None
    # What partners' parts made, where they did. One field, since most figures have none and there are thousands a page.
    folded: Whole | None = None

    @property
    def note(self) -> str:
        """A sentence on what the figure is made of and who is missing in it; empty for one that is no sum of parts."""
        return self.folded.note if self.folded else ""

    @property
    def missing(self) -> tuple[str, ...]:
        """The partners that are not in it yet."""
        return self.folded.missing if self.folded else ()

    @property
    def has_no_total(self) -> bool:
        """Whether partners told their parts, and these cannot be added up."""
        return self.folded is not None and self.folded.part is None


@dataclass(frozen=True, slots=True)
class Series:
    """One measure in one place, oldest first, as it was known at `as_of`."""

    measure_id: int
    place_id: int
    figures: tuple[Figure, ...]
    as_of: datetime

    @property
    def latest(self) -> Figure | None:
        """The newest period with a number, or with a number that is hidden or that parts do not make."""
        return next(
            (f for f in reversed(self.figures) if f.value is not None or f.hidden or f.has_no_total), None
        )

    @property
    def points(self) -> list[Point]:
        """What the statistics are given: hidden and missing values are None, and so is a sum that lacks a part."""
        return [
            Point(f.period_end, None, None, None)
            if f.folded is not None and f.folded.is_partial
            else Point(f.period_end, f.value, f.lower, f.upper)
            for f in self.figures
        ]

    def at(self, period_end: date) -> Figure | None:
        return next((figure for figure in self.figures if figure.period_end == period_end), None)


def series_for(
    measures: Collection[Measure], place_ids: Iterable[int], *, as_of: datetime
) -> dict[tuple[int, int], Series]:
    """The totals (no breakdown) of these measures in these places, as known at `as_of`, by (measure id, place id).

    One query, and two more where partners' parts are folded. A pair without an observation has no key. Disclosure control of
    each measure is applied, to the whole that parts make rather than to them.
    """
    by_id = {measure.pk: measure for measure in measures}
    found: dict[tuple[int, int], list[Figure]] = {}
    parts: dict[tuple[int, int], dict[Period, PeriodParts]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            _AS_OF.format(columns=_COLUMNS),
            {"places": list(place_ids), "measures": list(by_id), "as_of": as_of},
        )
        for measure_id, place_id, organisation_id, known_at, *cells in cursor.fetchall():
            if organisation_id is None:
                found.setdefault((measure_id, place_id), []).append(figure_of(by_id[measure_id], *cells))
            else:
                _put(parts.setdefault((measure_id, place_id), {}), organisation_id, known_at, cells)
    if parts:
        _add_wholes(by_id, found, parts, as_of)
    for figures in found.values():
        figures.sort(key=lambda figure: (figure.period_end, figure.period_start))
    return {key: Series(*key, tuple(figures), as_of) for key, figures in found.items()}


def _put(
    periods: dict[Period, PeriodParts], organisation_id: int, known_at: datetime, cells: list[Any]
) -> None:
    start, end, label, value, lower, upper, marker, status, numerator, denominator = cells
    kept = periods.setdefault((start, end), PeriodParts(label))
    kept.by_partner[organisation_id] = Part(
        value, numerator, denominator, lower, upper, marker, known_at.timestamp()
    )
    kept.provisional |= status == "provisional"


def _add_wholes(
    by_id: dict[int, Measure],
    found: dict[tuple[int, int], list[Figure]],
    parts: dict[tuple[int, int], dict[Period, PeriodParts]],
    as_of: datetime,
) -> None:
    """Adds what the parts make, but for periods of which somebody told the whole."""
    for key, folded in wholes(by_id, parts, as_of=as_of).items():
        told = {figure.period_end for figure in found.get(key, ())}
        made = [_of_parts(by_id[key[0]], whole) for whole in folded if whole.period[1] not in told]
        if made:
            found.setdefault(key, []).extend(made)


def _of_parts(measure: Measure, whole: Whole) -> Figure:
    start, end = whole.period
    if whole.part is None:
        return Figure(
            start, end, whole.label, None, NO_TOTAL_TEXT, provisional=whole.provisional, folded=whole
        )
    part, status = whole.part, "provisional" if whole.provisional else "final"
    figure = figure_of(
        measure,
        start,
        end,
        whole.label,
        part.value,
        part.lower,
        part.upper,
        part.marker,
        status,
        part.numerator,
        part.denominator,
    )
    return replace(figure, folded=whole)


def is_hidden(measure: Measure, value: float | None, numerator: float | None, marker: str) -> bool:
    """Whether a number must not be shown: marked confidential, or a count from 1 to just below the measure's threshold.

    For a percentage or a rate the numerator is the count; a measure without decimals and without numerator is itself one.
    """
    if marker == Marker.CONFIDENTIAL:
        return True
    if measure.hide_below is None:
        return False
    count = numerator if numerator is not None else value
    return count is not None and 0 < count < measure.hide_below


def hidden_sql(row: str, measure: str) -> str:
    """The rule of `is_hidden` as SQL, for statements with too many rows to look at one by one. The two are tested to agree."""
    count = f"coalesce({row}.numerator, {row}.value)"
    return (
        f"({row}.marker = '{Marker.CONFIDENTIAL.value}' OR coalesce("
        f"{measure}.hide_below IS NOT NULL AND {count} > 0 AND {count} < {measure}.hide_below, false))"
    )


def words_for(measure: Measure, value: float) -> str:
    """A value of the measure in words: with its decimals and its unit."""
    return format_number(value, measure.decimals, measure.unit)


def figure_of(
    measure: Measure,
    period_start: date,
    period_end: date,
    period_label: str,
    value: float | None,
    lower: float | None,
    upper: float | None,
    marker: str,
    status: str,
    numerator: float | None,
    denominator: float | None,
) -> Figure:
    """A stored value as it may be shown: hidden where the measure says so."""
    provisional = status == "provisional"
    if is_hidden(measure, value, numerator, marker):
        return Figure(
            period_start,
            period_end,
            period_label,
            None,
            HIDDEN_TEXT,
            marker=Marker.CONFIDENTIAL,
            provisional=provisional,
            hidden=True,
        )
    if value is None:
        return Figure(
            period_start,
            period_end,
            period_label,
            None,
            MARKER_TEXT.get(marker, "Not available"),
            marker=marker,
            provisional=provisional,
        )
    return Figure(
        period_start,
        period_end,
        period_label,
        value,
        words_for(measure, value),
        lower,
        upper,
        marker,
        provisional,
        False,
        numerator,
        denominator,
    )
