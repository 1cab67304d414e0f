"""Making a partnership and what it is made of."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from partnerships.errors import DomainError
from partnerships.models import (
    Organisation,
    OrganisationRole,
    Partnership,
    PartnershipOrganisation,
    PartnershipPlace,
    Place,
    Sector,
)


@transaction.atomic
def create_partnership(
    *, name: str, started_on: date, main_place: Place, vision: str = "", by: Any = None
) -> Partnership:
    slug = slugify(name)[:60]
    if not slug:
        raise DomainError("Enter a name with letters: its address is made of it.", field="name")
    if Partnership.objects.filter(slug=slug).exists():
        raise DomainError(
            "There is already a partnership of this name. Give this one another name.", field="name"
        )
    partnership = Partnership.objects.create(
        name=name, slug=slug, vision=vision, started_on=started_on, created_by=by
    )
    PartnershipPlace.objects.create(partnership=partnership, place=main_place, is_main=True)
    return partnership


@transaction.atomic
def cover_place(*, partnership: Partnership, place: Place, by: Any = None) -> PartnershipPlace:
    covered, _ = PartnershipPlace.objects.get_or_create(partnership=partnership, place=place)
    return covered


@transaction.atomic
def add_organisation(
    *,
    partnership: Partnership,
    name: str,
    sector: Sector,
    role: OrganisationRole = OrganisationRole.SYSTEM,
    org_id: str | None = None,
    place: Place | None = None,
    starts_on: date | None = None,
    is_fictional: bool = False,
    by: Any = None,
) -> Organisation:
    """Give an organisation a part in the partnership; one that is known already (by name, whatever its case) is used again."""
    name = " ".join(name.split())
    if not name:
        raise DomainError("Enter the organisation's name.", field="name")
    organisation = Organisation.objects.filter(name__iexact=name).first()
    if organisation is None:
        if org_id and Organisation.objects.filter(org_id=org_id).exists():
            raise DomainError("Another organisation has this identifier.", field="org_id")
        # Somebody else may add the same one in this very moment: then theirs is used.
        organisation, _ = Organisation.objects.get_or_create(
            name=name,
            defaults={
                "sector": sector,
                "org_id": org_id or None,
                "place": place,
                "is_fictional": is_fictional,
            },
        )
    has_part = PartnershipOrganisation.objects.filter(
        partnership=partnership, organisation=organisation, role=role, ends_on__isnull=True
    ).exists()
    if not has_part:
        PartnershipOrganisation.objects.create(
            partnership=partnership,
            organisation=organisation,
            role=role,
            starts_on=starts_on or timezone.localdate(),
        )
    return organisation
