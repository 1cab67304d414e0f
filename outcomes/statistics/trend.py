"""What became of a short series: OHID's recent trend where figures carry intervals, a plain comparison where they do not.

Recent trend, as published with Fingertips: the last five points with 95% intervals, each weighted by 1 / ((U − L) / 3.92)²; a
weighted straight line through them on 1 to 5; significant where (slope / its standard error)² exceeds the 99.8% point of
chi-squared with one degree of freedom and the slope keeps its sign when any one point is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import fsum, isfinite

from .rounding import Wording
from .terms import Direction, Moved, Point, Progress, Row, Word, progress_of

POINTS = 5
CRITICAL_CHI_SQUARED = 9.54953570608324
NOT_TESTED = "This compares figures and tests nothing: the change may be chance."


class ValueType(Word):
    """What a value is. OHID works out a trend for the first three only."""

    PROPORTION = "proportion"
    CRUDE_RATE = "crude_rate"
    STANDARDISED_RATE = "standardised_rate"
    OTHER = "other"


class Marker(StrEnum):
    """OHID's trend marker, without the judgement."""

    INCREASING = "increasing"
    DECREASING = "decreasing"
    NO_CHANGE = "no_change"
    CANNOT_BE_CALCULATED = "cannot_be_calculated"


@dataclass(frozen=True, slots=True)
class TrendResult:
    """A recent trend. `slope` is in units of the value per period; numbers are None where nothing was calculated.

    `periods` are the dates of the points used, oldest first; `reason` says in a sentence why nothing could be calculated.
    """

    marker: Marker
    progress: Progress
    slope: float | None
    chi_squared: float | None
    keeps_sign: bool | None
    periods: tuple[date, ...]
    reason: str | None
    sentence: str

    @property
    def tested(self) -> bool:
        return self.reason is None


@dataclass(frozen=True, slots=True)
class DirectionResult:
    """A plain comparison: the latest value with the one before and the first. Not a statement of significance.

    `since_previous` and `since_first` are differences in the unit of the value; None where there is nothing to compare with.
    """

    moved: Moved | None
    latest: float | None
    since_previous: float | None
    since_first: float | None
    sentence: str


def recent_trend(
    points: Iterable[Row],
    direction: Direction | str,
    *,
    value_type: ValueType | str | None = None,
    years_per_point: int = 1,
    wording: Wording | None = None,
) -> TrendResult:
    """OHID's recent trend of an annual series, whose points may come in any order.

    Points without a value are left out; so are points without an interval, as OHID does. `value_type` None means that the
    caller vouches for the type. Points over several years overlap and cannot be tested (`years_per_point` above 1).
    Five values or more with fewer than five intervals give the marker that OHID publishes, no change, but progress
    "cannot tell", because nothing was tested. Raises ValueError for a date that comes twice or an interval upside down.
    """
    direction = Direction(direction)
    wording = wording or Wording()
    valued = _valued(points)
    known = [point for point in valued if point.lower is not None and point.upper is not None]
    used = known[-POINTS:]
    if value_type is not None and ValueType(value_type) is ValueType.OTHER:
        return _untested("A recent trend is worked out for proportions and rates only.")
    if years_per_point != 1:
        return _untested(
            "Each figure covers several years, so neighbours overlap and a trend cannot be tested."
        )
    if len(valued) < POINTS:
        return _untested(f"A recent trend needs {POINTS} points; there {_are(len(valued))}.")
    if len(known) < POINTS:
        return _untested(
            f"A recent trend needs {POINTS} points with a confidence interval; there {_are(len(known))}.",
            Marker.NO_CHANGE,
        )
    weights = [_weight(point) for point in used]
    if not all(map(isfinite, weights)):
        return _untested("An interval has no width, so its point cannot be weighed against the others.")
    values = [float(point.value) for point in used if point.value is not None]
    positions = list(range(1, POINTS + 1))
    slope, squares = _fit(positions, values, weights)
    chi_squared = slope * slope * squares
    without = [_fit(*_leave_out(i, positions, values, weights))[0] for i in range(POINTS)]
    keeps_sign = all(other * slope > 0 for other in without)
    moved = Moved.LEVEL
    if chi_squared > CRITICAL_CHI_SQUARED and keeps_sign:
        moved = Moved.UP if slope > 0 else Moved.DOWN
    periods = tuple(point.when for point in used)
    return TrendResult(
        marker=_MARKERS[moved],
        progress=progress_of(moved, direction),
        slope=slope,
        chi_squared=chi_squared,
        keeps_sign=keeps_sign,
        periods=periods,
        reason=None,
        sentence=_sentence(
            moved, direction, f"{wording.period(periods[0])} to {wording.period(periods[-1])}"
        ),
    )


