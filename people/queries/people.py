"""The people of a partnership: who holds a role in it or a seat on one of its boards, now or before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from partnerships.models import Partnership, Seat
from people.models import Membership, Person
from people.permissions import HUMAN_ROLES, Role
from people.queries.invitations import open_invitations
from people.queries.real_names import really_called
from people.queries.signing_in import SECOND_FACTORS


def current_seats(on: date | None = None) -> QuerySet[Seat]:
    on = on or timezone.localdate()
    return Seat.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)


def people_of(partnership: Partnership) -> QuerySet[Person]:
    """Everybody with a current role or a current seat, by name: what a list to choose people from holds."""
    return _humans().filter(
        _any(Membership.objects.current(), partnership) | _any(current_seats(), partnership)
    )


def known_people_of(partnership: Partnership) -> QuerySet[Person]:
    """Everybody whose page this partnership may open: with a role or a seat now, before or later."""
    return _humans().filter(_any(Membership.objects, partnership) | _any(Seat.objects, partnership))


def former_people_of(partnership: Partnership) -> QuerySet[Person]:
    """Those who have had a role or a seat, and have none today."""
    return known_people_of(partnership).exclude(pk__in=people_of(partnership).values("pk"))


def search_people(
    found: QuerySet[Person], words: str, partnership: Partnership, *, for_manager: bool
) -> QuerySet[Person]:
    """Those whose name, job title or organisation here holds every word; a manager's words also find what only they see."""
    for word in words.split():
        matches = (
            Q(name__icontains=word)
            | Q(job_title__icontains=word)
            | _any(Membership.objects.filter(organisation__name__icontains=word), partnership)
            | _any(Seat.objects.filter(organisation__name__icontains=word), partnership)
        )
        if for_manager:
            matches |= Q(email__icontains=word) | really_called(word, partnership)
        found = found.filter(matches)
    return found


def with_places_held(found: QuerySet[Person], partnership: Partnership) -> QuerySet[Person]:
    """Each with `roles_here`, `seats_here` and whether they were `let_in` or are `invited`, in a fixed number of queries."""
    roles = Membership.objects.current().filter(partnership=partnership).select_related("organisation")
    seats = current_seats().filter(partnership=partnership).select_related("board", "organisation")
    return found.annotate(
        let_in=Exists(EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)),
        invited=Exists(open_invitations(partnership).filter(person=OuterRef("pk"))),
    ).prefetch_related(
        Prefetch("memberships", queryset=roles.order_by("role"), to_attr="roles_here"),
        Prefetch("seats", queryset=seats.order_by("board__name"), to_attr="seats_here"),
    )


def roles_of(person: Person, partnership: Partnership) -> list[Membership]:
    """Every role the person has held here, the latest first."""
    held = Membership.objects.filter(person=person, partnership=partnership)
    return list(held.select_related("organisation").order_by("-starts_on", "-pk"))


def seats_of(person: Person, partnership: Partnership) -> list[Seat]:
    """Every seat the person has held on this partnership's boards, the latest first."""
    held = Seat.objects.filter(person=person, partnership=partnership)
    return list(held.select_related("board", "organisation").order_by("-starts_on", "-pk"))


def memberships_of(person: Person) -> list[Membership]:
    """The person's current roles in every partnership."""
    held = Membership.objects.current().filter(person=person)
    return list(held.select_related("partnership", "organisation").order_by("partnership__name", "role"))


def _humans() -> QuerySet[Person]:
    return Person.objects.filter(is_system=False)


def _any(held, partnership: Partnership) -> Exists:
    return Exists(held.filter(partnership=partnership, person=OuterRef("pk")))


@dataclass(frozen=True, slots=True)
class SecondFactorCount:
    role: Role
    holders: int
    without: int


def members_without_second_factor(partnership: Partnership) -> list[SecondFactorCount]:
    """For each role that somebody who signs in holds: how many do, and how many have no second step yet."""
    factors = Authenticator.objects.filter(user=OuterRef("person"), type__in=SECOND_FACTORS)
    signs_in = EmailAddress.objects.filter(user=OuterRef("person"), verified=True)
    held = (
        Membership.objects.current()
        .filter(Exists(signs_in), partnership=partnership, person__is_system=False)
        .values("role")
        .annotate(
            holders=Count("person", distinct=True),
            without=Count("person", distinct=True, filter=~Exists(factors)),
        )
    )
    counts = {
        row["role"]: SecondFactorCount(Role(row["role"]), row["holders"], row["without"]) for row in held
    }
    return [counts[role] for role in HUMAN_ROLES if role in counts]
