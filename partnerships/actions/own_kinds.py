"""Kinds of activity that a partnership adds to the common ones."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerships.errors import DomainError
from partnerships.models import ActivityKind, OwnKind, Partnership

LONGEST = 60
MOST = 40


@transaction.atomic
def add_own_kind(*, partnership: Partnership, name: str, by: Any) -> OwnKind:
    """Add a kind. One of that name which was ended is used again."""
    Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)
    name = _checked(name)
    known = OwnKind.objects.filter(partnership=partnership, name__iexact=name).first()
    if known is not None:
        if known.ended_on is None:
            raise DomainError(f"There is already a kind called “{known}”.", field="name")
        known.name, known.ended_on = name, None
        known.save(update_fields=["name", "ended_on"])
        return known
    if OwnKind.objects.filter(partnership=partnership, ended_on=None).count() >= MOST:
        raise DomainError(f"There are {MOST} kinds already. End one that is not used.", field="name")
    return OwnKind.objects.create(partnership=partnership, name=name)


@transaction.atomic
def rename_own_kind(*, kind: OwnKind, name: str, by: Any) -> OwnKind:
    """Rename a kind; every activity of it takes the new name."""
    name = _checked(name)
    others = OwnKind.objects.filter(partnership=kind.partnership_id, name__iexact=name).exclude(pk=kind.pk)
    if others.exists():
        raise DomainError(f"There is already a kind called “{name}”, in use or ended.", field="name")
    kind.name = name
    kind.save(update_fields=["name"])
    return kind


@transaction.atomic
def end_own_kind(*, kind: OwnKind, by: Any) -> OwnKind:
    """Offer a kind no longer. Activities of it keep it."""
    if kind.ended_on is None:
        kind.ended_on = timezone.localdate()
        kind.save(update_fields=["ended_on"])
    return kind


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name or "\x00" in name:
        raise DomainError("Enter a name for the kind.", field="name")
    if len(name) > LONGEST:
        raise DomainError(f"The name must be {LONGEST} characters or fewer.", field="name")
    if name.casefold() in {str(label).casefold() for label in ActivityKind.labels}:
        raise DomainError(f"“{name}” is one of the common kinds already.", field="name")
    return name
