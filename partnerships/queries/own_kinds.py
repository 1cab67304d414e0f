"""Kinds of activity, common and a partnership's own, as one list to choose from."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from partnerships.models import Activity, ActivityKind, OwnKind, Partnership

OWN = "own-"


def own_kinds(partnership: Partnership) -> QuerySet[OwnKind]:
    return OwnKind.objects.filter(partnership=partnership)


def in_use(partnership: Partnership) -> QuerySet[OwnKind]:
    return own_kinds(partnership).filter(Q(ended_on=None) | Q(ended_on__gt=timezone.localdate()))


def with_counts(partnership: Partnership) -> QuerySet[OwnKind]:
    """Each with how many activities are of it."""
    return own_kinds(partnership).annotate(used=Count("activities"))


def choices(kinds: QuerySet[OwnKind]) -> list[tuple[str, str]]:
    """The common kinds and these, "other" last."""
    common = [choice for choice in ActivityKind.choices if choice[0] != ActivityKind.OTHER]
    own = [(f"{OWN}{kind.pk}", kind.name) for kind in kinds]
    return [*common, *own, (ActivityKind.OTHER.value, ActivityKind.OTHER.label)]


def key_of(activity: Activity) -> str:
    """What stands for the activity's kind among the choices."""
    return f"{OWN}{activity.own_kind_id}" if activity.own_kind_id else activity.kind


def chosen(partnership: Partnership, key: str) -> tuple[ActivityKind, OwnKind | None]:
    """What a choice stands for; ValueError for one that stands for nothing here."""
    if not key.startswith(OWN):
        return ActivityKind(key), None
    number = key.removeprefix(OWN)
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise ValueError(key)
    own = own_kinds(partnership).filter(pk=int(number)).first()
    if own is None:
        raise ValueError(key)
    return ActivityKind.OTHER, own
