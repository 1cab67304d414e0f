"""Reads stored observations: the one place from which every number leaves, with disclosure control applied.

Page, chart, API, spreadsheet and report print the `Figure` objects that `series_for` returns. Where partners sent parts of a
place's figure, and nobody the whole, the parts are folded by the measure's rule.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import connection

from outcomes.models import Measure
from outcomes.queries.figures import (
    CELL,
    HIDDEN_TEXT,
    MARKER_TEXT,
    ROW,
    Figure,
    Figures,
    cells_of,
    figure_of,
    figures_of,
    hidden_sql,
    is_hidden,
    manner_of,
    one_an_end,
    points_of,
    up_to,
    words_for,
)
from outcomes.queries.parts import NO_TOTAL_TEXT, Period, PeriodParts, Whole, wholes
from outcomes.statistics.folding import Part
from outcomes.statistics.terms import Point

# Both halves are answered by a partial index; together they are what stood at a moment, now or in the past.
_ROWS = """
SELECT measure_id, place_id, organisation_id, recorded_at, period_start, period_end, period_label, value, lower, upper, marker,
  status, numerator, denominator FROM outcomes_observation
WHERE place_id = ANY(%(places)s) AND measure_id = ANY(%(measures)s) AND group_id IS NULL
  AND {stood} AND recorded_at <= %(as_of)s
"""
# A row for each series, its figures as one text: thousands of rows and decimals of their own would cost more than all the rest
# of the page. When it became known matters for partners' parts only, and for the rest it would make equal texts differ.
_AS_OF = f"""
SELECT measure_id, place_id, organisation_id, string_agg(concat_ws('{CELL}', period_start, period_end, marker, status,
  coalesce(value::text, ''), coalesce(lower::text, ''), coalesce(upper::text, ''), coalesce(numerator::text, ''),
  coalesce(denominator::text, ''),
  CASE WHEN organisation_id IS NULL THEN '' ELSE extract(epoch FROM recorded_at)::text END,
  translate(period_label, '{CELL}{ROW}', '  ')), '{ROW}')
FROM ({_ROWS.format(stood="superseded_at IS NULL")} UNION ALL {_ROWS.format(stood="superseded_at > %(as_of)s")}) known
GROUP BY measure_id, place_id, organisation_id
"""  # noqa: S608 - constants of this file; what was asked goes in as parameters


@dataclass(frozen=True, slots=True)
class Series:
    """One measure in one place, oldest first, as it was known at `as_of`."""

    measure_id: int
    place_id: int
    figures: Sequence[Figure]
    as_of: datetime

    @property
    def latest(self) -> Figure | None:
        """The newest period with a number, or with a number that is hidden or that parts do not make."""
        return next(
            (f for f in reversed(self.figures) if f.value is not None or f.hidden or f.has_no_total), None
        )

    @property
    def points(self) -> Sequence[Point]:
        """What the statistics are given: hidden and missing values are None, and so is a sum that lacks a part."""
        return points_of(self.figures)

    def until(self, day: date) -> Series:
        """The same series without the periods that end after a day."""
        return Series(self.measure_id, self.place_id, up_to(self.figures, day), self.as_of)

    def at(self, period_end: date) -> Figure | None:
        if isinstance(self.figures, Figures):
            index = self.figures.ends.get(period_end)
            return None if index is None else self.figures[index]
        return next((figure for figure in self.figures if figure.period_end == period_end), None)


def series_for(
    measures: Collection[Measure], place_ids: Iterable[int], *, as_of: datetime
) -> dict[tuple[int, int], Series]:
    """The totals (no breakdown) of these measures in these places, as known at `as_of`, by (measure id, place id).

    One query, and two more where partners' parts are folded. A pair without an observation has no key. Disclosure control of
    each measure is applied, to the whole that parts make rather than to them.
    """
    by_id = {measure.pk: measure for measure in measures}
    found: dict[tuple[int, int], Sequence[Figure]] = {}
    parts: dict[tuple[int, int], dict[Period, PeriodParts]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_AS_OF, {"places": list(place_ids), "measures": list(by_id), "as_of": as_of})
        for measure_id, place_id, organisation_id, text in cursor.fetchall():
            if organisation_id is None:
                found[measure_id, place_id] = figures_of(
                    text, manner_of(by_id[measure_id]), by_id[measure_id].frequency
                )
            else:
                _put(parts.setdefault((measure_id, place_id), {}), organisation_id, text)
    if parts:
        _add_wholes(by_id, found, parts, as_of)
    return {key: Series(*key, figures, as_of) for key, figures in found.items()}


def _put(periods: dict[Period, PeriodParts], organisation_id: int, text: str) -> None:
    for row in cells_of(text):
        kept = periods.setdefault((row.period_start, row.period_end), PeriodParts(row.period_label))
        kept.by_partner[organisation_id] = Part(
            row.value, row.numerator, row.denominator, row.lower, row.upper, row.marker, row.known_at
        )
        kept.provisional |= row.status == "provisional"


def _add_wholes(
    by_id: dict[int, Measure],
    found: dict[tuple[int, int], Sequence[Figure]],
    parts: dict[tuple[int, int], dict[Period, PeriodParts]],
    as_of: datetime,
) -> None:
    """Adds what the parts make, but for periods of which somebody told the whole."""
    for key, folded in wholes(by_id, parts, as_of=as_of).items():
        given = found.get(key, ())
        told = {figure.period_end for figure in given}
        made = [of_parts(by_id[key[0]], whole) for whole in folded if whole.period[1] not in told]
        if made:
            both = sorted([*given, *made], key=lambda figure: (figure.period_end, figure.period_start))
            found[key] = tuple(one_an_end(both, by_id[key[0]].frequency))


def of_parts(measure: Measure, whole: Whole) -> Figure:
    """What partners' parts make, as it may be shown."""
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


__all__ = [
    "HIDDEN_TEXT",
    "MARKER_TEXT",
    "Figure",
    "Series",
    "figure_of",
    "hidden_sql",
    "is_hidden",
    "of_parts",
    "series_for",
    "words_for",
]
