"""Who leads what, the share held outside the lead body, and gaps in succession."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from partnerships.models import BoardLevel, OrganisationRole, Partnership, PartnershipOrganisation
from people.models import LeadershipElement, Leading, Membership, Person

SOON = timedelta(days=90)
QUARTERS = 8


def leadings_on(partnership: Partnership, on: date) -> QuerySet[Leading]:
    """Who led what on a day."""
    return Leading.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on), partnership=partnership, starts_on__lte=on
    ).select_related("element", "owner", "accountable", "successor", "organisation")


def elements_of(partnership: Partnership) -> list[LeadershipElement]:
    """The parts of the work that there are today, strategic ones first, each with all its `leadings`, the latest first."""
    order = [level.value for level in BoardLevel]
    leadings = Leading.objects.select_related("owner", "accountable", "successor", "organisation")
    found = (
        LeadershipElement.objects.filter(partnership=partnership, ended_on__isnull=True)
        .select_related("programme")
        .prefetch_related(Prefetch("leadings", queryset=leadings.order_by("-starts_on", "-pk")))
    )
    return sorted(found, key=lambda element: (-order.index(element.level), element.name.casefold()))


def leading_now(element: LeadershipElement, on: date | None = None) -> Leading | None:
    """Who leads it on a day, today by default, out of the leadings that were fetched with it."""
    on = on or timezone.localdate()
    for leading in element.leadings.all():
        if leading.starts_on <= on and (leading.ends_on is None or leading.ends_on >= on):
            return leading
    return None


@dataclass(frozen=True, slots=True)
class Gap:
    """A part of the work whose leading is at risk, and why in a few words."""

    element: LeadershipElement
    leading: Leading | None
    why: str


def gaps(partnership: Partnership, elements: list[LeadershipElement], on: date | None = None) -> list[Gap]:
    """Parts of the work that nobody leads, whose owner has left or leaves within 90 days, or that nobody could take over.

    One reason for each, the most pressing first. Two queries.
    """
    on = on or timezone.localdate()
    roles = Membership.objects.current(on).filter(partnership=partnership)
    last_days: dict[int, date | None] = {}
    for person, ends_on in roles.values_list("person", "ends_on"):
        known = last_days.get(person, date.min)
        last_days[person] = None if ends_on is None or known is None else max(ends_on, known)
    seated = set(
        Person.objects.filter(
            Q(seats__ends_on__isnull=True) | Q(seats__ends_on__gte=on),
            seats__partnership=partnership,
            seats__starts_on__lte=on,
        ).values_list("pk", flat=True)
    )
    found: list[tuple[int, Gap]] = []
    for element in elements:
        leading = leading_now(element, on)
        if leading is None:
            found.append((0, Gap(element, None, "Nobody leads it")))
            continue
        last = last_days.get(leading.owner_id, date.min)
        if last == date.min and leading.owner_id not in seated:
            found.append((1, Gap(element, leading, "Its owner has no role or seat here any more")))
        elif last not in (None, date.min) and last <= on + SOON:
            found.append((2, Gap(element, leading, "The role of its owner ends soon")))
        elif leading.successor_id is None:
            found.append((3, Gap(element, leading, "Nobody is named who could take over")))
    return [gap for _, gap in sorted(found, key=lambda one: (one[0], one[1].element.name.casefold()))]


@dataclass(frozen=True, slots=True)
class Share:
    """How many parts of the work were led on a day, and how many of them for a body other than the lead."""

    on: date
    led: int
    outside: int

    @property
    def percent(self) -> float | None:
        return 100 * self.outside / self.led if self.led else None


def shares_outside(partnership: Partnership, *, today: date | None = None) -> list[Share]:
    """The share led outside the lead body on the last day of each of the last quarters, and today; the oldest first.

    Whoever leads for no organisation, a resident say, is outside. Where nobody was the lead body, all are outside.
    """
    today = today or timezone.localdate()
    return shares_on(partnership, [*quarter_ends(today), today])


def shares_on(partnership: Partnership, days: list[date]) -> list[Share]:
    """The share on each of the days. Two queries."""
    led = list(
        Leading.objects.filter(partnership=partnership).values_list("organisation", "starts_on", "ends_on")
    )
    leads = list(
        PartnershipOrganisation.objects.filter(
            partnership=partnership, role=OrganisationRole.LEAD
        ).values_list("organisation", "starts_on", "ends_on")
    )

    def held(rows: list[tuple[int | None, date, date | None]], day: date) -> list[int | None]:
        return [key for key, start, end in rows if start <= day and (end is None or end >= day)]

    shares = []
    for day in days:
        body = set(held(leads, day))
        now = held(led, day)
        shares.append(Share(day, len(now), sum(1 for key in now if key not in body or key is None)))
    return shares


def quarter_ends(today: date) -> list[date]:
    """The last days of the quarters before this one, the oldest first."""
    first = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    days = []
    for _ in range(QUARTERS):
        last = first - timedelta(days=1)
        days.append(last)
        first = date(last.year, 3 * ((last.month - 1) // 3) + 1, 1)
    return days[::-1]
