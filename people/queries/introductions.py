"""Joined dots: who was put in touch with whom, what came of it, and how the network grew. Nobody is ranked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from partnerships.models import Partnership
from people.models import Introduction, Person

PAGE_SIZE = 20
MONTHS = ("Jan to Mar", "Apr to Jun", "Jul to Sep", "Oct to Dec")
# What became of a pair, the furthest first; "" is not known yet.
FURTHEST_FIRST = ("programme", "joint_work", "contact", "", "nothing")
WORDS = {
    "programme": "A programme",
    "joint_work": "They work together",
    "contact": "They are in contact",
    "": "Not known yet",
    "nothing": "Nothing",
}


@dataclass(frozen=True, slots=True)
class IntroductionFilters:
    """What a list is narrowed to; what is None or empty does not narrow it. `came` may also be "unknown"."""

    text: str = ""
    came: str = ""
    person: Person | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    to_ask: bool = False


def introductions_of(partnership: Partnership) -> QuerySet[Introduction]:
    """Those that became joint work first, then the latest."""
    order = Case(
        When(came_of_it__in=("programme", "joint_work"), then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    rows = Introduction.objects.filter(partnership=partnership).order_by(order, "-made_on", "-pk")
    return rows.select_related("one", "other", "made_by", "programme", "activity")


def people_in(rows: QuerySet[Introduction]) -> set[int]:
    """The keys of everybody whom these name."""
    named = rows.order_by().values_list("one", "other", "made_by")
    return {key for keys in named for key in keys if key is not None}


def find(
    rows: QuerySet[Introduction], filters: IntroductionFilters, *, hidden: Collection[int] = ()
) -> QuerySet[Introduction]:
    """Those that fit. Nobody is found by the name of somebody `hidden`."""
    wanted = {"made_on__gte": filters.starts_on, "made_on__lte": filters.ends_on}
    found = rows.filter(**{name: value for name, value in wanted.items() if value is not None})
    if filters.came:
        found = found.filter(came_of_it="" if filters.came == "unknown" else filters.came)
    if filters.person is not None:
        person = filters.person
        found = found.filter(Q(one=person) | Q(other=person) | Q(made_by=person))
    for word in filters.text.split():
        said = Q(why__icontains=word) | Q(note__icontains=word)
        for who in ("one", "other", "made_by"):
            said |= Q(**{f"{who}__name__icontains": word}) & ~Q(**{f"{who}__in": hidden})
        found = found.filter(said)
    return found.filter(waits_for_word()) if filters.to_ask else found


def waits_for_word(today: date | None = None) -> Q:
    """Nobody knows what came of it, and nobody asked for a while."""
    late = (today or timezone.localdate()) - timedelta(days=settings.INTRODUCTION_DAYS)
    return Q(came_of_it="") & (Q(looked_at_on__lt=late) | Q(looked_at_on__isnull=True, made_on__lt=late))


def is_waiting(introduction: Introduction, today: date | None = None) -> bool:
    late = (today or timezone.localdate()) - timedelta(days=settings.INTRODUCTION_DAYS)
    return introduction.came_of_it == "" and (introduction.looked_at_on or introduction.made_on) < late


@dataclass(frozen=True, slots=True)
class Quarter:
    """By the end of a quarter: how many pairs knew each other through an introduction, and what had come of them."""

    label: str
    pairs: int
    new: int
    came: tuple[tuple[str, int], ...]


def growth(partnership: Partnership, *, latest: int = 8, today: date | None = None) -> list[Quarter]:
    """Pairs add up; a pair that was introduced twice counts once, with the furthest that came of it as known today."""
    today = today or timezone.localdate()
    rows = Introduction.objects.filter(partnership=partnership).order_by("made_on", "pk")
    first: dict[frozenset[int], date] = {}
    best: dict[frozenset[int], str] = {}
    for one, other, day, came in rows.values_list("one", "other", "made_on", "came_of_it"):
        pair = frozenset((one, other))
        first.setdefault(pair, day)
        best[pair] = min(best.get(pair, came), came, key=FURTHEST_FIRST.index)
    if not first:
        return []
    quarters = [_quarter(day) for day in first.values()]
    made: list[Quarter] = []
    year, number = min(quarters)
    while (year, number) <= _quarter(today):
        known = [pair for pair, day in first.items() if _quarter(day) <= (year, number)]
        counted = Counter(best[pair] for pair in known)
        made.append(
            Quarter(
                label=f"{MONTHS[number - 1]} {year}",
                pairs=len(known),
                new=quarters.count((year, number)),
                came=tuple((WORDS[came], counted[came]) for came in FURTHEST_FIRST),
            )
        )
        year, number = (year, number + 1) if number < 4 else (year + 1, 1)
    return made[-latest:]


def _quarter(day: date) -> tuple[int, int]:
    return day.year, (day.month + 2) // 3
