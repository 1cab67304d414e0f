"""From which points charts' limits are worked out anew, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from outcomes.models import Measure, Rebase, RebaseCause
from partnerships.models import Place


@dataclass(frozen=True, slots=True)
class RebaseRead:
    """A rebase in force: where, why and by whom. `version` is what an edit or a withdrawal starts from."""

    pk: int
    period_end: date
    period_label: str
    cause: RebaseCause
    reason: str
    by: str
    made_at: datetime
    activity_id: int | None
    decision_id: int | None
    version: int

    @property
    def sentence(self) -> str:
        """What stands beside the chart: the cause, the reason and who said so."""
        return f"{self.cause.label}: {self.reason} ({self.by})"


def in_force(as_of: datetime) -> Q:
    """Those that were made by then and not withdrawn by then."""
    return Q(created_at__lte=as_of) & (Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=as_of))


def rebases_for(
    measures: Collection[Measure], place_ids: Iterable[int], *, as_of: datetime
) -> dict[tuple[int, int], tuple[RebaseRead, ...]]:
    """The rebases of the totals (no breakdown) of these measures in these places, by (measure id, place id), oldest point first.

    One query. A pair without a rebase has no key.
    """
    rows = Rebase.objects.filter(
        in_force(as_of),
        measure__in=[measure.pk for measure in measures],
        place__in=list(place_ids),
        group=None,
    )
    found: dict[tuple[int, int], tuple[RebaseRead, ...]] = {}
    for measure_id, place_id, *cells in rows.order_by("period_end", "pk").values_list(
        "measure", "place", "pk", "period_end", "period_label", "cause", "reason", "created_by__name",
        "created_at", "activity", "decision", "version",
    ):  # fmt: skip
        pk, period_end, label, cause, reason, by, *rest = cells
        read = RebaseRead(pk, period_end, label, RebaseCause(cause), reason, by or "The partnership", *rest)
        found[measure_id, place_id] = (*found.get((measure_id, place_id), ()), read)
    return found


def rebases_anywhere(
    measures: Collection[Measure], *, as_of: datetime
) -> dict[int, list[tuple[Place, RebaseRead]]]:
    """Each measure's rebases in force with their places, by measure id, oldest point first. One query."""
    rows = Rebase.objects.filter(in_force(as_of), measure__in=[one.pk for one in measures], group=None)
    found: dict[int, list[tuple[Place, RebaseRead]]] = {}
    for row in rows.select_related("place", "created_by").order_by("period_end", "pk"):
        read = RebaseRead(
            row.pk,
            row.period_end,
            row.period_label,
            RebaseCause(row.cause),
            row.reason,
            row.created_by.name if row.created_by else "The partnership",
            row.created_at,
            row.activity_id,
            row.decision_id,
            row.version,
        )
        found.setdefault(row.measure_id, []).append((row.place, read))
    return found


def every_rebase(measure: Measure, place_id: int) -> QuerySet[Rebase]:
    """Those in force and those withdrawn, newest point first, with who, and what they are linked to."""
    return (
        Rebase.objects.filter(measure=measure, place=place_id, group=None)
        .select_related("created_by", "withdrawn_by", "activity", "decision")
        .order_by("-period_end", "-pk")
    )
