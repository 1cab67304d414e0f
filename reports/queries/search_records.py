"""What the search box finds besides activities, voices, measures and people: the partnership's records by their words.

Every word must occur, and nothing is guessed: these are titles that somebody knows. One or two queries a kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from config.words import day_words
from partnerships.models import (
    Agreement,
    Decision,
    Document,
    Meeting,
    Partnership,
    SimpleRule,
    Strategy,
)
from partnerships.queries.documents import documents_in
from partnerships.queries.places import visible_places
from people.models import Introduction, Person
from people.queries.introductions import WORDS, IntroductionFilters, find, introductions_of
from people.queries.leavers import hidden_among
from reports.queries.hits import EACH, Hit, Hits


def records(partnership: Partnership, viewer: Person, text: str) -> Iterator[Hits]:
    """The best few of each kind, also of those with none."""
    here, slug = {"partnership": partnership}, partnership.slug

    def page(name: str, *keys: Any) -> str:
        return reverse(name, args=[slug, *keys])

    yield matching(
        "Decisions",
        Decision.objects.filter(**here).select_related("meeting__board").order_by("-meeting__held_on", "-pk"),
        ("what", "why"),
        text,
        lambda one: Hit(
            one.what,
            page("meeting-detail", one.meeting.board_id, one.meeting_id),
            f"{one.meeting.board}, {day_words(one.meeting.held_on)}",
        ),
    )
    yield matching(
        "Meetings",
        Meeting.objects.filter(**here).select_related("board").order_by("-held_on", "-pk").distinct(),
        ("title", "agenda__title", "board__name"),
        text,
        lambda one: Hit(
            one.title or str(one.board),
            page("meeting-detail", one.board_id, one.pk),
            f"{one.board}, {day_words(one.held_on)}",
        ),
    )
    yield matching(
        "Papers and files",
        documents_in(partnership, viewer).order_by("-uploaded_at", "-pk"),
        ("title", "file_name"),
        text,
        lambda one: Hit(one.title, page("document", one.pk), _where(one)),
    )
    yield matching(
        "Places",
        visible_places(partnership).order_by("name"),
        ("name", "code"),
        text,
        lambda one: Hit(one.name, page("place-detail", one.pk), one.get_kind_display()),
    )
    yield matching(
        "Strategies",
        Strategy.objects.filter(**here).select_related("organisation").order_by("name").distinct(),
        ("name", "summary", "themes__name"),
        text,
        lambda one: Hit(one.name, page("strategy-detail", one.pk), str(one.organisation or "")),
    )
    yield matching(
        "Agreements",
        Agreement.objects.filter(**here).order_by("title"),
        ("title", "purpose"),
        text,
        lambda one: Hit(one.title, page("agreement-detail", one.pk), one.get_kind_display()),
    )
    yield matching(
        "Simple rules",
        SimpleRule.objects.filter(**here).order_by("position"),
        ("text", "explanation"),
        text,
        lambda one: Hit(one.text, page("rule-detail", one.pk), ""),
    )
    yield _introductions(partnership, viewer, text, page("introduction-list"))


def matching(
    heading: str, rows: QuerySet, fields: tuple[str, ...], text: str, show: Callable[[Any], Hit]
) -> Hits:
    for word in text.split():
        said = Q()
        for field in fields:
            said |= Q(**{f"{field}__icontains": word})
        rows = rows.filter(said)
    return Hits(heading, tuple(show(row) for row in rows[:EACH]))


def _where(document: Document) -> str:
    """What a file belongs to."""
    if document.meeting:
        return f"{document.meeting.board}, {day_words(document.meeting.held_on)}"
    return str(document.activity or document.programme or document.agreement)


def _introductions(partnership: Partnership, viewer: Person, text: str, url: str) -> Hits:
    """None with somebody whose places this reader may not see: the words may be their name."""
    found: list[Introduction] = list(
        find(introductions_of(partnership), IntroductionFilters(text=text))[:EACH]
    )
    people = {key for one in found for key in (one.one_id, one.other_id, one.made_by_id)}
    hidden = hidden_among(people, partnership, viewer)
    return Hits(
        "Introductions",
        tuple(
            Hit(
                str(one),
                f"{url}?person={one.one_id}",
                f"{day_words(one.made_on)}. {WORDS[one.came_of_it]}",
            )
            for one in found
            if not hidden & {one.one_id, one.other_id, one.made_by_id}
        ),
    )
