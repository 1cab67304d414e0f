"""Confidence intervals as England's public health statistics publish them.

Formulas: OHID (formerly PHE), "Commonly used public health statistics and their confidence intervals". A proportion has the
Wilson score interval, a count or rate Byar's approximation, or the exact Poisson interval below 10 events, and a mean
Student's t. scipy is loaded only when an exact Poisson or a t quantile is wanted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import fsum, sqrt

# The standard normal's quantiles, two-sided.
_Z = {0.95: 1.959963984540054, 0.998: 3.090232306167813}

BYAR_FROM = 10  # events


class Method(StrEnum):
    WILSON = "wilson"
    BYAR = "byar"
    EXACT_POISSON = "exact_poisson"
    STUDENT_T = "student_t"


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval in the unit of what it was asked for. `confidence` is 0.95 or 0.998."""

    lower: float
    upper: float
    confidence: float
    method: Method

    def times(self, factor: float) -> Interval:
        """The interval in another unit, such as 100 times a proportion. `factor` is above 0."""
        return Interval(self.lower * factor, self.upper * factor, self.confidence, self.method)


def proportion(numerator: float, denominator: float, *, confidence: float = 0.95, per: float = 1) -> Interval:
    """Wilson's interval of numerator / denominator, times `per` (100 for a percentage).

    With p = x/n: (2x + z² ± z·√(z² + 4x(1 − p))) / 2(n + z²). Raises ValueError unless 0 ≤ numerator ≤ denominator and
    denominator > 0.
    """
    z = _z(confidence)
    if denominator <= 0 or not 0 <= numerator <= denominator:
        raise ValueError(
            "A proportion needs a denominator above 0 and a numerator between 0 and the denominator."
        )
    middle = 2 * numerator + z * z
    half = z * sqrt(z * z + 4 * numerator * (1 - numerator / denominator))
    bottom = 2 * (denominator + z * z)
    # At all of them the upper end is exactly 1; rounding would leave it a speck off.
    low, high = (middle - half) / bottom, 1.0 if numerator == denominator else (middle + half) / bottom
    return Interval(low * per, high * per, confidence, Method.WILSON)


def count(events: float, *, confidence: float = 0.95) -> Interval:
    """The interval of a count of events: Byar's from 10 events on, the exact Poisson interval below.

    Exact: half the chi-squared quantiles with 2x and 2x + 2 degrees of freedom. Raises ValueError below 0.
    """
    if events >= BYAR_FROM:
        return byar(events, confidence=confidence)
    _z(confidence)
    if events < 0:
        raise ValueError("A count is 0 or more.")
    tail = (1 - confidence) / 2
    lower = _half_chi_squared(tail, events) if events else 0.0
    return Interval(lower, _half_chi_squared(1 - tail, events + 1), confidence, Method.EXACT_POISSON)


def byar(events: float, *, confidence: float = 0.95) -> Interval:
    """Byar's approximation for a count of any size: x(1 − 1/9x − z/3√x)³ to y(1 − 1/9y + z/3√y)³ with y = x + 1.

    For publication use `count`, which leaves it below 10 events. A lower end below 0 is 0. Raises ValueError below 0.
    """
    z = _z(confidence)
    if events < 0:
        raise ValueError("A count is 0 or more.")
    more = events + 1
    lower = events * (1 - 1 / (9 * events) - z / (3 * sqrt(events))) ** 3 if events else 0.0
    upper = more * (1 - 1 / (9 * more) + z / (3 * sqrt(more))) ** 3
    return Interval(max(lower, 0.0), upper, confidence, Method.BYAR)


def rate(events: float, population: float, *, per: float = 100_000, confidence: float = 0.95) -> Interval:
    """The interval of `per` times events / population. Raises ValueError unless population > 0 and events ≥ 0."""
    if population <= 0:
        raise ValueError("A rate needs a population above 0.")
    return count(events, confidence=confidence).times(per / population)


def mean(centre: float, standard_deviation: float, n: int, *, confidence: float = 0.95) -> Interval:
    """Student's t interval of a mean of `n` values: centre ± t(n − 1)·s/√n, s with n − 1 below the line.

    Raises ValueError below 2 values or for a negative standard deviation.
    """
    _z(confidence)
    if n < 2 or standard_deviation < 0:
        raise ValueError(
            "The interval of a mean needs 2 values or more and a standard deviation of 0 or more."
        )
    half = t_quantile(1 - (1 - confidence) / 2, n - 1) * standard_deviation / sqrt(n)
    return Interval(centre - half, centre + half, confidence, Method.STUDENT_T)


def mean_of(values: Sequence[float], *, confidence: float = 0.95) -> Interval:
    """Student's t interval of the mean of `values`, 2 or more."""
    if len(values) < 2:
        raise ValueError(
            "The interval of a mean needs 2 values or more and a standard deviation of 0 or more."
        )
    centre = fsum(values) / len(values)
    spread = sqrt(fsum((value - centre) ** 2 for value in values) / (len(values) - 1))
    return mean(centre, spread, len(values), confidence=confidence)


def t_quantile(probability: float, degrees: float) -> float:
    """The quantile of Student's t with `degrees` degrees of freedom."""
    from scipy.special import stdtrit  # type: ignore[import-untyped]

    return float(stdtrit(degrees, probability))


def _half_chi_squared(probability: float, half_degrees: float) -> float:
    from scipy.special import gammaincinv

    return float(gammaincinv(half_degrees, probability))


def _z(confidence: float) -> float:
    if confidence not in _Z:
        raise ValueError("The confidence is 0.95 or 0.998.")
    return _Z[confidence]
