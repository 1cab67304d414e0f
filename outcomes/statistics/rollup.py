"""Puts figures of several periods, places or groups together by a declared rule, and says what is missing or why it cannot be.

What cannot be added is refused, never guessed: unique counts, percentages without what they are out of, periods that overlap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from outcomes.statistics.folding import Part, fold
from outcomes.statistics.units import is_share_or_rate

UNIQUE = "unique_count"
# These take each part once, so the same people or days must not be in two of them.
ADDING = {"sum", "ratio_of_sums", "weighted_mean"}
WHY_UNIQUE = (
    "These are counts of different people. Somebody may be in several of them, so they cannot be added."
)
WHY_OVERLAP = "These periods overlap, so adding them would count the same days twice."
WHY_NO_PARTS = {
    "ratio_of_sums": "Not every figure says what it is out of, so they cannot be put together.",
    "weighted_mean": "Not every figure says of how many it is the mean, so they cannot be put together.",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """One figure that belongs into the whole. `part` is None where there is none; `missing` then says why, in a word or two.

    `lacks` names who is not in the figure itself yet.
    """

    label: str
    starts_on: date
    ends_on: date
    part: Part | None
    missing: str = ""
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RolledUp:
    """The whole. `part` is None where there is none, and `why` says why not; `missing` names the pieces that lack a figure."""

    part: Part | None
    pieces: int
    missing: tuple[str, ...]
    why: str = ""

    @property
    def is_whole(self) -> bool:
        return self.part is not None and not self.missing


def rule_over(rule: str, own: str, *, is_running_total: bool = False) -> str:
    """The rule of one axis: its own, or the measure's. Over periods, a running total is what it was last: it holds the others."""
    chosen = own or rule
    return "latest" if is_running_total and chosen in ADDING else chosen


def roll_up(rule: str, pieces: Sequence[Piece], scale: float = 1) -> RolledUp:
    """The pieces as one figure by `rule`; `scale` is what a numerator over its denominator is multiplied by."""
    there = [piece for piece in pieces if piece.part is not None and piece.part.value is not None]
    missing = tuple(words for piece in pieces for words in _missing(piece))
    if not there:
        return RolledUp(None, len(pieces), missing)
    if rule == UNIQUE and len(pieces) > 1:
        return RolledUp(None, len(pieces), missing, WHY_UNIQUE)
    if rule in ADDING and _overlap(there):
        return RolledUp(None, len(pieces), missing, WHY_OVERLAP)
    dated = [
        replace(part, known_at=piece.ends_on.toordinal())
        for piece in there
        if (part := piece.part) is not None
    ]
    if rule in WHY_NO_PARTS and any(not part.denominator for part in dated) and len(pieces) > 1:
        return RolledUp(None, len(pieces), missing, WHY_NO_PARTS[rule])
    part = fold(rule, dated, scale)
    why = "" if part is not None else WHY_NO_PARTS.get(rule, WHY_UNIQUE)
    return RolledUp(part, len(pieces), missing, why)


def _missing(piece: Piece) -> list[str]:
    if piece.part is None or piece.part.value is None:
        return [f"{piece.label} ({piece.missing})" if piece.missing else piece.label]
    return [f"{name} in {piece.label}" for name in piece.lacks]


def _overlap(pieces: Sequence[Piece]) -> bool:
    """Whether two pieces of one place share a day. Pieces of different places stand for the same days on purpose."""
    if len({(piece.starts_on, piece.ends_on) for piece in pieces}) == 1:
        return False
    ordered = sorted(pieces, key=lambda piece: piece.starts_on)
    return any(before.ends_on >= after.starts_on for before, after in pairwise(ordered))


def can_add(rule: str, unit: str) -> bool:
    """Whether a rule fits a unit: percentages and rates are not added up, whatever somebody chooses."""
    return not (rule == "sum" and is_share_or_rate(unit))
