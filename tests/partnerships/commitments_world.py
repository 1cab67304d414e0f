"""Commitments as tests of several files make them, by the actions that pages call."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from partnerships.actions.commitments import make_commitment
from partnerships.models import Commitment, CommitmentStatus, Meeting


def day(ahead: int = 0) -> Any:
    return timezone.localdate() + timedelta(days=ahead)


def promise(
    world: Any, what: str = "Ask for an indoor route", *, overdue: int = 0, **facts: Any
) -> Commitment:
    """A commitment of the test partnership, by its officer. `overdue`: it was due so many days ago."""
    given = {"partnership": world.partnership, "by": world.officer} | facts
    if overdue:
        given |= {
            "created_at": timezone.now() - timedelta(days=overdue + 30),
            "due_on": day(-overdue),
        }
    return make_commitment(what=what, **given)


def close(
    commitment: Commitment, *, by: Any, status: str = CommitmentStatus.KEPT, **facts: Any
) -> Commitment:
    from partnerships.actions.commitments_closing import close_commitment

    current = Commitment.objects.get(pk=commitment.pk)
    given = {"reason": "As things went"} | facts
    return close_commitment(
        commitment=current, expected_version=current.version, by=by, status=status, **given
    )


def meeting_of(board: Any, on: Any = None, **facts: Any) -> Meeting:
    return Meeting.objects.create(
        partnership_id=board.partnership_id, board=board, held_on=on or day(-7), **facts
    )
