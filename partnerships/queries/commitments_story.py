"""What happened to one commitment, read from the history that database triggers keep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from partnerships.models import Commitment, CommitmentStatus


class Turn(Enum):
    """One thing that can happen to a commitment."""

    MADE = "made"
    TAKEN_ON = "taken on"
    HANDED_OVER = "handed over"
    LEFT = "left without an owner"
    DUE_DAY = "due day changed"
    CLOSED = "closed"
    VERIFIED = "verified"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Chapter:
    """What happened, on which day, and through whom ("" where nobody is known). `words` are what they wrote about it.

    `before` and `after` are the two days of a changed due date; `state` is the status or verdict that it was given.
    """

    turn: Turn
    on: date
    who: str = ""
    words: str = ""
    state: str = ""
    owner: str = ""
    before: date | None = None
    after: date | None = None


def story_of(commitment: Commitment) -> list[Chapter]:
    """From the first day to the last. Three queries, whatever happened."""
    events = list(
        Commitment.pgh_event_model.objects.filter(pgh_obj_id=commitment.pk)
        .select_related("owner", "closed_by", "verified_by", "created_by", "pgh_context")
        .order_by("pgh_id")
    )
    keys = {_key(event) for event in events} - {None}
    names = dict(get_user_model().objects.filter(pk__in=keys).values_list("pk", "name")) if keys else {}
    chapters: list[Chapter] = []
    before = None
    for event in events:
        by = names.get(_key(event), "")
        chapters += [_made(event)] if before is None else _turns(before, event, by)
        before = event
    return chapters


def _made(event: Any) -> Chapter:
    return Chapter(
        Turn.MADE,
        timezone.localdate(event.created_at),
        who=event.created_by.name if event.created_by else "",
        owner=event.owner.name if event.owner else "",
        after=event.due_on,
    )


def _turns(before: Any, after: Any, by: str) -> Iterator[Chapter]:
    on = timezone.localdate(after.pgh_created_at)
    if before.status != after.status and after.status == CommitmentStatus.OPEN:
        yield Chapter(Turn.REOPENED, on, who=by, words=after.reason)
    if before.owner_id != after.owner_id:
        turn = Turn.LEFT if after.owner is None else Turn.HANDED_OVER if before.owner else Turn.TAKEN_ON
        yield Chapter(turn, on, who=by, owner=after.owner.name if after.owner else "")
    if before.due_on != after.due_on:
        yield Chapter(Turn.DUE_DAY, on, who=by, before=before.due_on, after=after.due_on)
    if before.status != after.status and after.status != CommitmentStatus.OPEN:
        closer = after.closed_by.name if after.closed_by else ""
        yield Chapter(Turn.CLOSED, after.closed_on, who=closer, words=after.reason, state=after.status)
    if after.verdict and (before.verdict, before.verification) != (after.verdict, after.verification):
        verifier = after.verified_by.name if after.verified_by else ""
        yield Chapter(
            Turn.VERIFIED, after.verified_on, who=verifier, words=after.verification, state=after.verdict
        )


def _key(event: Any) -> int | None:
    metadata = event.pgh_context.metadata if event.pgh_context else {}
    key = metadata.get("user")
    return key if isinstance(key, int) else None
