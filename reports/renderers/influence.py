"""One reading of the network of boards, as everything that a page or a document shows of it."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import mark_safe

from partnerships.models import BoardLevel, Partnership
from people.influence import Network, breaks, compare
from people.models import Person
from people.queries import influence as queries
from people.queries.leavers import names_for
from reports.renderers.influence_map import Box, Edge, Tie, influence_map
from reports.renderers.influence_words import link_words, listed

LEVELS = [level.label for level in BoardLevel]
Pair = tuple[int, int]


class Shown:
    """One reading of the network for a page: everything in it comes from the same day."""

    def __init__(
        self,
        partnership: Partnership,
        reader: Person,
        network: Network,
        day: date,
        before: Network | None,
        since: date | None,
    ) -> None:
        self.partnership, self.network, self.day = partnership, network, day
        self.reader = reader
        self.before, self.since = before, since
        self.carried = queries.carried_in_the_year_to(partnership, day, reader=reader)
        self.wanted = queries.wanted_on(partnership, network, day)
        self.breaks = breaks(network)
        self.comparison = compare(before, network) if before else None
        rooms = network.rooms | (before.rooms if before else {})
        self.boards = {key: room.name for key, room in rooms.items()}

    @cached_property
    def people(self) -> dict[int, str]:
        linking = {key for key, rooms in self.network.rooms_of.items() if len(rooms) > 1}
        if self.before:
            linking |= {key for key, rooms in self.before.rooms_of.items() if len(rooms) > 1}
        return names_for(self.reader, linking, self.partnership)

    @property
    def pairs(self) -> list[Pair]:
        """Linked pairs, the board nearer to strategy second, in the order of levels and names."""
        rooms = self.network.rooms

        def order(key: int) -> tuple[int, str, int]:
            return (rooms[key].level, rooms[key].name.casefold(), key)

        pairs = [tuple(sorted(pair, key=order)) for pair in self.network.graph.edges]
        return sorted(pairs, key=lambda pair: (order(pair[0]), order(pair[1])))

    def between(self, pair: Pair) -> list[queries.Carried]:
        both = [*self.carried.get(pair, ()), *self.carried.get((pair[1], pair[0]), ())]
        return sorted(both, key=lambda one: one.on, reverse=True)

    def chart(self) -> dict[str, Any]:
        boxes = [Box(room.key, room.name, room.level) for room in self.network.rooms.values()]
        edges = [self.edge(pair) for pair in self.pairs]
        edges += [
            Edge(w.link.one_id, w.link.other_id, Tie.WANTED, 0, self.names(w.link.one_id, w.link.other_id))
            for w in self.wanted
            if not w.people
        ]
        if self.comparison:
            edges += [
                Edge(*change.rooms, Tie.LOST, 0, self.names(*change.rooms))
                for change in self.comparison.lost
                if set(change.rooms) <= self.network.rooms.keys()
            ]
        summary = self.summary(len(edges))
        drawing = influence_map(
            boxes, edges, LEVELS, chart_id="influence", title="Boards and their links", description=summary
        )
        title = f"Boards and the people they share, {date_format(self.day, 'j F Y')}"
        return {"id": "influence-map", "title": title, "summary": summary, "svg": mark_safe(drawing)}  # noqa: S308

    def edge(self, pair: Pair) -> Edge:
        new = self.comparison and any(set(pair) == set(change.rooms) for change in self.comparison.new)
        tie = Tie.NEW if new else Tie.CARRIED if self.between(pair) else Tie.POSSIBLE
        who = [self.people[key] for key in sorted(self.network.people_between(*pair))]
        return Edge(*pair, tie, len(who), f"{self.names(*pair)}: {listed(who, most=5)}")

    def names(self, one: int, other: int) -> str:
        return f"{self.boards[one]} and {self.boards[other]}"

    def summary(self, lines: int) -> str:
        alone = [self.boards[key] for key, degree in self.network.graph.degree if not degree]
        pairs = self.network.graph.number_of_edges()
        used = sum(1 for pair in self.pairs if self.between(pair))
        words = f"{counted(len(self.network.rooms), 'board')}, {counted(pairs, 'pair')} with people in common"
        if pairs:
            words += f"; along {used} of them a message went in the year before"
        if alone and lines:
            words += f". Nobody links {listed(sorted(alone), most=4)} to another board"
        return f"{words}."

    def links_table(self) -> dict[str, Any] | None:
        if not self.pairs:
            return None
        rows = []
        for pair in self.pairs:
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
            {"label": "Carried in the last year", "wide": True},
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

    def changes(self) -> list[str]:
        """What changed since the earlier day, a sentence each."""
        if not self.comparison:
            return []
        found = self.comparison
        words = [f"{self.boards[room]} began." for room in found.rooms_begun]
        words += [f"{self.boards[room]} ended." for room in found.rooms_ended]
        for kind, items in (("new", found.new), ("lost", found.lost), ("changed", found.changed)):
            for change in items:
                came = listed(sorted(self.people[key] for key in change.came))
                went = listed(sorted(self.people[key] for key in change.went))
                pair = self.names(*change.rooms)
                words.append(
                    {
                        "new": f"{pair} are now linked, by {came}.",
                        "lost": f"{pair} are not linked any more: {went} sat on both.",
                        "changed": f"{pair}: {changed_words(came, went)}",
                    }[kind]
                )
        return words


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def changed_words(came: str, went: str) -> str:
    said = [f"{came} came" if came else "", f"{went} went" if went else ""]
    return f"{' and '.join(words for words in said if words)}."
