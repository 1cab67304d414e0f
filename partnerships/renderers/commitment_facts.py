"""What is known of one commitment, as rows of a summary list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import NoReverseMatch, reverse

from config.words import day_words
from partnerships.models import Activity, Commitment


def facts(commitment: Commitment, slug: str, outcomes: Iterable[Any]) -> list[dict[str, Any]]:
    """Who, by when, and what it should help; what is not known has no row."""
    one = commitment
    helped = [
        {"text": str(outcome), "url": reverse("outcome-detail", args=[slug, outcome.pk])}
        for outcome in outcomes
    ]
    rows = [
        {"label": "Who does it", "value": one.owner.name if one.owner else "Nobody owns it yet"},
        {"label": "For", "value": one.owner_organisation.name if one.owner_organisation else ""},
        {"label": "Who answers for it", "value": one.accountable.name if one.accountable else ""},
        {"label": "Who can make it happen", "value": one.enabler.name if one.enabler else ""},
        {"label": "Due", "value": day_words(one.due_on) if one.due_on else "No day is agreed"},
        {"label": "Should help", "values_list": helped, "value": bool(helped)},
    ]
    return [row for row in rows if row["value"]]


def came_from(commitment: Commitment, slug: str, activity: Activity | None) -> list[dict[str, Any]]:
    """The board, meeting, decision, activity and programme that it came from. `activity` is None unless the reader may
    see it."""
    one = commitment
    meeting, board, programme = one.meeting, one.board, one.programme
    rows = [
        row("Board", board, board and board.name, "board-detail", slug),
        row("Meeting", meeting, meeting and day_words(meeting.held_on), "meeting-detail", slug),
        {"label": "Agenda item", "value": one.agenda_item.title if one.agenda_item else ""},
        {"label": "Decision", "value": one.decision.what if one.decision else ""},
        row("Activity", activity, activity and activity.title, "activity-detail", slug),
        row("Programme", programme, programme and programme.name, "programme-detail", slug),
    ]
    return [found for found in rows if found["value"]]


def row(label: str, record: Any, words: str | None, page: str, slug: str) -> dict[str, Any]:
    return {"label": label, "value": words or "", "url": address(record, page, slug) if record else ""}


def address(record: Any, page: str, slug: str) -> str:
    """Where a record's page is; a meeting's lies below its board."""
    keys = [record.board_id, record.pk] if page == "meeting-detail" else [record.pk]
    try:
        return reverse(page, args=[slug, *keys])
    except NoReverseMatch:
        return ""
