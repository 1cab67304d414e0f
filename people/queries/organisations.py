"""The organisations of a partnership: the parts they play, and how much of the partnership is theirs."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from partnerships.models import (
    Activity,
    Organisation,
    Partnership,
    PartnershipOrganisation,
    Programme,
    Seat,
)
from partnerships.queries.activities import visible
from people.models import Membership, Person
from people.queries.people import current_seats, people_of


def current_parts(partnership: Partnership, on: date | None = None) -> QuerySet[PartnershipOrganisation]:
    on = on or timezone.localdate()
    return PartnershipOrganisation.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on), partnership=partnership, starts_on__lte=on
    )


def organisations_of(partnership: Partnership) -> QuerySet[Organisation]:
    """Organisations that play a part today, by name: what a list to choose organisations from holds."""
    return Organisation.objects.filter(Exists(current_parts(partnership).filter(organisation=OuterRef("pk"))))


def known_organisations_of(partnership: Partnership) -> QuerySet[Organisation]:
    """Organisations whose page this partnership may open: with a part now or before."""
    parts = PartnershipOrganisation.objects.filter(partnership=partnership, organisation=OuterRef("pk"))
    return Organisation.objects.filter(Exists(parts))


def with_parts_and_counts(found: QuerySet[Organisation], partnership: Partnership) -> QuerySet[Organisation]:
    """Each with `parts_here`, `people_count` and `activity_count`, in a fixed number of queries."""
    members = Membership.objects.current().filter(partnership=partnership, organisation=OuterRef("pk"))
    activities = visible(partnership, None).filter(organisations=OuterRef("pk"))
    return found.annotate(
        people_count=_count(members, "organisation", "person"),
        activity_count=_count(activities, "organisations", "pk"),
    ).prefetch_related(
        Prefetch("roles", queryset=current_parts(partnership).order_by("role"), to_attr="parts_here")
    )


def people_from(organisation: Organisation, partnership: Partnership) -> QuerySet[Person]:
    """Those who stand for the organisation here, in a role or in a seat."""
    roles = Membership.objects.current().filter(partnership=partnership, organisation=organisation)
    seats = current_seats().filter(partnership=partnership, organisation=organisation)
    return people_of(partnership).filter(
        Exists(roles.filter(person=OuterRef("pk"))) | Exists(seats.filter(person=OuterRef("pk")))
    )


def latest_activities(organisation: Organisation, partnership: Partnership, count: int = 5) -> list[Activity]:
    return list(visible(partnership, None).filter(organisations=organisation)[:count])


def programmes_of(organisation: Organisation, partnership: Partnership) -> list[Programme]:
    return list(Programme.objects.filter(partnership=partnership, provider=organisation))


def seats_for(organisation: Organisation, partnership: Partnership) -> list[Seat]:
    """Current seats that stand for the organisation, by board."""
    found = current_seats().filter(partnership=partnership, organisation=organisation)
    return list(found.select_related("board", "person").order_by("board__name", "person__name"))


def parts_of(organisation: Organisation, partnership: Partnership) -> list[PartnershipOrganisation]:
    """Every part the organisation has played here, the latest first."""
    found = PartnershipOrganisation.objects.filter(partnership=partnership, organisation=organisation)
    return list(found.order_by("-starts_on", "-pk"))


def _count(rows: QuerySet, grouped_by: str, counted: str) -> Coalesce:
    counts = rows.order_by().values(grouped_by).annotate(n=Count(counted, distinct=True)).values("n")
    return Coalesce(Subquery(counts, output_field=IntegerField()), 0)
