"""What people know, can help with and are trusted with, where they agree to say so."""

from __future__ import annotations

from django.db.models import QuerySet

from partnerships.models import Partnership
from people.models import Offer, Person


def offers_of(person: Person, partnership: Partnership, viewer: Person) -> QuerySet[Offer]:
    """What the viewer may see of it: the person all of their own, others only what the person agreed to show."""
    found = Offer.objects.filter(person=person, partnership=partnership)
    return found if viewer == person else found.filter(is_shown=True)


def own_offers(person: Person) -> QuerySet[Offer]:
    return Offer.objects.filter(person=person).select_related("partnership")
