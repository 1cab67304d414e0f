"""What stands on the agenda of a board's every meeting, and on that of one meeting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from partnerships.models import AgendaItem, Board, Document, Meeting, StandingItem


def standing_until(board: Board, *, since: date) -> QuerySet[StandingItem]:
    """The items that stand on the agendas of meetings on some day from then on, in their order."""
    found = StandingItem.objects.filter(board=board).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=since))
    return found.select_related("lead").order_by("position", "pk")


def standing_items(board: Board) -> QuerySet[StandingItem]:
    """Those that stand now or from a later day on."""
    return standing_until(board, since=timezone.localdate())


def agenda_of(meeting: Meeting) -> list[AgendaItem]:
    """Every item in its order, with its papers (`papers_here`) and decisions."""
    papers = Document.objects.select_related("uploaded_by")
    items = AgendaItem.objects.filter(meeting=meeting).select_related("lead", "standing_item")
    return list(
        items.order_by("position", "pk").prefetch_related(
            Prefetch("papers", queryset=papers, to_attr="papers_here"), "decisions__rule"
        )
    )


@dataclass(frozen=True, slots=True)
class Length:
    """How long the items take, and how long the meeting is (None where nobody said)."""

    planned: int
    untimed: int
    available: int | None

    @property
    def over(self) -> int:
        """Minutes by which the items run past the end of the meeting."""
        return max(0, self.planned - self.available) if self.available is not None else 0


def length_of(meeting: Meeting, items: Iterable[AgendaItem]) -> Length:
    items = list(items)
    planned = sum(item.minutes or 0 for item in items)
    available = None
    if meeting.starts_at and meeting.ends_at:
        begins, ends = meeting.starts_at, meeting.ends_at
        available = (ends.hour - begins.hour) * 60 + ends.minute - begins.minute
    return Length(planned, sum(1 for item in items if not item.minutes), available)


def papers_missing(items: Iterable[AgendaItem]) -> list[AgendaItem]:
    """Items that need a paper and have none yet."""
    return [item for item in items if item.needs_paper and not item.papers_here]
