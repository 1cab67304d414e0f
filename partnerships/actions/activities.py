"""Logging what partners did."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from partnerships.actions.activity_review import withdraw
from partnerships.actions.activity_rules import (
    CHECKED,
    check,
    check_audience,
    check_authors,
    check_links,
    check_organisations,
    check_places,
)
from partnerships.actions.documents import attach_document
from partnerships.actions.drafts import DraftKey, drop_saved_draft
from partnerships.actions.editing import save_edit
from partnerships.actions.setting_up import add_organisation
from partnerships.errors import DomainError
from partnerships.models import (
    Activity,
    ActivityKind,
    Board,
    Commitment,
    Contact,
    Organisation,
    OwnKind,
    Partnership,
    Place,
    Programme,
    Sector,
    StrategyTheme,
    Visibility,
)

# Whoever and whatever an activity names, by the name of the relation.
LINKS = ("organisations", "people", "authors", "commitments", "themes")


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
    own_kind: OwnKind | None = None
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
    authors: Collection[Any] = ()
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
    own_kind: OwnKind | None = None,
    minutes: int | None = None,
    what_happened: str = "",
    next_step: str = "",
    next_step_on: date | None = None,
    programme: Programme | None = None,
    board: Board | None = None,
    place: Place | None = None,
    organisations: Collection[Organisation] = (),
    people: Collection[Any] = (),
    authors: Collection[Any] = (),
    commitments: Collection[Commitment] = (),
    themes: Collection[StrategyTheme] = (),
    newcomers: Newcomers | None = None,
    visibility: Visibility = Visibility.PARTNERSHIP,
    is_complete: bool = True,
    file: UploadedFile | None = None,
    draft: DraftKey | None = None,
    created_at: datetime | None = None,
) -> Activity:
    """Record an activity; the draft it was typed as goes. `created_at` is when it was first written down, where that
    was elsewhere and earlier; `authors` are those who write it together with `by`, `commitments` what it moved on, and
    `file` is attached to it.

    Raises DomainError, naming the field, for a day in the future or before the partnership began, a board that had
    ended, or a record of another partnership.
    """
    facts = {
        "title": title.strip(),
        "happened_on": happened_on,
        "kind": kind,
        "own_kind": own_kind,
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
    check(partnership, facts, changed=facts.keys())
    links = {
        "organisations": organisations,
        "people": people,
        "authors": [person for person in authors if person != by],
        "commitments": commitments,
        "themes": themes,
    }
    check_links(partnership, links)
    created_at = created_at or timezone.now()
    activity = Activity.objects.create(
        partnership=partnership, created_by=by, created_at=created_at, updated_at=created_at, **facts
    )
    new_organisations, new_people = _make(partnership, newcomers, by)
    links["organisations"] = [*organisations, *new_organisations]
    links["people"] = [*people, *new_people]
    for name, chosen in links.items():
        if chosen:
            getattr(activity, name).set(chosen)
    if file is not None:
        attach_document(parent=activity, file=file, by=by)
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
        facts = check_entry(partnership, entry)
        created_at = entry.created_at or now
        made.append(
            Activity(
                partnership=partnership, created_by=by, created_at=created_at, updated_at=created_at, **facts
            )
        )
    check_places(partnership, [entry.place for entry in entries if entry.place])
    check_organisations(partnership, [one for entry in entries for one in entry.organisations])
    check_authors(partnership, [one for entry in entries for one in entry.authors])
    Activity.objects.bulk_create(made, batch_size=1000)
    linked = (("organisations", "organisation_id"), ("people", "person_id"), ("authors", "person_id"))
    for name, column in linked:
        links = getattr(Activity, name).through
        links.objects.bulk_create(
            (
                links(**{"activity_id": activity.pk, column: pk})
                for activity, entry in zip(made, entries, strict=True)
                for pk in dict.fromkeys(one.pk for one in getattr(entry, name))
                if name != "authors" or pk != by.pk
            ),
            batch_size=1000,
        )
    return made


def check_entry(partnership: Partnership, entry: NewActivity) -> dict[str, Any]:
    """The columns of one entry; its place and whoever it names are looked at for all entries together.

    Raises DomainError as `log_activity` does. Asks the database nothing.
    """
    elsewhere = {"created_at", "organisations", "people", "authors"}
    names = [field.name for field in fields(NewActivity) if field.name not in elsewhere]
    facts = {name: getattr(entry, name) for name in names} | {"title": entry.title.strip()}
    check(partnership, facts, changed=facts.keys() - {"place"})
    if facts["next_step_done_on"] and not facts["next_step"]:
        raise DomainError("This activity has no next step.", field="next_step")
    return facts


@transaction.atomic
def edit_activity(
    *,
    activity: Activity,
    expected_version: int,
    by: Any,
    newcomers: Newcomers | None = None,
    file: UploadedFile | None = None,
    draft: DraftKey | None = None,
    **changes: Any,
) -> Activity:
    """Change an activity; the fields are `log_activity`'s, and those that are left out stay. What had been accepted and
    says something else now is no longer accepted.

    Raises EditConflict when somebody saved it since `expected_version`.
    """
    partnership = activity.partnership
    links = {name: list(changes.pop(name)) for name in LINKS if changes.get(name) is not None}
    if "authors" in links:
        links["authors"] = [person for person in links["authors"] if person.pk != activity.created_by_id]
    if "title" in changes:
        changes["title"] = changes["title"].strip()
    if "kind" in changes:
        changes.setdefault("own_kind", None)
    changed = {name for name, value in changes.items() if getattr(activity, name) != value}
    facts = {name: getattr(activity, name) for name in CHECKED} | changes
    check(partnership, facts, changed=changed)
    if changed & {"visibility", "board"} and Visibility.BOARD in (activity.visibility, facts["visibility"]):
        check_audience(activity, by)
    before = {name: set(getattr(activity, name).order_by().values_list("pk", flat=True)) for name in links}
    check_links(partnership, {name: [x for x in links[name] if x.pk not in before[name]] for name in links})
    save_edit(activity, expected_version=expected_version, changes=changes)
    new_organisations, new_people = _make(partnership, newcomers, by)
    for name, found in (("organisations", new_organisations), ("people", new_people)):
        if found:
            links[name] = [*links.get(name, getattr(activity, name).all()), *found]
    for name, chosen in links.items():
        if {one.pk for one in chosen} != before.get(name):
            getattr(activity, name).set(chosen)
            changed.add(name)
    if file is not None:
        attach_document(parent=activity, file=file, by=by)
        changed.add("file")
    if changed:
        withdraw(activity=activity, by=by)
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
