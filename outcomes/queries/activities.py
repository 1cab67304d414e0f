"""Activities with the outcomes that they should help."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet

from outcomes.models import ActivityOutcome, Outcome
from partnerships.models import Activity, ActivityKind, ReviewStatus, Visibility

TABLE_COLUMNS = (
    "Number",
    "Date",
    "What happened",
    "Kind",
    "Minutes",
    "Organisations",
    "People",
    "Programme",
    "Board",
    "Place",
    "Outcomes it should help",
    "Details",
    "Next step",
    "Next step due",
    "Next step done",
    "Logged by",
    "Written with",
    "Review",
    "Who can see it",
    "Finished",
)


def helping(activities: QuerySet[Activity], outcome: Outcome) -> QuerySet[Activity]:
    """Those of the activities that should help the outcome."""
    return activities.filter(pk__in=ActivityOutcome.objects.filter(outcome=outcome).values("activity"))


def outcomes_of(activities: Iterable[Activity]) -> dict[int, list[Outcome]]:
    """The outcomes that each of the activities should help, by the activity's id."""
    links = ActivityOutcome.objects.filter(activity__in=[activity.pk for activity in activities])
    found: dict[int, list[Outcome]] = defaultdict(list)
    for link in links.select_related("outcome").order_by("outcome__position", "outcome__title"):
        found[link.activity_id].append(link.outcome)
    return found


def table(activities: QuerySet[Activity]) -> Iterator[tuple[Any, ...]]:
    """A row for each activity under TABLE_COLUMNS, read from the database as it is used, however many there are."""
    kinds, seen_by, reviews = (dict(one.choices) for one in (ActivityKind, Visibility, ReviewStatus))
    rows = activities.annotate(
        named_organisations=_names(Activity.organisations.through, "organisation__name"),
        named_people=_names(Activity.people.through, "person__name"),
        helped=_names(ActivityOutcome, "outcome__title"),
        written_by=F("created_by__name"),
        written_with=_names(Activity.authors.through, "person__name"),
    ).values_list(
        "pk",
        "happened_on",
        "title",
        "kind",
        "own_kind__name",
        "minutes",
        "named_organisations",
        "named_people",
        "programme__name",
        "board__name",
        "place__name",
        "helped",
        "what_happened",
        "next_step",
        "next_step_on",
        "next_step_done_on",
        "written_by",
        "written_with",
        "review",
        "visibility",
        "is_complete",
    )
    for (
        number,
        day,
        title,
        kind,
        own_kind,
        minutes,
        organisations,
        people,
        programme,
        board,
        place,
        helped,
        *rest,
    ) in rows.iterator(chunk_size=2000):
        *text_and_steps, written_with, review, visibility, is_complete = rest
        yield (
            number,
            day,
            title,
            own_kind or kinds.get(kind, kind),
            minutes,
            "; ".join(organisations),
            "; ".join(people),
            programme,
            board,
            place,
            "; ".join(helped),
            *text_and_steps,
            "; ".join(written_with),
            reviews.get(review, review) if review else "",
            seen_by.get(visibility, visibility),
            "yes" if is_complete else "no",
        )


def _names(links: Any, name: str) -> ArraySubquery:
    return ArraySubquery(links.objects.filter(activity=OuterRef("pk")).order_by(name).values(name))
