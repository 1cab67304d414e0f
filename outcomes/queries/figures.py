"""One number as it may be shown: hidden where it must be, in the measure's own words; and a series' numbers, made when looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple, Protocol, TypeVar, overload

from outcomes.models import Frequency, Marker
from outcomes.queries.parts import Whole
from outcomes.statistics.rounding import format_number
from outcomes.statistics.terms import Point

HIDDEN_TEXT = "Hidden"
# The first words tell a reader why there is no number; missing is not zero.
MARKER_TEXT = {
    Marker.UNAVAILABLE: "Not available",
    Marker.NOT_APPLICABLE: "Not applicable",
    Marker.CONFIDENTIAL: HIDDEN_TEXT,
}
# What divides a row's cells, and one row from the next, where a series comes as one text. No cell holds them.
CELL, ROW = "\x1f", "\x1e"
# So many series are kept read, with what was worked out of them: the dashboards of about eight partnerships.
KEPT = 800


# About how many days a period of each frequency has; the periods of a programme or a survey may be of any length.
USUAL_DAYS = {Frequency.MONTH: 30, Frequency.QUARTER: 91, Frequency.YEAR: 365}


class Manner(Protocol):
    """How a measure's numbers are written, and below which count they are hidden. A `Measure` is one."""

    decimals: int
    unit: str
    hide_below: int | None


class OwnManner(NamedTuple):
    """A measure's manner without the measure, so that what is worked out in it may be kept."""

    decimals: int
    unit: str
    hide_below: int | None


def manner_of(measure: Manner) -> OwnManner:
    return OwnManner(measure.decimals, measure.unit, measure.hide_below)


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


class Cells(NamedTuple):
    """A stored row as it was read, before it is known what of it may be shown."""

    period_start: date
    period_end: date
    period_label: str
    value: float | None
    lower: float | None
    upper: float | None
    marker: str
    status: str
    numerator: float | None
    denominator: float | None
    known_at: float = 0


def cells_of(text: str) -> list[Cells]:
    """The rows of a series that came as one text (`series._AS_OF`), oldest period first."""
    found = []
    for row in text.split(ROW):
        start, end, marker, status, value, lower, upper, top, bottom, known_at, label = row.split(CELL)
        found.append(
            Cells(
                date.fromisoformat(start),
                date.fromisoformat(end),
                label,
                float(value) if value else None,
                float(lower) if lower else None,
                float(upper) if upper else None,
                marker,
                status,
                float(top) if top else None,
                float(bottom) if bottom else None,
                float(known_at) if known_at else 0,
            )
        )
    found.sort(key=lambda cells: (cells[1], cells[0]))
    return found


class Told(Protocol):
    """What `one_an_end` looks at. Rows, figures and their likes are it."""

    @property
    def period_start(self) -> date: ...
    @property
    def period_end(self) -> date: ...
    @property
    def value(self) -> float | None: ...
    @property
    def marker(self) -> str: ...


Row = TypeVar("Row", bound=Told)


def one_an_end(rows: Sequence[Row], frequency: str = "") -> Sequence[Row]:
    """The rows, of which no two end on the same day: a series has one point a day, and cannot be judged or drawn otherwise.

    New figures that would end on the day of another period are refused, so this is for those that stand already. Of several
    the one is kept that says something and whose length fits the measure's frequency best; of two that fit alike, or where
    the frequency says no length, the one that began latest.
    """
    kept: dict[date, Row] = {}
    for row in rows:
        other = kept.get(row.period_end)
        if other is None or _fit(row, frequency) > _fit(other, frequency):
            kept[row.period_end] = row
    return rows if len(kept) == len(rows) else [row for row in rows if kept[row.period_end] is row]


def _fit(row: Told, frequency: str) -> tuple[bool, int, date]:
    usual = USUAL_DAYS.get(frequency)  # type: ignore[call-overload]
    days = (row.period_end - row.period_start).days + 1
    says_something = row.value is not None or row.marker == Marker.CONFIDENTIAL
    return says_something, -abs(days - usual) if usual else 0, row.period_start


class Figures(Sequence[Figure]):
    """A series' stored figures, oldest first, each made when it is looked at: a dashboard holds thousands and shows a hundred.

    It never changes, so what is worked out of it may be kept with it.
    """

    def __init__(self, manner: Manner, rows: Sequence[Cells]) -> None:
        self.manner, self.rows = manner, rows
        self._made: list[Figure | None] = [None] * len(rows)

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> Figure: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Figure, ...]: ...
    def __getitem__(self, index: int | slice) -> Figure | tuple[Figure, ...]:
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(len(self))))
        made = self._made[index]
        if made is None:
            made = self._made[index] = figure_of(self.manner, *self.rows[index][:10])
        return made

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """What the statistics are given, without a figure being made."""
        found = []
        for _, end, _, value, lower, upper, marker, _, numerator, _, _ in self.rows:
            hidden = is_hidden(self.manner, value, numerator, marker)
            found.append(Point(end, None) if hidden or value is None else Point(end, value, lower, upper))
        return tuple(found)

    @cached_property
    def ends(self) -> dict[date, int]:
        """Where a period's figure stands, by the period's last day; the first where several end on it."""
        return {row[1]: index for index, row in reversed(list(enumerate(self.rows)))}


@lru_cache(maxsize=KEPT)
def figures_of(text: str, manner: OwnManner, frequency: str) -> Figures:
    """The figures of a series that came as one text, one for each day on which a period ends.

    The same text is read once: a correction makes another.
    """
    return Figures(manner, one_an_end(cells_of(text), frequency))


@lru_cache(maxsize=KEPT)
def up_to(figures: Sequence[Figure], day: date) -> Sequence[Figure]:
    """The figures whose periods end by a day."""
    if isinstance(figures, Figures):
        return Figures(figures.manner, [row for row in figures.rows if row.period_end <= day])
    return tuple(figure for figure in figures if figure.period_end <= day)


def points_of(figures: Sequence[Figure]) -> Sequence[Point]:
    """What the statistics are given: hidden and missing values are None, and so is a sum that lacks a part. One an end."""
    if isinstance(figures, Figures):
        return figures.points
    return tuple(
        Point(f.period_end, None)
        if f.folded is not None and f.folded.is_partial
        else Point(f.period_end, f.value, f.lower, f.upper)
        for f in one_an_end(figures)
    )


def is_hidden(measure: Manner, value: float | None, numerator: float | None, marker: str) -> bool:
    """Whether a number must not be shown: marked confidential, or a count from 1 to just below the measure's threshold.

    For a percentage or a rate the numerator is the count; a measure without decimals and without numerator is itself one.
    """
    if marker == "c":
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


def words_for(measure: Manner, value: float) -> str:
    """A value of the measure in words: with its decimals and its unit."""
    return format_number(value, measure.decimals, measure.unit)


def figure_of(
    measure: Manner,
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
    """A stored value as it may be shown."""
    provisional = status == "provisional"
    if is_hidden(measure, value, numerator, marker):
        hidden = Marker.CONFIDENTIAL
        return Figure(
            period_start,
            period_end,
            period_label,
            None,
            HIDDEN_TEXT,
            marker=hidden,
            provisional=provisional,
            hidden=True,
        )
    if value is None:
        text = MARKER_TEXT.get(marker, "Not available")  # type: ignore[call-overload]
        return Figure(
            period_start, period_end, period_label, None, text, marker=marker, provisional=provisional
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
