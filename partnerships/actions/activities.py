"""Logging what partners did."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import formats, timezone

from partnerships.actions.drafts import DraftKey, drop_saved_draft
from partnerships.actions.editing import save_edit
from partnerships.actions.setting_up import add_organisation
from partnerships.errors import DomainError
from partnerships.models import (
    Activity,
    ActivityKind,
    Board,
    Contact,
    Organisation,
    Partnership,
    Place,
    Programme,
    Sector,
    Visibility,
)
from partnerships.queries.activities import organisations_of, places_of

LONGEST = {"title": 200, "what_happened": 20_000, "next_step": 2_000}
A_WEEK = 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class Newcomers:
    """Organisations and people typed by name because no list has them yet; those that are known after all are used.

    `person_named` is people's own action, handed in because this app stands below it.
    """

    organisations: Collection[str] = ()
    sector: Sector | str = ""
    people: Collection[str] = ()
    person_named: Callable[[str], Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewActivity:
    """One of many activities that were written down elsewhere and earlier; the fields are `log_activity`'s."""

    title: str
    happened_on: date
    kind: ActivityKind = ActivityKind.MEETING
    minutes: int | None = None
    what_happened: str = ""
    next_step: str = ""
    next_step_on: date | None = None
    next_step_done_on: date | None = None
    programme: Programme | None = None
    board: Board | None = None
    place: Place | None = None
    organisations: Collection[Organisation] = ()
    people: Collection[Any] = ()
    visibility: Visibility = Visibility.PARTNERSHIP
    is_complete: bool = True
    created_at: datetime | None = None


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
    newcomers: Newcomers | None = None,
    visibility: Visibility = Visibility.PARTNERSHIP,
    is_complete: bool = True,
    draft: DraftKey | None = None,
    created_at: datetime | None = None,
) -> Activity:
    """Record an activity; the draft it was typed as goes. `created_at` is when it was first written down, where that
    was elsewhere and earlier.

    Raises DomainError, naming the field, for a day in the future or before the partnership began, a board that had
    ended, or a record of another partnership.
    """
    facts = {
        "title": title.strip(),
        "happened_on": happened_on,
        "kind": kind,
        "minutes": minutes,
        "what_happened": what_happened,
        "next_step": next_step,
        "next_step_on": next_step_on,
        "programme": programme,
        "board": board,
        "place": place,
        "visibility": visibility,
        "is_complete": is_complete,
    }
    _check(partnership, facts, changed=facts.keys())
    _check_organisations(partnership, organisations)
    created_at = created_at or timezone.now()
    activity = Activity.objects.create(
        partnership=partnership, created_by=by, created_at=created_at, updated_at=created_at, **facts
    )
    new_organisations, new_people = _make(partnership, newcomers, by)
    activity.organisations.set([*organisations, *new_organisations])
    activity.people.set([*people, *new_people])
    drop_saved_draft(partnership=partnership, by=by, key=draft)
    return activity


@transaction.atomic
def log_activities(*, partnership: Partnership, by: Any, entries: Collection[NewActivity]) -> list[Activity]:
    """Record many activities by one author, in the order given. By the rules of `log_activity`: all of them, or none.

    The number of queries does not grow with the number of entries.
    """
    now = timezone.now()
    made = []
    for entry in entries:
        facts = {field.name: getattr(entry, field.name) for field in fields(NewActivity)} | {
            "title": entry.title.strip()
        }
        created_at = facts.pop("created_at") or now
        for name in ("organisations", "people"):
            facts.pop(name)
        _check(partnership, facts, changed=facts.keys() - {"place"})
        if facts["next_step_done_on"] and not facts["next_step"]:
            raise DomainError("This activity has no next step.", field="next_step")
        made.append(
            Activity(
                partnership=partnership, created_by=by, created_at=created_at, updated_at=created_at, **facts
            )
        )
    _check_places(partnership, [entry.place for entry in entries if entry.place])
    _check_organisations(partnership, [one for entry in entries for one in entry.organisations])
    Activity.objects.bulk_create(made, batch_size=1000)
    for name, column in (("organisations", "organisation_id"), ("people", "person_id")):
        links = getattr(Activity, name).through
        links.objects.bulk_create(
            (
                links(**{"activity_id": activity.pk, column: pk})
                for activity, entry in zip(made, entries, strict=True)
                for pk in dict.fromkeys(one.pk for one in getattr(entry, name))
            ),
            batch_size=1000,
        )
    return made


@transaction.atomic
def edit_activity(
    *,
    activity: Activity,
    expected_version: int,
    by: Any,
    organisations: Collection[Organisation] | None = None,
    people: Collection[Any] | None = None,
    newcomers: Newcomers | None = None,
    draft: DraftKey | None = None,
    **changes: Any,
) -> Activity:
    """Change an activity. Raises EditConflict when somebody saved it since `expected_version`."""
    partnership = activity.partnership
    if "title" in changes:
        changes["title"] = changes["title"].strip()
    changed = {name for name, value in changes.items() if getattr(activity, name) != value}
    facts = {name: getattr(activity, name) for name in CHECKED} | changes
    _check(partnership, facts, changed=changed)
    if organisations is not None:
        known = set(activity.organisations.values_list("pk", flat=True))
        _check_organisations(partnership, [one for one in organisations if one.pk not in known])
    save_edit(activity, expected_version=expected_version, changes=changes)
    new_organisations, new_people = _make(partnership, newcomers, by)
    if organisations is not None or new_organisations:
        kept = activity.organisations.all() if organisations is None else organisations
        activity.organisations.set([*kept, *new_organisations])
    if people is not None or new_people:
        activity.people.set([*(activity.people.all() if people is None else people), *new_people])
    drop_saved_draft(partnership=partnership, by=by, key=draft)
    return activity


