"""What the tests of meetings share: a day, a meeting, and the addresses of its pages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from partnerships.actions.meetings import plan_meeting


def days(number: int) -> date:
    """So many days from today; negative for days that have passed."""
    return timezone.localdate() + timedelta(days=number)


def meeting_on(world: Any, day: date, **said: Any) -> Any:
    return plan_meeting(board=world.board, held_on=day, by=world.officer, **said)


def address(name: str, meeting: Any, *args: Any) -> str:
    return reverse(name, args=[meeting.partnership.slug, meeting.board_id, meeting.pk, *args])


def board_address(name: str, board: Any, *args: Any) -> str:
    return reverse(name, args=[board.partnership.slug, board.pk, *args])


def date_fields(name: str, day: date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}
