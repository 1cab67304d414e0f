"""What changed between two days."""

from __future__ import annotations

from dataclasses import dataclass

from people.influence.network import Network


@dataclass(frozen=True, slots=True)
class LinkChange:
    """A pair of rooms, and who began or ceased to sit in both."""

    rooms: tuple[int, int]
    came: frozenset[int]
    went: frozenset[int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """From one day to a later one. `new` links did not exist before, `lost` ones do no more, `changed` have other people."""

    rooms_begun: tuple[int, ...]
    rooms_ended: tuple[int, ...]
    new: tuple[LinkChange, ...]
    lost: tuple[LinkChange, ...]
    changed: tuple[LinkChange, ...]


def compare(before: Network, after: Network) -> Comparison:
    """What changed from `before` to `after`; pairs and rooms in the order of their keys."""
    old = {pair: before.people_between(*pair) for pair in map(_ordered, before.graph.edges)}
    now = {pair: after.people_between(*pair) for pair in map(_ordered, after.graph.edges)}
    changes = [
        LinkChange(pair, now.get(pair, frozenset()) - was, was - now.get(pair, frozenset()))
        for pair in sorted(old.keys() | now.keys())
        if (was := old.get(pair, frozenset())) != now.get(pair, frozenset())
    ]
    return Comparison(
        rooms_begun=tuple(sorted(after.rooms.keys() - before.rooms.keys())),
        rooms_ended=tuple(sorted(before.rooms.keys() - after.rooms.keys())),
        new=tuple(change for change in changes if change.rooms not in old),
        lost=tuple(change for change in changes if change.rooms not in now),
        changed=tuple(change for change in changes if change.rooms in old and change.rooms in now),
    )


def _ordered(pair: tuple[int, int]) -> tuple[int, int]:
    return (min(pair), max(pair))
