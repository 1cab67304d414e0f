"""The outcome dashboard: what changed, what cannot be told, what is missing, then every outcome with its measures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from outcomes.models import ActivityOutcome, Commentary, Measure, Outcome
from outcomes.queries.readings import Reading, england, main_place, readings_for
from outcomes.statistics.terms import Progress
from partnerships.models import Activity, Partnership, Place
from partnerships.queries.activities import visible

RECENT_DAYS = 90
# A template brings a dozen lines along. They stand on their programme's page; a chair sees the headlines of them.
ON_THE_DASHBOARD = Q(template_key="") | Q(is_headline=True)


@dataclass(frozen=True, slots=True)
class OutcomeReading:
    """One outcome with its measures, headline first, population indicators before programmes' own measures."""

    outcome: Outcome
    indicators: tuple[Reading, ...]
    performance: tuple[Reading, ...]
    recent_activities: int

    @property
    def readings(self) -> tuple[Reading, ...]:
        return self.indicators + self.performance


@dataclass(frozen=True, slots=True)
class Dashboard:
    """All of a partnership's measures for one place at one moment, sorted into what a chair asks first."""

    place: Place
    nation: Place | None
    as_of: datetime
    outcomes: tuple[OutcomeReading, ...]
    better: tuple[Reading, ...]
    worse: tuple[Reading, ...]
    no_change: tuple[Reading, ...]
    cannot_tell: tuple[Reading, ...]
    late: tuple[Reading, ...]

    @property
    def readings(self) -> tuple[Reading, ...]:
        return tuple(reading for outcome in self.outcomes for reading in outcome.readings)


def dashboard(
    partnership: Partnership, *, as_of: datetime, viewer: Any, place: Place | None = None
) -> Dashboard | None:
    """The dashboard for a place (the main one if none is given); None where the partnership covers no place yet.

    `viewer` decides which activities are counted. The number of queries does not grow with the number of measures.
    """
    place = place or main_place(partnership)
    if place is None:
        return None
    nation = england()
    measures = list(
        Measure.objects.filter(
            ON_THE_DASHBOARD, partnership=partnership, created_at__lte=as_of
        ).select_related("outcome", "programme")
    )
    readings = readings_for(measures, place, as_of=as_of, nation=nation)
    outcomes = _outcomes(partnership, as_of, viewer, readings)
    every = [reading for outcome in outcomes for reading in outcome.readings]

    def judged(progress: Progress) -> tuple[Reading, ...]:
        return tuple(r for r in every if r.latest is not None and r.judgement.progress is progress)

    return Dashboard(
        place=place,
        nation=nation,
        as_of=as_of,
        outcomes=outcomes,
        better=judged(Progress.BETTER),
        worse=judged(Progress.WORSE),
        no_change=judged(Progress.NO_CHANGE),
        cannot_tell=judged(Progress.CANNOT_TELL),
        late=tuple(r for r in every if r.freshness.is_late),
    )


def _outcomes(
    partnership: Partnership, as_of: datetime, viewer: Any, readings: dict[int, Reading]
) -> tuple[OutcomeReading, ...]:
    since = as_of.date() - timedelta(days=RECENT_DAYS)
    recent = visible(partnership, viewer).filter(happened_on__gt=since, happened_on__lte=as_of.date())
    # From the recent activities to their links: the other way round would read every link there ever was.
    links = ActivityOutcome.objects.filter(activity__in=recent.order_by().values("pk"))
    counted = dict(links.order_by().values_list("outcome").annotate(Count("pk")))
    rows = Outcome.objects.filter(partnership=partnership, created_at__lte=as_of)
    by_outcome: dict[int, list[Reading]] = {}
    for reading in readings.values():
        by_outcome.setdefault(reading.measure.outcome_id, []).append(reading)
    return tuple(
        OutcomeReading(
            outcome=outcome,
            indicators=tuple(r for r in by_outcome.get(outcome.pk, []) if r.measure.kind == "indicator"),
            performance=tuple(r for r in by_outcome.get(outcome.pk, []) if r.measure.kind == "performance"),
            recent_activities=counted.get(outcome.pk, 0),
        )
        for outcome in rows
    )


def helping_activities(
    partnership: Partnership, outcome: Outcome, *, viewer: Any, limit: int = 10
) -> list[Activity]:
    """The newest activities that should help an outcome, of those that this person may see."""
    return list(
        visible(partnership, viewer)
        .filter(outcome_links__outcome=outcome)
        .select_related("programme", "board", "created_by")[:limit]
    )


def commentaries(measure: Measure, *, as_of: datetime, limit: int = 10) -> list[Commentary]:
    """What was said about a measure, newest first."""
    return list(measure.commentaries.filter(created_at__lte=as_of).select_related("author")[:limit])


def moment(day: date | None) -> datetime:
    """The end of a day in the partnership's time, or now: what `as_of` takes. A day to come is now."""
    now = timezone.now()
    if day is None or day >= timezone.localdate():
        return now
    return timezone.make_aware(datetime.combine(day, datetime.max.time()))
