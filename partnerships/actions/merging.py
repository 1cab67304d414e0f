"""Making one organisation of two records of it. Everything that named the one names the other afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Organisation, Partnership, PartnershipOrganisation
from partnerships.queries.shared_organisations import kept_record, partnerships_using, references

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
    for reference in references():
        _move_all(reference.rows(merged), reference.field, kept)
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
    parts = PartnershipOrganisation.objects.filter(organisation__in=[kept, merged]).order_by(
        "starts_on", "pk"
    )
    stays: dict[tuple[int, str], list[PartnershipOrganisation]] = {}
    for part in parts:
        before = stays.setdefault((part.partnership_id, part.role), [])
        twin = next((one for one in before if _overlap(one, part)), None)
        if twin is None or twin.organisation_id == part.organisation_id:
            before.append(part)
            continue
        twin.ends_on = (
            None if twin.ends_on is None or part.ends_on is None else max(twin.ends_on, part.ends_on)
        )
        _absorb(part, twin)
        PartnershipOrganisation.objects.filter(pk=twin.pk).update(ends_on=twin.ends_on)


def _overlap(one: PartnershipOrganisation, two: PartnershipOrganisation) -> bool:
    return (one.ends_on is None or two.starts_on <= one.ends_on) and (
        two.ends_on is None or one.starts_on <= two.ends_on
    )


def _move_all(rows: models.QuerySet, field: models.Field, to: models.Model) -> None:
    """All in one go, which is quick where there are many; one by one only where some of them collide."""
    try:
        with transaction.atomic():
            rows.update(**{field.name: to})
            return
    except IntegrityError:
        for row in rows.order_by("pk"):
            _move(row, field, to)


def _move(row: models.Model, field: models.Field, to: models.Model) -> None:
    """Point a row at the kept record; where the kept one has the same row already, the two become one."""
    try:
        with transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).update(**{field.name: to})
            return
    except IntegrityError as error:
        twin = _twin(row, field, to)
        if twin is None:
            raise DomainError(
                f"A record stands in the way: {row._meta.verbose_name} “{row}”. Change it first, then merge again."
            ) from error
    _absorb(row, twin)


def _twin(row: models.Model, field: models.Field, to: models.Model) -> models.Model | None:
    """The row with which a moved one would collide: the same in every other field of a unique constraint."""
    model = type(row)
    rules = [(list(names), None) for names in model._meta.unique_together]
    rules += [
        (list(rule.fields), rule.condition)
        for rule in model._meta.constraints
        if isinstance(rule, models.UniqueConstraint) and rule.fields
    ]
    rules += [([field.name], None)] if field.unique else []
    for names, condition in rules:
        if field.name not in names:
            continue
        same = {
            name: getattr(row, model._meta.get_field(name).attname) for name in names if name != field.name
        }
        found = model._base_manager.filter(**same, **{field.name: to}).exclude(pk=row.pk)
        twin = (found.filter(condition) if condition is not None else found).first()
        if twin is not None:
            return twin
    return None


def _absorb(row: models.Model, twin: models.Model) -> None:
    """What points at the row points at its twin afterwards, and the row goes. History keeps it."""
    for reference in references(type(row)):
        for one in reference.model._base_manager.filter(**{reference.field.name: row.pk}):
            _move(one, reference.field, twin)
    row.delete()
