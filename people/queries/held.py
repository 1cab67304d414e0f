"""What is held about a person, for themselves to read: by partnership, and how much of which kind besides."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet

from partnerships.models import Activity, Commitment, Contact, OrganisationContact, Partnership, Seat
from partnerships.queries.activities import visible
from partnerships.queries.references import pointing_at
from people.models import Membership, Offer, Person, RealName
from people.permissions import Permission


@dataclass
class HeldIn:
    """One partnership's part of it."""

    partnership: Partnership
    roles: list[Membership] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    contacts: list[OrganisationContact] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    real_name: str = ""
    activities: int = 0
    readable: int = 0
    commitments: int = 0
    is_open: bool = False


def held_about(person: Person) -> list[HeldIn]:
    """By partnership, those in which the person is now first."""
    found: dict[int, HeldIn] = {}
    inside = set(Partnership.objects.visible_to(person).values_list("pk", flat=True))

    def part(partnership: Partnership) -> HeldIn:
        return found.setdefault(partnership.pk, HeldIn(partnership, is_open=partnership.pk in inside))

    for name, rows in (
        (
            "roles",
            _of(Membership, person).select_related("partnership", "organisation").order_by("-starts_on"),
        ),
        (
            "seats",
            _of(Seat, person).select_related("partnership", "board", "organisation").order_by("-starts_on"),
        ),
        ("contacts", _of(OrganisationContact, person).select_related("partnership", "organisation")),
        ("offers", _of(Offer, person).select_related("partnership")),
    ):
        for row in rows:
            getattr(part(row.partnership), name).append(row)
    for row in _of(RealName, person).select_related("partnership"):
        part(row.partnership).real_name = row.name
    for row in _of(Contact, person).select_related("partnership"):
        part(row.partnership)
    _count(found, person)
    return sorted(found.values(), key=lambda one: (not one.is_open, one.partnership.name))


def _of(model: Any, person: Person) -> QuerySet:
    return model.objects.filter(person=person)


def _count(found: dict[int, HeldIn], person: Person) -> None:
    """How many activities name the person, how many of those they may read, and how many commitments are theirs."""
    named = Activity.objects.filter(people=person, partnership__in=found).values("partnership")
    for row in named.order_by().annotate(number=Count("pk")):
        found[row["partnership"]].activities = row["number"]
    owned = Commitment.objects.filter(Q(owner=person) | Q(accountable=person), partnership__in=found)
    for row in owned.order_by().values("partnership").annotate(number=Count("pk")):
        found[row["partnership"]].commitments = row["number"]
    for held in found.values():
        if held.activities and person.has_perm(Permission.VIEW, held.partnership):
            held.readable = readable_about(held.partnership, person, person).count()


def readable_about(partnership: Partnership, person: Person, viewer: Person) -> QuerySet[Activity]:
    """Activities that name the person and that the viewer may read."""
    return visible(partnership, viewer).filter(people=person)


def kinds_of_records(
    person: Person, *, leave: frozenset[str] = frozenset(), made: bool | None = None
) -> list[tuple[str, int]]:
    """How many records of which kind name the person, in words, whichever room they are kept in.

    `made` narrows it to what they made or decided, or to what is about them.
    """
    counts: dict[str, int] = defaultdict(int)
    for key in pointing_at(Person):
        label = key.model._meta.label
        if label in leave or f"{label}.{key.name}" in leave:
            continue
        if made is not None and made != (key.name == "by" or key.name.endswith("_by")):
            continue
        number = key.model._base_manager.filter(**{key.name: person}).count()
        if number:
            counts[kind_in_words(key.model)] += number
    return sorted(counts.items())


def kind_in_words(model: Any) -> str:
    """A link is called by what it belongs to: an activity that names people, say."""
    owner = model._meta.auto_created or model
    words = str(owner._meta.verbose_name_plural)
    return f"{words[:1].upper()}{words[1:]}"
