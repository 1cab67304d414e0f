"""Comments on a record, who may read them, and where somebody is named."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from partnerships.models import Activity, Comment, Commitment, Mention, Partnership
from partnerships.queries.activities import people_who_see, visible


def comments_on(about: Activity | Commitment) -> list[Comment]:
    """The oldest first, each with whom it names."""
    found = about.comments.select_related("author", "resolved_by").prefetch_related("mentions__person")
    return list(found.order_by("written_at", "pk"))


def comments_in(partnership: Partnership, person: Any) -> QuerySet[Comment]:
    """The comments that this person may read: those on records that they may see."""
    found = Comment.objects.filter(partnership=partnership)
    return found.filter(Q(commitment__isnull=False) | Q(activity__in=_seen(partnership, person)))


def people_who_may_read(about: Activity | Commitment) -> QuerySet:
    if isinstance(about, Activity):
        return people_who_see(about)
    members = about.partnership.memberships.current().values("person")
    return get_user_model().objects.filter(pk__in=members, is_active=True, is_system=False)


def unseen_mentions(partnership: Partnership, person: Any) -> QuerySet[Mention]:
    """Where somebody named this person and they have not said that they read it, the newest first."""
    readable = Q(comment__commitment__isnull=False) | Q(comment__activity__in=_seen(partnership, person))
    found = Mention.objects.filter(readable, partnership=partnership, person=person, seen_at=None)
    return found.select_related(
        "comment__author", "comment__activity", "comment__commitment", "partnership"
    ).order_by("-comment__written_at", "-pk")


def _seen(partnership: Partnership, person: Any) -> QuerySet:
    return visible(partnership, person).order_by().values("pk")
