"""Meetings and due dates as a calendar file (RFC 5545), for the calendar programs that people have already."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from icalendar import Calendar, Event

from partnerships.models import Commitment, Meeting, MeetingStatus

LONDON = ZoneInfo(settings.TIME_ZONE)
# How often a program need look again.
REFRESH = timedelta(hours=1)


def calendar_file(meetings: Iterable[Meeting], commitments: Iterable[Commitment], *, name: str) -> bytes:
    """`meetings` come with board and partnership, `commitments` with their partnership."""
    calendar = Calendar()
    calendar.add("prodid", "-//Throughline//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-published-ttl", "PT1H")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for meeting in meetings:
        calendar.add_component(_meeting(meeting))
    for commitment in commitments:
        calendar.add_component(_due(commitment))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _meeting(meeting: Meeting) -> Event:
    event = _event("meeting", meeting)
    title = str(meeting.title or meeting.board)
    is_cancelled = meeting.status == MeetingStatus.CANCELLED
    # Not every program shows the status of an event in a feed.
    event.add("summary", f"Cancelled: {title}" if is_cancelled else title)
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    if meeting.starts_at:
        event.add("dtstart", datetime.combine(meeting.held_on, meeting.starts_at, LONDON))
        if meeting.ends_at:
            event.add("dtend", datetime.combine(meeting.held_on, meeting.ends_at, LONDON))
    else:
        event.add("dtstart", meeting.held_on)
        event.add("dtend", meeting.held_on + timedelta(days=1))
    where = meeting.where or meeting.link
    if where:
        event.add("location", where)
    slug = meeting.partnership.slug
    url = settings.BASE_URL + reverse("meeting-detail", args=[slug, meeting.board_id, meeting.pk])
    said = [
        f"{meeting.board}, {meeting.partnership.name}",
        meeting.status_reason,
        f"Join online: {meeting.link}" if meeting.link else "",
        f"Agenda and papers: {url}",
    ]
    event.add("description", "\n".join(line for line in said if line))
    event.add("url", url)
    return event


def _due(commitment: Commitment) -> Event:
    event = _event("commitment", commitment)
    event.add("summary", f"Due: {commitment.what}")
    event.add("dtstart", commitment.due_on)
    event.add("dtend", commitment.due_on + timedelta(days=1))
    # It takes up nobody's day.
    event.add("transp", "TRANSPARENT")
    url = reverse("commitment-detail", args=[commitment.partnership.slug, commitment.pk])
    event.add("url", settings.BASE_URL + url)
    event.add(
        "description", f"A commitment of yours in {commitment.partnership.name}: {settings.BASE_URL}{url}"
    )
    return event


def _event(kind: str, record: Meeting | Commitment) -> Event:
    """What lets a program know an event again and see that it changed."""
    event = Event()
    event.add("uid", f"{kind}-{record.pk}@{urlsplit(settings.BASE_URL).hostname}")
    event.add("dtstamp", record.updated_at)
    event.add("created", record.created_at)
    event.add("last-modified", record.updated_at)
    event.add("sequence", record.version - 1)
    return event
