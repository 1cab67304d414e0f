"""Practices that spread: where they went, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

from config.words import day_words
from partnerships.models import Adoption, Partnership, Place, PlaceKind, Precision
from partnerships.queries.activities import places_of

TABLE_COLUMNS = (
    "Number",
    "Practice",
    "Programme",
    "From place",
    "From organisation",
    "To place",
    "To organisation",
    "To wider system",
    "When",
    "Adapted how",
    "What came of it",
)


# Beyond its own places, those that any reader knows.
WELL_KNOWN = (
    PlaceKind.NATION,
    PlaceKind.REGION,
    PlaceKind.COMBINED_AUTHORITY,
    PlaceKind.HEALTH_SYSTEM,
    PlaceKind.UPPER_TIER,
    PlaceKind.LOCAL_AUTHORITY,
)


def places_to_name(partnership: Partnership) -> QuerySet[Place]:
    """Where a practice may come from or go to: the partnership's own places, and councils and wider areas anywhere."""
    own = places_of(partnership).order_by().values("pk")
    known = Q(kind__in=WELL_KNOWN, is_current=True, code__isnull=False)
    return Place.objects.filter(Q(pk__in=own) | known).order_by("name")


def adoptions_of(partnership: Partnership) -> QuerySet[Adoption]:
    """The latest first; those of unknown date last."""
    return Adoption.objects.filter(partnership=partnership).select_related(
        "programme", "from_place", "from_organisation", "to_place", "to_organisation"
    )


def when_words(adoption: Adoption) -> str:
    """As exactly as it is known: 4 June 2026, June 2026, 2026, or that nobody told."""
    if adoption.adopted_on is None:
        return "Date not known"
    if adoption.precision == Precision.YEAR:
        return str(adoption.adopted_on.year)
    if adoption.precision == Precision.MONTH:
        return f"{adoption.adopted_on:%B %Y}"
    return day_words(adoption.adopted_on)


def when_iso(adoption: Adoption) -> str:
    """As exactly as it is known: 2026-06-04, 2026-06, 2026, or nothing."""
    if adoption.adopted_on is None:
        return ""
    length = {Precision.YEAR: 4, Precision.MONTH: 7}.get(Precision(adoption.precision), 10)
    return adoption.adopted_on.isoformat()[:length]


def from_words(adoption: Adoption) -> str:
    """Whoever had it first, where somebody told."""
    return ", ".join(str(one) for one in (adoption.from_organisation, adoption.from_place) if one)


def to_words(adoption: Adoption) -> str:
    takers = (adoption.to_organisation, adoption.to_place, adoption.to_wider_system)
    return ", ".join(str(one) for one in takers if one)


def table(adoptions: QuerySet[Adoption]) -> Iterator[tuple[Any, ...]]:
    """A row for each adoption under TABLE_COLUMNS."""
    for one in adoptions:
        names = (one.programme, one.from_place, one.from_organisation, one.to_place, one.to_organisation)
        yield (
            one.pk,
            one.practice,
            *(str(name) if name else "" for name in names),
            one.to_wider_system,
            when_iso(one),
            one.adapted_how,
            one.what_came_of_it,
        )
