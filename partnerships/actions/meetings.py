"""Meetings of a board: planned with the items that stand on every agenda, held or cancelled, and their minutes."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import date, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from config.words import day_words
from partnerships.actions.editing import save_edit
from partnerships.actions.meeting_notices import tell_of_change, tell_of_minutes, tell_of_status
from partnerships.errors import DomainError
from partnerships.models import AgendaItem, Board, Meeting, MeetingStatus, StandingItem
from partnerships.queries.agendas import standing_until

# Weekly for a year, and nobody waits for the page.
MOST_AT_ONCE = 60


@transaction.atomic
def plan_meeting(*, board: Board, held_on: date, by: Any, **said: Any) -> Meeting:
    """Plan a meeting. What stands on every agenda of the board stands on this one.

    It may be `said` when it starts_at and ends_at, where, with which link and title, and when its papers_due_on.
    """
    return plan_meetings(board=board, held_on=held_on, by=by, **said)[0]


@transaction.atomic
def plan_meetings(
    *,
    board: Board,
    held_on: date,
    every_weeks: int | None = None,
    until: date | None = None,
    papers_due_on: date | None = None,
    by: Any,
    **said: Any,
) -> list[Meeting]:
    """One meeting, or one every so many weeks until a day. Either all of them are planned or none."""
    days = _days(held_on, every_weeks, until)
    before = held_on - papers_due_on if papers_due_on else None
    # Whoever changes the standing items holds the same lock, so that none is missed in between.
    board = Board.objects.select_for_update().get(pk=board.pk)
    standing = list(standing_until(board, since=days[0]))
    return [
        _plan(
            board, standing, by, held_on=day, papers_due_on=None if before is None else day - before, **said
        )
        for day in days
    ]


def _days(first: date, every_weeks: int | None, until: date | None) -> list[date]:
    if not every_weeks:
        return [first]
    if until is None or until < first:
        raise DomainError("The last day must be on or after the first meeting.", field="until")
    step = timedelta(weeks=every_weeks)
    number = (until - first) // step + 1
    if number > MOST_AT_ONCE:
        raise DomainError(
            f"That would be {number} meetings. Plan {MOST_AT_ONCE} at most at once.", field="until"
        )
    return [first + step * turn for turn in range(number)]


def _plan(
    board: Board,
    standing: list[StandingItem],
    by: Any,
    *,
    held_on: date,
    papers_due_on: date | None,
    starts_at: time | None = None,
    ends_at: time | None = None,
    title: str = "",
    where: str = "",
    link: str = "",
) -> Meeting:
    meeting = Meeting(
        partnership_id=board.partnership_id,
        board=board,
        held_on=held_on,
        starts_at=starts_at,
        ends_at=ends_at,
        title=" ".join(title.split()),
        where=" ".join(where.split()),
        link=link,
        papers_due_on=papers_due_on,
        created_by=by,
    )
    _check(meeting, field_of_day="held_on")
    try:
        with transaction.atomic():
            meeting.save()
    except IntegrityError as error:
        raise _said(error, meeting) from None
    stands = [item for item in standing if item.starts_on <= held_on <= (item.ends_on or held_on)]
    AgendaItem.objects.bulk_create(
        AgendaItem(
            partnership_id=board.partnership_id,
            meeting=meeting,
            standing_item=item,
            title=item.title,
            minutes=item.minutes,
            lead_id=item.lead_id,
            position=position,
            created_by=by,
        )
        for position, item in enumerate(stands, 1)
    )
    return meeting


@transaction.atomic
def edit_meeting(*, meeting: Meeting, expected_version: int, by: Any, **changes: Any) -> Meeting:
    """Change when, where or what a meeting is. Raises EditConflict when somebody saved it since."""
    wanted = _locked(meeting)
    before = copy(wanted)
    _may_change(wanted)
    for name, value in changes.items():
        setattr(wanted, name, value)
    _check(wanted, field_of_day="held_on")
    try:
        with transaction.atomic():
            saved = save_edit(meeting, expected_version=expected_version, changes=changes)
    except IntegrityError as error:
        raise _said(error, wanted) from None
    tell_of_change(before, saved, by=by)
    return saved


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, reason: str, by: Any) -> Meeting:
    """It does not take place. Its agenda and papers stay, and calendars show it as cancelled."""
    found = _locked(meeting)
    if found.status == MeetingStatus.CANCELLED:
        return found
    _may_change(found)
    if found.status == MeetingStatus.HELD:
        raise DomainError("This meeting was held, so it can’t be cancelled.")
    if not reason.strip():
        raise DomainError("Say why it does not take place.", field="reason")
    cancelled = _turn(found, MeetingStatus.CANCELLED, reason)
    tell_of_status(cancelled, by=by)
    return cancelled


@transaction.atomic
def mark_held(*, meeting: Meeting, by: Any) -> Meeting:
    """It took place."""
    found = _locked(meeting)
    if found.status == MeetingStatus.HELD:
        return found
    if found.status == MeetingStatus.CANCELLED:
        raise DomainError("This meeting was cancelled. Plan it again first.")
    if found.held_on > timezone.localdate():
        raise DomainError(f"This meeting is on {day_words(found.held_on)}, which is still to come.")
    return _turn(found, MeetingStatus.HELD)


@transaction.atomic
def plan_again(*, meeting: Meeting, by: Any) -> Meeting:
    """A cancelled meeting takes place after all, or one was said to be held by mistake."""
    found = _locked(meeting)
    _may_change(found)
    if found.status == MeetingStatus.PLANNED:
        return found
    _check(found)
    try:
        with transaction.atomic():
            was_cancelled = found.status == MeetingStatus.CANCELLED
            planned = _turn(found, MeetingStatus.PLANNED)
    except IntegrityError as error:
        raise _said(error, found) from None
    if was_cancelled:
        tell_of_status(planned, by=by)
    return planned


# --- Minutes -----------------------------------------------------------------------------------------------------
@transaction.atomic
def write_minutes(
    *, meeting: Meeting, expected_version: int, minutes: str, notes: Mapping[int, str], by: Any
) -> Meeting:
    """What was said, item by item (`notes`, by the key of the item) and over all."""
    found = _locked(meeting)
    _may_change(found)
    if found.status == MeetingStatus.CANCELLED:
        raise DomainError("This meeting was cancelled, so it has no minutes.")
    saved = save_edit(meeting, expected_version=expected_version, changes={"minutes": minutes})
    for item in AgendaItem.objects.filter(meeting=meeting, pk__in=notes):
        if item.notes != notes[item.pk]:
            AgendaItem.objects.filter(pk=item.pk).update(notes=notes[item.pk], updated_at=timezone.now())
    return saved


@transaction.atomic
def agree_minutes(*, meeting: Meeting, on: date, by: Any) -> Meeting:
    """The board agreed that the minutes are right. From then on agenda, attendance, decisions and papers stand as they are."""
    found = _locked(meeting)
    if found.status != MeetingStatus.HELD:
        raise DomainError("Say first that this meeting was held.")
    if not has_minutes(found):
        raise DomainError("There are no minutes yet to agree on.")
    if on < found.held_on:
        raise DomainError("The minutes can’t be agreed before the meeting.", field="agreed_on")
    if on > timezone.localdate():
        raise DomainError("The day must be today or earlier.", field="agreed_on")
    agreed = save_edit(found, expected_version=found.version, changes={"minutes_agreed_on": on})
    tell_of_minutes(agreed, by=by)
    return agreed


@transaction.atomic
def reopen_minutes(*, meeting: Meeting, by: Any) -> Meeting:
    """Agreed minutes turned out to be wrong. Who opened them again is kept in the history."""
    found = _locked(meeting)
    if found.minutes_agreed_on is None:
        return found
    return save_edit(found, expected_version=found.version, changes={"minutes_agreed_on": None})


def has_minutes(meeting: Meeting) -> bool:
    return bool(meeting.minutes.strip()) or meeting.agenda.exclude(notes="").exists()


# --- What they share ---------------------------------------------------------------------------------------------
def _locked(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_for_update(of=("self",)).select_related("board").get(pk=meeting.pk)


def open_meeting(meeting: Meeting) -> Meeting:
    """The meeting, locked, for a change of what belongs to it. Raises DomainError when its minutes are agreed."""
    found = _locked(meeting)
    _may_change(found)
    return found


def _may_change(meeting: Meeting) -> None:
    if meeting.minutes_agreed_on:
        raise DomainError(
            f"The minutes were agreed on {day_words(meeting.minutes_agreed_on)}. Open them again to change anything."
        )


def _turn(meeting: Meeting, status: MeetingStatus, reason: str = "") -> Meeting:
    Meeting.objects.filter(pk=meeting.pk).update(
        status=status,
        status_reason=" ".join(reason.split())[:300],
        version=F("version") + 1,
        updated_at=timezone.now(),
    )
    meeting.refresh_from_db()
    return meeting


def _check(meeting: Meeting, field_of_day: str | None = None) -> None:
    board = meeting.board
    if board.ended_on and meeting.held_on > board.ended_on:
        raise DomainError(
            f"{board} stopped meeting on {day_words(board.ended_on)}, so it can’t meet after that.",
            field=field_of_day,
        )
    if board.started_on and meeting.held_on < board.started_on:
        raise DomainError(f"{board} began on {day_words(board.started_on)}.", field=field_of_day)
    if meeting.status == MeetingStatus.HELD and meeting.held_on > timezone.localdate():
        raise DomainError("This meeting was held, so its day must be today or earlier.", field=field_of_day)
    if meeting.ends_at and not meeting.starts_at:
        raise DomainError("Say when it starts as well.", field="starts_at")
    if meeting.ends_at and meeting.starts_at and meeting.ends_at <= meeting.starts_at:
        raise DomainError("It must end after it starts.", field="ends_at")
    if meeting.papers_due_on and meeting.papers_due_on > meeting.held_on:
        raise DomainError("Papers must be due on or before the day of the meeting.", field="papers_due_on")
    if meeting.link and not meeting.link.startswith(("https://", "http://")):
        raise DomainError("The link must begin with https://.", field="link")


def _said(error: IntegrityError, meeting: Meeting) -> DomainError:
    if "one_meeting_a_board_a_time" in str(error):
        return DomainError(
            f"{meeting.board} has a meeting at this time on {day_words(meeting.held_on)} already.",
            field="held_on",
        )
    raise error
