"""What the search box finds, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

EACH = 10


@dataclass(frozen=True, slots=True)
class Hit:
    title: str
    url: str
    meta: str


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found of one kind. `is_guess` where nothing matched and these are near in spelling."""

    heading: str
    hits: tuple[Hit, ...]
    is_guess: bool = False
