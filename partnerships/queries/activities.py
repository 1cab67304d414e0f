"""Finding activities: who may see which, filters, search, pages and what waits to be finished."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.postgres.search import SearchHeadline, SearchQuery, TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import Count, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.utils import timezone

from partnerships.models import (
    Activity,
    ActivityKind,
    Board,
    Organisation,
    OwnKind,
    Partnership,
    Place,
    Programme,
    ReviewStatus,
    SavedFilter,
    Seat,
    Sector,
    StrategyTheme,
    Visibility,
)

PAGE_SIZE = 25
COUNTED_UP_TO = 10_000
FEW = 1_000
# How alike a word of a title must be to count as a slip of the keyboard, and how many such titles are worth reading.
ALIKE = 0.42
GUESSES = 100
# Stand around a matched word on its way from the database; no keyboard types them.
MATCH_BEGINS, MATCH_ENDS = "\x02", "\x03"


def visible(partnership: Partnership, person: Any | None) -> QuerySet[Activity]:
    """The activities that this person may see, newest first: the only definition. Nobody (None) sees what all may see.

    What the index of the list holds is asked first; the two lists of ids are made once a query, and only when a row
    needs them.
    """
    seen = Q(visibility=Visibility.PARTNERSHIP)
    if person is not None:
        for_boards = Activity.objects.filter(
            partnership=partnership, visibility=Visibility.BOARD, board__in=_boards_of(person)
        )
        seen |= written_by(person) | Q(pk__in=for_boards.order_by().values("pk"))
    return Activity.objects.filter(seen, partnership=partnership).select_related("own_kind").defer("search")


def authored(partnership: Partnership, person: Any, **narrowed: Any) -> QuerySet[Activity]:
    """What this person logged or writes together with others, and may therefore see."""
    rows = Activity.objects.filter(partnership=partnership, **narrowed)
    few = _few(_ids_by(rows, person))
    wanted = Q(**narrowed) & written_by(person) if few is None else Q(pk__in=few)
    return visible(partnership, person).filter(wanted)


def is_author(activity: Activity, person: Any) -> bool:
    return activity.created_by_id == person.pk or activity.authors.filter(pk=person.pk).exists()


def author_counts(activities: Iterable[Activity]) -> dict[int, int]:
    """How many write each of the activities together with the person who began it."""
    links = Activity.authors.through.objects.filter(activity__in=[one.pk for one in activities])
    return dict(links.values_list("activity").annotate(Count("pk")))


def people_who_see(activity: Activity) -> QuerySet:
    """Whoever may read the activity's page: `visible` turned around, among those who have a role in the partnership."""
    members = get_user_model().objects.filter(
        pk__in=activity.partnership.memberships.current().values("person"), is_active=True, is_system=False
    )
    if activity.visibility == Visibility.PARTNERSHIP:
        return members
    seen = Q(pk=activity.created_by_id) | Q(pk__in=activity.authors.order_by().values("pk"))
    if activity.visibility == Visibility.BOARD:
        seen |= Q(pk__in=current_seats().filter(board=activity.board_id).values("person"))
    return members.filter(seen)


def current_seats() -> QuerySet[Seat]:
    today = timezone.localdate()
    return Seat.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), starts_on__lte=today)


def _boards_of(person: Any) -> QuerySet:
    return current_seats().filter(person=person).values("board")


def written_by(person: Any) -> Q:
    return Q(created_by=person) | Q(pk__in=_written_with(person))


def _written_with(person: Any) -> QuerySet:
    return Activity.authors.through.objects.filter(person=person).values_list("activity", flat=True)


def _ids_by(rows: QuerySet[Activity], person: Any) -> QuerySet:
    """The ids of what the person wrote, each half found through its own index."""
    rows = rows.order_by().values_list("pk", flat=True)
    return rows.filter(created_by=person).union(rows.filter(pk__in=_written_with(person)))


def _few(ids: QuerySet) -> list[int] | None:
    """The ids where there are few; None where there are so many that they are met soon enough on the way down a list."""
    found = list(ids[: FEW + 1])
    return found if len(found) <= FEW else None


def to_finish(partnership: Partnership, person: Any) -> QuerySet[Activity]:
    """What this person, or somebody who writes with them, saved to finish later."""
    return authored(partnership, person, is_complete=False)


def saved_filters(partnership: Partnership, person: Any) -> QuerySet[SavedFilter]:
    return SavedFilter.objects.filter(partnership=partnership, person=person)


