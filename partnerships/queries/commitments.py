"""Finding commitments: filters, what is due, overdue or unowned, and what became of them.

Everybody who may see the partnership may see its commitments. A seat holder from elsewhere sees those of that board,
on the board's own pages: `of_board`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from partnerships.models import (
    Activity,
    Board,
    Commitment,
    CommitmentStatus,
    Decision,
    Meeting,
    Partnership,
    Programme,
)

PAGE_SIZE = 25
SOON = timedelta(days=14)
OPEN, CLOSED, ALL = "open", "closed", "all"
BY_DUE_DAY = (F("due_on").asc(nulls_last=True), "pk")
LATEST_CLOSED = (F("closed_on").desc(nulls_first=True), F("due_on").asc(nulls_last=True), "-pk")


def visible(partnership: Partnership) -> QuerySet[Commitment]:
    """The partnership's commitments with whom and what a row names, the earliest due first."""
    rows = Commitment.objects.filter(partnership=partnership).order_by(*BY_DUE_DAY)
    return rows.select_related("owner", "owner_organisation", "board", "programme")


def of_board(board: Board) -> QuerySet[Commitment]:
    """What was promised to a board: all that somebody with nothing but a seat on it may see."""
    return visible(board.partnership).filter(board=board)


def of_meeting(meeting: Meeting) -> QuerySet[Commitment]:
    return visible(meeting.partnership).filter(meeting=meeting)


def of_decision(decision: Decision) -> QuerySet[Commitment]:
    return visible(decision.partnership).filter(decision=decision)


def of_activity(activity: Activity) -> QuerySet[Commitment]:
    """Those that came from an activity, such as its next step."""
    return visible(activity.partnership).filter(activity=activity)


def of_programme(programme: Programme) -> QuerySet[Commitment]:
    return visible(programme.partnership).filter(programme=programme)


# --- What needs somebody -----------------------------------------------------------------------------------------
def is_open() -> Q:
    return Q(status=CommitmentStatus.OPEN)


def overdue(today: date | None = None) -> Q:
    return is_open() & Q(due_on__lt=today or timezone.localdate())


def unowned() -> Q:
    return is_open() & Q(owner__isnull=True)


def due_soon(today: date | None = None) -> Q:
    today = today or timezone.localdate()
    return is_open() & Q(due_on__range=(today, today + SOON))


def to_verify(person: Any) -> Q:
    """Closed ones for which this person answers, that somebody else owned and closed, and nobody has looked at."""
    waits = ~is_open() & Q(verdict="", accountable=person)
    return waits & ~Q(closed_by=person) & (Q(owner__isnull=True) | ~Q(owner=person))


def is_overdue(commitment: Commitment, today: date | None = None) -> bool:
    is_late = commitment.due_on is not None and commitment.due_on < (today or timezone.localdate())
    return is_late and commitment.status == CommitmentStatus.OPEN


# --- Filters -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class CommitmentFilters:
    """What a list is narrowed to; what is None or empty does not narrow it. `status` may also be open, closed or all."""

    text: str = ""
    status: CommitmentStatus | str = OPEN
    owner: Any | None = None
    mine: Any | None = None
    board: Board | None = None
    programme: Programme | None = None
    due_from: date | None = None
    due_until: date | None = None
    is_overdue: bool = False
    is_unowned: bool = False


def find(
    commitments: QuerySet[Commitment], filters: CommitmentFilters, *, today: date | None = None
) -> QuerySet[Commitment]:
    """Open ones by the day on which they are due, closed ones the latest first."""
    wanted = {
        "owner": filters.owner,
        "board": filters.board,
        "programme": filters.programme,
        "due_on__gte": filters.due_from,
        "due_on__lte": filters.due_until,
    }
    found = commitments.filter(**{name: value for name, value in wanted.items() if value is not None})
    if filters.mine is not None:
        found = found.filter(Q(owner=filters.mine) | Q(accountable=filters.mine))
    if filters.text:
        said = Q()
        for field in ("what", "detail", "reason", "owner__name", "owner_organisation__name"):
            said |= Q(**{f"{field}__icontains": filters.text})
        found = found.filter(said)
    if filters.is_overdue:
        found = found.filter(overdue(today))
    if filters.is_unowned:
        found = found.filter(unowned())
    return _of_status(found, filters.status)


def _of_status(found: QuerySet[Commitment], status: str) -> QuerySet[Commitment]:
    if status == OPEN:
        return found.filter(is_open())
    if status == ALL:
        return found.order_by(*LATEST_CLOSED)
    return (found.exclude(is_open()) if status == CLOSED else found.filter(status=status)).order_by(
        *LATEST_CLOSED
    )


# --- What became of them -----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Counts:
    """How many commitments there are, and what became of them. `overdue` and `unowned` are among the open ones."""

    made: int
    open: int
    overdue: int
    unowned: int
    kept: int
    changed: int
    let_go: int

    @property
    def closed(self) -> int:
        return self.made - self.open


def count(commitments: QuerySet[Commitment], *, today: date | None = None) -> Counts:
    """One query, for a board, a meeting, a programme or the whole partnership: what it promised and what became of it."""
    closed = {
        status.value: Count("pk", filter=Q(status=status))
        for status in CommitmentStatus
        if status != CommitmentStatus.OPEN
    }
    return Counts(
        **commitments.order_by().aggregate(
            made=Count("pk"),
            open=Count("pk", filter=is_open()),
            overdue=Count("pk", filter=overdue(today)),
            unowned=Count("pk", filter=unowned()),
            **closed,
        )
    )
