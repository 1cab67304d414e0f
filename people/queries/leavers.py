"""Those who have left: they had a role or a seat here, and have none now or to come.

What they held, whom they linked and what they were trained in has a permission of its own. That they were in a meeting,
wrote an activity or carried a message is part of the partnership's record and stays with it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from partnerships.models import Partnership, Seat
from people.models import Membership, Person
from people.permissions import Permission

SOMEBODY = "somebody who has left"


def leavers_among(keys: Collection[int], partnership: Partnership) -> frozenset[int]:
    """Those of the people with these keys who have left. One query, none where nobody is asked about."""
    if not keys:
        return frozenset()
    goes_on = Q(ends_on__isnull=True) | Q(ends_on__gte=timezone.localdate())
    here = {"partnership": partnership, "person": OuterRef("pk")}
    found = Person.objects.filter(
        ~Exists(Membership.objects.filter(goes_on, ended_at__isnull=True, **here)),
        ~Exists(Seat.objects.filter(goes_on, **here)),
        pk__in=keys,
    )
    return frozenset(found.order_by().values_list("pk", flat=True))


def hidden_among(keys: Collection[int], partnership: Partnership, reader: Person) -> frozenset[int]:
    """Those who have left and whose places this reader may not see. Everybody sees their own."""
    if reader.has_perm(Permission.VIEW_LEAVERS, partnership):
        return frozenset()
    return leavers_among(keys, partnership) - {reader.pk}


def names_for(reader: Person, keys: Collection[int], partnership: Partnership) -> dict[int, str]:
    """What the people with these keys are called in front of a reader, by key."""
    known = dict(Person.objects.filter(pk__in=keys).order_by().values_list("pk", "name"))
    return without_leavers(known, partnership, reader)


def without_leavers(names: Mapping[int, str], partnership: Partnership, reader: Person) -> dict[int, str]:
    """The same names, without those of people who have left where the reader may not see them."""
    hidden = hidden_among(names.keys(), partnership, reader)
    return {key: SOMEBODY if key in hidden else name for key, name in names.items()}
