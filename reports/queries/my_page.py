"""What a person's own page says besides what waits: their boards, what they promised and said, and what changed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q
from django.utils import timezone

from outcomes.models import Observation
from partnerships.models import (
    Activity,
    Commitment,
    Decision,
    Document,
    Meeting,
    MeetingStatus,
    Partnership,
    Seat,
)
from partnerships.queries import commitments
from partnerships.queries.activities import visible
from partnerships.queries.boards import sitting
from people.models import Membership, Message, Person, Voice
from people.queries.voices import own_voices, visible_voices, with_progress

SHOWN = 8
# Where somebody has never said that they read everything.
AT_FIRST = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class MyBoard:
    """A seat that somebody holds today, the board's next meeting and the newest papers for it."""

    seat: Seat
    meeting: Meeting | None
    papers: tuple[Document, ...]


def my_boards(person: Person, partnership: Partnership) -> list[MyBoard]:
    """Three queries, however many boards there are."""
    today = timezone.localdate()
    seats = Seat.objects.filter(sitting(today), partnership=partnership, person=person)
    seats = list(seats.select_related("board").order_by("board__name"))
    planned = Meeting.objects.filter(
        board__in=[seat.board_id for seat in seats], status=MeetingStatus.PLANNED, held_on__gte=today
    ).select_related("board")
    nearest: dict[int, Meeting] = {}
    for meeting in planned.order_by("held_on", "starts_at", "pk"):
        nearest.setdefault(meeting.board_id, meeting)
    papers: dict[int, list[Document]] = defaultdict(list)
    found = Document.objects.filter(meeting__in=[meeting.pk for meeting in nearest.values()])
    for paper in found.order_by("-uploaded_at", "-pk"):
        papers[paper.meeting_id].append(paper)
    rows = []
    for seat in seats:
        meeting = nearest.get(seat.board_id)
        rows.append(MyBoard(seat, meeting, tuple(papers[meeting.pk][:SHOWN]) if meeting else ()))
    return rows


def my_commitments(person: Person, partnership: Partnership, *, boards: list[int] | None = None):
    """Open ones that the person owns or answers for; with `boards`, only those of these boards."""
    rows = commitments.visible(partnership).filter(
        commitments.is_open(), Q(owner=person) | Q(accountable=person)
    )
    return list((rows if boards is None else rows.filter(board__in=boards))[: 2 * SHOWN])


@dataclass(frozen=True, slots=True)
class MyVoices:
    """What the person said, each with how far it came, and what they carried for others."""

    said: list[Voice]
    carried: list[Message]


def my_voices(person: Person, partnership: Partnership) -> MyVoices:
    readable = visible_voices(partnership, person).order_by().values("pk")
    carried = Message.objects.filter(partnership=partnership, carried_by=person, voice__in=readable)
    return MyVoices(
        said=list(with_progress(own_voices(partnership, person))[:SHOWN]),
        carried=list(
            carried.exclude(voice__speaker=person)
            .select_related("voice", "to_board")
            .order_by("-carried_on", "-pk")[:SHOWN]
        ),
    )


# --- What changed ------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class NewFigures:
    """How many figures of one measure came, and when the last did."""

    name: str
    slug: str
    number: int
    last: datetime


@dataclass(frozen=True, slots=True)
class Changed:
    """What others added to things in which a person has a part."""

    activities: list[Activity]
    decisions: list[Decision]
    figures: list[NewFigures]
    commitments: list[Commitment]

    def __bool__(self) -> bool:
        return bool(self.activities or self.decisions or self.figures or self.commitments)


def what_changed(
    person: Person, partnership: Partnership, *, since: datetime, is_member: bool = True
) -> Changed:
    """Of their boards, of their organisations, of measures that they own and of promises for which they answer.

    Who is no member reads what belongs to the boards on which they sit, and no more.
    """
    boards = list(
        Seat.objects.filter(sitting(), partnership=partnership, person=person).values_list("board", flat=True)
    )
    organisations = list(
        Membership.objects.current()
        .filter(partnership=partnership, person=person, organisation__isnull=False)
        .values_list("organisation", flat=True)
    )
    return Changed(
        activities=_activities(person, partnership, since, boards, organisations) if is_member else [],
        decisions=list(
            Decision.objects.filter(meeting__board__in=boards, created_at__gt=since)
            .exclude(created_by=person)
            .select_related("meeting__board")
            .order_by("-created_at", "-pk")[:SHOWN]
        ),
        figures=_figures(person, partnership, since) if is_member else [],
        commitments=list(
            commitments.visible(partnership)
            .filter(Q(board__in=boards) | (Q(owner=person) | Q(accountable=person) if is_member else Q()))
            .filter(
                Q(created_at__gt=since) | Q(closed_on__gte=timezone.localdate(since), updated_at__gt=since)
            )
            .exclude(created_by=person, closed_on__isnull=True)
            .exclude(closed_by=person)
            .order_by("-updated_at", "-pk")[:SHOWN]
        ),
    )


def _activities(
    person: Person, partnership: Partnership, since: datetime, boards: list[int], organisations: list[int]
) -> list[Activity]:
    named = Activity.people.through.objects.filter(person=person).values("activity")
    ours = Activity.organisations.through.objects.filter(organisation__in=organisations).values("activity")
    part = Q(board__in=boards) | Q(pk__in=named) | Q(pk__in=ours)
    found = visible(partnership, person).filter(part, created_at__gt=since, is_complete=True)
    return list(found.exclude(created_by=person).order_by("-created_at", "-pk")[:SHOWN])


def _figures(person: Person, partnership: Partnership, since: datetime) -> list[NewFigures]:
    rows = (
        Observation.objects.filter(
            partnership=partnership,
            measure__owner=person,
            recorded_at__gt=since,
            superseded_at__isnull=True,
        )
        .exclude(recorded_by=person)
        .order_by()
        .values("measure__name", "measure__slug")
        .annotate(number=Count("pk"), last=Max("recorded_at"))
        .order_by("-last")[:SHOWN]
    )
    return [
        NewFigures(row["measure__name"], row["measure__slug"], row["number"], row["last"]) for row in rows
    ]
