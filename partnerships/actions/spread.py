"""Practices that spread: taken up by another place, organisation or a wider system."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Adoption, Organisation, Partnership, Place, Precision, Programme
from partnerships.queries.activities import organisations_of
from partnerships.queries.spread import places_to_name


@transaction.atomic
def record_adoption(*, partnership: Partnership, by: Any = None, **said: Any) -> Adoption:
    """Record that a practice was taken up. Takes the fields of `Adoption`."""
    return Adoption.objects.create(partnership=partnership, created_by=by, **_checked(partnership, **said))


@transaction.atomic
def edit_adoption(*, adoption: Adoption, expected_version: int, by: Any, **said: Any) -> Adoption:
    """Raises EditConflict, with nothing changed, when somebody else saved it since `expected_version`."""
    return save_edit(
        adoption,
        expected_version=expected_version,
        changes=_checked(adoption.partnership, was=adoption, **said),
    )


def _checked(
    partnership: Partnership,
    *,
    practice: str,
    programme: Programme | None = None,
    from_place: Place | None = None,
    from_organisation: Organisation | None = None,
    to_place: Place | None = None,
    to_organisation: Organisation | None = None,
    to_wider_system: str = "",
    adopted_on: date | None = None,
    precision: Precision | str = Precision.DAY,
    adapted_how: str = "",
    what_came_of_it: str = "",
    was: Adoption | None = None,
) -> dict[str, Any]:
    """What is kept, when all is in order. What it named before (`was`) may stay, whatever became of it since."""
    practice, wider = " ".join(practice.split()), " ".join(to_wider_system.split())
    if not practice:
        raise DomainError("Say what practice it was.", field="practice")
    if programme is not None and programme.partnership_id != partnership.pk:
        raise DomainError("Choose a programme of this partnership.", field="programme")
    _check_named(partnership, was, from_place=from_place, to_place=to_place)
    _check_named(partnership, was, from_organisation=from_organisation, to_organisation=to_organisation)
    if not (to_place or to_organisation or wider):
        raise DomainError("Say who took it up: a place, an organisation or a wider system.", field="to_place")
    if from_place is not None and from_place == to_place and from_organisation == to_organisation:
        raise DomainError("It can't have spread from a place to itself.", field="to_place")
    if from_organisation is not None and from_organisation == to_organisation and from_place == to_place:
        raise DomainError("It can't have spread from an organisation to itself.", field="to_organisation")
    if adopted_on is not None and adopted_on > timezone.localdate():
        raise DomainError("Record it when it has been taken up.", field="adopted_on")
    return {
        "practice": practice,
        "programme": programme,
        "from_place": from_place,
        "from_organisation": from_organisation,
        "to_place": to_place,
        "to_organisation": to_organisation,
        "to_wider_system": wider,
        "adopted_on": adopted_on,
        "precision": precision,
        "adapted_how": adapted_how.strip(),
        "what_came_of_it": what_came_of_it.strip(),
    }


def _check_named(
    partnership: Partnership, was: Adoption | None, **named: Place | Organisation | None
) -> None:
    for field, record in named.items():
        if record is None or (was is not None and getattr(was, f"{field}_id") == record.pk):
            continue
        is_place = isinstance(record, Place)
        known = places_to_name(partnership) if is_place else organisations_of(partnership)
        if not known.filter(pk=record.pk).exists():
            noun = "a place" if is_place else "an organisation"
            raise DomainError(f"Choose {noun} from the list.", field=field)
