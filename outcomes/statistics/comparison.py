"""A place beside England or another place: better, similar or worse, by the confidence interval of its own value.

Method: OHID Fingertips' "confidence intervals overlapping reference value": the benchmark is taken as a fixed number; a value
differs from it when the benchmark lies outside the value's 95% interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .terms import Direction


class Comparison(StrEnum):
    BETTER = "better"
    WORSE = "worse"
    SIMILAR = "similar"
    HIGHER = "higher"
    LOWER = "lower"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Compared:
    """`difference` is the value less the benchmark, in the unit of both; None where one of them is missing."""

    result: Comparison
    difference: float | None
    sentence: str


def compare(
    value: float | None,
    benchmark: float | None,
    direction: Direction | str,
    *,
    lower: float | None = None,
    upper: float | None = None,
    name: str = "England",
) -> Compared:
    """Hold a value with its 95% interval against a benchmark called `name`. Without an interval nothing is claimed."""
    direction = Direction(direction)
    if value is None or benchmark is None:
        return Compared(Comparison.CANNOT_TELL, None, f"There is no figure to compare with {name}.")
    difference = float(value) - float(benchmark)
    way = "higher than" if difference > 0 else "lower than" if difference < 0 else "the same as"
    if lower is None or upper is None:
        return Compared(
            Comparison.CANNOT_TELL,
            difference,
            f"The figure is {way} {name}. It has no confidence interval, so that may be chance.",
        )
    if lower <= benchmark <= upper:
        return Compared(Comparison.SIMILAR, difference, f"Similar to {name}: any difference may be chance.")
    if direction is Direction.NEUTRAL:
        result = Comparison.HIGHER if difference > 0 else Comparison.LOWER
        return Compared(
            result, difference, f"The figure is {way} {name}, by more than chance. No judgement is made."
        )
    good = (difference > 0) is (direction is Direction.UP)
    result = Comparison.BETTER if good else Comparison.WORSE
    return Compared(
        result, difference, f"{result.value.capitalize()} than {name}: {way} it by more than chance."
    )
