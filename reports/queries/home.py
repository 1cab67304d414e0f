"""What is waiting for a person, and what is new, for the home page of a partnership."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from learning.models import LearningEntry
from partnerships.models import (
    Activity,
    Agreement,
    Commitment,
    Draft,
    Meeting,
    MeetingStatus,
    Partnership,
    Seat,
)
from partnerships.queries import commitments
from partnerships.queries.activities import authored, to_finish, visible
from partnerships.queries.boards import sitting
from people.models import Person
from reports.models import Report, ReportStatus

SOON = timedelta(days=14)
SHOWN = 5
RENEWED_WITHIN = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a person has begun or promised. Next steps are overdue first."""

    drafts: list[Draft]
    to_finish: list[Activity]
    next_steps: list[Activity]
    reviews: list[LearningEntry]

    def __bool__(self) -> bool:
        return bool(self.drafts or self.to_finish or self.next_steps or self.reviews)


def waiting_for(person: Person, partnership: Partnership, *, today: date | None = None) -> Waiting:
    """Drafts, unfinished activities, next steps due within two weeks or overdue, learning due for review."""
    today = today or timezone.localdate()
    steps = authored(partnership, person, next_step_on__lte=today + SOON, next_step_done_on__isnull=True)
    return Waiting(
        drafts=list(
            Draft.objects.filter(partnership=partnership, person=person).order_by("-saved_at")[:SHOWN]
        ),
        to_finish=list(to_finish(partnership, person)[:SHOWN]),
        next_steps=list(
            steps.exclude(next_step="")
            .filter(commitments_made__isnull=True)  # As a commitment it waits, and is closed, there.
            .order_by("next_step_on")[: 2 * SHOWN]
        ),
        reviews=list(
            LearningEntry.objects.filter(
                partnership=partnership, owner=person, review_on__lte=today + SOON
            ).order_by("review_on")[:SHOWN]
        ),
    )


@dataclass(frozen=True, slots=True)
class Promises:
    """Commitments that wait for a person: their overdue ones, those that nobody owns, what is due, what to verify.

    `overdue_of_all` counts the whole partnership's.
    """

    overdue: list[Commitment]
    unowned: list[Commitment]
    soon: list[Commitment]
    to_verify: list[Commitment]
    overdue_of_all: int


def promises_for(person: Person, partnership: Partnership, *, today: date | None = None) -> Promises:
    today = today or timezone.localdate()
    rows = commitments.visible(partnership)
    mine = rows.filter(Q(owner=person) | Q(accountable=person, owner__isnull=False))
    return Promises(
        overdue=list(mine.filter(commitments.overdue(today))[: 2 * SHOWN]),
        unowned=list(rows.filter(commitments.unowned())[: 2 * SHOWN]),
        soon=list(mine.filter(commitments.due_soon(today))[: 2 * SHOWN]),
        to_verify=list(rows.filter(commitments.to_verify(person)).order_by("closed_on", "pk")[:SHOWN]),
        overdue_of_all=rows.filter(commitments.overdue(today)).count(),
    )


def next_meetings(person: Person, partnership: Partnership, *, today: date | None = None) -> list[Meeting]:
    """The next planned meetings of the boards on which the person sits."""
    today = today or timezone.localdate()
    seats = Seat.objects.filter(sitting(today), partnership=partnership, person=person)
    planned = Meeting.objects.filter(
        partnership=partnership,
        board__in=seats.values("board"),
        status=MeetingStatus.PLANNED,
        held_on__gte=today,
    )
    return list(planned.select_related("board").order_by("held_on", "starts_at", "pk")[:3])


def to_renew(partnership: Partnership, *, today: date | None = None) -> list[Agreement]:
    """Agreements that are to be renewed soon, or should have been."""
    today = today or timezone.localdate()
    rows = Agreement.objects.filter(
        partnership=partnership, ended_on__isnull=True, renews_on__lte=today + RENEWED_WITHIN
    )
    return list(rows.order_by("renews_on", "pk")[:SHOWN])


def newest_activities(partnership: Partnership, viewer: Person) -> list[Activity]:
    return list(visible(partnership, viewer).select_related("created_by", "programme", "board")[:SHOWN])


def newest_learning(partnership: Partnership) -> list[LearningEntry]:
    return list(LearningEntry.objects.filter(partnership=partnership)[:3])


def newest_report(partnership: Partnership) -> Report | None:
    return (
        Report.objects.filter(partnership=partnership, status=ReportStatus.MADE)
        .select_related("definition")
        .defer("document", "pdf")
        .first()
    )


def seats_of(person: Person, partnership: Partnership, *, today: date | None = None) -> list[Seat]:
    """The person's current seats on this partnership's boards."""
    today = today or timezone.localdate()
    return list(
        Seat.objects.filter(person=person, partnership=partnership, starts_on__lte=today)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
        .select_related("board")
    )
