"""What the periodic cross-system report says, collected as it is known at one moment.

Only what everybody in the partnership may see goes in: the report is read by all of them, and outlives roles.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, Sum

from learning.models import LearningEntry, Verdict
from learning.queries.entries import in_period
from outcomes.models import Commentary
from outcomes.queries.dashboard import Dashboard, dashboard
from partnerships.models import Activity, ActivityKind, Commitment, Organisation, Partnership, Sector
from partnerships.queries.activities import visible
from reports.queries.influence import InfluenceInPeriod, influence_in
from reports.queries.periods import Period
from reports.queries.promises import Promises, promises_in
from reports.queries.voices import VoicesInPeriod, voices_in

SHOWN = 12


@dataclass(frozen=True, slots=True)
class ActivityCounts:
    """What partners logged in the period. `minutes` counts only activities whose length was given (`timed`)."""

    total: int
    before: int
    minutes: int
    timed: int
    organisations: int
    by_kind: tuple[tuple[str, int], ...]
    by_sector: tuple[tuple[str, int], ...]
    by_programme: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class CrossSystem:
    """Everything in the report of one period."""

    partnership: Partnership
    period: Period
    as_of: datetime
    dashboard: Dashboard | None
    counts: ActivityCounts
    introductions: tuple[Activity, ...]
    setbacks: tuple[Activity, ...]
    open_steps: tuple[Activity, ...]
    promises: Promises
    voices: VoicesInPeriod
    influence: InfluenceInPeriod
    learning: tuple[LearningEntry, ...]
    commentaries: tuple[Commentary, ...]

    @property
    def did_not_work(self) -> tuple[LearningEntry, ...]:
        return tuple(entry for entry in self.learning if entry.verdict != Verdict.WORKED)


def collect(partnership: Partnership, period: Period, *, as_of: datetime) -> CrossSystem:
    """Collect the report's content; the number of queries does not grow with the number of records."""
    shared = visible(partnership, None).filter(created_at__lte=as_of)
    rows = shared.filter(happened_on__range=(period.start, period.end)).select_related("programme", "board")
    open_steps = shared.filter(
        happened_on__lte=period.end, next_step_on__lte=period.end, next_step_done_on__isnull=True
    ).exclude(next_step="")
    promised = Commitment.objects.filter(partnership=partnership, created_at__lte=as_of)
    # A next step that became a commitment is told of as one.
    open_steps = open_steps.exclude(Exists(promised.filter(activity=OuterRef("pk"))))
    return CrossSystem(
        partnership=partnership,
        period=period,
        as_of=as_of,
        dashboard=dashboard(partnership, as_of=as_of, viewer=None),
        counts=_counts(shared, rows, period),
        introductions=tuple(rows.filter(kind=ActivityKind.INTRODUCTION)[:SHOWN]),
        setbacks=tuple(rows.filter(kind=ActivityKind.SETBACK)[:SHOWN]),
        open_steps=tuple(open_steps.prefetch_related("organisations").order_by("next_step_on")[:SHOWN]),
        promises=promises_in(promised, period),
        voices=voices_in(partnership, period, as_of=as_of),
        influence=influence_in(partnership, period, as_of=as_of),
        learning=tuple(e for e in in_period(partnership, period.start, period.end) if e.created_at <= as_of),
        commentaries=tuple(
            Commentary.objects.filter(
                partnership=partnership, written_on__range=(period.start, period.end), created_at__lte=as_of
            ).select_related("measure")
        ),
    )


def _counts(shared, rows, period: Period) -> ActivityCounts:
    length = period.end - period.start
    before = shared.filter(happened_on__gte=period.start - length, happened_on__lt=period.start).count()
    totals = rows.aggregate(
        n=Count("pk"), spent=Sum("minutes"), timed=Count("pk", filter=Q(minutes__isnull=False))
    )
    kinds: Counter[str] = Counter()
    for kind, own, number in rows.order_by().values_list("kind", "own_kind__name").annotate(n=Count("pk")):
        kinds[own or ActivityKind(kind).label] += number
    programmes = (
        rows.filter(programme__isnull=False).order_by().values_list("programme__name").annotate(n=Count("pk"))
    )
    named = Activity.organisations.through.objects.filter(activity__in=rows.order_by().values("pk"))
    sectors = named.values_list("organisation__sector").annotate(n=Count("activity", distinct=True))
    return ActivityCounts(
        total=totals["n"],
        before=before,
        minutes=totals["spent"] or 0,
        timed=totals["timed"],
        organisations=Organisation.objects.filter(pk__in=named.values("organisation")).count(),
        by_kind=_largest_first(kinds),
        by_sector=_largest_first({Sector(sector).label: n for sector, n in sectors}),
        by_programme=_largest_first(dict(programmes)),
    )


def _largest_first(counted: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counted.items(), key=lambda row: (-row[1], row[0])))
