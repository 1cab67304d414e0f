"""Two texts side by side, with the words that only one of them has."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

Pieces = tuple[tuple[str, bool], ...]
# Longer texts are shown whole: finding their differing words would keep the person waiting.
MOST_WORDS = 4_000


def side_by_side(yours: str, saved: str) -> tuple[Pieces, Pieces]:
    """Each text in pieces, each with whether the other text lacks it there."""
    first, second = _words(yours), _words(saved)
    if len(first) + len(second) > MOST_WORDS:
        return _whole(yours), _whole(saved)
    parts = SequenceMatcher(None, first, second).get_opcodes()
    return (
        tuple(("".join(first[i:j]), tag != "equal") for tag, i, j, _, _ in parts if j > i),
        tuple(("".join(second[i:j]), tag != "equal") for tag, _, _, i, j in parts if j > i),
    )


def _words(text: str) -> list[str]:
    """Each word with the space before it."""
    return re.findall(r"\s*\S+|\s+$", text)


def _whole(text: str) -> Pieces:
    return ((text, False),) if text else ()
