"""Whom an activity can name."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from partnerships.models import Contact, Partnership, Seat
from people.models import Membership, Person


def people_to_name(partnership: Partnership) -> QuerySet[Person]:
    """Whoever has or had a role or a seat in the partnership, and its contacts; never software, nor closed accounts."""
    here = [
        model.objects.filter(partnership=partnership).values("person")
        for model in (Membership, Seat, Contact)
    ]
    known = Q(pk__in=here[0]) | Q(pk__in=here[1]) | Q(pk__in=here[2])
    return Person.objects.filter(known, is_active=True, is_system=False)
