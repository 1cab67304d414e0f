"""What becomes of a commitment: kept, changed or let go; looked at by somebody else; opened again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from config.words import day_words
from partnerships.actions.commitments import (
    LONGEST_REASON,
    check_text,
    locked,
    make_commitment,
    promised_on,
    refuse_unless_open,
)
from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Commitment, CommitmentStatus, Verdict

NEEDS_A_REASON = {
    CommitmentStatus.CHANGED: "Say what changed, and why.",
    CommitmentStatus.LET_GO: "Say why it was let go.",
}


@dataclass(frozen=True, slots=True)
class Successor:
    """What a commitment is changed into. Who does it, who answers for it, board and programme stay as they were."""

    what: str
    due_on: date | None = None


@transaction.atomic
def close_commitment(
    *,
    commitment: Commitment,
    expected_version: int,
    by: Any,
    status: CommitmentStatus,
    reason: str = "",
    on: date | None = None,
    into: Successor | None = None,
    created_at: datetime | None = None,
) -> Commitment:
    """Say what became of a commitment. Only a changed one goes on as another (`into`), made in the same moment.

    The first of two who close it at once has said it; the other learns who did. `created_at` is when the successor was
    made, where that was earlier.
    """
    current = locked(commitment)
    refuse_unless_open(current)
    reason, on = reason.strip(), on or timezone.localdate()
    if status == CommitmentStatus.OPEN:
        raise DomainError("Say what became of it.", field="status")
    check_text(reason, "reason", LONGEST_REASON)
    if status in NEEDS_A_REASON and not reason:
        raise DomainError(NEEDS_A_REASON[CommitmentStatus(status)], field="reason")
    if status == CommitmentStatus.KEPT and current.owner_id is None:
        raise DomainError("Nobody owns this commitment. Say who kept it first.", field="status")
    _check_day(current, on)
    changes = {"status": status, "reason": reason, "closed_on": on, "closed_by": by}
    closed = save_edit(current, expected_version=expected_version, changes=changes)
    if into is not None:
        if status != CommitmentStatus.CHANGED:
            raise DomainError("Only a changed commitment goes on as another.", field="status")
        _go_on(closed, into, by, created_at)
    return closed


@transaction.atomic
def reopen_commitment(*, commitment: Commitment, expected_version: int, by: Any, reason: str) -> Commitment:
    """Open it again, with the reason; that somebody looked at it counts no longer. Its history keeps all of it."""
    current = locked(commitment)
    reason = reason.strip()
    if current.status == CommitmentStatus.OPEN:
        raise DomainError("This commitment is open already.")
    if current.changed_into_id is not None:
        raise DomainError("This was changed into another commitment. Change that one instead.")
    if not reason:
        raise DomainError("Say why it is opened again.", field="reason")
    check_text(reason, "reason", LONGEST_REASON)
    changes = {
        "status": CommitmentStatus.OPEN,
        "reason": reason,
        "closed_on": None,
        "closed_by": None,
        "verdict": "",
        "verified_by": None,
        "verified_on": None,
        "verification": "",
    }
    return save_edit(current, expected_version=expected_version, changes=changes)


@transaction.atomic
def verify_commitment(
    *,
    commitment: Commitment,
    expected_version: int,
    by: Any,
    verdict: Verdict,
    note: str = "",
    on: date | None = None,
) -> Commitment:
    """Somebody who neither owned nor closed it says whether what was done, or the reason, was adequate."""
    current = locked(commitment)
    note = note.strip()
    refuse_verifier(current, by)
    if verdict not in Verdict.values:
        raise DomainError("Say whether it was adequate.", field="verdict")
    if verdict == Verdict.NOT_ADEQUATE and not note:
        raise DomainError("Say what is missing.", field="note")
    check_text(note, "note", LONGEST_REASON)
    changes = {
        "verdict": verdict,
        "verified_by": by,
        "verified_on": on or timezone.localdate(),
        "verification": note,
    }
    return save_edit(current, expected_version=expected_version, changes=changes)


def refuse_verifier(commitment: Commitment, person: Any) -> None:
    """Raises DomainError, saying why, where this person can't verify the commitment."""
    if commitment.status == CommitmentStatus.OPEN:
        raise DomainError("This commitment is open. It can be verified when it is closed.")
    if commitment.owner_id == person.pk:
        raise DomainError("You own this commitment. Somebody else must verify it.")
    if commitment.closed_by_id == person.pk:
        raise DomainError("You closed this commitment. Somebody else must verify it.")
    if commitment.verified_by_id is not None and commitment.verified_by_id != person.pk:
        raise DomainError(f"{commitment.verified_by} has verified this already.")


def _check_day(commitment: Commitment, on: date) -> None:
    if on > timezone.localdate():
        raise DomainError("The day must be today or in the past.", field="on")
    first = promised_on(commitment.meeting, commitment.activity, timezone.localdate(commitment.created_at))
    if on < first:
        raise DomainError(f"It was promised on {day_words(first)}. Check the day.", field="on")


def _go_on(closed: Commitment, into: Successor, by: Any, created_at: datetime | None) -> None:
    today = timezone.localdate(created_at)
    board = closed.board
    try:
        successor = make_commitment(
            partnership=closed.partnership,
            by=by,
            what=into.what,
            due_on=into.due_on,
            owner=closed.owner,
            owner_organisation=closed.owner_organisation,
            accountable=closed.accountable,
            enabler=closed.enabler,
            board=board if board and (board.ended_on is None or board.ended_on >= today) else None,
            programme=closed.programme,
            created_at=created_at,
        )
    except DomainError as refused:
        field = f"into_{refused.field}" if refused.field in {"what", "due_on"} else None
        raise DomainError(refused.message, field=field) from refused
    closed.changed_into = successor
    closed.save(update_fields=["changed_into"])
