"""Which places a partnership covers, and which of them is the main one."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from partnerships.errors import DomainError
from partnerships.models import Partnership, PartnershipPlace, Place
from partnerships.queries.places import visible_places


@transaction.atomic
def start_covering(*, partnership: Partnership, place: Place, by: Any) -> PartnershipPlace:
    """Cover a place that the partnership may see and that still exists. Asked twice, it is covered once."""
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    if not visible_places(partnership).filter(pk=place.pk).exists():
        raise DomainError("Choose a place from the list.", field="place")
    covered = PartnershipPlace.objects.filter(partnership=partnership, place=place).first()
    if covered is not None:
        return covered
    if not Place.objects.get(pk=place.pk).is_current:
        raise DomainError(f"{place.name} is no longer in use. Cover the place that took over.", field="place")
    return PartnershipPlace.objects.create(partnership=partnership, place=place)


@transaction.atomic
def stop_covering(*, partnership: Partnership, place: Place, by: Any) -> None:
    """Boards, programmes and activities there stay as they are. The main place stays until another is chosen."""
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    covered = PartnershipPlace.objects.filter(partnership=partnership, place=place).first()
    if covered is None:
        return
    if covered.is_main:
        raise DomainError(
            f"{place.name} is the main place, whose figures the dashboard shows. Choose another main place first."
        )
    covered.delete()


@transaction.atomic
def choose_main(*, partnership: Partnership, place: Place, by: Any) -> PartnershipPlace:
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    covered = PartnershipPlace.objects.filter(partnership=partnership, place=place).first()
    if covered is None:
        raise DomainError(f"Cover {place.name} first, then make it the main place.")
    if not covered.is_main:
        partnership.covered.filter(is_main=True).update(is_main=False)
        covered.is_main = True
        covered.save(update_fields=["is_main"])
    return covered
