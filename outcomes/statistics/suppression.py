"""Which further cells of an additive table must be hidden so that the small ones cannot be worked out.

A table with its totals, nested areas and all, is a circulation in a network: each equation (a row, a column, a group of areas)
is a node, and each cell is an arc between the two equations that it stands in. What an attacker can still deduce of a hidden
cell, by any arithmetic, is its least and greatest flow with the published arcs held still, which is also the answer of a linear
program. A cell is protected by hiding the cheapest arcs round which enough flow can be sent (the network heuristic of
statistical disclosure control: Kelly, Golden and Assad 1992; Castro 2002). Hiding more never narrows a range, so one pass over
the small cells is enough.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heappop, heappush


@dataclass(frozen=True, slots=True)
class Arc:
    """A cell: it adds to the equation `head` what it takes from the equation `tail`. `cost` is how little we want to hide it."""

    tail: int
    head: int
    value: int
    cost: float


@dataclass(frozen=True, slots=True)
class Need:
    """How far from its true value a hidden cell must seem able to lie, at the least."""

    down: int
    up: int


@dataclass(frozen=True, slots=True)
class _Step:
    arc: int
    node: int
    forward: bool


class Network:
    """The cells of a table as arcs. In each node the values in and out must balance (ValueError otherwise)."""

    def __init__(self, arcs: Iterable[Arc]) -> None:
        self.arcs = tuple(arcs)
        nodes = 1 + max((max(arc.tail, arc.head) for arc in self.arcs), default=-1)
        self._steps: list[list[_Step]] = [[] for _ in range(nodes)]
        balance = [0] * nodes
        for i, arc in enumerate(self.arcs):
            self._steps[arc.tail].append(_Step(i, arc.head, True))
            self._steps[arc.head].append(_Step(i, arc.tail, False))
            balance[arc.head] += arc.value
            balance[arc.tail] -= arc.value
        if any(balance):
            raise ValueError("The parts of the table do not add up to its totals.")

    def protect(self, needs: dict[int, Need]) -> set[int]:
        """The arcs to hide: those of `needs` and what else it takes that each of them seems as free as it needs to be."""
        hidden = set(needs)
        for i in sorted(needs, key=lambda i: (-self.arcs[i].value, i)):
            arc, need = self.arcs[i], needs[i]
            self._free(arc.head, arc.tail, i, need.up, hidden)
            self._free(arc.tail, arc.head, i, need.down, hidden)
        return hidden

    def _free(self, start: int, goal: int, without: int, amount: int, hidden: set[int]) -> None:
        """Hide the cheapest arcs over which `amount` can be sent from start to goal without the arc `without`."""
        flow: dict[int, int] = {}
        while amount > 0:
            path = self._cheapest(start, goal, without, amount, hidden, flow)
            moved = min((self._left(step, flow) for step in path if not step.forward), default=amount)
            moved = min(moved, amount)
            for step in path:
                flow[step.arc] = flow.get(step.arc, 0) + (moved if step.forward else -moved)
                hidden.add(step.arc)
            amount -= moved

    def _left(self, step: _Step, flow: dict[int, int]) -> int:
        return self.arcs[step.arc].value + flow.get(step.arc, 0)

    def _cheapest(
        self,
        start: int,
        goal: int,
        without: int,
        wanted: int,
        hidden: set[int],
        flow: dict[int, int],
    ) -> list[_Step]:
        """The cheapest way over arcs that can take more or, against their direction, less; of equals the shortest (Dijkstra)."""
        best: dict[int, tuple[float, int]] = {start: (0.0, 0)}
        came: dict[int, tuple[int, _Step]] = {}
        queue: list[tuple[float, int, int]] = [(0.0, 0, start)]
        while queue:
            cost, hops, node = heappop(queue)
            if node == goal:
                break
            if (cost, hops) > best[node]:
                continue
            for step in self._steps[node]:
                if step.arc == without:
                    continue
                price = 0.0 if step.arc in hidden else self.arcs[step.arc].cost
                if not step.forward:
                    left = self._left(step, flow)
                    if left <= 0:
                        continue
                    price *= 1 if left >= wanted else 2  # a cell too small to do it alone will want company
                offer = (cost + price, hops + 1)
                if step.node not in best or offer < best[step.node]:
                    best[step.node] = offer
                    came[step.node] = (node, step)
                    heappush(queue, (*offer, step.node))
        # There always is one: every arc lies on a circle, the totals' if no other.
        path, node = [], goal
        while node != start:
            node, step = came[node]
            path.append(step)
        return path