def plain_direction(points: Iterable[Row], *, wording: Wording | None = None) -> DirectionResult:
    """Compare the latest value with the one before it and with the first, in words.

    For series too short or without intervals. `moved` tells where the latest lies from the one before; nothing is tested, so
    nothing is called better or worse. Raises ValueError for a date that comes twice.
    """
    wording = wording or Wording()
    valued = _valued(points)
    if not valued:
        return DirectionResult(None, None, None, None, "No figure has been reported.")
    latest, value = valued[-1], _value(valued[-1])
    start = f"{wording.number(value)} in {wording.period(latest.when)}"
    if len(valued) == 1:
        return DirectionResult(None, value, None, None, f"{start}, the only figure so far.")
    previous, first = valued[-2], valued[0]
    since_previous, since_first = value - _value(previous), value - _value(first)
    said = [_way(value, previous, wording)]
    if len(valued) > 2:
        said.append(_way(value, first, wording))
    moved = Moved.UP if since_previous > 0 else Moved.DOWN if since_previous < 0 else Moved.LEVEL
    sentence = f"{start}: {', and '.join(said)}. {NOT_TESTED}"
    return DirectionResult(moved, value, since_previous, since_first, sentence)


_MARKERS = {
    Moved.UP: Marker.INCREASING,
    Moved.DOWN: Marker.DECREASING,
    Moved.LEVEL: Marker.NO_CHANGE,
}


def _valued(points: Iterable[Row]) -> list[Point]:
    valued = sorted((Point(*point) for point in points if point[1] is not None), key=lambda point: point.when)
    if len({point.when for point in valued}) != len(valued):
        raise ValueError("A date comes twice in the series.")
    return valued


def _value(point: Point) -> float:
    if point.value is None:
        raise ValueError("The point has no value.")
    return float(point.value)


def _weight(point: Point) -> float:
    if point.lower is None or point.upper is None or point.upper < point.lower:
        raise ValueError("A confidence interval has a lower end, and an upper end that is no less.")
    error = (float(point.upper) - float(point.lower)) / 3.92
    return 1 / (error * error) if error * error > 0 else float("inf")


def _fit(
    positions: Sequence[float], values: Sequence[float], weights: Sequence[float]
) -> tuple[float, float]:
    """The weighted slope, and the weighted squares of the positions (1 / the square of the slope's standard error).

    Values are taken from the first, so that a level stretch has a slope of exactly 0.
    """
    total = fsum(weights)
    centre = fsum(w * x for w, x in zip(weights, positions, strict=True)) / total
    shifted = [value - values[0] for value in values]
    squares = fsum(w * (x - centre) ** 2 for w, x in zip(weights, positions, strict=True))
    slope = fsum(w * (x - centre) * y for w, x, y in zip(weights, positions, shifted, strict=True)) / squares
    return slope, squares


def _leave_out(i: int, *columns: Sequence[float]) -> list[list[float]]:
    return [[*column[:i], *column[i + 1 :]] for column in columns]


def _untested(reason: str, marker: Marker = Marker.CANNOT_BE_CALCULATED) -> TrendResult:
    sentence = f"A recent trend cannot be calculated. {reason}"
    return TrendResult(marker, Progress.CANNOT_TELL, None, None, None, (), reason, sentence)


def _are(n: int) -> str:
    return "is 1" if n == 1 else f"are {n or 'none'}"


def _sentence(moved: Moved, direction: Direction, span: str) -> str:
    if moved is Moved.LEVEL:
        return f"No significant change over the last {POINTS} points, {span}."
    way = "Increasing" if moved is Moved.UP else "Decreasing"
    judged = {
        Progress.BETTER: " and getting better",
        Progress.WORSE: " and getting worse",
    }.get(progress_of(moved, direction), "")
    tail = " No judgement is made whether that is good." if direction is Direction.NEUTRAL else ""
    return f"{way}{judged} over the last {POINTS} points, {span}, by more than chance.{tail}"


def _way(value: float, other: Point, wording: Wording) -> str:
    """How a value lies from an earlier one. What prints alike is not said to be up or down by nothing."""
    before = _value(other)
    if value == before:
        way = "the same as in"
    elif wording.number(value) == wording.number(before):
        way = "almost the same as in"
    else:
        way = f"{'up' if value > before else 'down'} {wording.change(abs(value - before))} from"
    return f"{way} {wording.period(other.when)} ({wording.number(before)})"
