"""Which bodies say of which outcomes: we share this."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F, QuerySet

from outcomes.models import Outcome, OutcomeAdoption
from partnerships.models import Organisation, Partnership
from partnerships.queries.activities import organisations_of
from partnerships.queries.boards import sitting


def adoptions_of(outcome: Outcome) -> QuerySet[OutcomeAdoption]:
    """Who shares an outcome, and who did; those who do now first, by name."""
    rows = outcome.adoptions.select_related("organisation")
    return rows.order_by(F("ended_on").desc(nulls_first=True), "organisation__name")


@dataclass(frozen=True, slots=True)
class BodyRow:
    """One body with what it shares now: for each outcome of the table its adoption, or None."""

    organisation: Organisation
    adoptions: tuple[OutcomeAdoption | None, ...]


@dataclass(frozen=True, slots=True)
class WhoShares:
    outcomes: tuple[Outcome, ...]
    rows: tuple[BodyRow, ...]
    without: tuple[Organisation, ...]

    def shared_by(self, number: int) -> int:
        """How many bodies share the outcome in that column."""
        return sum(row.adoptions[number] is not None for row in self.rows)


def who_shares(partnership: Partnership) -> WhoShares:
    """Every outcome with the bodies that share it now, and the partners that have not said so of any. Three queries."""
    outcomes = tuple(Outcome.objects.filter(partnership=partnership))
    current: dict[int, dict[int, OutcomeAdoption]] = {}
    rows = OutcomeAdoption.objects.filter(partnership=partnership, ended_on__isnull=True)
    bodies: dict[int, Organisation] = {}
    for adoption in rows.select_related("organisation").order_by("organisation__name"):
        bodies[adoption.organisation_id] = adoption.organisation
        current.setdefault(adoption.organisation_id, {})[adoption.outcome_id] = adoption
    playing = partnership.organisation_roles.filter(sitting()).values("organisation")
    without = Organisation.objects.filter(pk__in=playing)
    return WhoShares(
        outcomes,
        tuple(
            BodyRow(body, tuple(current[pk].get(outcome.pk) for outcome in outcomes))
            for pk, body in bodies.items()
        ),
        tuple(without.exclude(pk__in=bodies).order_by("name")),
    )


def organisations_to_adopt(partnership: Partnership, own: Collection[int] | None) -> QuerySet[Organisation]:
    """For whom somebody may say that an outcome is shared: any partner, or (`own`) those that they are from."""
    rows = organisations_of(partnership)
    return (rows if own is None else rows.filter(pk__in=own)).order_by("name")
