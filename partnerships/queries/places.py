"""Places as a partnership sees them: those it covers, the tree around them, and what is known of one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from partnerships.models import (
    AuthorityDeprivation,
    Board,
    Partnership,
    PartnershipPlace,
    Place,
    PlaceKind,
    Programme,
    SmallAreaDeprivation,
)

# From the largest to the smallest: the order of the tree.
SIZES = {kind: rank for rank, kind in enumerate(PlaceKind)}
LOCAL = (PlaceKind.NEIGHBOURHOOD, PlaceKind.HYPER_LOCAL)
ALIKE = 0.35
DEEPEST = 12
MOST_FOUND = 50
# How far below a covered place somebody else's neighbourhood may lie and still be ours to see: county to street.
LINKS = ("parent", "upper_tier", "combined_authority")


def visible_places(partnership: Partnership) -> QuerySet[Place]:
    """Published places, and those without a code that this partnership added, covers, or has in an area it covers.

    What another partnership calls a corner of its own borough is nobody's business; within an area that both cover, one
    record serves both.
    """
    covered = partnership.covered.values("place")
    inside = Q()
    for link in LINKS:
        inside |= Q(**{f"{link}__in": covered}) | Q(**{f"parent__{link}__in": covered})
    inside |= Q(parent__parent__parent__in=covered)
    shared = Q(added_by__isnull=True) | Q(added_by=partnership) | Q(pk__in=covered)
    return Place.objects.filter(shared | inside)


def covered_by(partnership: Partnership) -> list[PartnershipPlace]:
    """What the partnership covers: the main place first, then from large to small."""
    found = PartnershipPlace.objects.filter(partnership=partnership).select_related("place__parent")
    return sorted(found, key=lambda one: (not one.is_main, SIZES[PlaceKind(one.place.kind)], one.place.name))


# --- The tree ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Node:
    """A place in the tree, the nodes below it where it is open, and whether there are any."""

    place: Place
    is_open: bool
    has_more: bool
    below: tuple[Node, ...] = ()


def above(place: Place) -> Place | None:
    """What a place stands under in the tree: the smallest published area that holds it."""
    return place.upper_tier or place.combined_authority or place.parent


def _under(places: Any) -> Q:
    """Places that stand directly under one of these (or under the place of an outer query)."""
    one = "" if isinstance(places, OuterRef) else "__in"
    directly = Q(**{f"parent{one}": places}, upper_tier__isnull=True, combined_authority__isnull=True)
    in_authority = Q(**{f"combined_authority{one}": places}, upper_tier__isnull=True)
    return Q(**{f"upper_tier{one}": places}) | in_authority | directly


def path_to(place: Place) -> list[Place]:
    """From the nation to the place itself. A loop in the data ends it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE up AS (SELECT id, coalesce(upper_tier_id, combined_authority_id, parent_id) AS next, "
            "1 AS step FROM partnerships_place WHERE id = %s UNION ALL "
            "SELECT place.id, coalesce(place.upper_tier_id, place.combined_authority_id, place.parent_id), step + 1 "
            "FROM partnerships_place place JOIN up ON place.id = up.next WHERE step < %s) "
            "SELECT id FROM up ORDER BY step DESC",
            [place.pk, DEEPEST],
        )
        ids = list(dict.fromkeys(pk for (pk,) in cursor.fetchall()))
    places = Place.objects.in_bulk(ids)
    return [places[pk] for pk in ids]


def tree(partnership: Partnership, opened: Place | None) -> tuple[Node, ...]:
    """The nations, open down to one place: one query a level, whatever there is."""
    path = path_to(opened) if opened else []
    level = _nodes(visible_places(partnership).filter(is_current=True).filter(_tops()))
    levels = [level]
    for place in path:
        below = visible_places(partnership).filter(is_current=True).filter(_under([place.pk]))
        levels.append(_nodes(below))
    return _built(levels, [place.pk for place in path])


def _tops() -> Q:
    return Q(parent__isnull=True, upper_tier__isnull=True, combined_authority__isnull=True)


def _nodes(places: QuerySet[Place]) -> list[Place]:
    inside = Place.objects.filter(_under(OuterRef("pk")), is_current=True)
    found = list(places.annotate(has_more=Exists(inside)))
    return sorted(found, key=lambda place: (SIZES[PlaceKind(place.kind)], place.name))


def _built(levels: list[list[Place]], path: list[int]) -> tuple[Node, ...]:
    if not levels:
        return ()
    return tuple(
        Node(place, True, place.has_more, _built(levels[1:], path[1:]))
        if path and place.pk == path[0]
        else Node(place, False, place.has_more)
        for place in levels[0]
    )


def search(partnership: Partnership, text: str) -> list[Place]:
    """Places by name or code, those in use first; names that are only alike where none has the words."""
    places = visible_places(partnership).select_related(*LINKS)
    exact = Q(name__icontains=text) | Q(code__istartswith=text) | Q(small_areas__contains=[text.upper()])
    found = list(places.filter(exact).order_by("-is_current", "name")[:MOST_FOUND])
    if found:
        return found
    return list(
        places.filter(is_current=True)
        .annotate(alike=TrigramSimilarity("name", text))
        .filter(alike__gte=ALIKE)
        .order_by("-alike", "name")[:10]
    )


