"""Boards and who sits on them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from partnerships.models import Board, Meeting, MeetingStatus, Partnership, Seat, SeatKind, Vacancy


def sitting(today: date | None = None) -> Q:
    """Seats (or anything with `starts_on` and `ends_on`) that hold on a day."""
    today = today or timezone.localdate()
    return Q(starts_on__lte=today) & (Q(ends_on__isnull=True) | Q(ends_on__gte=today))


def boards_of(partnership: Partnership) -> QuerySet[Board]:
    """The partnership's boards by name. Each knows how many people sit on it today (`members`), whether somebody has the
    chair (`chaired`), how many seats are vacant (`vacant`) and the day of its next meeting (`next_on`)."""
    today = timezone.localdate()
    seats = Seat.objects.filter(sitting(today), board=OuterRef("pk"))
    vacancies = open_vacancies().filter(board=OuterRef("pk"))
    planned = Meeting.objects.filter(board=OuterRef("pk"), status=MeetingStatus.PLANNED, held_on__gte=today)
    return (
        Board.objects.filter(partnership=partnership)
        .select_related("place", "host", "reports_to")
        .annotate(
            members=_count(seats),
            chaired=Exists(seats.filter(kind=SeatKind.CHAIR)),
            vacant=_count(vacancies),
            next_on=Subquery(planned.order_by("held_on").values("held_on")[:1]),
        )
        .order_by("name")
    )


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("board").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def lines_above(partnership: Partnership, first: list[int]) -> set[int]:
    """The keys of the boards in `first`, and of every board that these report to, directly or through others."""
    above: dict[int, set[int]] = {}
    for key, reports_to in Board.objects.filter(partnership=partnership).values_list("pk", "reports_to"):
        above[key] = {reports_to} if reports_to else set()
    also = Board.also_reports_to.through.objects.filter(from_board__partnership=partnership)
    for key, reports_to in also.values_list("from_board", "to_board"):
        above[key].add(reports_to)
    found: set[int] = set()
    waiting = list(first)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting.extend(above.get(key, ()))
    return found


def open_vacancies(board: Board | None = None) -> QuerySet[Vacancy]:
    """Seats that nobody holds, the longest empty first."""
    found = Vacancy.objects.filter(closed_on__isnull=True).select_related("organisation")
    return (found.filter(board=board) if board else found).order_by("since", "pk")


def reporting_to(board: Board) -> list[Board]:
    """The boards that meet and report to this one, by their first line or by another."""
    found = Board.objects.filter(Q(reports_to=board) | Q(also_reports_to=board), ended_on__isnull=True)
    return list(found.distinct().order_by("name"))


# In the order in which a list of who sits on a board is read.
KINDS = list(SeatKind)


def seats_on(board: Board) -> tuple[list[Seat], list[Seat]]:
    """Who sits now (or will), by kind with chairs first, and who did before, the latest first."""
    today = timezone.localdate()
    seats = list(
        Seat.objects.filter(board=board).select_related("person", "organisation").order_by("starts_on")
    )
    now = [seat for seat in seats if seat.ends_on is None or seat.ends_on >= today]
    before = [seat for seat in seats if seat.ends_on is not None and seat.ends_on < today]
    now.sort(key=lambda seat: (KINDS.index(SeatKind(seat.kind)), seat.person.name))
    before.sort(key=lambda seat: seat.ends_on, reverse=True)
    return now, before


def sitting_on(board: Board, day: date) -> list[Seat]:
    """Who sat on the board on a day, chairs first."""
    seats = Seat.objects.filter(sitting(day), board=board).select_related("person", "organisation")
    return sorted(seats, key=lambda seat: (KINDS.index(SeatKind(seat.kind)), seat.person.name))


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
