"""What a dashboard stands in and can be narrowed to: places, outcomes, groups, and what was chosen of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from outcomes.models import ActivityOutcome, Group, Measure, MeasureBreakdown, MeasureKind, Outcome
from partnerships.models import Partnership, Place
from partnerships.queries.activities import visible

RECENT_DAYS = 90
ENGLAND = "E92000001"
QUARTERS = 20
PART_RANK, NATION_RANK = 2, 3
# Each arm is answered by an index; asked of all places at once with "or", every place there is would be looked at.
_PLACES = f"""
WITH covered AS (SELECT place_id, is_main FROM partnerships_partnershipplace WHERE partnership_id = %(partnership)s),
known AS (
  SELECT place_id AS id, CASE WHEN is_main THEN 0 ELSE 1 END AS rank FROM covered
  UNION ALL SELECT p.id, {PART_RANK} FROM covered JOIN partnerships_place p ON p.parent_id = covered.place_id
  UNION ALL SELECT p.id, {PART_RANK} FROM covered JOIN partnerships_place p ON p.upper_tier_id = covered.place_id
  UNION ALL SELECT p.id, {PART_RANK} FROM covered JOIN partnerships_place p ON p.combined_authority_id = covered.place_id
  UNION ALL SELECT id, {NATION_RANK} FROM partnerships_place WHERE code = %(england)s
)
SELECT p.*, ranked.rank FROM partnerships_place p JOIN (SELECT id, min(rank) AS rank FROM known GROUP BY id) ranked USING (id)
"""  # noqa: S608 - constants of this file; what was asked goes in as parameters


@dataclass(frozen=True, slots=True)
class GroupChoice:
    """A declared part of a breakdown, such as sex: girls."""

    pk: int
    dimension: str
    name: str

    @property
    def label(self) -> str:
        return f"{self.dimension}: {self.name}"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a dashboard stands. `helping` counts the recent activities that should help an outcome, by its id."""

    main: Place | None
    places: tuple[Place, ...]
    nation: Place | None
    outcomes: tuple[Outcome, ...]
    groups: tuple[GroupChoice, ...]
    helping: Mapping[int, int]


def surroundings(partnership: Partnership, *, as_of: datetime, viewer: Any) -> Surroundings:
    """The covered places with the main one first and their parts behind; England; the outcomes. Two queries."""
    rows = sorted(
        Place.objects.raw(_PLACES, {"partnership": partnership.pk, "england": ENGLAND}), key=_main_first
    )
    own = [place for place in rows if place.rank < NATION_RANK]
    outcomes = tuple(_outcomes(partnership, as_of, viewer))
    first = outcomes[0] if outcomes else None
    return Surroundings(
        main=own[0] if own and own[0].rank < PART_RANK else None,
        places=tuple(own),
        nation=next((place for place in rows if place.code == ENGLAND), None),
        outcomes=tuple(outcome for outcome in outcomes if outcome.created_at <= as_of),
        groups=tuple(GroupChoice(**one) for one in first.said_groups) if first else (),
        helping=Counter(first.said_links) if first else {},
    )


def _main_first(place: Any) -> tuple[int, str]:
    return place.rank, place.name


def _outcomes(partnership: Partnership, as_of: datetime, viewer: Any) -> Any:
    """With two lists that have nothing to do with one outcome: a subquery that the database answers once saves a question each."""
    today = timezone.localtime(as_of).date()
    recent = visible(partnership, viewer).filter(
        happened_on__gt=today - timedelta(days=RECENT_DAYS), happened_on__lte=today
    )
    # From the recent activities to their links: the other way round would read every link there ever was.
    links = ActivityOutcome.objects.filter(activity__in=recent.order_by().values("pk"))
    declared = MeasureBreakdown.objects.filter(measure__partnership=partnership).values("dimension")
    groups = Group.objects.filter(partnership=partnership, dimension__in=declared)
    return Outcome.objects.filter(partnership=partnership).annotate(
        said_links=ArraySubquery(links.order_by().values("outcome")),
        said_groups=ArraySubquery(
            groups.values(said=JSONObject(pk="pk", dimension="dimension", name="name"))
        ),
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody narrowed a dashboard to; nothing means all of it. `until` leaves out the figures of later periods."""

    place: Place | None = None
    group: GroupChoice | None = None
    until: date | None = None
    outcome: Outcome | None = None
    whose: str = ""
    kind: str = ""
    headline: bool = False

    @property
    def narrows(self) -> bool:
        """Whether it leaves measures out, so that what stands beside them must be left out too."""
        return bool(self.outcome or self.whose or self.kind or self.headline or self.group)

    def keeps(self, measure: Measure) -> bool:
        return not (
            (self.outcome and measure.outcome_id != self.outcome.pk)
            or (self.whose and measure.ownership != self.whose)
            or (self.kind and measure.kind != MeasureKind(self.kind))
            or (self.headline and not measure.is_headline)
        )


NOTHING_CHOSEN = Chosen()


def quarter_ends(today: date, *, count: int = QUARTERS) -> list[date]:
    """The ends of the newest whole quarters, newest first: as what a dashboard can stop."""
    found = []
    year, quarter = today.year, (today.month - 1) // 3
    for _ in range(count):
        if quarter == 0:
            year, quarter = year - 1, 4
        month = quarter * 3
        found.append(date(year, month, 31 if month in (3, 12) else 30))
        quarter -= 1
    return found
