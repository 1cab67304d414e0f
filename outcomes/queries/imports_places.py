"""The places that a file may name."""

from __future__ import annotations

from django.db.models import Q

from outcomes.imports.places import KnownPlace
from partnerships.models import Partnership, Place


def known_places(partnership: Partnership) -> list[KnownPlace]:
    """Published places and those of this partnership; other partnerships' own neighbourhoods stay theirs."""
    covered = Q(pk__in=partnership.covered.values("place")) | Q(
        parent__in=partnership.covered.values("place")
    )
    successors: dict[int, list[int]] = {}
    for old, new in Place.successors.through.objects.values_list("from_place_id", "to_place_id").order_by(
        "pk"
    ):
        successors.setdefault(old, []).append(new)
    found = Place.objects.filter(covered | Q(code__isnull=False)).values_list(
        "pk", "name", "kind", "code", "is_current"
    )
    return [
        KnownPlace(pk, name, kind, code, is_current, tuple(successors.get(pk, ())))
        for pk, name, kind, code, is_current in found.order_by("pk")
    ]
