"""Places like this one: those whose published deprivation score lies nearest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SimilarPlace:
    """`distance` is the absolute difference between the scores."""

    code: str
    score: float
    distance: float


def nearest(scores: Mapping[str, float | None], code: str, n: int = 15) -> list[SimilarPlace]:
    """The `n` places whose score lies nearest to that of `code`, nearest first, equals by code.

    `scores` holds one published score (never an average of deciles) per code, for places of one kind; a place without a score
    is left out. Raises LookupError where `code` has no score and ValueError for a negative `n`.
    """
    if n < 0:
        raise ValueError("The number of places is 0 or more.")
    own = scores.get(code)
    if own is None:
        raise LookupError(f"There is no published deprivation score for {code}.")
    others = [
        SimilarPlace(other, score, abs(score - own))
        for other, score in scores.items()
        if score is not None and other != code
    ]
    return sorted(others, key=lambda place: (place.distance, place.code))[:n]
