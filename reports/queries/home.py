"""What is waiting for a person, and what is new, for the home page of a partnership."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from learning.models import LearningEntry
from partnerships.models import Activity, Draft, Partnership, Seat
from partnerships.queries.activities import authored, visible
from people.models import Person
from reports.models import Report, ReportStatus

SOON = timedelta(days=14)
SHOWN = 5


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
    mine = authored(partnership, person)
    return Waiting(
        drafts=list(
            Draft.objects.filter(partnership=partnership, person=person).order_by("-saved_at")[:SHOWN]
        ),
        to_finish=list(mine.filter(is_complete=False)[:SHOWN]),
        next_steps=list(
            mine.filter(next_step_on__lte=today + SOON, next_step_done_on__isnull=True)
            .exclude(next_step="")
            .order_by("next_step_on")[: 2 * SHOWN]
        ),
        reviews=list(
            LearningEntry.objects.filter(
                partnership=partnership, owner=person, review_on__lte=today + SOON
            ).order_by("review_on")[:SHOWN]
        ),
    )


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
