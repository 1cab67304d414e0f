"""Statistical process control: XmR charts as NHS England's "Making Data Count" draws them.

Source of the rules: NHS England, Making Data Count; the numbers agree with the NHS-R community's NHSRplotthedots 0.2.2.
`docs/statistics.md` lists what is decided here where the method is silent. Plain loops over floats: a dashboard judges fifty
series in one request.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from math import fsum, isfinite
from operator import eq

from .spc_rules import RUN_LENGTH, run_completions, spread_back, trend_completions, two_of_three
from .terms import Direction

LIMIT_FACTOR = 2.66  # 3 / 1.128: three standard deviations, estimated from moving ranges of two points
NEAR_FACTOR = 2 * LIMIT_FACTOR / 3
SCREEN_FACTOR = 3.267  # upper limit of a moving range, as a multiple of the mean moving range
FIRM_LIMITS_FROM = 13  # points; below this the limits are on trial

# A mean of decimals is rarely exact in binary. What is nearer than this to a line, relative to its size, lies on the line.
TOLERANCE = 1e-12


class RebaseError(ValueError):
    """A rebase was asked for at a date without a point. The message is a sentence for the user."""


class Label(StrEnum):
    """Why a point is marked; the first rule that applies, in the order below."""

    ABOVE_LIMIT = "above_limit"
    BELOW_LIMIT = "below_limit"
    RISING = "rising"
    FALLING = "falling"
    TWO_OF_THREE_ABOVE = "two_of_three_above"
    TWO_OF_THREE_BELOW = "two_of_three_below"
    SHIFT_ABOVE = "shift_above"
    SHIFT_BELOW = "shift_below"
    COMMON_CAUSE = "common_cause"


UPWARD = (Label.ABOVE_LIMIT, Label.RISING, Label.TWO_OF_THREE_ABOVE, Label.SHIFT_ABOVE)


class Kind(StrEnum):
    """What a mark means for this measure, given which way is good."""

    COMMON_CAUSE = "common_cause"
    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    NEUTRAL_HIGH = "neutral_high"
    NEUTRAL_LOW = "neutral_low"


class Variation(StrEnum):
    """The variation icon: the kind of the latest point, with the way it went."""

    COMMON_CAUSE = "common_cause"
    IMPROVEMENT_HIGH = "improvement_high"
    IMPROVEMENT_LOW = "improvement_low"
    CONCERN_HIGH = "concern_high"
    CONCERN_LOW = "concern_low"
    NEUTRAL_HIGH = "neutral_high"
    NEUTRAL_LOW = "neutral_low"


class Assurance(StrEnum):
    """The assurance icon: the target against the latest limits."""

    PASS = "pass"  # noqa: S105 (no password: the name of the icon)
    FAIL = "fail"
    HIT_OR_MISS = "inconsistent"


class Edge(StrEnum):
    """What is special about a segment's limits and must be said beside the chart."""

    ONE_POINT = "one_point"
    CONSTANT = "constant"
    NOT_SCREENED = "not_screened"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch between rebases and its lines, in the unit of the values. `start` and `end` index the points (end excluded).

    Lines other than the mean are None where one point is all there is. `baseline` is the number of points that made the lines.
    """

    start: int
    end: int
    mean: float
    lower: float | None
    upper: float | None
    near_lower: float | None
    near_upper: float | None
    baseline: int
    edge: Edge | None

    @property
    def trial(self) -> bool:
        """True while fewer than 13 points stand behind the limits."""
        return self.baseline < FIRM_LIMITS_FROM


@dataclass(frozen=True, slots=True)
class SpcResult:
    """A whole chart. The tuples run in parallel, one item for each reported point, oldest first.

    `zones` holds where a point lies: 0 on the mean; 1 above it; 2 close to the upper limit; 3 outside it; negative below.
    `missing` are the dates that had no value. `variation` is None where the latest segment has one point; `assurance` is None
    without a target, without a good direction, or without limits.
    """

    dates: tuple[date, ...]
    values: tuple[float, ...]
    zones: tuple[int, ...]
    labels: tuple[Label, ...]
    kinds: tuple[Kind, ...]
    segments: tuple[Segment, ...]
    missing: tuple[date, ...]
    direction: Direction
    target: float | None
    run_length: int
    variation: Variation | None
    assurance: Assurance | None

    @property
    def latest_segment(self) -> Segment:
        return self.segments[-1]

    @property
    def trial(self) -> bool:
        return self.segments[-1].trial

    def segment_of(self, index: int) -> Segment:
        """The segment in which the point at `index` (from 0) lies."""
        return next(s for s in self.segments if s.start <= index < s.end)


def analyse(
    dates: Sequence[date],
    values: Sequence[float | None],
    direction: Direction | str,
    *,
    target: float | None = None,
    rebases: Iterable[date] = (),
    fix_after_n_points: int | None = None,
    screen: bool = True,
    run_length: int = RUN_LENGTH,
) -> SpcResult:
    """Make an XmR chart of a series.

    `dates` and `values` are as long as each other, in any order; a value of None is skipped (missing is not zero), so that
    its neighbours become neighbours. Each date of `rebases` starts a segment with lines of its own. With `fix_after_n_points`
    the first n points of a segment make its lines and all its points are judged by them. `screen` leaves moving ranges of
    3.267 times their mean or more out of the limits, once. `run_length` is the number of points that make a trend or a shift.

    Raises RebaseError where a rebase has no point, and ValueError for unequal lengths, a date that comes twice, a value that
    is not finite, no value at all, or a setting below 2.
    """
    if run_length < 2 or (fix_after_n_points is not None and fix_after_n_points < 2):
        raise ValueError("run_length and fix_after_n_points are numbers of points and at least 2.")
    direction = Direction(direction)
    days, figures, missing = _in_order(dates, values)
    starts = _segment_starts(days, rebases)
    high, low = _KINDS[direction]
    segments: list[Segment] = []
    zones: list[int] = []
    labels: list[Label] = []
    kinds: list[Kind] = []
    for start, end in zip(starts, [*starts[1:], len(figures)], strict=True):
        stretch = figures[start:end]
        segment = _lines(stretch, start, end, fix_after_n_points, screen)
        places = _zones(stretch, segment)
        marks = _labels(stretch, places, run_length)
        segments.append(segment)
        zones += places
        labels += marks
        kinds += [_COMMON if mark is _NO_MARK else high if mark in UPWARD else low for mark in marks]
    latest = segments[-1]
    return SpcResult(
        dates=tuple(days),
        values=tuple(figures),
        zones=tuple(zones),
        labels=tuple(labels),
        kinds=tuple(kinds),
        segments=tuple(segments),
        missing=tuple(missing),
        direction=direction,
        target=target,
        run_length=run_length,
        variation=None if latest.edge is Edge.ONE_POINT else _variation(kinds[-1], direction),
        assurance=assurance(latest.lower, latest.upper, target, direction),
    )


def rebase_problem(dates: Sequence[date], values: Sequence[float | None], when: date) -> str | None:
    """Say in a sentence why a chart cannot be rebased at `when`, or None where it can."""
    days = sorted(day for day, value in zip(dates, values, strict=True) if value is not None)
    if when not in days:
        return f"There is no point at {when.day} {when:%B %Y}. Choose a date that has a point."
    return None


def assurance(
    lower: float | None, upper: float | None, target: float | None, direction: Direction | str
) -> Assurance | None:
    """Hold a target against limits: beyond them it is met or missed time after time; between or on them, hit or miss."""
    direction = Direction(direction)
    if target is None or lower is None or upper is None or direction is Direction.NEUTRAL:
        return None
    more_is_good = direction is Direction.UP
    if target > upper:
        return Assurance.FAIL if more_is_good else Assurance.PASS
    if target < lower:
        return Assurance.PASS if more_is_good else Assurance.FAIL
    return Assurance.HIT_OR_MISS


_COMMON = Kind.COMMON_CAUSE
_NO_MARK = Label.COMMON_CAUSE
_KINDS = {
    Direction.UP: (Kind.IMPROVEMENT, Kind.CONCERN),
    Direction.DOWN: (Kind.CONCERN, Kind.IMPROVEMENT),
    Direction.NEUTRAL: (Kind.NEUTRAL_HIGH, Kind.NEUTRAL_LOW),
}


def _in_order(
    dates: Sequence[date], values: Sequence[float | None]
) -> tuple[list[date], list[float], list[date]]:
    """The reported points and the dates without one, oldest first."""
    if len(dates) != len(values):
        raise ValueError(f"There are {len(dates)} dates for {len(values)} values.")
    days = list(dates)
    ordered = sorted(days)
    if any(map(eq, ordered, ordered[1:])):
        raise ValueError("A date comes twice in the series.")
    if ordered != days:
        pairs = sorted(zip(dates, values, strict=True))
        days, values = [day for day, _ in pairs], [value for _, value in pairs]
    figures = [float(value) for value in values if value is not None]
    missing: list[date] = []
    if len(figures) != len(days):
        missing = [day for day, value in zip(days, values, strict=True) if value is None]
        days = [day for day, value in zip(days, values, strict=True) if value is not None]
    if not figures:
        raise ValueError("The series has no value.")
    if not isfinite(sum(figures)):
        raise ValueError("A value of the series is not a finite number.")
    return days, figures, missing


def _segment_starts(days: list[date], rebases: Iterable[date]) -> list[int]:
    starts = {0}
    for when in rebases:
        if when not in days:
            raise RebaseError(
                f"The chart cannot be rebased at {when.day} {when:%B %Y}: there is no point at that date."
            )
        starts.add(days.index(when))
    return sorted(starts)


def _lines(values: list[float], start: int, end: int, fix_after: int | None, screen: bool) -> Segment:
    base = values[:fix_after]
    mean = fsum(base) / len(base)
    if len(base) == 1:
        return Segment(start, end, mean, None, None, None, None, 1, Edge.ONE_POINT)
    ranges = [abs(b - a) for a, b in pairwise(base)]
    spread = fsum(ranges) / len(ranges)
    edge = None if spread else Edge.CONSTANT
    if screen and spread:
        bound = SCREEN_FACTOR * spread
        if max(ranges) >= bound:
            kept = [r for r in ranges if r < bound]
            screened = fsum(kept) / len(kept)
            # Without this a constant series with one jump has limits of no width, and every point lies outside them.
            if screened:
                spread = screened
            else:
                edge = Edge.NOT_SCREENED
    far, near = LIMIT_FACTOR * spread, NEAR_FACTOR * spread
    return Segment(start, end, mean, mean - far, mean + far, mean - near, mean + near, len(base), edge)


def _zones(values: list[float], lines: Segment) -> list[int]:
    if lines.lower is None or lines.upper is None or lines.near_lower is None or lines.near_upper is None:
        return [0] * len(values)
    slack = TOLERANCE * max(abs(lines.lower), abs(lines.upper))
    over, under = lines.upper + slack, lines.lower - slack
    near_over, near_under = lines.near_upper + slack, lines.near_lower - slack
    above, below = lines.mean + slack, lines.mean - slack
    return [
        (1 if x <= near_over else 2 if x <= over else 3)
        if x > above
        else (-1 if x >= near_under else -2 if x >= under else -3)
        if x < below
        else 0
        for x in values
    ]


def _labels(values: list[float], zones: list[int], run_length: int) -> list[Label]:
    """Mark by the weakest rule first, so that a stronger one overwrites it."""
    marks = [_NO_MARK] * len(values)
    shifts = run_completions(zones, run_length)
    if any(shifts):
        _mark(marks, spread_back(shifts, run_length), Label.SHIFT_ABOVE, Label.SHIFT_BELOW)
    if 2 in zones or -2 in zones:
        flagged = two_of_three([zone in (2, -2) for zone in zones], zones)
        signed = [zone if flag else 0 for flag, zone in zip(flagged, zones, strict=True)]
        _mark(marks, signed, Label.TWO_OF_THREE_ABOVE, Label.TWO_OF_THREE_BELOW)
    trends = trend_completions(values, run_length)
    if any(trends):
        _mark(marks, spread_back(trends, run_length), Label.RISING, Label.FALLING)
    if 3 in zones or -3 in zones:
        outside = [zone if zone in (3, -3) else 0 for zone in zones]
        _mark(marks, outside, Label.ABOVE_LIMIT, Label.BELOW_LIMIT)
    return marks


def _mark(marks: list[Label], signs: list[int], up: Label, down: Label) -> None:
    for i, sign in enumerate(signs):
        if sign:
            marks[i] = up if sign > 0 else down


def _variation(kind: Kind, direction: Direction) -> Variation:
    if kind is Kind.IMPROVEMENT:
        return Variation.IMPROVEMENT_HIGH if direction is Direction.UP else Variation.IMPROVEMENT_LOW
    if kind is Kind.CONCERN:
        return Variation.CONCERN_LOW if direction is Direction.UP else Variation.CONCERN_HIGH
    return Variation(kind.value)
