"""The agenda of a meeting, and what stands on the agenda of every meeting of a board."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from partnerships.actions.editing import save_edit
from partnerships.actions.meeting_notices import tell_of_agenda
from partnerships.actions.meetings import open_meeting
from partnerships.errors import DomainError
from partnerships.models import AgendaItem, Board, ItemPurpose, Meeting, MeetingStatus, StandingItem
from partnerships.queries.agendas import standing_items

MOST_ITEMS = 60
LONGEST = 24 * 60


# --- One meeting -------------------------------------------------------------------------------------------------
@transaction.atomic
def add_item(
    *,
    meeting: Meeting,
    title: str,
    purpose: ItemPurpose = ItemPurpose.DISCUSSION,
    minutes: int | None = None,
    lead: Any = None,
    needs_paper: bool = False,
    before: AgendaItem | None = None,
    by: Any,
) -> AgendaItem:
    """Put something on the agenda, at its end or before another item."""
    found = open_meeting(meeting)
    if found.status == MeetingStatus.CANCELLED:
        raise DomainError("This meeting was cancelled. Plan it again first.")
    _check(title, minutes)
    items = AgendaItem.objects.filter(meeting=found)
    if items.count() >= MOST_ITEMS:
        raise DomainError(f"An agenda has {MOST_ITEMS} items at most.")
    position = (items.aggregate(last=Max("position"))["last"] or 0) + 1
    if before is not None and before.meeting_id == found.pk:
        position = before.position
        behind = Q(position__gt=position) | Q(position=position, pk__gte=before.pk)
        items.filter(behind).update(position=F("position") + 1)
    made = AgendaItem.objects.create(
        partnership_id=found.partnership_id,
        meeting=found,
        title=" ".join(title.split()),
        purpose=purpose,
        minutes=minutes,
        lead=lead,
        needs_paper=needs_paper,
        position=position,
        created_by=by,
    )
    tell_of_agenda(found, by=by)
    return made


@transaction.atomic
def edit_item(*, item: AgendaItem, expected_version: int, by: Any, **changes: Any) -> AgendaItem:
    """Change an item. Raises EditConflict when somebody saved it since."""
    open_meeting(item.meeting)
    _check(changes.get("title", item.title), changes.get("minutes", item.minutes))
    saved = save_edit(item, expected_version=expected_version, changes=changes)
    tell_of_agenda(item.meeting, by=by)
    return saved


@transaction.atomic
def move_item(*, item: AgendaItem, up: bool, by: Any) -> None:
    """One place up or down. At the end of the list nothing happens."""
    open_meeting(item.meeting)
    _move(list(AgendaItem.objects.filter(meeting=item.meeting)), item, up=up)


@transaction.atomic
def remove_item(*, item: AgendaItem, by: Any) -> None:
    """Take an item off this agenda. Its papers stay with the meeting; a standing item stays on the other agendas."""
    open_meeting(item.meeting)
    if item.notes.strip() or item.decisions.exists():
        raise DomainError("This item has minutes or a decision, so it stays on the agenda.")
    AgendaItem.objects.filter(pk=item.pk).delete()
    tell_of_agenda(item.meeting, by=by)


# --- Every meeting of a board ------------------------------------------------------------------------------------
@transaction.atomic
def add_standing_item(
    *,
    board: Board,
    title: str,
    minutes: int | None = None,
    lead: Any = None,
    starts_on: date | None = None,
    by: Any,
) -> StandingItem:
    """From a day on (today) it stands on every agenda of the board, on those of meetings that are planned already too."""
    board = Board.objects.select_for_update().get(pk=board.pk)
    starts_on = starts_on or timezone.localdate()
    title = " ".join(title.split())
    _check(title, minutes)
    standing = list(standing_items(board))
    if any(item.title.casefold() == title.casefold() for item in standing):
        raise DomainError("This stands on every agenda already.", field="title")
    if len(standing) >= MOST_ITEMS:
        raise DomainError(f"An agenda has {MOST_ITEMS} items at most.")
    made = StandingItem.objects.create(
        partnership_id=board.partnership_id,
        board=board,
        title=title,
        minutes=minutes,
        lead=lead,
        starts_on=starts_on,
        position=max((item.position for item in standing), default=0) + 1,
        created_by=by,
    )
    for meeting in _planned(board, starts_on).annotate(last=Max("agenda__position")):
        AgendaItem.objects.create(
            partnership_id=board.partnership_id,
            meeting=meeting,
            standing_item=made,
            title=title,
            minutes=minutes,
            lead=lead,
            position=(meeting.last or 0) + 1,
            created_by=by,
        )
    return made


@transaction.atomic
def edit_standing_item(*, item: StandingItem, expected_version: int, by: Any, **changes: Any) -> StandingItem:
    """Change it on the agendas to come too, except where one meeting says it differently."""
    Board.objects.select_for_update().get(pk=item.board_id)
    _check(changes.get("title", item.title), changes.get("minutes", item.minutes))
    title = changes.get("title", item.title)
    others = standing_items(item.board).exclude(pk=item.pk)
    if any(other.title.casefold() == title.casefold() for other in others):
        raise DomainError("Another item of this name stands on every agenda.", field="title")
    on_agendas = AgendaItem.objects.filter(
        standing_item=item, meeting__in=_planned(item.board, timezone.localdate())
    )
    for name, value in changes.items():
        on_agendas.filter(**{name: getattr(item, name)}).update(**{name: value}, updated_at=timezone.now())
    return save_edit(item, expected_version=expected_version, changes=changes)


@transaction.atomic
def end_standing_item(*, item: StandingItem, by: Any) -> None:
    """From today on it is on no new agenda. It leaves those of planned meetings where nobody has done anything with it yet."""
    Board.objects.select_for_update().get(pk=item.board_id)
    today = timezone.localdate()
    untouched = AgendaItem.objects.filter(
        standing_item=item, notes="", papers=None, decisions=None, commitments=None
    )
    untouched.filter(meeting__in=_planned(item.board, today)).delete()
    if item.starts_on > today or not item.agenda_items.exists():
        StandingItem.objects.filter(pk=item.pk).delete()
        return
    # Its last day is yesterday, where it has one: a meeting that is planned for today is planned without it.
    last = max(item.starts_on, today - timedelta(days=1))
    save_edit(item, expected_version=item.version, changes={"ends_on": last})


@transaction.atomic
def move_standing_item(*, item: StandingItem, up: bool, by: Any) -> None:
    """One place up or down on the agendas that are planned from now on."""
    board = Board.objects.select_for_update().get(pk=item.board_id)
    _move(list(standing_items(board)), item, up=up)


# --- What they share ---------------------------------------------------------------------------------------------
def _planned(board: Board, since: date) -> Any:
    since = max(since, timezone.localdate())
    return Meeting.objects.filter(board=board, status=MeetingStatus.PLANNED, held_on__gte=since)


def _check(title: str, minutes: int | None) -> None:
    if not title.strip():
        raise DomainError("Say what the item is.", field="title")
    if minutes is not None and not 0 < minutes <= LONGEST:
        raise DomainError("The minutes must be a number from 1 to 1,440.", field="minutes")


def _move(items: list[Any], moved: Any, *, up: bool) -> None:
    """Numbers the items anew, so that what two people did at once never leaves two in one place."""
    keys = [item.pk for item in items]
    if moved.pk not in keys:
        return
    here = keys.index(moved.pk)
    there = here - 1 if up else here + 1
    if 0 <= there < len(items):
        items[here], items[there] = items[there], items[here]
    write: Callable[..., Any] = type(moved)._default_manager.filter
    for position, item in enumerate(items, 1):
        if item.position != position:
            write(pk=item.pk).update(position=position)