@transaction.atomic
def mark_next_step(*, activity: Activity, done: bool, by: Any, on: date | None = None) -> Activity:
    """Say that an activity's next step was done, or was not after all. Saying it twice changes nothing."""
    current = Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)
    if not current.next_step:
        raise DomainError("This activity has no next step.")
    if done == (current.next_step_done_on is not None):
        return current
    day = (on or timezone.localdate()) if done else None
    return save_edit(current, expected_version=current.version, changes={"next_step_done_on": day})


# --- Rules -------------------------------------------------------------------------------------------------------
CHECKED = (*LONGEST, "happened_on", "minutes", "next_step_on", "programme", "board", "place")


def _check(partnership: Partnership, facts: dict[str, Any], *, changed: Collection[str]) -> None:
    """Each rule looks at what changed only: what was right when it was saved never stops a later correction elsewhere."""
    if not facts["title"].strip():
        raise DomainError("Enter what happened, in a few words.", field="title")
    for field, longest in LONGEST.items():
        if field in changed:
            _check_text(facts[field], field, longest)
    if "happened_on" in changed:
        _check_day(partnership, facts["happened_on"])
    if facts["minutes"] is not None and not 1 <= facts["minutes"] <= A_WEEK:
        raise DomainError("How long it took must be between 1 minute and 7 days.", field="minutes")
    if "next_step_on" in changed and facts["next_step_on"] is not None:
        if not facts["next_step"].strip():
            raise DomainError("Enter the next step, or remove its date.", field="next_step")
        if facts["next_step_on"] < facts["happened_on"]:
            raise DomainError(
                "The date of the next step must be on or after the day of the activity.", field="next_step_on"
            )
    _check_belonging(partnership, facts, changed)


def _check_text(text: str, field: str, longest: int) -> None:
    if "\x00" in text:
        raise DomainError("Null characters are not allowed.", field=field)
    if len(text) > longest:
        raise DomainError(f"This must be {longest:,} characters or fewer. It has {len(text):,}.", field=field)


def _check_day(partnership: Partnership, day: date) -> None:
    if day > timezone.localdate():
        raise DomainError(
            "The date must be today or in the past. Put what is planned into next steps.", field="happened_on"
        )
    if day < partnership.started_on:
        raise DomainError(
            f"The partnership began on {formats.date_format(partnership.started_on)}. Check the year.",
            field="happened_on",
        )


def _check_belonging(partnership: Partnership, facts: dict[str, Any], changed: Collection[str]) -> None:
    for field in ("programme", "board"):
        if facts[field] is not None and facts[field].partnership_id != partnership.pk:
            raise DomainError(f"Choose a {field} of this partnership.", field=field)
    board, day = facts["board"], facts["happened_on"]
    if {"board", "happened_on"} & set(changed) and board and board.ended_on and board.ended_on < day:
        raise DomainError(
            f"{board} ended on {formats.date_format(board.ended_on)}, before this activity.", field="board"
        )
    if facts["place"] is not None and "place" in changed:
        _check_places(partnership, [facts["place"]])


def _check_places(partnership: Partnership, places: Collection[Place]) -> None:
    wanted = {place.pk for place in places}
    if wanted and places_of(partnership).filter(pk__in=wanted).count() < len(wanted):
        raise DomainError("Choose a place that the partnership covers.", field="place")


def _check_organisations(partnership: Partnership, organisations: Collection[Organisation]) -> None:
    wanted = {one.pk for one in organisations}
    if wanted and organisations_of(partnership).filter(pk__in=wanted).count() < len(wanted):
        raise DomainError("Choose organisations of this partnership.", field="organisations")


def _make(
    partnership: Partnership, newcomers: Newcomers | None, by: Any
) -> tuple[list[Organisation], list[Any]]:
    if newcomers is None:
        return [], []
    organisations = [
        _organisation_named(partnership, name, newcomers.sector, by) for name in newcomers.organisations
    ]
    if newcomers.people and newcomers.person_named is None:
        raise TypeError("people by name need `person_named`")
    people = [newcomers.person_named(name) for name in newcomers.people]
    for person in people:
        Contact.objects.get_or_create(partnership=partnership, person=person)
    return organisations, people


def _organisation_named(partnership: Partnership, name: str, sector: Sector | str, by: Any) -> Organisation:
    """The sector matters only for an organisation that nobody has recorded before."""
    if not sector:
        recorded = Organisation.objects.filter(name__iexact=" ".join(name.split())).first()
        if recorded is None:
            raise DomainError(f"Select the sector of {name}.", field="new_sector")
        sector = recorded.sector
    return add_organisation(partnership=partnership, name=name, sector=Sector(sector), by=by)
