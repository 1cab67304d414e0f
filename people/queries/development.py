"""Training and leadership programmes, who took part, and what they then set in motion."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from partnerships.models import Partnership
from people.models import Attended, Cohort, CohortPlace, Course, Influenced, Person


def courses_of(partnership: Partnership) -> QuerySet[Course]:
    """Courses by name, each with its cohorts (`cohorts.all()`) and their numbers: places, completed, champions, influenced."""
    cohorts = Cohort.objects.annotate(
        people=Count("places", distinct=True),
        completed=Count("places", filter=Q(places__attended=Attended.COMPLETED), distinct=True),
        champions=Count("places", filter=Q(places__champion_since__isnull=False), distinct=True),
        then=Count("places__influenced", distinct=True),
    )
    return (
        Course.objects.filter(partnership=partnership)
        .select_related("provider", "programme")
        .prefetch_related(Prefetch("cohorts", queryset=cohorts))
    )


def places_in(cohort: Cohort) -> list[CohortPlace]:
    """Who has a place, by name, each with what they then set in motion (`influenced.all()`)."""
    influenced = Influenced.objects.select_related("activity", "message__voice", "decision__meeting")
    return list(
        cohort.places.select_related("person").prefetch_related(Prefetch("influenced", queryset=influenced))
    )


def places_of(person: Person, partnership: Partnership) -> QuerySet[CohortPlace]:
    """The training that somebody took part in here, the latest first."""
    return (
        CohortPlace.objects.filter(person=person, partnership=partnership)
        .select_related("cohort__course")
        .order_by("-cohort__starts_on")
    )


@dataclass(frozen=True, slots=True)
class Summary:
    """Numbers of a partnership's training. How many took part is no outcome: what they then set in motion comes nearer."""

    people: int
    completed: int
    champions: int
    moved_something: int


def summary(partnership: Partnership) -> Summary:
    """People are counted once, however many courses they took part in."""
    places = CohortPlace.objects.filter(partnership=partnership).exclude(attended=Attended.LEFT)
    found = places.aggregate(
        people=Count("person", distinct=True),
        completed=Count("person", filter=Q(attended=Attended.COMPLETED), distinct=True),
        champions=Count("person", filter=Q(champion_since__isnull=False), distinct=True),
        moved_something=Count("person", filter=Q(influenced__isnull=False), distinct=True),
    )
    return Summary(**found)
