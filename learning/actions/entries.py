"""Writing down what partners learned."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from learning.models import CameFrom, LearningEntry, Verdict
from outcomes.models import Outcome
from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Activity, Partnership


@transaction.atomic
def write_entry(
    *,
    partnership: Partnership,
    by: Any,
    title: str,
    expected: str,
    happened: str,
    verdict: Verdict,
    learned_on: date | None = None,
    why: str = "",
    what_changes: str = "",
    came_from: CameFrom = CameFrom.OBSERVATION,
    activity: Activity | None = None,
    outcome: Outcome | None = None,
    owner: Any = None,
    review_on: date | None = None,
    created_at: datetime | None = None,
) -> LearningEntry:
    """Write a learning entry; `created_at` is when it was first written, where that was elsewhere and earlier.

    Raises DomainError, naming the field, for a text that is missing, a day in the future, a review before the learning, and
    an activity or outcome of another partnership.
    """
    learned_on = learned_on or timezone.localdate()
    fields = {
        "title": title,
        "expected": expected,
        "happened": happened,
        "learned_on": learned_on,
        "review_on": review_on,
        "activity": activity,
        "outcome": outcome,
    }
    _check(partnership, fields)
    created_at = created_at or timezone.now()
    return LearningEntry.objects.create(
        partnership=partnership,
        **_stripped(fields),
        verdict=verdict,
        why=why.strip(),
        what_changes=what_changes.strip(),
        came_from=came_from,
        owner=owner,
        created_by=by,
        created_at=created_at,
        updated_at=created_at,
    )


@transaction.atomic
def edit_entry(*, entry: LearningEntry, expected_version: int, by: Any, **changes: Any) -> LearningEntry:
    """Change a learning entry. Raises EditConflict when somebody saved it since `expected_version`."""
    after = {
        name: changes.get(name, getattr(entry, name))
        for name in ("title", "expected", "happened", "learned_on", "review_on", "activity", "outcome")
    }
    _check(entry.partnership, after)
    return save_edit(entry, expected_version=expected_version, changes=_stripped(changes))


def _stripped(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value.strip() if isinstance(value, str) else value for name, value in fields.items()}


def _check(partnership: Partnership, fields: dict[str, Any]) -> None:
    for field, refusal in (
        ("title", "Enter what was learned, in a few words."),
        ("expected", "Enter what you expected to happen."),
        ("happened", "Enter what happened."),
    ):
        if not fields[field].strip():
            raise DomainError(refusal, field=field)
    if fields["learned_on"] > timezone.localdate():
        raise DomainError("The date must be today or in the past.", field="learned_on")
    if fields["review_on"] is not None and fields["review_on"] < fields["learned_on"]:
        raise DomainError("Look at it again on or after the day it was learned.", field="review_on")
    for field in ("activity", "outcome"):
        record = fields[field]
        if record is not None and record.partnership_id != partnership.pk:
            article = "an activity" if field == "activity" else "an outcome"
            raise DomainError(f"Choose {article} of this partnership.", field=field)
