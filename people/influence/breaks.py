"""What would come apart if a person left or a board stopped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import networkx

from people.influence.network import Network


@dataclass(frozen=True, slots=True)
class Break:
    """A person or a room (one of the two is None) without whom rooms lose every way to each other.

    `parts` are the groups of rooms that would be left, the largest first; a room alone is a group of one.
    """

    person: int | None
    room: int | None
    parts: tuple[tuple[int, ...], ...]


def breaks(network: Network) -> list[Break]:
    """Every person and every room that alone hold parts of the network together.

    These are the articulation points of the graph of people and rooms, without the people who sit in one room only
    (who link nothing), in the order of their keys: people first. It is a list of risks, never of who matters more.
    """
    graph = networkx.Graph()
    graph.add_nodes_from(("room", key) for key in network.rooms)
    for person, rooms in network.rooms_of.items():
        if len(rooms) > 1:
            graph.add_edges_from((("person", person), ("room", room)) for room in rooms)
    found = []
    for kind, key in sorted(networkx.articulation_points(graph)):
        if kind == "person":
            parts = _parts(network, network.rooms_of[key], without_person=key)
        else:
            parts = _parts(network, network.graph.adj[key], without_room=key)
        if len(parts) > 1:
            is_person = kind == "person"
            found.append(Break(key if is_person else None, None if is_person else key, parts))
    return found


def needed_between(network: Network, start: int, end: int) -> list[Break]:
    """The people and rooms without whom no channel leads from a room to another any more; empty where none does now."""
    graph = network.graph
    if start == end or not networkx.has_path(graph, start, end):
        return []
    # Whoever is needed for every way is needed for this one.
    way = networkx.shortest_path(graph, start, end)
    alone = {
        next(iter(people))
        for one, other in pairwise(way)
        if len(people := network.people_between(one, other)) == 1
    }
    found = [
        Break(person, None, _parts(network, (start, end), without_person=person))
        for person in sorted(alone)
        if end not in network.reached(start, without_person=person)
    ]
    return found + [
        Break(None, room, _parts(network, (start, end), without_room=room))
        for room in sorted(way[1:-1])
        if end not in network.reached(start, without_room=room)
    ]


def _parts(
    network: Network,
    around: Iterable[int],
    *,
    without_person: int | None = None,
    without_room: int | None = None,
) -> tuple[tuple[int, ...], ...]:
    parts: list[tuple[int, ...]] = []
    placed: set[int] = set()
    for room in sorted(around):
        if room not in placed:
            part = network.reached(room, without_person=without_person, without_room=without_room)
            placed |= part
            parts.append(tuple(sorted(part)))
    return tuple(sorted(parts, key=lambda part: (-len(part), part)))