def organisations_of(partnership: Partnership) -> QuerySet[Organisation]:
    """Every organisation that plays or played a part in the partnership."""
    return Organisation.objects.filter(pk__in=partnership.organisation_roles.values("organisation"))


def places_of(partnership: Partnership) -> QuerySet[Place]:
    """The places that the partnership covers, and the smaller ones directly in them."""
    covered = partnership.covered.values("place")
    return Place.objects.filter(Q(pk__in=covered) | Q(parent__in=covered))


# --- Filters and search ------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ActivityFilters:
    """What a list is narrowed to; what is None or empty does not narrow it."""

    text: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    kind: ActivityKind | str = ""
    own_kind: OwnKind | None = None
    programme: Programme | None = None
    board: Board | None = None
    place: Place | None = None
    organisation: Organisation | None = None
    sector: Sector | str = ""
    person: Any | None = None
    logged_by: Any | None = None
    theme: StrategyTheme | None = None
    review: ReviewStatus | str = ""
    to_finish: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Activities, newest first. `is_guess`: no text matched, and these titles are only close to what was typed."""

    activities: QuerySet[Activity]
    is_guess: bool = False


def find(activities: QuerySet[Activity], filters: ActivityFilters) -> Found:
    """What the filters leave. Words that few activities have are looked up once, through their index; words that many
    have are met soon enough on the way down the list."""
    narrowed = _narrowed(activities, filters)
    if not filters.text:
        return Found(narrowed)
    exact = narrowed.filter(search=_query(filters.text))
    few = list(exact.order_by().values_list("pk", flat=True)[: FEW + 1])
    if len(few) > FEW:
        return Found(exact)
    if few:
        return Found(narrowed.filter(pk__in=few))
    alike = _ids_with_title_like(narrowed, filters.text)
    return Found(narrowed.filter(pk__in=alike), is_guess=bool(alike))


def _narrowed(activities: QuerySet[Activity], filters: ActivityFilters) -> QuerySet[Activity]:
    wanted = {
        "happened_on__gte": filters.starts_on,
        "happened_on__lte": filters.ends_on,
        "kind": filters.kind or None,
        "own_kind": filters.own_kind,
        "review": filters.review or None,
        "programme": filters.programme,
        "board": filters.board,
        "is_complete": False if filters.to_finish else None,
    }
    narrowed = activities.filter(**{name: value for name, value in wanted.items() if value is not None})
    if filters.kind == ActivityKind.OTHER and filters.own_kind is None:
        narrowed = narrowed.filter(own_kind__isnull=True)
    if filters.logged_by is not None:
        narrowed = _by(narrowed, filters.logged_by)
    if filters.place is not None:
        narrowed = narrowed.filter(place__in=_within(filters.place))
    links = Activity.organisations.through.objects
    if filters.organisation is not None:
        narrowed = narrowed.filter(pk__in=links.filter(organisation=filters.organisation).values("activity"))
    if filters.sector:
        narrowed = narrowed.filter(
            pk__in=links.filter(organisation__sector=filters.sector).values("activity")
        )
    if filters.person is not None:
        narrowed = _by(narrowed, filters.person, or_named=True)
    if filters.theme is not None:
        themed = Activity.themes.through.objects.filter(strategytheme=filters.theme)
        narrowed = narrowed.filter(pk__in=themed.values("activity"))
    return narrowed


def _by(activities: QuerySet[Activity], person: Any, *, or_named: bool = False) -> QuerySet[Activity]:
    """What the person wrote, or is named in."""
    ids, wanted = _ids_by(Activity.objects.all(), person), written_by(person)
    if or_named:
        named = Activity.people.through.objects.filter(person=person).values_list("activity", flat=True)
        ids, wanted = ids.union(named), wanted | Q(pk__in=named)
    few = _few(ids)
    return activities.filter(wanted if few is None else Q(pk__in=few))


def _within(place: Place) -> list[int]:
    """The place and those in it, two steps down: a borough, its neighbourhoods and their streets."""
    inside = Q(pk=place.pk) | Q(parent=place) | Q(parent__parent=place)
    return list(Place.objects.filter(inside).values_list("pk", flat=True))


def _query(text: str) -> SearchQuery:
    return SearchQuery(text, config="english", search_type="websearch")


def _ids_with_title_like(activities: QuerySet[Activity], text: str) -> list[int]:
    """The closest titles in which every typed word has a word that is spelt much like it."""
    words = [word for word in re.findall(r"\w+", text) if len(word) > 2][:6]
    if not words:
        return []
    for word in words:
        activities = activities.filter(title__trigram_word_similar=word)
    closest = activities.order_by(
        TrigramWordSimilarity(" ".join(words), "title").desc(), "-happened_on", "-pk"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(ALIKE)])
        return list(closest.values_list("pk", flat=True)[:GUESSES])


# --- Matched words -----------------------------------------------------------------------------------------------
Pieces = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Highlight:
    """A title and a part of the text in pieces, each with whether it matched."""

    title: Pieces
    excerpt: Pieces


def highlights(activities: Iterable[Activity], text: str) -> dict[int, Highlight]:
    """What matched in these activities, by their id; a matter for one page, since each text is read in full."""
    query = _query(text)
    around = {"config": "english", "start_sel": MATCH_BEGINS, "stop_sel": MATCH_ENDS}
    title = SearchHeadline(_without_marks("title"), query, highlight_all=True, **around)
    body = Concat("what_happened", Value("\n"), "next_step", output_field=TextField())
    excerpt = SearchHeadline(_without_marks(body), query, max_words=32, min_words=14, **around)
    rows = (
        Activity.objects.filter(pk__in=[activity.pk for activity in activities])
        .annotate(marked_title=title, marked_excerpt=excerpt)
        .values_list("pk", "marked_title", "marked_excerpt")
    )
    return {pk: Highlight(_pieces(in_title), _pieces(in_text)) for pk, in_title, in_text in rows}


def _without_marks(text: Any) -> Func:
    """Text that holds none of the characters which will stand around what matched."""
    unwanted = Value(MATCH_BEGINS + MATCH_ENDS)
    return Func(text, unwanted, Value(""), function="translate", output_field=TextField())


def _pieces(marked: str) -> Pieces:
    parts = re.split(f"{MATCH_BEGINS}([^{MATCH_ENDS}]*){MATCH_ENDS}", marked)
    return tuple((part, bool(number % 2)) for number, part in enumerate(parts) if part)


# --- Pages -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the list: just below or just above one activity. Its text stands in addresses."""

    happened_on: date
    pk: int

    def __str__(self) -> str:
        return f"{self.happened_on.isoformat()}.{self.pk}"

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Raises ValueError for text that is no cursor."""
        day, _, pk = text.partition(".")
        if not re.fullmatch(r"[0-9]{1,18}", pk):
            raise ValueError(f"{text!r} is not a place in the list")
        return cls(date.fromisoformat(day), int(pk))

    @classmethod
    def at(cls, activity: Activity) -> Cursor:
        return cls(activity.happened_on, activity.pk)


@dataclass(frozen=True, slots=True)
class Page:
    activities: list[Activity]
    newer: Cursor | None
    older: Cursor | None


def page(
    activities: QuerySet[Activity],
    *,
    before: Cursor | None = None,
    after: Cursor | None = None,
    size: int = PAGE_SIZE,
) -> Page:
    """One page of a list, newest first: the next older than `before`, or the next newer than `after`, or the first.

    Both start from a place in an index, so the last page costs what the first does.
    """
    rows = (
        activities.select_related("programme", "board", "place", "created_by")
        .prefetch_related("organisations")
        .order_by("-happened_on", "-pk")
    )
    if after is not None:
        newer = rows.filter(happened_on__gte=after.happened_on).exclude(
            happened_on=after.happened_on, pk__lte=after.pk
        )
        found = list(newer.order_by("happened_on", "pk")[: size + 1])
        shown, more_newer, more_older = found[:size][::-1], len(found) > size, True
    else:
        if before is not None:
            rows = rows.filter(happened_on__lte=before.happened_on).exclude(
                happened_on=before.happened_on, pk__gte=before.pk
            )
        found = list(rows[: size + 1])
        shown, more_newer, more_older = found[:size], before is not None, len(found) > size
    return Page(
        shown,
        newer=Cursor.at(shown[0]) if shown and more_newer else None,
        older=Cursor.at(shown[-1]) if shown and more_older else None,
    )


def count_up_to(activities: QuerySet[Activity], limit: int = COUNTED_UP_TO) -> int:
    """How many there are, counting no further than one above `limit`, so that a long list is not read to be counted."""
    return activities.order_by()[: limit + 1].count()


def last_saved_by(activity: Activity) -> str:
    """The name of whoever saved it last; empty where that was no person."""
    event = Activity.pgh_event_model.objects.filter(pgh_obj_id=activity.pk).order_by("-pgh_id")
    key = event.values_list("pgh_context__metadata__user", flat=True).first()
    person = get_user_model().objects.filter(pk=key).first() if key else None
    return person.name if person else ""
