"""Who sits on a board from when to when, and the seats that nobody holds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from config.words import day_words
from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Board, Organisation, Seat, SeatKind, Vacancy


@transaction.atomic
def take_seat(
    *,
    board: Board,
    person: Any,
    kind: SeatKind = SeatKind.MEMBER,
    organisation: Organisation | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    vacancy: Vacancy | None = None,
    by: Any = None,
) -> Seat:
    """Somebody sits on a board from a day on. A vacancy that they fill is closed by it."""
    starts_on = starts_on or timezone.localdate()
    if ends_on is not None and ends_on < starts_on:
        raise DomainError("The last day must be on or after the first.", field="ends_on")
    _check_open(board, starts_on, ends_on)
    try:
        with transaction.atomic():
            seat = Seat.objects.create(
                partnership_id=board.partnership_id,
                board=board,
                person=person,
                organisation=organisation,
                kind=kind,
                starts_on=starts_on,
                ends_on=ends_on,
                created_by=by,
            )
    except IntegrityError as error:
        if "one_seat_a_person_a_board" in str(error):
            raise DomainError(
                f"{person} already has a seat on {board} in these dates.", field="person"
            ) from None
        raise
    if vacancy is not None:
        _fill(vacancy, seat)
    return seat


def _check_open(board: Board, starts_on: date, ends_on: date | None) -> None:
    stopped = board.ended_on
    if stopped is None:
        return
    said = f"{board} stopped meeting on {day_words(stopped)}"
    if starts_on > stopped:
        raise DomainError(f"{said}, so nobody can take a seat after that.", field="starts_on")
    if ends_on is None or ends_on > stopped:
        raise DomainError(f"{said}, so the seat must end by then.", field="ends_on")


def _fill(vacancy: Vacancy, seat: Seat) -> None:
    found = _locked(vacancy)
    if found.board_id != seat.board_id:
        raise DomainError("This vacancy is on another board.")
    if found.closed_on is not None:
        raise DomainError("Somebody has filled or closed this vacancy since.")
    closed = max(found.since, seat.starts_on)
    save_edit(found, expected_version=found.version, changes={"filled_by": seat, "closed_on": closed})


@transaction.atomic
def end_seat(*, seat: Seat, on: date, is_vacant: bool = False, note: str = "", by: Any) -> Seat:
    """Somebody's last day on a board. The seat stays in the board's history, and may be shown as vacant from the next day on."""
    if on < seat.starts_on:
        raise DomainError("The last day must be on or after the first.", field="ends_on")
    board = seat.board
    if board.ended_on and on > board.ended_on:
        raise DomainError(f"{board} stopped meeting on {day_words(board.ended_on)}.", field="ends_on")
    try:
        with transaction.atomic():
            ended = save_edit(seat, expected_version=seat.version, changes={"ends_on": on})
    except IntegrityError as error:
        if "one_seat_a_person_a_board" in str(error):
            raise DomainError("The person has another seat on this board by then.", field="ends_on") from None
        raise
    if is_vacant:
        open_vacancy(
            board=board,
            kind=SeatKind(seat.kind),
            organisation=seat.organisation,
            note=note,
            since=on + timedelta(days=1),
            by=by,
        )
    return ended


@transaction.atomic
def open_vacancy(
    *,
    board: Board,
    kind: SeatKind,
    organisation: Organisation | None = None,
    note: str = "",
    since: date | None = None,
    by: Any,
) -> Vacancy:
    """Show that a seat is empty, since when, and who is looked for."""
    since = since or timezone.localdate()
    if board.ended_on is not None:
        raise DomainError(
            f"{board} stopped meeting on {day_words(board.ended_on)}, so it has no empty seats.",
            field="since",
        )
    return Vacancy.objects.create(
        partnership_id=board.partnership_id,
        board=board,
        kind=kind,
        organisation=organisation,
        note=" ".join(note.split())[:200],
        since=since,
        created_by=by,
    )


@transaction.atomic
def close_vacancy(*, vacancy: Vacancy, by: Any) -> Vacancy:
    """Nobody is looked for any more."""
    found = _locked(vacancy)
    if found.closed_on is not None:
        return found
    today = timezone.localdate()
    return save_edit(found, expected_version=found.version, changes={"closed_on": max(found.since, today)})


def _locked(vacancy: Vacancy) -> Vacancy:
    return Vacancy.objects.select_for_update(of=("self",)).get(pk=vacancy.pk)
