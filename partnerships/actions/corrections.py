"""Correcting the name, sector and identifier of an organisation that all partnerships share.

Whoever manages every partnership that uses it corrects it at once. Where others use it too, the correction is proposed, and
somebody who manages one of the others agrees or not.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerships.actions.editing import save_edit
from partnerships.actions.merging import MayManage
from partnerships.errors import DomainError
from partnerships.models import (
    Organisation,
    OrganisationCorrection,
    Partnership,
    Sector,
)
from partnerships.queries.org_ids import fault_of, place_of_council, tidy, unknown_council
from partnerships.queries.shared_organisations import partnerships_using


@transaction.atomic
def correct_organisation(
    *,
    organisation: Organisation,
    partnership: Partnership,
    expected_version: int,
    name: str,
    sector: Sector | str,
    org_id: str = "",
    reason: str = "",
    may_manage: MayManage,
    by: Any,
) -> OrganisationCorrection | None:
    """Correct it, or propose the correction where others use the organisation too; then the proposal is returned."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    name, org_id = _checked(organisation, name, org_id)
    others = [one for one in partnerships_using(organisation) if not may_manage(one)]
    if not others:
        _write(organisation, expected_version, name, sector, org_id)
        return None
    reason = " ".join(reason.split())
    if not reason:
        raise DomainError("Say why, for the partnership that is asked.", field="reason")
    waiting = OrganisationCorrection.objects.filter(
        partnership=partnership, organisation=organisation, decided_at__isnull=True
    ).first()
    proposed = {"name": name, "sector": sector, "org_id": org_id, "reason": reason, "proposed_by": by}
    if waiting is None:
        return OrganisationCorrection.objects.create(
            partnership=partnership, organisation=organisation, **proposed
        )
    for key, value in proposed.items():
        setattr(waiting, key, value)
    waiting.save(update_fields=list(proposed))
    return waiting


@transaction.atomic
def decide_correction(
    *, correction: OrganisationCorrection, partnership: Partnership, accept: bool, by: Any
) -> OrganisationCorrection:
    """Answered by another partnership that uses the organisation. Answered twice, the first answer stands."""
    correction = OrganisationCorrection.objects.select_for_update().get(pk=correction.pk)
    if correction.decided_at is not None:
        return correction
    if correction.partnership_id == partnership.pk:
        raise DomainError("Somebody from another partnership that uses it has to agree.")
    organisation = Organisation.objects.select_for_update().get(pk=correction.organisation_id)
    if partnership not in partnerships_using(organisation):
        raise DomainError("Your partnership does not use this organisation.")
    if accept:
        name, org_id = _checked(organisation, correction.name, correction.org_id)
        _write(organisation, organisation.version, name, correction.sector, org_id)
    correction.was_accepted, correction.decided_by, correction.decided_at = accept, by, timezone.now()
    correction.save(update_fields=["was_accepted", "decided_by", "decided_at"])
    return correction


def _checked(organisation: Organisation, name: str, org_id: str) -> tuple[str, str]:
    if organisation.merged_into_id:
        raise DomainError("This record was merged into another. Correct that one.")
    name, org_id = " ".join(name.split()), tidy(org_id)
    if not name:
        raise DomainError("Enter the organisation's name.", field="name")
    others = Organisation.objects.exclude(pk=organisation.pk)
    same = others.filter(name__iexact=name).first()
    if same is not None:
        raise DomainError(
            f"There is already a record called {same.name}. If they are the same, merge them.", field="name"
        )
    if org_id and org_id != organisation.org_id:
        fault = fault_of(org_id) or unknown_council(org_id)
        if fault:
            raise DomainError(fault, field="org_id")
        holder = others.filter(org_id=org_id).first()
        if holder is not None:
            raise DomainError(
                f"{holder.name} has this identifier. If they are the same, merge them.", field="org_id"
            )
    return name, org_id


def _write(organisation: Organisation, version: int, name: str, sector: str, org_id: str) -> None:
    changes: dict[str, Any] = {"name": name, "sector": sector, "org_id": org_id or None}
    if organisation.place_id is None:
        changes["place"] = place_of_council(org_id)
    save_edit(organisation, expected_version=version, changes=changes)
