"""Folds partners' parts of one period into the figure of the whole, by the rule that the measure declares.

Parts that cannot be added give no whole: a child who came to two clubs is one child.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """One partner's figure; `value` is None where it was not available."""

    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    lower: float | None = None
    upper: float | None = None
    marker: str = ""
    known_at: float = 0


def fold(rule: str, parts: Sequence[Part], scale: float = 1) -> Part | None:
    """The whole; a `Part` without a value where no partner has one; None where several cannot make one.

    `scale` is what a numerator over its denominator is multiplied by. A single partner's part is the whole. Intervals of
    parts say nothing about the whole, so it has none.
    """
    valued = [part for part in parts if part.value is not None]
    if not valued:
        markers = {part.marker for part in parts}
        return Part(None, marker=markers.pop() if len(markers) == 1 else "x")
    if len(valued) == 1:
        return valued[0]
    if rule == "sum":
        return Part(sum(part.value for part in valued))  # type: ignore[misc]
    if rule == "max":
        return max(valued, key=lambda part: part.value)  # type: ignore[arg-type, return-value]
    if rule == "latest":
        return max(valued, key=lambda part: part.known_at)
    if rule == "ratio_of_sums":
        return _ratio(valued, scale)
    if rule == "weighted_mean":
        return _mean(valued)
    return None


def _ratio(parts: Sequence[Part], scale: float) -> Part | None:
    pairs = [(p.numerator, p.denominator) for p in parts if p.numerator is not None and p.denominator]
    if len(pairs) < len(parts):
        return None
    top, bottom = sum(n for n, _ in pairs), sum(d for _, d in pairs)
    return Part(scale * top / bottom, top, bottom)


def _mean(parts: Sequence[Part]) -> Part | None:
    pairs = [(p.value, p.denominator) for p in parts if p.value is not None and p.denominator is not None]
    weight = sum(denominator for _, denominator in pairs)
    if len(pairs) < len(parts) or not weight:
        return None
    total = sum(value * denominator for value, denominator in pairs)
    return Part(total / weight, denominator=weight)
