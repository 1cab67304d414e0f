"""Scores at the start and at the end of the same people, as aggregates: how many pairs, and the two sums."""

from __future__ import annotations

from dataclasses import dataclass

FEWEST_PAIRS = 30


@dataclass(frozen=True, slots=True)
class MeanChange:
    """How far the mean score moved. `value` is None where there are too few pairs to say; `sentence` says so."""

    pairs: int
    value: float | None
    sentence: str


def mean_change(
    *, pairs: float, sum_of_start: float, sum_of_end: float, fewest: int = FEWEST_PAIRS
) -> MeanChange:
    """The change of the mean from start to end. Nobody without both scores is in it. Raises ValueError below 0 pairs."""
    number = round(pairs)
    if number < 0:
        raise ValueError("There can't be fewer than no pairs.")
    if number < fewest:
        people = "nobody" if number == 0 else f"{number} {'person' if number == 1 else 'people'}"
        return MeanChange(
            number,
            None,
            f"Too few to tell: {people} answered at the start and at the end; {fewest} are needed.",
        )
    start, end = sum_of_start / number, sum_of_end / number
    change = round(end - start, 1)
    moved = f"up {change:.1f}" if change > 0 else f"down {-change:.1f}" if change < 0 else "no change"
    return MeanChange(
        number, end - start, f"From {start:.1f} to {end:.1f} ({moved}), {number} people who answered twice."
    )
