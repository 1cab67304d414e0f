"""The real names behind those that people are known by. Only pages of those who manage people may ask."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from partnerships.models import Partnership
from people.models import Person, RealName


def real_name_of(person: Person, partnership: Partnership) -> str:
    """Empty where the name that everybody sees is the only one that is known."""
    return real_names_of([person], partnership).get(person.pk, "")


def real_names_of(people: Iterable[Person], partnership: Partnership) -> dict[int, str]:
    found = RealName.objects.filter(partnership=partnership, person__in=[person.pk for person in people])
    return dict(found.values_list("person_id", "name"))


def really_called(word: str, partnership: Partnership) -> Q:
    """A condition on people: their real name holds the word."""
    named = RealName.objects.filter(partnership=partnership, person=OuterRef("pk"), name__icontains=word)
    return Q(Exists(named))


def own_real_name(person: Person) -> str:
    """What a person sees and edits of their own: the same for all their partnerships, or the first that was written down."""
    return RealName.objects.filter(person=person).order_by("pk").values_list("name", flat=True).first() or ""
