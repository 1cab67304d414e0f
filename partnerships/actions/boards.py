"""Boards: set up, changed, closed and opened again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from config.words import day_words
from partnerships.actions.editing import save_edit
from partnerships.actions.seats import end_seat, take_seat
from partnerships.errors import DomainError
from partnerships.models import (
    Board,
    BoardLevel,
    Meeting,
    MeetingStatus,
    Organisation,
    Partnership,
    Place,
    Seat,
    Vacancy,
)
from partnerships.queries.boards import lines_above

__all__ = ["add_board", "close_board", "edit_board", "end_seat", "reopen_board", "take_seat"]


@transaction.atomic
def add_board(
    *,
    partnership: Partnership,
    name: str,
    level: BoardLevel,
    purpose: str = "",
    terms: str = "",
    meets: str = "",
    place: Place | None = None,
    host: Organisation | None = None,
    reports_to: Board | None = None,
    also_reports_to: Iterable[Board] = (),
    started_on: date | None = None,
    by: Any = None,
) -> Board:
    name, also = " ".join(name.split()), list(also_reports_to)
    _check(partnership, None, name, reports_to, also)
    board = Board.objects.create(
        partnership=partnership,
        name=name,
        level=level,
        purpose=purpose,
        terms=terms,
        meets=meets,
        place=place,
        host=host,
        reports_to=reports_to,
        started_on=started_on,
        created_by=by,
    )
    board.also_reports_to.set(also)
    return board


@transaction.atomic
def edit_board(
    *,
    board: Board,
    expected_version: int,
    by: Any,
    also_reports_to: Iterable[Board] | None = None,
    **changes: Any,
) -> Board:
    """Change a board. Raises EditConflict when somebody saved it since, DomainError for a name in use or a line that runs in a circle."""
    # Two lines that are drawn at once could otherwise close a circle that neither sees.
    Partnership.objects.select_for_update(no_key=True).get(pk=board.partnership_id)
    name = " ".join(changes.get("name", board.name).split())
    also = list(board.also_reports_to.all() if also_reports_to is None else also_reports_to)
    _check(board.partnership, board, name, changes.get("reports_to", board.reports_to), also)
    started_on = changes.get("started_on", board.started_on)
    if started_on and board.ended_on and started_on > board.ended_on:
        raise DomainError(f"It stopped meeting on {day_words(board.ended_on)}.", field="started_on")
    saved = save_edit(board, expected_version=expected_version, changes=changes | {"name": name})
    if also_reports_to is not None:
        saved.also_reports_to.set(also)
    return saved


def _check(
    partnership: Partnership, board: Board | None, name: str, reports_to: Board | None, also: list[Board]
) -> None:
    if not name:
        raise DomainError("Enter the board's name.", field="name")
    same = Board.objects.filter(partnership=partnership, name__iexact=name)
    if same.exclude(pk=board.pk if board else None).exists():
        raise DomainError("There is already a board of this name.", field="name")
    for field, above in (("reports_to", [reports_to] if reports_to else []), ("also_reports_to", also)):
        if any(one.partnership_id != partnership.pk for one in above):
            raise DomainError("Choose a board of this partnership.", field=field)
        if board is not None and board.pk in lines_above(partnership, [one.pk for one in above]):
            raise DomainError("A board can't report to itself, directly or through others.", field=field)
    if reports_to is not None and reports_to in also:
        raise DomainError(f"It reports to {reports_to} already.", field="also_reports_to")


@transaction.atomic
def close_board(*, board: Board, expected_version: int, on: date, because: str, by: Any) -> Board:
    """The board stops meeting on a day, its last. Its seats end and its vacancies close with it; later meetings are cancelled."""
    board = Board.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=board.pk)
    if board.ended_on is not None:
        raise DomainError(f"This board stopped meeting on {day_words(board.ended_on)} already.")
    if not because.strip():
        raise DomainError("Say why it stops meeting.", field="because")
    if board.started_on and on < board.started_on:
        raise DomainError(f"It began on {day_words(board.started_on)}.", field="on")
    held = Meeting.objects.filter(board=board, status=MeetingStatus.HELD, held_on__gt=on).order_by("-held_on")
    if last := held.first():
        raise DomainError(
            f"It met on {day_words(last.held_on)}, so it can’t have stopped before.", field="on"
        )
    because = " ".join(because.split())[:300]
    again = {"version": F("version") + 1, "updated_at": timezone.now()}
    Meeting.objects.filter(board=board, status=MeetingStatus.PLANNED, held_on__gt=on).update(
        status=MeetingStatus.CANCELLED, status_reason=f"The board stops meeting: {because}"[:300], **again
    )
    Seat.objects.filter(board=board, starts_on__gt=on).delete()
    later = Q(ends_on__isnull=True) | Q(ends_on__gt=on)
    Seat.objects.filter(later, board=board).update(ends_on=on, **again)
    Vacancy.objects.filter(board=board, closed_on__isnull=True).update(
        closed_on=Greatest("since", on), **again
    )
    return save_edit(
        board, expected_version=expected_version, changes={"ended_on": on, "ended_because": because}
    )


@transaction.atomic
def reopen_board(*, board: Board, by: Any) -> Board:
    """It meets again. Seats that ended with it stay ended: whoever sits on it now takes a seat anew."""
    found = Board.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=board.pk)
    if found.ended_on is None:
        return found
    return save_edit(found, expected_version=found.version, changes={"ended_on": None, "ended_because": ""})
