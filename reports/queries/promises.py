"""What was promised in a period and what became of it, for the periodic report."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from partnerships.models import Commitment, CommitmentStatus
from reports.queries.periods import Period

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Promises:
    """`made` and what was closed are of the period; `open`, `overdue` and `unowned` are how things stood at its end, when
    what was closed since was still open. `closed` holds the latest, `late` the longest overdue."""

    made: int
    kept: int
    changed: int
    let_go: int
    open: int
    overdue: int
    unowned: int
    closed: tuple[Commitment, ...]
    late: tuple[Commitment, ...]


def promises_in(promised: QuerySet[Commitment], period: Period) -> Promises:
    """Three queries, whatever was promised."""
    of_period = Q(closed_on__range=(period.start, period.end))
    open_then = Q(created_at__date__lte=period.end) & (
        Q(closed_on__isnull=True) | Q(closed_on__gt=period.end)
    )
    late_then = open_then & Q(due_on__lte=period.end)
    closed = {
        status.value: Count("pk", filter=of_period & Q(status=status))
        for status in (CommitmentStatus.KEPT, CommitmentStatus.CHANGED, CommitmentStatus.LET_GO)
    }
    counts = promised.order_by().aggregate(
        made=Count("pk", filter=Q(created_at__date__range=(period.start, period.end))),
        open=Count("pk", filter=open_then),
        overdue=Count("pk", filter=late_then),
        unowned=Count("pk", filter=open_then & Q(owner__isnull=True)),
        **closed,
    )
    rows = promised.select_related("owner_organisation", "board")
    return Promises(
        **counts,
        closed=tuple(rows.filter(of_period).order_by("-closed_on", "-pk")[:SHOWN]),
        late=tuple(rows.filter(late_then).order_by("due_on", "pk")[:SHOWN]),
    )
