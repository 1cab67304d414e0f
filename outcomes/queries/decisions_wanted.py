"""What was proposed to a board about a measure, and is not decided yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from outcomes.models import Commentary
from partnerships.models import Partnership


@dataclass(frozen=True, slots=True)
class DecisionWanted:
    """A proposal that waits for a board's decision. It was written with the measure `measure_slug`."""

    commentary_id: int
    measure_id: int
    measure_slug: str
    measure_name: str
    board_id: int
    board_name: str
    proposal: str
    author: str
    written_on: date
    days_waiting: int


def decisions_wanted(partnership: Partnership, *, as_of: datetime) -> tuple[DecisionWanted, ...]:
    """The proposals of a partnership that a board had still to decide at a moment, longest waiting first. One query."""
    undecided = Q(decision__isnull=True) | Q(decision__created_at__gt=as_of)
    rows = (
        Commentary.objects.filter(
            undecided, partnership=partnership, created_at__lte=as_of, for_board__isnull=False
        )
        .exclude(what_we_propose="")
        .order_by("written_on", "pk")
    )
    today = timezone.localtime(as_of).date()
    return tuple(
        DecisionWanted(*cells, written_on=written_on, days_waiting=max(0, (today - written_on).days))
        for *cells, written_on in rows.values_list(
            "pk",
            "measure",
            "measure__slug",
            "measure__name",
            "for_board",
            "for_board__name",
            "what_we_propose",
            "author__name",
            "written_on",
        )
    )
