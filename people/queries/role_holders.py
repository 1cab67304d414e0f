"""Who holds which role in a partnership today, until when, and who reads one board only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from partnerships.models import Board, Partnership, Seat
from people.models import Membership, Person
from people.permissions import HUMAN_ROLES, ROLES, Permission, Role
from people.queries.people import current_seats


@dataclass(frozen=True, slots=True)
class Holders:
    role: Role
    held: tuple[Membership, ...]
    to_come: tuple[Membership, ...]


def holders_in(partnership: Partnership) -> list[Holders]:
    """By role, in the order in which roles are shown; two queries however many people there are."""
    now: dict[str, list[Membership]] = defaultdict(list)
    later: dict[str, list[Membership]] = defaultdict(list)
    current = Membership.objects.current().filter(partnership=partnership)
    rows = Membership.objects.filter(partnership=partnership, ended_at__isnull=True)
    rows = rows.select_related("person", "organisation").order_by("person__name", "pk")
    for row in rows.annotate(is_now=Exists(current.filter(pk=OuterRef("pk")))):
        if row.is_now:
            now[row.role].append(row)
        elif not row.is_over:
            later[row.role].append(row)
    return [Holders(role, tuple(now[role]), tuple(later[role])) for role in HUMAN_ROLES]


@dataclass(frozen=True, slots=True)
class BoardReader:
    """Somebody from elsewhere who reads the boards on which they sit, and nothing else here."""

    person: Person
    boards: tuple[Board, ...]
    seats: tuple[Seat, ...]


def board_readers(partnership: Partnership) -> list[BoardReader]:
    members = Membership.objects.current().filter(partnership=partnership, person=OuterRef("person"))
    seats = (
        current_seats()
        .filter(~Exists(members), partnership=partnership, person__is_active=True)
        .select_related("person", "board", "organisation")
        .order_by("person__name", "board__name")
    )
    found: dict[int, list[Seat]] = defaultdict(list)
    for seat in seats:
        found[seat.person_id].append(seat)
    return [
        BoardReader(held[0].person, tuple(seat.board for seat in held), tuple(held))
        for held in found.values()
    ]


def matrix(roles: list[Role] | None = None) -> list[tuple[Permission, tuple[bool, ...]]]:
    """Each permission, and whether each role has it."""
    asked = roles or HUMAN_ROLES
    return [(one, tuple(one in ROLES[role].permissions for role in asked)) for one in Permission]
