"""The ways from one room to another."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import networkx

from people.influence.network import Link, Network


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a channel: from a room to the next, by any of the people who sit in both."""

    start: int
    end: int
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Channel:
    hops: tuple[Hop, ...]

    @property
    def rooms(self) -> tuple[int, ...]:
        return (self.hops[0].start, *(hop.end for hop in self.hops))


def channels(network: Network, start: int, end: int, *, longer: int = 1, limit: int = 40) -> list[Channel]:
    """The shortest channels from a room to another and those at most `longer` hops longer, shortest first.

    At most `limit` of them. Empty where no people link the two rooms, or where they are the same. A way on which one and
    the same person would have to pass the word to themselves is left out: they sit in both ends of it already.
    Raises KeyError for a room that is not in the network.
    """
    for room in (start, end):
        network.rooms[room]
    graph = network.graph
    if start == end or not networkx.has_path(graph, start, end):
        return []
    found: list[Channel] = []
    longest: int | None = None
    for rooms in networkx.shortest_simple_paths(graph, start, end):
        longest = len(rooms) + longer if longest is None else longest
        if len(rooms) > longest or len(found) == limit:
            break
        if _needs_two(network, rooms):
            hops = tuple(Hop(one, other, network.links(one, other)) for one, other in pairwise(rooms))
            found.append(Channel(hops))
    return found


def _needs_two(network: Network, rooms: list[int]) -> bool:
    """Whether each hop can be made by somebody else than the hop before it."""
    people = [network.people_between(one, other) for one, other in pairwise(rooms)]
    return all(len(before | after) > 1 for before, after in pairwise(people))
