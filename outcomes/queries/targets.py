"""The way that partners set for a measure in a place: where it began, milestones, and where it should be."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils import timezone

from outcomes.models import Measure, Target, TargetKind
from outcomes.queries.series import words_for
from partnerships.models import Partnership, Place


@dataclass(frozen=True, slots=True)
class PathPoint:
    """A baseline, a milestone or a target: a value for a day, and the value in words."""

    pk: int
    kind: TargetKind
    due_on: date
    value: float
    text: str
    note: str = ""

    @property
    def label(self) -> str:
        return KIND_WORDS[self.kind]


# Target's own labels explain; these stand in a table or a chart's key.
KIND_WORDS = {
    TargetKind.BASELINE: "Baseline",
    TargetKind.MILESTONE: "Milestone",
    TargetKind.TARGET: "Target",
}


@dataclass(frozen=True, slots=True)
class TargetPath:
    """Baseline, milestones and targets of one measure in one place, in the order of their days."""

    measure_id: int
    place_id: int
    points: tuple[PathPoint, ...]

    def of(self, kind: TargetKind) -> tuple[PathPoint, ...]:
        return tuple(point for point in self.points if point.kind == kind)

    @property
    def baseline(self) -> PathPoint | None:
        return next(iter(self.of(TargetKind.BASELINE)), None)

    def goal(self, today: date) -> PathPoint | None:
        """The next target to come; when all are past, the last of them. Never a baseline, never a milestone."""
        targets = self.of(TargetKind.TARGET)
        return next((point for point in targets if point.due_on >= today), targets[-1] if targets else None)

    def next_milestone(self, today: date) -> PathPoint | None:
        """The milestone that is next, where it comes before the next target."""
        goal = self.goal(today)
        coming = (point for point in self.of(TargetKind.MILESTONE) if point.due_on >= today)
        found = next(coming, None)
        return None if found and goal and today <= goal.due_on < found.due_on else found

    def expected(self, day: date) -> float | None:
        """What the straight line from point to point says for a day; None before the first point and after the last."""
        for before, after in pairwise(self.points):
            if before.due_on <= day <= after.due_on:
                share = (day - before.due_on).days / (after.due_on - before.due_on).days
                return before.value + share * (after.value - before.value)
        return None


def target_path(measure: Measure, place: Place, as_of: datetime) -> TargetPath:
    """One measure's way in one place, as it stood at `as_of`."""
    return target_paths([measure], place, as_of)[measure.pk]


def target_paths(measures: Collection[Measure], place: Place, as_of: datetime) -> dict[int, TargetPath]:
    """Every measure's way in a place by measure id, also where nothing is set. One query."""
    by_id = {measure.pk: measure for measure in measures}
    found: dict[int, list[PathPoint]] = {pk: [] for pk in by_id}
    for row in _rows(by_id, place, as_of):
        value = float(row.value)
        text = words_for(by_id[row.measure_id], value)
        found[row.measure_id].append(
            PathPoint(row.pk, TargetKind(row.kind), row.due_on, value, text, row.note)
        )
    return {
        pk: TargetPath(pk, place.pk, tuple(sorted(points, key=lambda point: point.due_on)))
        for pk, points in found.items()
    }


def _rows(measures: Iterable[int], place: Place, as_of: datetime) -> Iterable[Any]:
    asked = Q(measure__in=list(measures), created_at__lte=as_of)
    if as_of >= timezone.now() - timedelta(minutes=1):
        return Target.objects.filter(asked, place=place)
    return [event for event in _as_they_stood(asked, as_of) if event.place_id == place.pk]


def _as_they_stood(asked: Q, as_of: datetime) -> list[Any]:
    """An earlier day's targets, from what the database kept of each save.

    A record may say that it was made before it came here; until it was changed here, it stood as it was first written. Which
    place it was for is known only when its save is chosen: a target may have moved from one to another.
    """
    kept: dict[int, Any] = {}
    for event in Target.pgh_event_model.objects.filter(asked).order_by("pgh_id"):
        if event.pgh_obj_id not in kept or event.pgh_created_at <= as_of:
            kept[event.pgh_obj_id] = event
    for pk, event in kept.items():
        event.pk = pk
    return [event for event in kept.values() if event.pgh_label != "delete"]


def targets_of(measure: Measure) -> QuerySet[Target]:
    """All that is set for a measure, place by place, in the order of their days."""
    return (
        Target.objects.filter(measure=measure)
        .select_related("place", "created_by")
        .order_by("place__name", "due_on")
    )


@dataclass(frozen=True, slots=True)
class Removed:
    """A target that no longer stands: what it said, when it was removed and by whom ("" where nobody is known)."""

    kind: TargetKind
    value: float
    due_on: date
    place: Place
    at: datetime
    who: str


def removed_targets(measure: Measure) -> list[Removed]:
    """What was set for a measure and removed, the latest first. Three queries."""
    events = list(
        Target.pgh_event_model.objects.filter(measure=measure, pgh_label="delete")
        .select_related("pgh_context")
        .order_by("-pgh_id")
    )
    places = Place.objects.in_bulk({event.place_id for event in events})
    by = [event.pgh_context.metadata.get("user") if event.pgh_context else None for event in events]
    people = get_user_model().objects.in_bulk({pk for pk in by if pk is not None})
    return [
        Removed(
            TargetKind(event.kind),
            float(event.value),
            event.due_on,
            places[event.place_id],
            event.pgh_created_at,
            people[pk].name if pk in people else "",
        )
        for event, pk in zip(events, by, strict=True)
    ]


def target_places(partnership: Partnership) -> QuerySet[Place]:
    """The places for which a partnership may set targets: those that it covers, and their parts."""
    covered = partnership.covered.values("place")
    return Place.objects.filter(Q(pk__in=covered) | Q(parent__in=covered)).order_by("name")
