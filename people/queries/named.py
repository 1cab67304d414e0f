"""Whom an activity can name."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from partnerships.models import Contact, Partnership, Seat
from people.models import Membership, Person
from people.permissions import ROLES, Permission


def people_to_name(partnership: Partnership) -> QuerySet[Person]:
    """Whoever has or had a role or a seat in the partnership, and its contacts; never software, nor closed accounts."""
    here = [
        model.objects.filter(partnership=partnership).values("person")
        for model in (Membership, Seat, Contact)
    ]
    known = Q(pk__in=here[0]) | Q(pk__in=here[1]) | Q(pk__in=here[2])
    return Person.objects.filter(known, is_active=True, is_system=False)


def who_may(partnership: Partnership, permission: Permission) -> QuerySet[Person]:
    """Whoever may do this in the partnership today."""
    roles = [role for role, described in ROLES.items() if permission in described.permissions]
    held = Membership.objects.current().filter(partnership=partnership, role__in=roles)
    return Person.objects.filter(pk__in=held.values("person"), is_active=True, is_system=False)


def authors_to_pick(partnership: Partnership) -> QuerySet[Person]:
    """Those with whom an activity can be written."""
    return who_may(partnership, Permission.LOG_ACTIVITY)
