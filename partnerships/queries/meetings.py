"""Meetings, and what boards decided."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from partnerships.models import (
    Attendance,
    AttendanceKind,
    Board,
    Decision,
    Document,
    Meeting,
    MeetingStatus,
    Partnership,
    SimpleRule,
)


def meetings_of(board: Board) -> QuerySet[Meeting]:
    return Meeting.objects.filter(board=board).select_related("board")


def upcoming(board: Board) -> QuerySet[Meeting]:
    """Planned for today or later, the next first."""
    planned = meetings_of(board).filter(status=MeetingStatus.PLANNED, held_on__gte=timezone.localdate())
    return planned.order_by("held_on", "starts_at", "pk")


def to_be_marked(board: Board) -> QuerySet[Meeting]:
    """Planned for a day that has passed: nobody has said yet whether they were held."""
    planned = meetings_of(board).filter(status=MeetingStatus.PLANNED, held_on__lt=timezone.localdate())
    return planned.order_by("-held_on", "-starts_at")


def held(board: Board) -> QuerySet[Meeting]:
    """Held or cancelled meetings, the latest first."""
    return meetings_of(board).exclude(status=MeetingStatus.PLANNED).order_by("-held_on", "-starts_at", "-pk")


def one_before(meeting: Meeting) -> Meeting | None:
    """The meeting of the board that was held last before this one."""
    earlier = meetings_of(meeting.board).filter(status=MeetingStatus.HELD, held_on__lt=meeting.held_on)
    return earlier.order_by("-held_on", "-starts_at").first()


def loose_papers(meeting: Meeting) -> QuerySet[Document]:
    """Papers of the meeting that belong to no item of its agenda."""
    return Document.objects.filter(meeting=meeting, agenda_item__isnull=True).select_related("uploaded_by")


# The order in which minutes name people.
ORDER = list(AttendanceKind)


def attendance_of(meeting: Meeting) -> list[Attendance]:
    rows = Attendance.objects.filter(meeting=meeting).select_related("person", "organisation")
    return sorted(rows, key=lambda row: (ORDER.index(AttendanceKind(row.kind)), row.person.name))


# --- Decisions ---------------------------------------------------------------------------------------------------
def decisions_of(board: Board) -> QuerySet[Decision]:
    """What a board decided, the latest first, with the rule that it cites and the commitments that came of it."""
    found = Decision.objects.filter(meeting__board=board).select_related("meeting", "rule", "agenda_item")
    return found.prefetch_related("commitments__owner").order_by("-meeting__held_on", "pk")


def decisions_at(meeting: Meeting) -> QuerySet[Decision]:
    found = Decision.objects.filter(meeting=meeting).select_related("meeting", "rule", "agenda_item")
    return found.prefetch_related("commitments__owner").order_by("pk")


def rules_for(partnership: Partnership, cited: int | None = None) -> QuerySet[SimpleRule]:
    """The simple rules that a decision can cite: those that hold, and the one that it cites already."""
    ours = SimpleRule.objects.filter(partnership=partnership)
    return (ours.filter(ends_on__isnull=True) | ours.filter(pk=cited)).order_by("position", "pk")
