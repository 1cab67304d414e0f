"""One reading of the network of boards, as everything that a page or a document shows of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from itertools import chain, islice, zip_longest
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import mark_safe

from partnerships.models import BoardLevel, Partnership
from people.influence import Break, Network, breaks, compare
from people.models import Person
from people.queries import influence as queries
from people.queries.leavers import names_for
from reports.renderers.influence_map import Box, Edge, Tie, influence_map
from reports.renderers.influence_words import link_words, listed

LEVELS = [level.label for level in BoardLevel]
Pair = tuple[int, int]
# More boxes and lines than these nobody can read, nor fit on one page.
MOST_DRAWN, MOST_LINES = 40, 60


class Shown:
    """One reading of the network for a page: everything in it comes from the same day.

    A network of many boards is drawn in part: around one board where that was asked for, else the boards with the most
    links. The tables have all of it, in pages.
    """

    def __init__(
        self,
        partnership: Partnership,
        reader: Person,
        network: Network,
        day: date,
        before: Network | None,
        since: date | None,
        around: int | None = None,
    ) -> None:
        self.partnership, self.network, self.day = partnership, network, day
        self.reader = reader
        self.before, self.since = before, since
        self.around = around if around in network.rooms else None
        self.carried = queries.carried_in_the_year_to(partnership, day, reader=reader)
        self.wanted = [one for one in queries.wanted_on(partnership, network, day) if self.concerns(one)]
        self.comparison = compare(before, network) if before else None
        rooms = network.rooms | (before.rooms if before else {})
        self.boards = {key: room.name for key, room in rooms.items()}

    def concerns(self, wanted: queries.Wanted) -> bool:
        return self.around in (None, wanted.link.one_id, wanted.link.other_id)

    @cached_property
    def people(self) -> dict[int, str]:
        linking = {key for key, rooms in self.network.rooms_of.items() if len(rooms) > 1}
        if self.before:
            linking |= {key for key, rooms in self.before.rooms_of.items() if len(rooms) > 1}
        return names_for(self.reader, linking, self.partnership)

    @cached_property
    def breaks(self) -> list[Break]:
        """What would come apart; around a board, what it is, what cuts it off, and who of its people holds others."""
        found, key = breaks(self.network), self.around
        if key is None:
            return found
        sitting = self.network.people_in(key)
        return [
            one
            for one in found
            if one.room == key or one.person in sitting or any(key in part for part in one.parts[1:])
        ]

    @cached_property
    def drawn(self) -> frozenset[int]:
        """The boards that the map shows."""
        graph, rooms = self.network.graph, self.network.rooms
        if self.around is not None:
            near = graph.adj[self.around]
            first = sorted(near, key=lambda key: (-len(near[key]["people"]), rooms[key].name.casefold(), key))
            return frozenset([self.around, *first[: MOST_DRAWN - 1]])
        if len(rooms) <= MOST_DRAWN:
            return frozenset(rooms)
        levels: dict[int, list[int]] = {}
        for key in sorted(rooms, key=lambda key: (-graph.degree(key), rooms[key].name.casefold(), key)):
            levels.setdefault(rooms[key].level, []).append(key)
        # In turn from each level, so that the few boards at the top do not drown among the many below.
        turns = chain.from_iterable(zip_longest(*(levels[level] for level in sorted(levels, reverse=True))))
        return frozenset(islice((key for key in turns if key is not None), MOST_DRAWN))

    @cached_property
    def lines(self) -> tuple[list[Edge], int]:
        """The lines of the map, and how many it has no room for: those that say something come first, then by people."""
        drawn = self.drawn
        new = {frozenset(change.rooms) for change in self.comparison.new} if self.comparison else set()
        missing = [
            Edge(w.link.one_id, w.link.other_id, Tie.WANTED, 0, self.names(w.link.one_id, w.link.other_id))
            for w in self.wanted
            if not w.people and drawn.issuperset((w.link.one_id, w.link.other_id))
        ]
        lost = [change.rooms for change in self.comparison.lost] if self.comparison else []
        missing += [Edge(*pair, Tie.LOST, 0, self.names(*pair)) for pair in lost if self.is_drawn(pair)]
        there = [self.edge(pair, new) for pair in self.network.graph.edges if self.is_drawn(pair)]
        there.sort(key=lambda edge: (edge.tie is Tie.POSSIBLE, -edge.people, edge.one, edge.other))
        edges = [*missing, *there]
        return edges[:MOST_LINES], max(0, len(edges) - MOST_LINES)

    def is_drawn(self, pair: Pair) -> bool:
        return self.drawn.issuperset(pair) and (self.around is None or self.around in pair)

    @cached_property
    def pairs(self) -> list[Pair]:
        """Linked pairs, the board nearer to strategy second, in the order of levels and names."""
        rooms, around = self.network.rooms, self.around
        order = {key: (room.level, room.name.casefold(), key) for key, room in rooms.items()}
        pairs = [
            tuple(sorted(pair, key=order.__getitem__))
            for pair in self.network.graph.edges
            if around is None or around in pair
        ]
        return sorted(pairs, key=lambda pair: (order[pair[0]], order[pair[1]]))

    def between(self, pair: Pair) -> list[queries.Carried]:
        both = [*self.carried.get(pair, ()), *self.carried.get((pair[1], pair[0]), ())]
        return sorted(both, key=lambda one: one.on, reverse=True)

    def chart(self) -> dict[str, Any]:
        rooms, drawn = self.network.rooms, self.drawn
        boxes = [Box(key, rooms[key].name, rooms[key].level) for key in rooms if key in drawn]
        edges, _ = self.lines
        summary = " ".join(words for words in (self.summary(len(edges)), self.left_out()) if words)
        drawing = influence_map(
            boxes,
            edges,
            LEVELS,
            chart_id="influence",
            title="Boards and their links",
            description=summary,
            path=() if self.around is None else (self.around,),
        )
        title = f"Boards and the people they share, {date_format(self.day, 'j F Y')}"
        return {"id": "influence-map", "title": title, "summary": summary, "svg": mark_safe(drawing)}  # noqa: S308

    def left_out(self) -> str:
        """What the map does not draw, in a sentence; "" where it draws everything."""
        boards = len(self.network.rooms)
        if self.around is not None:
            linked = self.network.graph.degree(self.around)
            near = (
                f"{counted(linked, 'other board')} that {'shares' if linked == 1 else 'share'} people with it"
            )
            fewer = (
                f", the {MOST_DRAWN - 1} with the most people in common drawn" if linked >= MOST_DRAWN else ""
            )
            return f"The map shows {self.boards[self.around]} and {near}{fewer}."
        fewer = self.lines[1]
        if boards <= MOST_DRAWN and not fewer:
            return ""
        some = (
            f"the {MOST_DRAWN} of {boards} boards, at each level those with the most links"
            if boards > MOST_DRAWN
            else ""
        )
        thick = f"the {MOST_LINES} links that carried something or have most people" if fewer else ""
        return (
            f"The map draws {listed([words for words in (some, thick) if words])}; the table has every link. "
            "Choose a place or one board to see more."
        )

    def edge(self, pair: Pair, new: set[frozenset[int]]) -> Edge:
        tie = Tie.NEW if frozenset(pair) in new else Tie.CARRIED if self.between(pair) else Tie.POSSIBLE
        who = [self.people[key] for key in sorted(self.network.people_between(*pair))]
        return Edge(*pair, tie, len(who), f"{self.names(*pair)}: {listed(who, most=5)}")

    def names(self, one: int, other: int) -> str:
        return f"{self.boards[one]} and {self.boards[other]}"

    def summary(self, lines: int) -> str:
        alone = [self.boards[key] for key, degree in self.network.graph.degree if not degree]
        pairs = self.network.graph.number_of_edges()
        used = sum(1 for pair in self.network.graph.edges if self.went_along(pair))
        words = f"{counted(len(self.network.rooms), 'board')}, {counted(pairs, 'pair')} with people in common"
        if pairs:
            words += f"; along {used} of them a message went in the year before"
        if alone and lines:
            words += f". Nobody links {listed(sorted(alone), most=4)} to another board"
        return f"{words}."

    def went_along(self, pair: Pair) -> bool:
        return pair in self.carried or (pair[1], pair[0]) in self.carried

    def links_table(self, pairs: Sequence[Pair]) -> dict[str, Any] | None:
        """The links between these pairs of boards."""
        if not pairs:
            return None
        rows = []
        for pair in pairs:
            carried = self.between(pair)
            told = listed([f"{one.theme} on {date_format(one.on, 'j F Y')}" for one in carried], most=2)
            rows.append(
                [
                    {"text": self.boards[pair[0]], "header": True},
                    {"text": self.boards[pair[1]]},
                    {"text": listed([link_words(link, self.people) for link in self.network.links(*pair)])},
                    {"text": told or "Nothing yet: only possible"},
                ]
            )
        columns = [
            {"label": "Board"},
            {"label": "And"},
            {"label": "Who sits on both", "wide": True},
            {"label": "Carried in the last year"},
        ]
        return {"id": "links", "caption": "Links between boards", "columns": columns, "rows": rows}

    def wanted_rows(self) -> list[dict[str, Any]]:
        slug = self.partnership.slug
        return [
            {
                "pk": wanted.link.pk,
                "title": f"{wanted.link.one} and {wanted.link.other}",
                "why": wanted.link.why,
                "since": wanted.link.wanted_since,
                "who": listed(sorted(self.people[key] for key in wanted.people)),
                "give_up_url": reverse("wanted-link-end", args=[slug, wanted.link.pk]),
            }
            for wanted in self.wanted
        ]

    @cached_property
    def changed(self) -> list[tuple[str, Any]]:
        """What changed since the earlier day: boards first, then links that began or ended, then who makes them."""
        if not self.comparison:
            return []
        found = self.comparison
        kinds: list[tuple[str, Any]] = [("begun", room) for room in found.rooms_begun]
        kinds += [("ended", room) for room in found.rooms_ended]
        for kind, items in (("new", found.new), ("lost", found.lost), ("changed", found.changed)):
            kinds += [(kind, change) for change in items]
        if self.around is None:
            return kinds
        return [
            (kind, item)
            for kind, item in kinds
            if self.around == item or (not isinstance(item, int) and self.around in item.rooms)
        ]

    def change_words(self, kind: str, item: Any) -> str:
        if kind in ("begun", "ended"):
            return f"{self.boards[item]} {'began' if kind == 'begun' else 'ended'}."
        came = listed(sorted(self.people[key] for key in item.came), most=5)
        went = listed(sorted(self.people[key] for key in item.went), most=5)
        pair = self.names(*item.rooms)
        return {
            "new": f"{pair} are now linked, by {came}.",
            "lost": f"{pair} are not linked any more: {went} sat on both.",
            "changed": f"{pair}: {changed_words(came, went)}",
        }[kind]


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def changed_words(came: str, went: str) -> str:
    said = [f"{came} came" if came else "", f"{went} went" if went else ""]
    return f"{' and '.join(words for words in said if words)}."
