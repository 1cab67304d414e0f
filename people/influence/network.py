"""The network of boards on one day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import networkx


@dataclass(frozen=True, slots=True)
class Room:
    """A board or forum. `level` is its place on the way from residents (0) to strategy."""

    key: int
    name: str
    level: int = 0
    place: str = ""


@dataclass(frozen=True, slots=True)
class Sitting:
    """A person on a board, and in which capacity."""

    person: int
    room: int
    capacity: str
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A person who sits in two rooms, with the capacity in each, in the order of the pair that was asked for."""

    person: int
    here: Sitting
    there: Sitting


class Network:
    """Rooms and the people who sit in them on one day. Two rooms are linked where at least one person sits in both."""

    def __init__(self, rooms: Iterable[Room], sittings: Iterable[Sitting]) -> None:
        """Sittings in rooms that are not given are left out. Of two sittings of a person in a room the first counts."""
        self.rooms = {room.key: room for room in rooms}
        self._sittings: dict[int, dict[int, Sitting]] = {key: {} for key in self.rooms}
        self.rooms_of: dict[int, list[int]] = defaultdict(list)
        for sitting in sittings:
            if sitting.room in self.rooms and sitting.person not in self._sittings[sitting.room]:
                self._sittings[sitting.room][sitting.person] = sitting
                self.rooms_of[sitting.person].append(sitting.room)

    @cached_property
    def graph(self) -> networkx.Graph:
        """A node a room; an edge a pair of rooms that share people, whose keys are the edge's `people` (a frozenset)."""
        shared: dict[tuple[int, int], set[int]] = defaultdict(set)
        for person, keys in self.rooms_of.items():
            for pair in combinations(sorted(keys), 2):
                shared[pair].add(person)
        graph = networkx.Graph()
        graph.add_nodes_from(sorted(self.rooms))
        for (one, other), people in sorted(shared.items()):
            graph.add_edge(one, other, people=frozenset(people))
        return graph

    def people_in(self, room: int) -> dict[int, Sitting]:
        """Who sits in a room, by person. Raises KeyError for a room that is not in the network."""
        return self._sittings[room]

    def people_between(self, one: int, other: int) -> frozenset[int]:
        """Who sits in both rooms; empty where nobody does."""
        data = self.graph.get_edge_data(one, other)
        return data["people"] if data else frozenset()

    def links(self, one: int, other: int) -> tuple[Link, ...]:
        """Who sits in both rooms and as what, by the person's key."""
        return tuple(
            Link(person, self._sittings[one][person], self._sittings[other][person])
            for person in sorted(self.people_between(one, other))
        )

    def reached(
        self, start: int, *, without_person: int | None = None, without_room: int | None = None
    ) -> set[int]:
        """The rooms that can be reached from one, itself included, if a person left or a room stopped."""
        seen, waiting = {start}, [start]
        adjacency = self.graph.adj
        alone = {without_person}
        while waiting:
            for room, edge in adjacency[waiting.pop()].items():
                if room not in seen and room != without_room and edge["people"] != alone:
                    seen.add(room)
                    waiting.append(room)
        return seen