def alike(partnership: Partnership, name: str, parent: Place | None, except_for: int = 0) -> list[Place]:
    """Places in the same area whose name is much like this one: it may be the same."""
    if not name.strip() or parent is None:
        return []
    around = {parent.pk, *(place.pk for place in path_to(parent) if SIZES[PlaceKind(place.kind)] >= 4)}
    nearby = visible_places(partnership).filter(Q(parent__in=around) | Q(parent__parent__in=around))
    return list(
        nearby.exclude(pk=except_for)
        .annotate(alike=TrigramSimilarity("name", name))
        .filter(alike__gte=ALIKE)
        .select_related("parent")
        .order_by("-alike", "name")[:5]
    )


# --- One place ---------------------------------------------------------------------------------------------------
def inside(partnership: Partnership, place: Place) -> list[Place]:
    """What is directly in a place, from large to small."""
    return _nodes(visible_places(partnership).filter(_under([place.pk])))


def ids_within(place: Place) -> list[int]:
    """The place and all below it, a query a level."""
    found, level = {place.pk}, [place.pk]
    while level:
        below = Place.objects.filter(
            Q(parent__in=level) | Q(upper_tier__in=level) | Q(combined_authority__in=level)
        )
        level = [pk for pk in below.values_list("pk", flat=True) if pk not in found]
        found.update(level)
    return sorted(found)


def leads_to(start: Collection[int], target: int) -> bool:
    """Whether a way along successors leads from one of these places to the target."""
    seen: set[int] = set()
    level = set(start)
    while level:
        if target in level:
            return True
        seen |= level
        links = Place.successors.through.objects.filter(from_place__in=level)
        level = set(links.values_list("to_place_id", flat=True)) - seen
    return False


def partnerships_covering(place: Place, user: Any) -> list[Partnership]:
    """Only those that the reader may know of."""
    return list(Partnership.objects.visible_to(user).filter(covered__place=place).order_by("name"))


def programmes_in(partnership: Partnership, places: Iterable[int]) -> list[Programme]:
    found = Programme.objects.filter(partnership=partnership, places__in=places)
    return list(found.distinct().order_by("name"))


def boards_in(partnership: Partnership, places: Iterable[int]) -> list[Board]:
    found = Board.objects.filter(partnership=partnership, place__in=places, ended_on__isnull=True)
    return list(found.select_related("place").order_by("name"))


# --- Deprivation -------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Spread:
    """How many LSOAs of a place lie in each tenth of England, the most deprived first. There is no average of deciles."""

    year: int
    counts: tuple[int, ...]
    known: int
    named: int

    @property
    def most_deprived(self) -> int:
        return self.counts[0]


def authority_deprivation(place: Place) -> AuthorityDeprivation | None:
    return AuthorityDeprivation.objects.filter(place=place).order_by("-year").first()


def decile_spread(place: Place) -> Spread | None:
    """The latest year's deciles of the LSOAs in a place, where it is known which they are: by the list that a neighbourhood
    gives, or for an authority by the published file."""
    codes = {code for areas in _areas_within(place) for code in areas}
    if place.code and place.code.startswith("E01"):
        codes.add(place.code)
    asked = Q(code__in=codes)
    if place.kind == PlaceKind.LOCAL_AUTHORITY and place.code:
        asked |= Q(authority_code=place.code)
    scores = SmallAreaDeprivation.objects.filter(asked)
    year = scores.order_by("-year").values_list("year", flat=True).first()
    if year is None:
        return None
    counted = dict(
        scores.filter(year=year).order_by("decile").values_list("decile").annotate(n=Count("code"))
    )
    counts = tuple(counted.get(decile, 0) for decile in range(1, 11))
    return Spread(year, counts, sum(counts), max(len(codes), sum(counts)))


def _areas_within(place: Place) -> list[list[str]]:
    if place.kind not in (PlaceKind.WARD, *LOCAL):
        return []
    mine = Place.objects.filter(Q(pk=place.pk) | Q(parent=place) | Q(parent__parent=place))
    return list(mine.values_list("small_areas", flat=True))


def is_in_force(place: Place) -> bool:
    today = timezone.localdate()
    return place.is_current and (place.valid_to is None or place.valid_to >= today)


def places_around(partnership: Partnership) -> QuerySet[Place]:
    """What the partnership covers, what lies in it, and its own places: enough to say where something smaller is."""
    covered = partnership.covered.values("place")
    inside = Q(pk__in=covered) | Q(added_by=partnership)
    for link in LINKS:
        inside |= Q(**{f"{link}__in": covered}) | Q(**{f"parent__{link}__in": covered})
    return visible_places(partnership).filter(inside, is_current=True)
