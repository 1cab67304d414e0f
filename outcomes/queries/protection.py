"""Which further parts of a total are hidden, so that a hidden one is not simply the total less the others.

What a group or a neighbourhood shows beside its total is protected as `outcomes.statistics.disclosure.suppress_parts` says. The
total itself stays where it is: it is on other pages, so where it would have to be hidden all parts are hidden instead.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from outcomes.models import Marker
from outcomes.queries.series import HIDDEN_TEXT, Figure
from outcomes.statistics.disclosure import Policy, suppress_parts

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Cell:
    """One part: its count of people, None where it is not known here, and whether it is hidden for its own sake."""

    count: float | None
    hidden: bool


def to_hide(cells: Mapping[Key, Cell], *, threshold: int, total_hidden: bool) -> set[Key]:
    """All parts of one period that must be hidden, those that are hidden anyway among them."""
    hidden = {key for key, cell in cells.items() if cell.hidden}
    if total_hidden:
        return set(cells)
    if not hidden:
        return set()
    known = {key: cell.count for key, cell in cells.items() if cell.count is not None}
    # A count that is no whole number cannot be held against a total to the unit: then nothing of the period is shown.
    if any(count < 0 or count != int(count) for count in known.values()):
        return set(cells)
    names = {str(number): key for number, key in enumerate(known)}
    counts = {name: int(known[key]) for name, key in names.items()}
    shown = suppress_parts(counts, Policy(threshold=threshold))
    if shown.total.hidden:
        return set(cells)
    hidden |= {names[name] for name, one in shown.parts.items() if one.hidden}
    # One that came here hidden, its count unknown, is the total less the others as well: it gets a companion, and where no
    # count is known here none can be chosen.
    if len(hidden) == 1:
        others = sorted(
            (key for key in known if key not in hidden), key=lambda key: (not known[key], known[key])
        )
        return hidden | {others[0]} if others else set(cells)
    return hidden


def hide(figure: Figure) -> Figure:
    """The same figure without anything that could be read from it."""
    return replace(
        figure,
        value=None,
        text=HIDDEN_TEXT,
        lower=None,
        upper=None,
        marker=Marker.CONFIDENTIAL,
        hidden=True,
        numerator=None,
        denominator=None,
        folded=None,
    )
