"""Neighbourhoods and smaller places that a partnership adds itself, and which place took over from which."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db import transaction

from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Partnership, PartnershipPlace, Place, PlaceKind
from partnerships.queries import places as queries
from partnerships.queries.place_codes import SMALL_AREA, fault_of


@transaction.atomic
def add_place(
    *,
    partnership: Partnership,
    name: str,
    kind: PlaceKind | str,
    parent: Place,
    small_areas: Iterable[str] = (),
    is_another: bool = False,
    is_fictional: bool = False,
    by: Any = None,
) -> Place:
    """Add a place that has no published code, and cover it.

    `is_another` says that the person has looked at places of a similar name and means another one.
    """
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    name = _checked_name(partnership, name, parent)
    _check_kind(partnership, kind, parent)
    same = queries.alike(partnership, name, parent)
    if same and not is_another:
        names = ", ".join(place.name for place in same)
        raise DomainError(
            f"There are places of a similar name here: {names}. Say whether yours is another one.",
            field="is_another",
        )
    place = Place.objects.create(
        name=name,
        kind=kind,
        parent=parent,
        small_areas=_checked_areas(small_areas),
        added_by=partnership,
        is_fictional=is_fictional or parent.is_fictional,
        created_by=by,
    )
    PartnershipPlace.objects.create(partnership=partnership, place=place)
    return place


@transaction.atomic
def edit_place(
    *,
    place: Place,
    partnership: Partnership,
    expected_version: int,
    by: Any,
    name: str,
    kind: PlaceKind | str,
    parent: Place,
    small_areas: Iterable[str] = (),
) -> Place:
    """Rename or move a place of one's own."""
    _check_own(place, partnership)
    name = _checked_name(partnership, name, parent, except_for=place.pk)
    if parent.pk in queries.ids_within(place):
        raise DomainError("A place can't lie in itself, directly or through others.", field="parent")
    _check_kind(partnership, kind, parent)
    rank = queries.SIZES[PlaceKind(kind)]
    if any(queries.SIZES[PlaceKind(child.kind)] <= rank for child in place.children.all()):
        raise DomainError(f"{place.name} holds places of this size or larger. Move them first.", field="kind")
    changes = {"name": name, "kind": kind, "parent": parent, "small_areas": _checked_areas(small_areas)}
    return save_edit(place, expected_version=expected_version, changes=changes)


@transaction.atomic
def close_place(
    *,
    place: Place,
    partnership: Partnership,
    expected_version: int,
    on: date,
    successors: Collection[Place] = (),
    by: Any,
) -> Place:
    """A place of one's own that is no longer used, and what took over. It stays on what was recorded there."""
    _check_own(place, partnership)
    if PartnershipPlace.objects.filter(place=place, is_main=True).exists():
        raise DomainError("It is the main place of a partnership. Choose another main place first.")
    if PartnershipPlace.objects.filter(place=place).exclude(partnership=partnership).exists():
        raise DomainError("Another partnership covers this place too, so it can't be closed.")
    if place.children.filter(is_current=True).exists():
        raise DomainError("There are places in it. Move or close them first.")
    allowed = queries.visible_places(partnership).filter(pk__in=[one.pk for one in successors])
    if allowed.count() != len({one.pk for one in successors}):
        raise DomainError("Choose places from the list.", field="successors")
    if place.valid_from and on < place.valid_from:
        raise DomainError("The last day must be on or after the first.", field="on")
    place = save_edit(place, expected_version=expected_version, changes={"is_current": False, "valid_to": on})
    PartnershipPlace.objects.filter(place=place, partnership=partnership).delete()
    for one in successors:
        _succeed(place, one)
    return place


@transaction.atomic
def record_successor(*, old_code: str, new_code: str, on: date, by: Any = None) -> Place:
    """A published code that another took over on a day. For those who run the service: codes are the same for everybody."""
    places = Place.objects.select_for_update().in_bulk([old_code, new_code], field_name="code")
    for code in (old_code, new_code):
        if code not in places:
            raise DomainError(f"There is no place with the code {code}.")
        fault = fault_of(code, places[code].kind)
        if fault:
            raise DomainError(fault)
    old, new = places[old_code], places[new_code]
    if old.valid_from and on < old.valid_from:
        raise DomainError(f"{old_code} began after that day.")
    _succeed(old, new)
    return save_edit(old, expected_version=old.version, changes={"is_current": False, "valid_to": on})


def _succeed(old: Place, new: Place) -> None:
    if queries.leads_to([new.pk], old.pk):
        raise DomainError(
            f"{old.name} took over from {new.name}, so it can't be the other way round as well.",
            field="successors",
        )
    old.successors.add(new)


def _check_own(place: Place, partnership: Partnership) -> None:
    if place.added_by_id != partnership.pk:
        raise DomainError("This place was not added by your partnership, so it can't be changed here.")


def _checked_name(partnership: Partnership, name: str, parent: Place, except_for: int = 0) -> str:
    name = " ".join(name.split())
    if not name:
        raise DomainError("Enter the place’s name.", field="name")
    same = queries.visible_places(partnership).filter(name__iexact=name, parent=parent, is_current=True)
    if same.exclude(pk=except_for).exists():
        raise DomainError(f"There is already a place called {name} in {parent.name}.", field="name")
    return name


def _check_kind(partnership: Partnership, kind: PlaceKind | str, parent: Place) -> None:
    if kind not in queries.LOCAL:
        raise DomainError(
            "Places of this kind have published codes. Add a neighbourhood or smaller.", field="kind"
        )
    if not queries.visible_places(partnership).filter(pk=parent.pk).exists():
        raise DomainError("Choose a place from the list.", field="parent")
    if queries.SIZES[PlaceKind(parent.kind)] >= queries.SIZES[PlaceKind(kind)]:
        raise DomainError(
            f"A {PlaceKind(kind).label.lower()} can't lie in a {parent.get_kind_display().lower()}.",
            field="parent",
        )


def _checked_areas(codes: Iterable[str]) -> list[str]:
    codes = sorted(set(codes))
    wrong = [code for code in codes if not SMALL_AREA.match(code)]
    if wrong:
        raise DomainError(
            f"{wrong[0]} is no LSOA code: it is E01 and six digits, such as E01005570.", field="small_areas"
        )
    return codes
