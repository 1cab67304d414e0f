"""The outcome dashboard: what changed, what cannot be told, what is missing, what to decide, then every outcome with its measures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max, OuterRef, Q, Subquery
from django.utils import timezone

from outcomes.models import Commentary, Measure, Outcome
from outcomes.queries.beside import protected
from outcomes.queries.decisions_wanted import decisions_wanted
from outcomes.queries.groups import group_series_for
from outcomes.queries.narrowing import NOTHING_CHOSEN, Chosen, GroupChoice, Surroundings, surroundings
from outcomes.queries.needs import Need, needs_of
from outcomes.queries.readings import Reading, readings_for, with_series
from outcomes.queries.upkeep import Upkeep, upkeep_of
from outcomes.statistics.terms import Progress
from partnerships.models import Activity, Partnership, Place
from partnerships.queries.activities import visible

# A template brings a dozen lines along. They stand on their programme's page; a chair sees the headlines of them.
# What is wanted and not there yet stands on its outcome's page: it is not missing.
ON_THE_DASHBOARD = Q(template_key="") | Q(is_headline=True)
# Changes first, what got worse before what got better; what has no figure last.
_ORDER = {Progress.WORSE: 0, Progress.BETTER: 1, Progress.NO_CHANGE: 2, Progress.CANNOT_TELL: 3}


@dataclass(frozen=True, slots=True)
class OutcomeReading:
    """One outcome with its measures, changes first, population indicators before programmes' own measures.

    `wanted` are measures in development: partners want them and do not have them yet, so they are in none of the others.
    """

    outcome: Outcome
    indicators: tuple[Reading, ...]
    performance: tuple[Reading, ...]
    recent_activities: int
    wanted: tuple[Measure, ...] = ()

    @property
    def readings(self) -> tuple[Reading, ...]:
        return self.indicators + self.performance

    @property
    def upkeep(self) -> Upkeep:
        return upkeep_of(self.readings)


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A partnership's measures for one place at one moment, sorted into what a chair asks first.

    `without_group` are the measures that are not counted by the group that was chosen.
    """

    place: Place
    nation: Place | None
    as_of: datetime
    outcomes: tuple[OutcomeReading, ...]
    better: tuple[Reading, ...]
    worse: tuple[Reading, ...]
    no_change: tuple[Reading, ...]
    cannot_tell: tuple[Reading, ...]
    late: tuple[Reading, ...]
    needs: tuple[Need, ...] = ()
    without_group: tuple[Measure, ...] = ()

    @property
    def readings(self) -> tuple[Reading, ...]:
        return tuple(reading for outcome in self.outcomes for reading in outcome.readings)


def dashboard(
    partnership: Partnership,
    *,
    as_of: datetime,
    viewer: Any,
    chosen: Chosen = NOTHING_CHOSEN,
    around: Surroundings | None = None,
) -> Dashboard | None:
    """The dashboard for a place (the main one if none is chosen); None where the partnership covers no place yet.

    `viewer` decides which activities are counted. The number of queries does not grow with the number of measures.
    """
    around = around or surroundings(partnership, as_of=as_of, viewer=viewer)
    place = chosen.place or around.main
    if place is None:
        return None
    shown = _measures(partnership, around, chosen, as_of)
    measures = [measure for measure in shown if not measure.is_in_development]
    found = readings_for(measures, place, as_of=as_of, nation=around.nation, until=chosen.until)
    readings = protected(found.values(), as_of=as_of)
    without: tuple[Measure, ...] = ()
    if chosen.group:
        readings, without = _of_group(readings, chosen.group, place, as_of)
    outcomes = _outcomes(around, chosen, readings, [one for one in shown if one.is_in_development])
    every = [reading for outcome in outcomes for reading in outcome.readings]
    ids = {reading.measure.pk for reading in every}
    wanted = [
        one
        for one in decisions_wanted(partnership, as_of=as_of)
        if not chosen.narrows or one.measure_id in ids
    ]
    commented = {measure.pk: measure.last_commented for measure in measures}

    def judged(progress: Progress) -> tuple[Reading, ...]:
        return tuple(r for r in every if r.latest is not None and r.judgement.progress is progress)

    return Dashboard(
        place=place,
        nation=around.nation,
        as_of=as_of,
        outcomes=outcomes,
        better=judged(Progress.BETTER),
        worse=judged(Progress.WORSE),
        no_change=judged(Progress.NO_CHANGE),
        cannot_tell=judged(Progress.CANNOT_TELL),
        late=tuple(r for r in every if r.freshness.is_late),
        needs=needs_of(every, wanted, commented, today=timezone.localtime(as_of).date()),
        without_group=without,
    )


