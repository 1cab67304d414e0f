"""The network of a partnership's boards on a day, from its seats, and what was carried along it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from partnerships.models import Board, BoardLevel, Partnership, Place, Seat, SeatKind
from people.influence import Network, Room, Sitting
from people.models import Message, Person, WantedLink
from people.queries.voices import visible_voices

A_YEAR = timedelta(days=365)
LEVELS = [level.value for level in BoardLevel]
CAPACITIES = {kind.value: kind.label.lower() for kind in SeatKind}


HIDDEN = "a voice that stays with its forum"


@dataclass(frozen=True, slots=True)
class Carried:
    """A message that went from one board to another. The theme is named to whoever may read the voice."""

    message: int
    voice: int
    theme: str
    on: date


@dataclass(frozen=True, slots=True)
class Wanted:
    """A link that the partnership wants, and who makes it on the day that was asked for (nobody: it is missing)."""

    link: WantedLink
    people: frozenset[int]


def boards_on(partnership: Partnership, on: date, place: Place | None = None) -> list[Board]:
    """The boards that existed on a day, strategic ones first, then by name; of a place, those in it or in a part of it."""
    found = Board.objects.filter(
        Q(started_on__isnull=True) | Q(started_on__lte=on),
        Q(ended_on__isnull=True) | Q(ended_on__gte=on),
        partnership=partnership,
    ).select_related("place__parent__parent__parent")
    boards = [board for board in found if place is None or place.pk in _within(board.place)]
    return sorted(boards, key=lambda board: (-LEVELS.index(board.level), board.name.casefold(), board.pk))


def network_on(
    partnership: Partnership, on: date, *, place: Place | None = None, sector: str = ""
) -> Network:
    """Boards and who sat on them on a day, narrowed to the boards of a place and to people for a sector.

    A board that began or ended on another day, or a seat outside its dates, is not in it. Three queries at most.
    """
    boards = boards_on(partnership, on, place)
    seats = Seat.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on, board__in=boards
    ).select_related("organisation")
    if sector:
        seats = seats.filter(organisation__sector=sector)
    return Network(
        [
            Room(board.pk, board.name, LEVELS.index(board.level), board.place.name if board.place else "")
            for board in boards
        ],
        [
            Sitting(
                seat.person_id,
                seat.board_id,
                CAPACITIES[seat.kind],
                seat.organisation.name if seat.organisation else "",
            )
            for seat in seats.order_by("board", "person", "-starts_on")
        ],
    )


def carried_in_the_year_to(
    partnership: Partnership, on: date, *, reader: Person
) -> dict[tuple[int, int], list[Carried]]:
    """What went from board to board in the year that ends on a day, by (from, to), the latest first.

    Where a message does not say from which board it came, it came from the forum where the voice was heard.
    """
    found = (
        Message.objects.filter(
            partnership=partnership,
            carried_on__gt=year_before(on),
            carried_on__lte=on,
            to_board__isnull=False,
        )
        .select_related("voice")
        .order_by("-carried_on", "-pk")
    )
    known = set(visible_voices(partnership, reader).order_by().values_list("pk", flat=True))
    carried: dict[tuple[int, int], list[Carried]] = defaultdict(list)
    for message in found:
        start = message.from_board_id or message.voice.board_id
        if start and start != message.to_board_id:
            carried[start, message.to_board_id].append(
                Carried(
                    message.pk,
                    message.voice_id,
                    f"“{message.voice.theme}”" if message.voice_id in known else HIDDEN,
                    message.carried_on,
                )
            )
    return dict(carried)


def year_before(day: date) -> date:
    """A year earlier, or the first day that there is."""
    return day - A_YEAR if day - date.min > A_YEAR else date.min


def wanted_links(partnership: Partnership) -> QuerySet[WantedLink]:
    """The links that the partnership wants and has not given up."""
    return WantedLink.objects.filter(partnership=partnership, given_up_on__isnull=True).select_related(
        "one", "other"
    )


def wanted_on(partnership: Partnership, network: Network, on: date) -> list[Wanted]:
    """The links wanted on a day between boards of the network; the missing ones first."""
    links = WantedLink.objects.filter(
        Q(given_up_on__isnull=True) | Q(given_up_on__gt=on), partnership=partnership, wanted_since__lte=on
    ).select_related("one", "other")
    found = [
        Wanted(link, network.people_between(link.one_id, link.other_id))
        for link in links
        if link.one_id in network.rooms and link.other_id in network.rooms
    ]
    return sorted(found, key=lambda wanted: (bool(wanted.people), wanted.link.wanted_since, wanted.link.pk))


def _within(place: Place | None) -> set[int]:
    """A place and what it lies in, as far as it was fetched."""
    found = set()
    while place is not None:
        found.add(place.pk)
        place = place.parent if "parent" in place._state.fields_cache else None
    return found
