"""Groups that stand in an order, such as deprivation fifths: which dimension has one, and what their names say of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_DIMENSIONS = re.compile(r"depriv|quintile|decile|fifth|tenth|\bIMD\b|\bIDACI\b", re.IGNORECASE)
_SILENT = (
    r"(?:(?:is |are |was |were )?not (?:yet )?(?:known|said|stated|given|recorded|specified|provided|disclosed|answered|obtained|available)"
    r"|unknown|unclassified|unspecified|undisclosed|missing|refused|no answer|no response|did not (?:say|answer)"
    r"|(?:would )?(?:prefer(?:red|s)?|rather) not (?:to )?(?:say|answer)|don['’]t know|information (?:refused|not (?:yet )?obtained))"
)
_JOINED = r"(?: ?[/,;&] ?| or | and )"
_REST = rf"(?:(?:an)?other(?: answers?| groups?)?{_JOINED})?"
_NOT_KNOWN = re.compile(rf"{_REST}{_SILENT}(?:{_JOINED}{_SILENT})*")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NUMBER = re.compile(r"\d+(?![\d.]*\s*(?:%|per ?cent))")
_SHARE = re.compile(r"\d+")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ORDINAL = re.compile(rf"(?:the )?({'|'.join(_ORDINALS)}|middle)\b")
_MOST, _LEAST = re.compile(r"\bmost\b|\bpoorest\b"), re.compile(r"\bleast\b|\bbest off\b|\brichest\b")
_FAR = 1000


class Step(NamedTuple):
    """A group's name and where somebody, or a file, has put it."""

    name: str
    position: int


def is_ladder(dimension: str) -> bool:
    """Whether the groups of a dimension stand in an order that a slope can follow."""
    return bool(_DIMENSIONS.search(dimension))


def is_known(name: str, dimension: str = "") -> bool:
    """False for those of whom it is not known where they belong. Groups whose names only begin alike, such as "Not known to be
    disadvantaged", are groups as all others are."""
    words = " ".join(re.sub(r"[()\[\]:–-]", " ", name.casefold()).split())
    of = " ".join(dimension.casefold().split())
    bare = " ".join(words.removeprefix(of).removesuffix(of).split()) if of else words
    return not any(_NOT_KNOWN.fullmatch(one) for one in (words, bare))


def rank(name: str) -> int | None:
    """Where a name says that its group stands, the most deprived first; None where it does not say."""
    words = " ".join(_YEAR.sub(" ", name.casefold()).split())
    number = _NUMBER.search(words)
    if number:
        return int(number[0])
    nth = _ORDINAL.match(words)
    place = 3 if nth and nth[1] == "middle" else _ORDINALS.index(nth[1]) + 1 if nth else None
    if _LEAST.search(words):
        return _FAR - (place or 1)
    if _MOST.search(words):
        return place or 1
    if place is not None:
        return place
    share = _SHARE.search(words)
    return int(share[0]) if share else None


def in_order(steps: Sequence[Step]) -> list[int] | None:
    """The steps' numbers in the order in which they stand; None where that cannot be told.

    The names say it; if the positions run the same way or right against it, they are kept, since somebody may count from the
    other end. Where names say nothing, positions do, unless two share one.
    """
    placed = sorted(range(len(steps)), key=lambda n: (steps[n].position, steps[n].name))
    once = len({step.position for step in steps}) == len(steps)
    ranks = [rank(step.name) for step in steps]
    if None in ranks or len(set(ranks)) < len(ranks):
        return placed if once else None
    by_name = sorted(range(len(steps)), key=lambda n: ranks[n])  # type: ignore[arg-type, return-value]
    return placed if once and placed == by_name[::-1] else by_name


def joined(steps: Sequence[Step], new: Sequence[str], dimension: str) -> dict[str, int]:
    """The positions of a dimension's groups once new ones have joined them in the order in which a file names them.

    In a dimension that stands in an order the names say where each belongs; where they do not, the new ones share a position
    with the last, so that nobody takes the order of a file for more than it is. Others come behind, and so do those of whom
    it is not known where they belong.
    """
    positions = {step.name: step.position for step in steps}
    last = max(positions.values(), default=-1)
    if not is_ladder(dimension):
        return positions | {name: last + number for number, name in enumerate(new, 1)}
    known = [step for step in steps if is_known(step.name, dimension)]
    end = max((step.position for step in known), default=0)
    both = [*known, *(Step(name, end) for name in new if is_known(name, dimension))]
    silent = [name for name in (*positions, *new) if not is_known(name, dimension)]
    ranks = {step.name: rank(step.name) for step in both}
    if None not in ranks.values() and len(set(ranks.values())) == len(both):
        order = sorted(ranks, key=lambda name: ranks[name])  # type: ignore[arg-type, return-value]
        before = [known[number].name for number in in_order(known) or ()]
        if len(before) > 1 and ranks[before[0]] > ranks[before[-1]]:  # type: ignore[operator]
            order.reverse()
        positions |= {name: number for number, name in enumerate(order)}
    else:
        positions |= dict.fromkeys(new, end)
    behind = max((positions[step.name] for step in both), default=-1) + 1
    return positions | {name: behind + number for number, name in enumerate(silent)}
