"""The parts that organisations play in a partnership, from a day to a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from partnerships.errors import DomainError
from partnerships.models import Organisation, OrganisationRole, Partnership, PartnershipOrganisation


def add_part(
    *,
    partnership: Partnership,
    organisation: Organisation,
    role: OrganisationRole,
    starts_on: date | None = None,
    by: Any = None,
) -> PartnershipOrganisation:
    (part,) = add_parts(
        partnership=partnership, organisation=organisation, roles=[role], starts_on=starts_on, by=by
    )
    return part


@transaction.atomic
def add_parts(
    *,
    partnership: Partnership,
    organisation: Organisation,
    roles: Collection[OrganisationRole | str],
    starts_on: date | None = None,
    by: Any = None,
) -> list[PartnershipOrganisation]:
    """Several at once: all of them or none."""
    if not roles:
        raise DomainError("Choose at least one part.", field="part")
    starts_on = starts_on or timezone.localdate()
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    played = PartnershipOrganisation.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on),
        partnership=partnership,
        organisation=organisation,
        role__in=roles,
    ).first()
    if played is not None:
        raise DomainError(
            f"{organisation} plays the part of {played.get_role_display().lower()} already.", field="part"
        )
    return PartnershipOrganisation.objects.bulk_create(
        PartnershipOrganisation(
            partnership=partnership,
            organisation=organisation,
            role=OrganisationRole(role),
            starts_on=starts_on,
        )
        for role in dict.fromkeys(roles)
    )


@transaction.atomic
def end_part(*, part: PartnershipOrganisation, on: date, by: Any = None) -> PartnershipOrganisation:
    """End a part; it stays in the record."""
    part = PartnershipOrganisation.objects.select_for_update().get(pk=part.pk)
    if on < part.starts_on:
        raise DomainError("The last day must be on or after the first.", field="ends_on")
    part.ends_on = on
    part.save(update_fields=["ends_on"])
    return part
