"""The periods of a programme's own calendar, such as school holidays, for which partners send figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Programme, ProgrammePeriod
from partnerships.queries.periods import is_used

# What the label of a figure can hold.
LONGEST_NAME = 40
MOST_AT_ONCE = 60


@dataclass(frozen=True, slots=True)
class NewPeriod:
    name: str
    starts_on: date
    ends_on: date
    returns_due_on: date


@transaction.atomic
def add_period(
    *,
    programme: Programme,
    name: str,
    starts_on: date,
    ends_on: date,
    returns_due_on: date,
    by: Any = None,
) -> ProgrammePeriod:
    wanted = NewPeriod(name, starts_on, ends_on, returns_due_on)
    return add_periods(programme=programme, periods=[wanted], by=by)[0]


@transaction.atomic
def add_periods(
    *, programme: Programme, periods: Iterable[NewPeriod], by: Any = None
) -> list[ProgrammePeriod]:
    """Add many: all of them, or none."""
    # Two who add periods at once wait for each other here, so that no two overlap.
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    periods = list(periods)
    if not periods:
        raise DomainError("Choose at least one period.")
    if len(periods) > MOST_AT_ONCE:
        raise DomainError(f"Add up to {MOST_AT_ONCE} periods at once.")
    known: list[NewPeriod | ProgrammePeriod] = list(programme.periods.all())
    checked: list[NewPeriod] = []
    for one in periods:
        checked.append(replace(one, name=_checked(known, one)))
        known.append(checked[-1])
    return ProgrammePeriod.objects.bulk_create(
        ProgrammePeriod(
            partnership_id=programme.partnership_id,
            programme=programme,
            name=one.name,
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            returns_due_on=one.returns_due_on,
            created_by=by,
        )
        for one in checked
    )


@transaction.atomic
def edit_period(
    *,
    period: ProgrammePeriod,
    expected_version: int,
    name: str,
    starts_on: date,
    ends_on: date,
    returns_due_on: date,
    by: Any,
) -> ProgrammePeriod:
    """Change a period. Its first and last day stay as they are once something hangs on them.

    Raises EditConflict, with nothing changed, when somebody else saved it since `expected_version`.
    """
    Programme.objects.select_for_update(no_key=True).get(pk=period.programme_id)
    others = list(period.programme.periods.exclude(pk=period.pk))
    name = _checked(others, NewPeriod(name, starts_on, ends_on, returns_due_on))
    moved = (starts_on, ends_on) != (period.starts_on, period.ends_on)
    if moved and is_used(period):
        raise DomainError(
            "Partners are asked for figures of these days already, so the first and the last day stay. "
            "You can change the name and when figures are due.",
            field="starts_on" if starts_on != period.starts_on else "ends_on",
        )
    changes = {"name": name, "starts_on": starts_on, "ends_on": ends_on, "returns_due_on": returns_due_on}
    return save_edit(period, expected_version=expected_version, changes=changes)


@transaction.atomic
def remove_period(*, period: ProgrammePeriod, by: Any) -> None:
    """Remove a period on which nothing hangs. Raises DomainError when partners are asked for figures of it already."""
    try:
        with transaction.atomic():
            ProgrammePeriod.objects.filter(pk=period.pk).delete()
    except ProtectedError:
        raise DomainError(
            f"{period.name} can't be removed: partners are asked for its figures already."
        ) from None


def _checked(others: Sequence[NewPeriod | ProgrammePeriod], period: NewPeriod) -> str:
    """The name as it is kept, when all is in order."""
    name = " ".join(period.name.split())
    if not name:
        raise DomainError("Enter the period's name.", field="name")
    if len(name) > LONGEST_NAME:
        raise DomainError(f"The name must be {LONGEST_NAME} characters or fewer.", field="name")
    if period.ends_on < period.starts_on:
        raise DomainError("The last day must be on or after the first.", field="ends_on")
    if period.returns_due_on < period.starts_on:
        raise DomainError("Figures can't be due before the period begins.", field="returns_due_on")
    for other in others:
        if other.name.casefold() == name.casefold():
            raise DomainError(f"There is already a period called {name}.", field="name")
        if other.starts_on <= period.ends_on and other.ends_on >= period.starts_on:
            raise DomainError(f"{name} overlaps with {other.name}.", field="starts_on")
    return name
