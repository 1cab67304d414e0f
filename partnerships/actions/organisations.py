"""The parts that organisations play in a partnership, from a day to a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerships.errors import DomainError
from partnerships.models import Organisation, OrganisationRole, Partnership, PartnershipOrganisation


@transaction.atomic
def add_part(
    *,
    partnership: Partnership,
    organisation: Organisation,
    role: OrganisationRole,
    starts_on: date | None = None,
    by: Any = None,
) -> PartnershipOrganisation:
    starts_on = starts_on or timezone.localdate()
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    same = PartnershipOrganisation.objects.filter(
        partnership=partnership, organisation=organisation, role=role
    )
    if same.filter(ends_on__isnull=True).exists() or same.filter(ends_on__gte=starts_on).exists():
        raise DomainError(f"{organisation} plays the part of {role.label.lower()} already.", field="part")
    return PartnershipOrganisation.objects.create(
        partnership=partnership, organisation=organisation, role=role, starts_on=starts_on
    )


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
    return [
        add_part(
            partnership=partnership,
            organisation=organisation,
            role=OrganisationRole(role),
            starts_on=starts_on,
            by=by,
        )
        for role in roles
    ]


@transaction.atomic
def end_part(*, part: PartnershipOrganisation, on: date, by: Any = None) -> PartnershipOrganisation:
    """End a part; it stays in the record."""
    part = PartnershipOrganisation.objects.select_for_update().get(pk=part.pk)
    if on < part.starts_on:
        raise DomainError("The last day must be on or after the first.", field="ends_on")
    part.ends_on = on
    part.save(update_fields=["ends_on"])
    return part
