"""Links between boards that a partnership wants."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Board, Partnership
from people.models import WantedLink


@transaction.atomic
def want_link(
    *, partnership: Partnership, one: Board, other: Board, why: str, since: date | None = None, by: Any
) -> WantedLink:
    """Say that two boards should have somebody in common, and why; since today, where no day is given.

    The order of the two boards does not matter.
    """
    for field, board in (("one", one), ("other", other)):
        if board.partnership_id != partnership.pk:
            raise DomainError("Choose a board of this partnership.", field=field)
        if board.ended_on and board.ended_on < timezone.localdate():
            raise DomainError(f"{board} has ended. Choose a board that meets.", field=field)
    if one.pk == other.pk:
        raise DomainError("Choose two different boards.", field="other")
    if not why.strip():
        raise DomainError("Enter what the link is wanted for.", field="why")
    one, other = sorted((one, other), key=lambda board: board.pk)
    try:
        with transaction.atomic():
            return WantedLink.objects.create(
                partnership=partnership,
                one=one,
                other=other,
                why=why.strip(),
                wanted_since=since or timezone.localdate(),
                created_by=by,
            )
    except IntegrityError:
        raise DomainError("This link is wanted already.", field="other") from None


@transaction.atomic
def give_up_link(*, link: WantedLink, expected_version: int, because: str, by: Any) -> WantedLink:
    """Say that a link is not wanted any more, and why. Raises EditConflict when somebody changed it meanwhile."""
    if link.given_up_on:
        raise DomainError("This link was given up already.")
    if not because.strip():
        raise DomainError("Enter why it is not wanted any more.", field="because")
    return save_edit(
        link,
        expected_version=expected_version,
        changes={"given_up_on": timezone.localdate(), "given_up_because": because.strip()},
    )