def _measures(partnership: Partnership, around: Surroundings, chosen: Chosen, as_of: datetime) -> list[Any]:
    """The measures that stand on this dashboard, each with its outcome and with when somebody last wrote about it."""
    written = Commentary.objects.filter(measure=OuterRef("pk"), created_at__lte=as_of).order_by()
    rows = (
        Measure.objects.filter(ON_THE_DASHBOARD, partnership=partnership, created_at__lte=as_of)
        .select_related("programme")
        .annotate(
            last_commented=Subquery(written.values("measure").annotate(on=Max("written_on")).values("on"))
        )
    )
    by_id = {outcome.pk: outcome for outcome in around.outcomes}
    found = [measure for measure in rows if measure.outcome_id in by_id and chosen.keeps(measure)]
    for measure in found:
        measure.outcome = by_id[measure.outcome_id]
    return found


def _of_group(
    readings: Sequence[Reading], group: GroupChoice, place: Place, as_of: datetime
) -> tuple[list[Reading], tuple[Measure, ...]]:
    """The readings of one group instead of the total, protected, and the measures that are not counted by it."""
    totals = {one.measure.pk: one.series for one in readings}
    split = group_series_for([one.measure for one in readings], place, as_of=as_of, totals=totals)
    found = {
        pk: part.series
        for pk, breakdowns in split.items()
        for breakdown in breakdowns
        for part in breakdown.groups
        if part.group.pk == group.pk
    }
    kept = [
        with_series(one, found[one.measure.pk], of_group=True) for one in readings if one.measure.pk in found
    ]
    return kept, tuple(one.measure for one in readings if one.measure.pk not in found)


def _outcomes(
    around: Surroundings, chosen: Chosen, readings: Iterable[Reading], in_development: Sequence[Measure]
) -> tuple[OutcomeReading, ...]:
    by_outcome: dict[int, list[Reading]] = {}
    for reading in sorted(readings, key=_changes_first):
        by_outcome.setdefault(reading.measure.outcome_id, []).append(reading)
    found = (
        OutcomeReading(
            outcome=outcome,
            indicators=tuple(r for r in by_outcome.get(outcome.pk, []) if r.measure.kind == "indicator"),
            performance=tuple(r for r in by_outcome.get(outcome.pk, []) if r.measure.kind == "performance"),
            recent_activities=around.helping.get(outcome.pk, 0),
            wanted=tuple(measure for measure in in_development if measure.outcome_id == outcome.pk),
        )
        for outcome in around.outcomes
    )
    return tuple(one for one in found if not chosen.narrows or one.readings or one.wanted)


def _changes_first(reading: Reading) -> tuple[int, bool, str]:
    order = 4 if reading.latest is None else _ORDER[reading.judgement.progress]
    return order, not reading.measure.is_headline, reading.measure.name


def helping_activities(
    partnership: Partnership, outcome: Outcome, *, viewer: Any, limit: int = 10
) -> list[Activity]:
    """The newest activities that should help an outcome, of those that this person may see."""
    return list(
        visible(partnership, viewer)
        .filter(outcome_links__outcome=outcome)
        .select_related("programme", "board", "created_by")[:limit]
    )


def moment(day: date | None) -> datetime:
    """The end of a day in the partnership's time, or now: what `as_of` takes. A day to come is now."""
    now = timezone.now()
    if day is None or day >= timezone.localdate():
        return now
    return timezone.make_aware(datetime.combine(day, datetime.max.time()))
