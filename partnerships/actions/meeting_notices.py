"""Telling those who sit on a board what happens to its meetings: agenda, papers, another day, cancelled, minutes agreed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from config.words import day_words, time_words
from partnerships.models import Document, Meeting, MeetingStatus, NoticeKind
from partnerships.queries.notices import people_on
from partnerships.tasks.telling import short, tell

# Before this, an agenda grows; from then on each day's changes are told.
LAST_DAYS = timedelta(days=7)


def tell_of_agenda(meeting: Meeting, *, by: Any) -> None:
    """There is an agenda; in the last week, that it changed, once a day."""
    if not _is_to_come(meeting):
        return
    today = timezone.localdate()
    is_soon = meeting.held_on - today <= LAST_DAYS
    _tell(
        meeting,
        f"agenda {today}" if is_soon else "agenda",
        f"The agenda of {_named(meeting)} {'has changed' if is_soon else 'is being written'}",
        by=by,
    )


def tell_of_paper(document: Document, *, by: Any) -> None:
    meeting = document.meeting
    if meeting is not None and _is_to_come(meeting):
        _tell(meeting, f"paper {document.pk}", f"Paper for {_named(meeting)}: {short(document.title)}", by=by)


def tell_of_change(before: Meeting, after: Meeting, *, by: Any) -> None:
    """It takes place on another day, at another time or somewhere else."""
    if not _is_to_come(after):
        return
    if (before.held_on, before.starts_at) != (after.held_on, after.starts_at):
        at = f" at {time_words(datetime.combine(after.held_on, after.starts_at))}" if after.starts_at else ""
        _tell(
            after,
            f"moved v{after.version}",
            f"{_named(after, before.held_on)} was moved to {day_words(after.held_on)}{at}",
            by=by,
        )
    elif (before.where, before.link) != (after.where, after.link):
        _tell(
            after,
            f"where v{after.version}",
            f"{_named(after)} takes place somewhere else: {short(after.where) or 'online'}",
            by=by,
        )


def tell_of_status(meeting: Meeting, *, by: Any) -> None:
    """Cancelled, or planned again after all."""
    if meeting.held_on < timezone.localdate():
        return
    words = "was cancelled" if meeting.status == MeetingStatus.CANCELLED else "takes place after all"
    _tell(meeting, f"{meeting.status} v{meeting.version}", f"{_named(meeting)} {words}", by=by)


def tell_of_minutes(meeting: Meeting, *, by: Any) -> None:
    if meeting.minutes_agreed_on and timezone.localdate() - meeting.minutes_agreed_on <= LAST_DAYS:
        agreed = f"The minutes of {_named(meeting)} are agreed"
        _tell(meeting, f"minutes {meeting.minutes_agreed_on}", agreed, by=by)


def _is_to_come(meeting: Meeting) -> bool:
    return meeting.status == MeetingStatus.PLANNED and meeting.held_on >= timezone.localdate()


def _named(meeting: Meeting, day: date | None = None) -> str:
    title = f"{short(meeting.title)} ({meeting.board})" if meeting.title else f"{meeting.board} meeting"
    return f"{title} of {day_words(day or meeting.held_on)}"


def _tell(meeting: Meeting, what: str, sentence: str, *, by: Any) -> None:
    tell(
        partnership=meeting.partnership,
        kind=NoticeKind.MEETING,
        occasion=f"meeting {meeting.pk} {what}",
        sentence=sentence,
        path=reverse("meeting-detail", args=[meeting.partnership.slug, meeting.board_id, meeting.pk]),
        people=people_on(meeting.board),
        board=meeting.board,
        by=by,
    )
