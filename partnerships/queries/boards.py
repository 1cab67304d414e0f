"""Boards and who sits on them."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from partnerships.models import Board, Partnership, Seat


def sitting(today: date | None = None) -> Q:
    """Seats (or anything with `starts_on` and `ends_on`) that hold on a day."""
    today = today or timezone.localdate()
    return Q(starts_on__lte=today) & (Q(ends_on__isnull=True) | Q(ends_on__gte=today))


def boards_of(partnership: Partnership) -> QuerySet[Board]:
    """The partnership's boards by name, each with the number of people who sit on it today (`members`)."""
    today = timezone.localdate()
    held = Q(seats__starts_on__lte=today) & (Q(seats__ends_on__isnull=True) | Q(seats__ends_on__gte=today))
    return (
        Board.objects.filter(partnership=partnership)
        .select_related("place", "host", "reports_to")
        .annotate(members=Count("seats", filter=held))
        .order_by("name")
    )


def seats_on(board: Board) -> tuple[list[Seat], list[Seat]]:
    """Who sits now (or will), chairs first, and who did before, the latest first."""
    today = timezone.localdate()
    seats = list(
        Seat.objects.filter(board=board).select_related("person", "organisation").order_by("starts_on")
    )
    rank = {"chair": 0, "vice_chair": 1}
    now = [seat for seat in seats if seat.ends_on is None or seat.ends_on >= today]
    before = [seat for seat in seats if seat.ends_on is not None and seat.ends_on < today]
    now.sort(key=lambda seat: (rank.get(seat.kind, 2), seat.person.name))
    before.sort(key=lambda seat: seat.ends_on, reverse=True)
    return now, before


def has_chair(seats: list[Seat]) -> bool:
    today = timezone.localdate()
    return any(seat.kind == "chair" and seat.starts_on <= today for seat in seats)


def shared_people(board: Board) -> list[tuple[Board, list[str]]]:
    """The other boards of the partnership on which people of this one sit today too, with their names."""
    mine = Seat.objects.filter(sitting(), board=board).values("person")
    others = (
        Seat.objects.filter(sitting(), partnership=board.partnership, person__in=mine)
        .exclude(board=board)
        .select_related("board", "person")
        .order_by("board__name", "person__name")
    )
    found: dict[int, tuple[Board, list[str]]] = {}
    for seat in others:
        found.setdefault(seat.board_id, (seat.board, []))[1].append(seat.person.name)
    return list(found.values())
