"""Making one organisation of two records of it. Everything that named the one names the other afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerships.actions.editing import save_edit
from partnerships.actions.moving import join_periods, move_references
from partnerships.errors import DomainError
from partnerships.models import Organisation, Partnership, PartnershipOrganisation
from partnerships.queries.shared_organisations import kept_record, partnerships_using

MayManage = Callable[[Partnership], bool]


@transaction.atomic
def merge_organisations(
    *, kept: Organisation, merged: Organisation, reason: str, may_manage: MayManage, by: Any
) -> Organisation:
    """Move all that names `merged` to `kept`, in every partnership and app; `merged` stays for old links.

    Done again, or by two people at once, it is done once. Refused where another partnership uses one of them whose people
    have not been asked, which `may_manage` tells.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise DomainError("Say how you know that they are the same.", field="reason")
    locked = {
        one.pk: one
        for one in Organisation.objects.select_for_update().filter(pk__in=[kept.pk, merged.pk]).order_by("pk")
    }
    kept, merged = locked[kept.pk], locked[merged.pk]
    if kept.pk == merged.pk:
        raise DomainError("Choose another organisation to keep.", field="kept")
    if kept_record(kept).pk == merged.pk:
        raise DomainError(f"{kept.name} was merged into {merged.name} already.", field="kept")
    if merged.merged_into_id not in (None, kept.pk) or kept.merged_into_id:
        raise DomainError(
            "One of the two has been merged into another meanwhile. Open it again.", field="kept"
        )
    check_all_ours(kept, merged, may_manage=may_manage)
    _join_parts(kept, merged)
    move_references(source=merged, target=kept)
    return _close(kept, merged, reason, by) if merged.merged_into_id is None else kept


def check_all_ours(*organisations: Organisation, may_manage: MayManage) -> None:
    if not all(may_manage(partnership) for partnership in partnerships_using(*organisations)):
        raise DomainError(
            "Another partnership uses one of them too, and you do not manage it. Ask somebody who manages both, "
            "or propose a correction of the name instead."
        )


def _close(kept: Organisation, merged: Organisation, reason: str, by: Any) -> Organisation:
    org_id, place = merged.org_id, merged.place
    changes = {
        "merged_into": kept,
        "merged_at": timezone.now(),
        "merged_by": by,
        "merge_reason": reason[:300],
        "org_id": None if org_id and not kept.org_id else org_id,
    }
    save_edit(merged, expected_version=merged.version, changes=changes)
    gained = {}
    if org_id and not kept.org_id:
        gained["org_id"] = org_id
    if place and not kept.place_id:
        gained["place"] = place
    return save_edit(kept, expected_version=kept.version, changes=gained) if gained else kept


def _join_parts(kept: Organisation, merged: Organisation) -> None:
    """Where both played the same part at the same time, it was one part, from the earlier first day to the later last."""
    key = PartnershipOrganisation._meta.get_field("organisation")
    for part in merged.roles.order_by("starts_on", "pk"):
        same = kept.roles.filter(partnership=part.partnership_id, role=part.role)
        if any(_overlap(one, part) for one in same):
            join_periods(part, key, kept, alike=["partnership_id", "role"])


def _overlap(one: PartnershipOrganisation, two: PartnershipOrganisation) -> bool:
    return (one.ends_on is None or two.starts_on <= one.ends_on) and (
        two.ends_on is None or one.starts_on <= two.ends_on
    )
