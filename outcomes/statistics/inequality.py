"""How unequal a measure is between groups of people: the gap between the best and the worst group, and the slope index.

Slope index of inequality (SII) and relative index (RII): the method of the Office for Health Improvement and Disparities
("Slope index of inequality", Public health technical guide; Low and Low, Journal of Public Health 2004). The groups stand in
their order from the most to the least deprived, each as wide as its share of the people, at the middle of its share; a
straight line through them, weighted by those shares, is read off at both ends of everybody. SII is the difference between the
ends, RII (after Kunst and Mackenbach 1995) their ratio. Where it is not known how many people each group has, as in published
fifths, the groups count as equally large.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import fsum, sqrt

from .terms import Direction

NAME = "Slope index of inequality (the method of the Office for Health Improvement and Disparities)"
GROUPS_NEEDED = 3
# Half a 95% interval is so many standard errors wide.
_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Part:
    """One group in one period. `people` is how many it has, where that is known."""

    name: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    people: float | None = None

    @property
    def variance(self) -> float | None:
        """The square of the standard error that its 95% interval stands for."""
        if self.lower is None or self.upper is None:
            return None
        return ((self.upper - self.lower) / (2 * _Z)) ** 2


@dataclass(frozen=True, slots=True)
class Gap:
    """`difference` is 0 or more, in the unit of the values; `ratio` the higher over the lower, None where that is not above 0."""

    best: Part
    worst: Part
    difference: float
    ratio: float | None


class Course(StrEnum):
    WIDER = "wider"
    NARROWER = "narrower"
    SAME = "same"
    REVERSED = "reversed"
    PERHAPS_CHANCE = "perhaps_chance"
    NO_INTERVALS = "no_intervals"


@dataclass(frozen=True, slots=True)
class SlopeIndex:
    """`difference` (SII) and `ratio` (RII) between the first and the last end of the line; `from_people` says how it is weighted."""

    difference: float
    ratio: float | None
    from_people: bool


def gap(parts: Sequence[Part], direction: Direction | str) -> Gap | None:
    """The gap between the best and the worst group. Without a good direction "best" is the highest.

    None where there are fewer than two groups or where a figure of any of them is hidden or missing: the missing one may be
    the worst.
    """
    if len(parts) < 2 or any(part.value is None for part in parts):
        return None
    ordered = sorted(parts, key=lambda part: part.value)  # type: ignore[arg-type, return-value]
    low, high = ordered[0], ordered[-1]
    best, worst = (low, high) if Direction(direction) is Direction.DOWN else (high, low)
    ratio = high.value / low.value if low.value > 0 else None  # type: ignore[operator]
    return Gap(best, worst, high.value - low.value, ratio)  # type: ignore[operator]


def has_turned(then: Gap, now: Gap) -> bool:
    """Whether the two groups at the ends have changed sides."""
    return (then.best.name, then.worst.name) == (now.worst.name, now.best.name) and bool(
        round(then.difference, 9) and round(now.difference, 9)
    )


def course(then: Gap, now: Gap) -> Course:
    """What became of a gap. A change within what chance alone would do (95%) is not called one, and neither is one
    between figures without intervals. Where the ends have changed sides, the way through zero counts."""
    turned = has_turned(then, now)
    moved = now.difference + then.difference if turned else now.difference - then.difference
    if not round(moved, 9):
        return Course.SAME
    variances = [part.variance for one in (then, now) for part in (one.best, one.worst)]
    if any(variance is None for variance in variances):
        return Course.NO_INTERVALS
    if abs(moved) <= _Z * sqrt(fsum(variances)):  # type: ignore[arg-type]
        return Course.PERHAPS_CHANCE
    if turned:
        return Course.REVERSED
    return Course.WIDER if moved > 0 else Course.NARROWER


def slope_index(parts: Sequence[Part]) -> SlopeIndex | None:
    """The slope index of groups in their order. None below three groups, or where a figure is hidden or missing."""
    if len(parts) < GROUPS_NEEDED or any(part.value is None for part in parts):
        return None
    from_people = all(part.people is not None and part.people > 0 for part in parts)
    sizes = [float(part.people) if from_people else 1.0 for part in parts]  # type: ignore[arg-type]
    everybody = fsum(sizes)
    shares = [size / everybody for size in sizes]
    middles = [fsum(shares[:index]) + share / 2 for index, share in enumerate(shares)]
    values = [float(part.value) for part in parts]  # type: ignore[arg-type]
    x_mean = fsum(share * x for share, x in zip(shares, middles, strict=True))
    y_mean = fsum(share * y for share, y in zip(shares, values, strict=True))
    spread = fsum(share * (x - x_mean) ** 2 for share, x in zip(shares, middles, strict=True))
    together = fsum(
        share * (x - x_mean) * (y - y_mean) for share, x, y in zip(shares, middles, values, strict=True)
    )
    slope = together / spread
    first, last = y_mean - slope * x_mean, y_mean + slope * (1 - x_mean)
    low, high = min(first, last), max(first, last)
    return SlopeIndex(last - first, high / low if low > 0 else None, from_people)
