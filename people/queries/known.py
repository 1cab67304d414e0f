"""Whether somebody belonged to a partnership on a day: what is said of them has to fit."""

from __future__ import annotations

from datetime import date

from django.db.models import Max, Q

from partnerships.models import Contact, Partnership, Seat
from people.models import Membership, Person


def left_on(person: Person, partnership: Partnership) -> date | None:
    """The last day of somebody who had roles or seats here and has none any more; None for everybody else."""
    if Contact.objects.filter(person=person, partnership=partnership).exists():
        return None
    days = []
    for model in (Membership, Seat):
        held = model.objects.filter(person=person, partnership=partnership)
        if held.filter(ends_on__isnull=True).exists():
            return None
        days.append(held.aggregate(last=Max("ends_on"))["last"])
    return max((day for day in days if day), default=None)


def is_known(person: Person, partnership: Partnership) -> bool:
    """Whether the person has or had a role or a seat here, or is one of its contacts."""
    here = {"partnership": partnership, "person": person}
    return any(model.objects.filter(Q(**here)).exists() for model in (Membership, Seat, Contact))
