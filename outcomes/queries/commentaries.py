"""The stories behind measures' curves."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from outcomes.models import Commentary, Measure
from partnerships.models import Decision, Partnership


def stories_of(measure: Measure, *, as_of: datetime) -> QuerySet[Commentary]:
    """What was written about a measure by then, newest first, with everything that a page says of it."""
    return (
        Commentary.objects.filter(measure=measure, created_at__lte=as_of)
        .select_related("author", "measure", "for_board", "decision__meeting")
        .prefetch_related("partners__organisation")
    )


def own_story(partnership: Partnership, pk: int) -> QuerySet[Commentary]:
    rows = Commentary.objects.filter(partnership=partnership, pk=pk)
    return rows.select_related("measure__partnership", "measure__outcome", "author", "for_board", "decision")


def decisions_for(commentary: Commentary) -> QuerySet[Decision]:
    """The decisions of the board that was asked, the latest first."""
    rows = Decision.objects.filter(meeting__board=commentary.for_board_id).select_related("meeting")
    return rows.order_by("-meeting__held_on", "pk")
