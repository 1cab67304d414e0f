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
from partnerships.queries.org_ids import fault_of, place_of_council, tidy, unknown_council
from partnerships.queries.shared_organisations import kept_record


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
    """Give an organisation a part in the partnership; one that is known already (by name, whatever its case) is used again.

    A council whose identifier the published lookup knows gets the place of its GSS code.
    """
    name, org_id = " ".join(name.split()), tidy(org_id or "")
    if not name:
        raise DomainError("Enter the organisation's name.", field="name")
    organisation = Organisation.objects.filter(name__iexact=name).first()
    if organisation is not None:
        organisation = kept_record(organisation)
    else:
        fault = (fault_of(org_id) or unknown_council(org_id)) if org_id else ""
        if fault:
            raise DomainError(fault, field="org_id")
        holder = Organisation.objects.filter(org_id=org_id).first() if org_id else None
        if holder is not None:
            raise DomainError(
                f"{holder.name} has this identifier. If that is the one you mean, enter that name.",
                field="org_id",
            )
        # Somebody else may add the same one in this very moment: then theirs is used.
        organisation, _ = Organisation.objects.get_or_create(
            name=name,
            defaults={
                "sector": sector,
                "org_id": org_id or None,
                "place": place or place_of_council(org_id),
                "is_fictional": is_fictional,
                "created_by": by,
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
