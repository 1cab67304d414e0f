"""Logging what partners did."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import (
    Activity,
    ActivityKind,
    Board,
    Organisation,
    Partnership,
    Place,
    Programme,
    Visibility,
)

EARLIEST = date(1990, 1, 1)


@transaction.atomic
def log_activity(
    *,
    partnership: Partnership,
    by: Any,
    title: str,
    happened_on: date,
    kind: ActivityKind = ActivityKind.MEETING,
    minutes: int | None = None,
    what_happened: str = "",
    next_step: str = "",
    next_step_on: date | None = None,
    programme: Programme | None = None,
    board: Board | None = None,
    place: Place | None = None,
    organisations: Collection[Organisation] = (),
    people: Collection[Any] = (),
    visibility: Visibility = Visibility.PARTNERSHIP,
    is_complete: bool = True,
    created_at: datetime | None = None,
) -> Activity:
    """Record an activity; `created_at` is when it was first written down, where that was elsewhere and earlier.

    Raises DomainError, naming the field, for a day in the future or a record of another partnership.
    """
    _check(
        partnership=partnership,
        title=title,
        happened_on=happened_on,
        minutes=minutes,
        programme=programme,
        board=board,
    )
    created_at = created_at or timezone.now()
    activity = Activity.objects.create(
        partnership=partnership,
        created_by=by,
        created_at=created_at,
        updated_at=created_at,
        title=title.strip(),
        happened_on=happened_on,
        kind=kind,
        minutes=minutes,
        what_happened=what_happened,
        next_step=next_step,
        next_step_on=next_step_on,
        programme=programme,
        board=board,
        place=place,
        visibility=visibility,
        is_complete=is_complete,
    )
    activity.organisations.set(organisations)
    activity.people.set(people)
    return activity


@transaction.atomic
def edit_activity(
    *,
    activity: Activity,
    expected_version: int,
    by: Any,
    organisations: Collection[Organisation] | None = None,
    people: Collection[Any] | None = None,
    **changes: Any,
) -> Activity:
    """Change an activity. Raises EditConflict when somebody saved it since `expected_version`."""
    after = {
        name: changes.get(name, getattr(activity, name))
        for name in ("title", "happened_on", "minutes", "programme", "board")
    }
    _check(partnership=activity.partnership, **after)
    save_edit(activity, expected_version=expected_version, changes=changes)
    if organisations is not None:
        activity.organisations.set(organisations)
    if people is not None:
        activity.people.set(people)
    return activity


def _check(
    *,
    partnership: Partnership,
    title: str,
    happened_on: date,
    minutes: int | None,
    programme: Programme | None,
    board: Board | None,
) -> None:
    if not title.strip():
        raise DomainError("Enter what happened, in a few words.", field="title")
    if happened_on > timezone.localdate():
        raise DomainError(
            "The date must be today or in the past. Put what is planned into next steps.", field="happened_on"
        )
    if happened_on < EARLIEST:
        raise DomainError("The date is too long ago. Check the year.", field="happened_on")
    if minutes is not None and not 1 <= minutes <= 10080:
        raise DomainError("How long it took must be between 1 minute and 7 days.", field="minutes")
    for field, record in (("programme", programme), ("board", board)):
        if record is not None and record.partnership_id != partnership.pk:
            raise DomainError(f"Choose a {field} of this partnership.", field=field)
