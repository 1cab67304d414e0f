"""Programmes: the list with its filters, and the story of one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from partnerships.models import (
    CoDesign,
    Partnership,
    Place,
    Programme,
    ProgrammeKind,
    ProgrammeStatus,
    StatusChange,
)

# Only these are co-creation, and only with what changed because of it. Feedback and consultation are not.
DEEP = frozenset({CoDesign.CO_DESIGNED, CoDesign.LED})


@dataclass(frozen=True, slots=True)
class ProgrammeFilters:
    """What the list is narrowed to; what is None or empty does not narrow it."""

    kind: ProgrammeKind | str = ""
    status: ProgrammeStatus | str = ""
    place: Place | None = None


def programmes_of(partnership: Partnership, filters: ProgrammeFilters | None = None) -> QuerySet[Programme]:
    """The partnership's programmes by name. A place finds those in it and in places directly inside it."""
    filters = filters or ProgrammeFilters()
    rows = Programme.objects.filter(partnership=partnership).select_related("provider")
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.status:
        rows = rows.filter(status=filters.status)
    if filters.place:
        here = Place.objects.filter(pk=filters.place.pk) | Place.objects.filter(parent=filters.place)
        there = Programme.places.through.objects.filter(place__in=here)
        rows = rows.filter(pk__in=there.values("programme"))
    return rows.order_by("name")


def is_co_created(programme: Programme) -> bool:
    """Residents designed or led it, and something changed because of them."""
    return programme.co_design in DEEP and bool(programme.co_design_change.strip())


def status_changes(programme: Programme) -> list[StatusChange]:
    """Newest first."""
    return list(programme.status_changes.select_related("recorded_by"))


def last_change(programme: Programme) -> StatusChange | None:
    return programme.status_changes.first()
