"""Programmes that partners run together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import (
    Calendar,
    CoDesign,
    Organisation,
    Partnership,
    Place,
    Programme,
    ProgrammeKind,
    ProgrammeStatus,
    StatusChange,
    StrategyTheme,
)
from partnerships.queries.activities import organisations_of, places_of
from partnerships.queries.programmes import DEEP, last_change

LISTS = ("partners", "places", "themes")


@transaction.atomic
def add_programme(
    *,
    partnership: Partnership,
    name: str,
    kind: ProgrammeKind,
    summary: str = "",
    provider: Organisation | None = None,
    commissioner: Organisation | None = None,
    partners: Iterable[Organisation] = (),
    places: Iterable[Place] = (),
    themes: Iterable[StrategyTheme] = (),
    status: ProgrammeStatus = ProgrammeStatus.RUNNING,
    starts_on: date | None = None,
    ends_on: date | None = None,
    theory_of_change: str = "",
    co_design: CoDesign | str = CoDesign.NOT_SAID,
    co_design_change: str = "",
    calendar: Calendar | str = Calendar.NONE,
    by: Any = None,
) -> Programme:
    name = " ".join(name.split())
    lists = {"partners": list(partners), "places": list(places), "themes": list(themes)}
    single = {"provider": provider, "commissioner": commissioner}
    _check(partnership, name, starts_on, ends_on, co_design, co_design_change)
    _check_ours(partnership, **single, **lists)
    programme = Programme.objects.create(
        partnership=partnership,
        name=name,
        kind=kind,
        summary=summary,
        **single,
        status=status,
        starts_on=starts_on,
        ends_on=ends_on,
        theory_of_change=theory_of_change,
        co_design=co_design,
        co_design_change=co_design_change.strip(),
        calendar=calendar,
        created_by=by,
    )
    _set_lists(programme, lists)
    return programme


@transaction.atomic
def edit_programme(*, programme: Programme, expected_version: int, by: Any, **changes: Any) -> Programme:
    """Change a programme, but for its status. Raises EditConflict when somebody saved it since `expected_version`."""
    given = {name: list(changes.pop(name)) for name in LISTS if name in changes}
    now = {
        name: changes.get(name, getattr(programme, name))
        for name in ("name", "starts_on", "ends_on", "co_design", "co_design_change")
    }
    changes["name"] = now["name"] = " ".join(now["name"].split())
    _check(programme.partnership, **now, programme=programme)
    single = {name: changes[name] for name in ("provider", "commissioner") if name in changes}
    _check_ours(programme.partnership, programme=programme, **single, **given)
    saved = save_edit(programme, expected_version=expected_version, changes=changes)
    _set_lists(saved, given)
    return saved


@transaction.atomic
def change_status(
    *,
    programme: Programme,
    expected_version: int,
    status: ProgrammeStatus | str,
    changed_on: date,
    reason: str,
    context: str = "",
    by: Any,
) -> StatusChange:
    """Record that a programme began, paused, stopped, finished or began again, with the reason.

    Raises DomainError for the status that it has already, for a day to come and for one before the last change.
    """
    status, reason = ProgrammeStatus(status), reason.strip()
    if status == programme.status:
        raise DomainError(f"The programme is {status.label.lower()} already.", field="status")
    if not reason:
        raise DomainError("Say why it changed.", field="reason")
    if changed_on > timezone.localdate():
        raise DomainError("A change is recorded when its day has come.", field="changed_on")
    before = last_change(programme)
    if before is not None and changed_on < before.changed_on:
        raise DomainError(
            f"The last change was on {before.changed_on.day} {before.changed_on:%B %Y}. This one can't be before it.",
            field="changed_on",
        )
    save_edit(programme, expected_version=expected_version, changes={"status": status})
    return StatusChange.objects.create(
        partnership_id=programme.partnership_id,
        programme=programme,
        status=status,
        changed_on=changed_on,
        reason=reason,
        context=context.strip(),
        recorded_by=by,
    )


def _check(
    partnership: Partnership,
    name: str,
    starts_on: date | None,
    ends_on: date | None,
    co_design: str,
    co_design_change: str,
    programme: Programme | None = None,
) -> None:
    if not name:
        raise DomainError("Enter the programme's name.", field="name")
    others = Programme.objects.filter(partnership=partnership, name__iexact=name)
    if others.exclude(pk=programme.pk if programme else None).exists():
        raise DomainError("There is already a programme of this name.", field="name")
    if starts_on and ends_on and ends_on < starts_on:
        raise DomainError("The last day must be on or after the first.", field="ends_on")
    if co_design in DEEP and not co_design_change.strip():
        raise DomainError(
            "Say what changed because of residents. If nothing has changed yet, choose “consulted”.",
            field="co_design_change",
        )


def _check_ours(
    partnership: Partnership,
    *,
    programme: Programme | None = None,
    provider: Organisation | None = None,
    commissioner: Organisation | None = None,
    partners: Iterable[Organisation] = (),
    places: Iterable[Place] = (),
    themes: Iterable[StrategyTheme] = (),
) -> None:
    """What is named belongs to the partnership. What the programme names already may stay, whatever became of it since."""
    kept = (
        {name: set(getattr(programme, name).values_list("pk", flat=True)) for name in LISTS}
        if programme
        else {}
    )
    named = {"provider": provider, "commissioner": commissioner}
    asked = {o.pk for o in (*named.values(), *partners) if o is not None} - kept.get("partners", set())
    if programme:
        asked -= {programme.provider_id, programme.commissioner_id}
    known = (
        set(organisations_of(partnership).filter(pk__in=asked).values_list("pk", flat=True))
        if asked
        else set()
    )
    if asked - known:
        field = next(
            (name for name, o in named.items() if o is not None and o.pk in asked - known), "partners"
        )
        raise DomainError("Choose an organisation of this partnership.", field=field)
    where = {place.pk for place in places} - kept.get("places", set())
    if where and places_of(partnership).filter(pk__in=where).distinct().count() < len(where):
        raise DomainError("Choose places of this partnership.", field="places")
    if any(theme.partnership_id != partnership.pk for theme in themes):
        raise DomainError("Choose themes of this partnership.", field="themes")


def _set_lists(programme: Programme, lists: dict[str, list[Any]]) -> None:
    for name, records in lists.items():
        getattr(programme, name).set(records)
