"""The learning log: what was expected, what happened, what changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db.models import Count, F, Q, QuerySet

from learning.models import LearningEntry, Verdict
from partnerships.models import Activity, Partnership
from partnerships.queries.activities import visible

CLOSE_ENOUGH = 0.45


@dataclass(frozen=True, slots=True)
class Filters:
    """What the log is narrowed to. Empty means everything."""

    text: str = ""
    verdict: str = ""
    outcome_id: int | None = None
    unanswered: bool = False


def entries(partnership: Partnership, filters: Filters = Filters()) -> QuerySet[LearningEntry]:
    """Learning entries, newest first, or best match first where text is given."""
    rows = LearningEntry.objects.filter(partnership=partnership).select_related(
        "outcome", "owner", "created_by"
    )
    if filters.verdict in Verdict.values:
        rows = rows.filter(verdict=filters.verdict)
    if filters.outcome_id is not None:
        rows = rows.filter(outcome_id=filters.outcome_id)
    if filters.unanswered:
        rows = rows.filter(what_changes="")
    if filters.text:
        query = SearchQuery(filters.text, config="english", search_type="websearch")
        matched = rows.filter(search=query)
        if matched.exists():
            return matched.annotate(rank=SearchRank(F("search"), query)).order_by(
                "-rank", "-learned_on", "-pk"
            )
        near = rows.annotate(near=TrigramWordSimilarity(filters.text, "title"))
        return near.filter(near__gte=CLOSE_ENOUGH).order_by("-near", "-learned_on", "-pk")
    return rows


def counts(partnership: Partnership) -> dict[str, int]:
    """How many entries say what, and how many leave open what will change."""
    return LearningEntry.objects.filter(partnership=partnership).aggregate(
        total=Count("pk"),
        **{verdict: Count("pk", filter=Q(verdict=verdict)) for verdict in Verdict.values},
        unanswered=Count("pk", filter=Q(what_changes="")),
    )


def from_activity(activity: Activity) -> list[LearningEntry]:
    return list(activity.learning.all())


def may_see_activity(entry: LearningEntry, viewer: Any) -> bool:
    """Whether this person may open the activity that an entry came from."""
    return (
        bool(entry.activity_id) and visible(entry.partnership, viewer).filter(pk=entry.activity_id).exists()
    )


def in_period(partnership: Partnership, start: date, end: date) -> list[LearningEntry]:
    """Entries learned between two days, both included, newest first."""
    rows = LearningEntry.objects.filter(partnership=partnership, learned_on__range=(start, end))
    return list(rows.select_related("outcome", "owner"))
