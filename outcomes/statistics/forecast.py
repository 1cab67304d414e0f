"""What comes if nothing changes: a straight line through the past, by ordinary least squares, with its prediction interval.

The line is the simplest model that has an interval anyone can check (Snedecor and Cochran, Statistical Methods): at distance
x₀ the interval is ŷ ± t(n − 2)·s·√(1 + 1/n + (x₀ − x̄)²/Sxx). It knows nothing of seasons, of a ceiling, or of what partners
are about to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from .intervals import t_quantile

NAME = "Straight line through the past figures (least squares)"
POINTS_NEEDED = 5
POINTS_FOR_CONFIDENCE = 10
# Below so much of the largest value a residual is what binary numbers leave behind, and the figures lie on the line.
_NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class ForecastPoint:
    """`step` counts periods after the last period of the series, from 1; the rest is in the unit of the values."""

    step: int
    value: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """`points` is empty where `reason` says that nothing can be forecast. `slope` is in units of the value per period."""

    name: str
    points: tuple[ForecastPoint, ...]
    slope: float | None
    confidence: float
    few_points: bool
    reason: str | None
    sentence: str


def straight_line(values: Sequence[float | None], steps: int, *, confidence: float = 0.95) -> Forecast:
    """Forecast `steps` periods past the end of `values`, which hold one item for each period, oldest first, None for a gap.

    Refuses, with a reason, below 5 values, to look ahead for more periods than half the number of values, and where the values
    lie exactly on a line: its interval would have no width. Below 10 values it says that they are few. Nothing is cut off at 0 or 100. Raises ValueError for steps below 1 or a confidence outside 0
    to 1.
    """
    if steps < 1 or not 0 < confidence < 1:
        raise ValueError("A forecast needs 1 step or more and a confidence between 0 and 1.")
    known = [(i, float(value)) for i, value in enumerate(values) if value is not None]
    n = len(known)
    if n < POINTS_NEEDED:
        return _refused(
            f"A forecast needs {POINTS_NEEDED} figures or more; there {'is' if n == 1 else 'are'} {n}.",
            confidence,
        )
    if steps > n // 2:
        return _refused(
            f"{n} figures bear a forecast of {n // 2} periods at most, not of {steps}.", confidence
        )
    centre = fsum(x for x, _ in known) / n
    middle = fsum(y for _, y in known) / n
    squares = fsum((x - centre) ** 2 for x, _ in known)
    slope = fsum((x - centre) * (y - middle) for x, y in known) / squares
    left = fsum((y - middle - slope * (x - centre)) ** 2 for x, y in known)
    spread = sqrt(left / (n - 2))
    if spread <= _NOTHING * max(abs(y) for _, y in known):
        alike = "are all the same" if len({y for _, y in known}) == 1 else "lie exactly on a straight line"
        return _refused(
            f"Nothing is forecast: the {n} past figures {alike}, so nothing shows how far off another may be.",
            confidence,
        )
    t = t_quantile(1 - (1 - confidence) / 2, n - 2)
    points = []
    for step in range(1, steps + 1):
        distance = len(values) - 1 + step - centre
        value = middle + slope * distance
        half = t * spread * sqrt(1 + 1 / n + distance * distance / squares)
        points.append(ForecastPoint(step, value, value - half, value + half))
    few = n < POINTS_FOR_CONFIDENCE
    warning = f" There are only {n} past figures, so take it as a rough guide." if few else ""
    return Forecast(
        NAME,
        tuple(points),
        slope,
        confidence,
        few,
        None,
        f"A straight line through {n} past figures, carried on as if nothing changed. {confidence:.0%} of such forecasts "
        f"would hold the figure within their range, if the past is a guide to what comes.{warning}",
    )


def _refused(reason: str, confidence: float) -> Forecast:
    return Forecast(NAME, (), None, confidence, False, reason, reason)
