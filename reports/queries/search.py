"""One box that finds anything in a partnership."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db.models import F, Q, QuerySet
from django.urls import reverse

from learning.models import LearningEntry
from outcomes.models import Measure, Outcome
from partnerships.models import Board, Commitment, Organisation, Partnership, Programme
from partnerships.queries.activities import visible
from people.models import Person
from people.permissions import Permission
from people.queries.people import known_people_of, people_of
from people.queries.voices import VoiceFilters, find, visible_voices
from reports.queries.hits import EACH, Hit, Hits
from reports.queries.search_records import records

CLOSE_ENOUGH = 0.45


def search(partnership: Partnership, viewer: Person, text: str) -> list[Hits]:
    """The best few of each kind for what was typed; kinds without a hit are left out. One or two queries a kind."""
    text = " ".join(text.replace("\x00", "").split())[:200]
    if not text:
        return []
    slug = partnership.slug
    found = [
        _texts("Activities", visible(partnership, viewer), text, slug, "activity-detail", "happened_on"),
        _texts(
            "Learning",
            LearningEntry.objects.filter(partnership=partnership),
            text,
            slug,
            "learning-detail",
            "learned_on",
        ),
        _voices(partnership, viewer, text),
        _measures(partnership, text),
        _named(
            "Outcomes",
            Outcome.objects.filter(partnership=partnership),
            "title",
            text,
            lambda o: (o.title, reverse("outcome-detail", args=[slug, o.pk]), ""),
        ),
        _named(
            "Commitments",
            Commitment.objects.filter(partnership=partnership),
            "what",
            text,
            lambda c: (c.what, reverse("commitment-detail", args=[slug, c.pk]), _promise(c)),
        ),
        _named(
            "Programmes",
            Programme.objects.filter(partnership=partnership),
            "name",
            text,
            lambda p: (p.name, reverse("programme-detail", args=[slug, p.pk]), p.get_kind_display()),
        ),
        _named(
            "Boards",
            Board.objects.filter(partnership=partnership),
            "name",
            text,
            lambda b: (b.name, reverse("board-detail", args=[slug, b.pk]), b.get_level_display()),
        ),
        _named(
            "Organisations",
            Organisation.objects.filter(roles__partnership=partnership).distinct(),
            "name",
            text,
            lambda o: (o.name, reverse("organisation-detail", args=[slug, o.pk]), o.get_sector_display()),
        ),
        _named(
            "People",
            _people(partnership, viewer),
            "name",
            text,
            lambda p: (p.name, reverse("person-detail", args=[slug, p.pk]), p.job_title),
        ),
    ]
    return [hits for hits in (*found, *records(partnership, viewer, text)) if hits.hits]


def _texts(heading: str, rows: QuerySet, text: str, slug: str, page: str, day: str) -> Hits:
    query = SearchQuery(text, config="english", search_type="websearch")
    matched = (
        rows.filter(search=query)
        .annotate(rank=SearchRank(F("search"), query))
        .order_by("-rank", f"-{day}")[:EACH]
    )
    hits, is_guess = list(matched), False
    if not hits:
        near = rows.annotate(near=TrigramWordSimilarity(text, "title")).filter(near__gte=CLOSE_ENOUGH)
        hits, is_guess = list(near.order_by("-near", f"-{day}")[:EACH]), True
    made = tuple(Hit(row.title, reverse(page, args=[slug, row.pk]), _day(getattr(row, day))) for row in hits)
    return Hits(heading, made, is_guess=is_guess)


def _voices(partnership: Partnership, viewer: Person, text: str) -> Hits:
    """Of voices that this person may read. No guesses: what is near in spelling is not what somebody said."""
    found = find(visible_voices(partnership, viewer), VoiceFilters(text=text))[:EACH]
    page = [
        Hit(
            voice.theme,
            reverse("voice-detail", args=[partnership.slug, voice.pk]),
            f"{voice.said_as}, {_day(voice.said_on)}",
        )
        for voice in found
    ]
    return Hits("Voices", tuple(page))


def _people(partnership: Partnership, viewer: Person) -> QuerySet[Person]:
    return (known_people_of if viewer.has_perm(Permission.VIEW_LEAVERS, partnership) else people_of)(
        partnership
    )


def _measures(partnership: Partnership, text: str) -> Hits:
    rows = Measure.objects.filter(partnership=partnership).select_related("outcome")
    return _named(
        "Measures",
        rows,
        "name",
        text,
        lambda m: (m.name, reverse("measure", args=[partnership.slug, m.slug]), m.outcome.title),
    )


def _named(heading: str, rows: QuerySet, field: str, text: str, show) -> Hits:
    every_word = Q()
    for word in text.split():
        every_word &= Q(**{f"{field}__icontains": word})
    hits, is_guess = list(rows.filter(every_word).order_by(field)[:EACH]), False
    if not hits:
        # A distinct list of joined rows cannot be ordered by an annotation, so the near names are asked for by key.
        near = rows.model._default_manager.filter(pk__in=rows.values("pk")).annotate(
            near=TrigramWordSimilarity(text, field)
        )
        if rows.query.select_related:
            near = near.select_related("outcome")
        hits, is_guess = list(near.filter(near__gte=CLOSE_ENOUGH).order_by("-near", field)[:EACH]), True
    return Hits(heading, tuple(Hit(*show(row)) for row in hits), is_guess=is_guess)


def _promise(commitment: Commitment) -> str:
    due = f", due {_day(commitment.due_on)}" if commitment.due_on else ""
    return f"{commitment.get_status_display()}{due}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
