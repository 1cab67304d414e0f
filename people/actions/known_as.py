"""The name that somebody is known by, and the real one behind it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q

from partnerships.models import Partnership
from people.models import Membership, Person, RealName


@transaction.atomic
def note_real_name(*, partnership: Partnership, person: Person, name: str, by: Any = None) -> None:
    """Write down, for those who manage people in this partnership, what somebody is really called; nothing takes it away."""
    name = " ".join(name.split())[:150]
    if not name or name.casefold() == person.name.casefold():
        RealName.objects.filter(partnership=partnership, person=person).delete()
    else:
        RealName.objects.update_or_create(partnership=partnership, person=person, defaults={"name": name})


@transaction.atomic
def tell_real_name(*, person: Person, name: str, by: Any = None) -> None:
    """The person's own word, for every partnership in which they have a role or a seat, now or before."""
    told = Partnership.objects.filter(
        Q(pk__in=Membership.objects.filter(person=person).values("partnership"))
        | Q(seats__person=person)
        | Q(contacts__person=person)
    ).distinct()
    for partnership in told:
        note_real_name(partnership=partnership, person=person, name=name, by=by)
    RealName.objects.filter(person=person).exclude(partnership__in=told).delete()
