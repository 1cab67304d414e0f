"""What a partnership says of itself, as plain data for its templates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse

from config.words import day_words
from partnerships.models import (
    Decision,
    Partnership,
    PartnershipOrganisation,
    SimpleRule,
    StoryVersion,
    Strategy,
)


def facts(partnership: Partnership) -> list[dict[str, Any]]:
    reviews = (
        "Yes: somebody looks at each before it counts as accepted" if partnership.reviews_activities else "No"
    )
    return [
        {"label": "Vision", "value": partnership.vision or "Not written yet"},
        {"label": "Ethos", "value": partnership.ethos or "Not written yet"},
        {"label": "Began", "value": day_words(partnership.started_on)},
        {"label": "Activities are reviewed", "value": reviews},
    ]


# --- Rules -------------------------------------------------------------------------------------------------------
def rules(found: Sequence[SimpleRule], slug: str) -> list[dict[str, Any]]:
    """From a query that counted the decisions; the first can't go up, and the last not down."""
    return [
        {
            "pk": rule.pk,
            "text": rule.text,
            "explanation": rule.explanation,
            "url": reverse("rule-detail", args=[slug, rule.pk]),
            "move_url": reverse("rule-move", args=[slug, rule.pk]),
            "cited": cited(rule.cited),
            "ended": f"Held until {day_words(rule.ends_on)}" if rule.ends_on else "",
            "may_go_up": number > 0 and not rule.ends_on,
            "may_go_down": number < len(found) - 1 and not rule.ends_on,
        }
        for number, rule in enumerate(found)
    ]


def cited(number: int) -> str:
    return f"Cited by {number} decision{'' if number == 1 else 's'}" if number else "No decision cites it yet"


def rule_facts(rule: SimpleRule) -> list[dict[str, Any]]:
    shown = [
        ("What it means", rule.explanation or "Not explained yet"),
        ("Since", day_words(rule.starts_on) if rule.starts_on else "Not recorded"),
        ("Until", day_words(rule.ends_on) if rule.ends_on else ""),
        ("Decisions", cited(rule.cited)),
    ]
    return [{"label": label, "value": value} for label, value in shown if value]


def decision_row(decision: Decision) -> dict[str, Any]:
    meeting = decision.meeting
    return {"title": decision.what, "meta": f"{meeting.board.name}, {day_words(meeting.held_on)}"}


# --- Stories -----------------------------------------------------------------------------------------------------
def story(version: StoryVersion, slug: str) -> dict[str, Any]:
    return {
        "pk": version.pk,
        "title": f"Version {version.number}",
        "url": reverse("story-version", args=[slug, version.pk]),
        "text": version.text,
        "told": f"Told on {day_words(version.told_on)} by {tellers(version)}",
        "what_changed": version.what_changed,
    }


def tellers(version: StoryVersion) -> str:
    names = [person.name for person in version.contributors.all()]
    if version.other_contributors:
        names.append(version.other_contributors)
    return ", ".join(names)


def story_row(version: StoryVersion, slug: str) -> dict[str, Any]:
    return {
        "title": f"Version {version.number}, {day_words(version.told_on)}",
        "url": reverse("story-version", args=[slug, version.pk]),
        "text": version.what_changed,
        "meta": tellers(version),
    }


def compare_link(version: StoryVersion, other: StoryVersion, slug: str) -> dict[str, str]:
    url = reverse("story-version", args=[slug, version.pk])
    return {"text": f"Compare with version {other.number}", "url": f"{url}?with={other.number}"}


def sides(older: StoryVersion, newer: StoryVersion, pieces: tuple[Any, Any]) -> list[dict[str, Any]]:
    """Both texts in pieces, each with whether the other lacks it."""
    marks = ("del", "ins")
    words = ("Only here, gone since", "New here")
    return [
        {
            "title": f"Version {version.number}, {day_words(version.told_on)}",
            "pieces": side,
            "mark": mark,
            "said": said,
        }
        for version, side, mark, said in zip((older, newer), pieces, marks, words, strict=True)
    ]


# --- Strategies and partners -------------------------------------------------------------------------------------
def strategy_row(strategy: Strategy, slug: str) -> dict[str, Any]:
    """From `strategies_of`."""
    themes = ", ".join(theme.name for theme in strategy.themes.all())
    whose = strategy.organisation.name if strategy.organisation else ""
    return {
        "title": strategy.name,
        "url": reverse("strategy-detail", args=[slug, strategy.pk]),
        "text": f"Themes: {themes}" if themes else "",
        "meta": ", ".join(part for part in (whose, years(strategy)) if part),
    }


def years(strategy: Strategy) -> str:
    if strategy.from_year and strategy.to_year:
        return f"{strategy.from_year} to {strategy.to_year}"
    if strategy.to_year:
        return f"to {strategy.to_year}"
    return f"from {strategy.from_year}" if strategy.from_year else ""


def strategy_facts(strategy: Strategy, slug: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if strategy.organisation:
        url = reverse("organisation-detail", args=[slug, strategy.organisation_id])
        found.append({"label": "Whose", "value": strategy.organisation.name, "url": url})
    if years(strategy):
        found.append({"label": "Years", "value": years(strategy)})
    if strategy.summary:
        found.append({"label": "What it is about", "value": strategy.summary})
    if strategy.link:
        found.append({"label": "Where it can be read", "value": strategy.link, "url": strategy.link})
    return found


def partners(
    found: Iterable[tuple[str, list[PartnershipOrganisation]]], slug: str
) -> list[tuple[str, list[dict[str, str]]]]:
    return [
        (
            label,
            [
                {
                    "text": part.organisation.name,
                    "url": reverse("organisation-detail", args=[slug, part.organisation_id]),
                }
                for part in parts
            ],
        )
        for label, parts in found
    ]
