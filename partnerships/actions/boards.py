"""Boards, and who sits on them from when to when."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Board, BoardLevel, Organisation, Partnership, Place, Seat, SeatKind


@transaction.atomic
def add_board(
    *,
    partnership: Partnership,
    name: str,
    level: BoardLevel,
    purpose: str = "",
    meets: str = "",
    place: Place | None = None,
    host: Organisation | None = None,
    reports_to: Board | None = None,
    by: Any = None,
) -> Board:
    if Board.objects.filter(partnership=partnership, name__iexact=name).exists():
        raise DomainError("There is already a board of this name.", field="name")
    if reports_to is not None and reports_to.partnership_id != partnership.pk:
        raise DomainError("Choose a board of this partnership.", field="reports_to")
    return Board.objects.create(
        partnership=partnership,
        name=name,
        level=level,
        purpose=purpose,
        meets=meets,
        place=place,
        host=host,
        reports_to=reports_to,
        created_by=by,
    )


@transaction.atomic
def edit_board(*, board: Board, expected_version: int, by: Any, **changes: Any) -> Board:
    """Change a board. Raises EditConflict when somebody saved it since, DomainError for a name in use or a line that runs in a circle."""
    name = " ".join(changes.get("name", board.name).split())
    if not name:
        raise DomainError("Enter the board's name.", field="name")
    if Board.objects.filter(partnership=board.partnership, name__iexact=name).exclude(pk=board.pk).exists():
        raise DomainError("There is already a board of this name.", field="name")
    above = changes.get("reports_to", board.reports_to)
    if above is not None and above.partnership_id != board.partnership_id:
        raise DomainError("Choose a board of this partnership.", field="reports_to")
    seen = above
    while seen is not None:
        if seen.pk == board.pk:
            raise DomainError(
                "A board can't report to itself, directly or through others.", field="reports_to"
            )
        seen = seen.reports_to
    return save_edit(board, expected_version=expected_version, changes=changes | {"name": name})


@transaction.atomic
def take_seat(
    *,
    board: Board,
    person: Any,
    kind: SeatKind = SeatKind.MEMBER,
    organisation: Organisation | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    by: Any = None,
) -> Seat:
    starts_on = starts_on or timezone.localdate()
    if ends_on is not None and ends_on < starts_on:
        raise DomainError("The last day must be on or after the first.", field="ends_on")
    try:
        with transaction.atomic():
            return Seat.objects.create(
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


@transaction.atomic
def end_seat(*, seat: Seat, on: date, by: Any) -> Seat:
    """Somebody's last day on a board. The seat stays in the board's history."""
    if on < seat.starts_on:
        raise DomainError("The last day must be on or after the first.", field="ends_on")
    try:
        with transaction.atomic():
            return save_edit(seat, expected_version=seat.version, changes={"ends_on": on})
    except IntegrityError as error:
        if "one_seat_a_person_a_board" in str(error):
            raise DomainError("The person has another seat on this board by then.", field="ends_on") from None
        raise
