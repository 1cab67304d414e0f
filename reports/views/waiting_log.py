"""What of the activity log waits for somebody on their home page: where they are named, what was sent back, what to review."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.text import Truncator

from config.words import day_words
from partnerships.queries.activity_review import sent_back, waiting_for_review
from partnerships.queries.comments import unseen_mentions
from people.access import PartnershipView
from people.permissions import Permission

SHOWN = 5


def log_rows(view: PartnershipView) -> list[dict[str, Any]]:
    partnership, person = view.partnership, view.request.user
    rows = mention_rows(view)
    if not partnership.reviews_activities:
        return rows
    rows += [
        {
            "title": activity.title,
            "url": reverse("activity-detail", args=[partnership.slug, activity.pk]),
            "meta": f"You logged it for {day_words(activity.happened_on)}, and a reviewer wants more",
            "tag": {"text": "Sent back", "tone": "yellow"},
        }
        for activity in sent_back(partnership, person)[:SHOWN]
    ]
    waiting = waiting_for_review(partnership, person).count() if view.may(Permission.REVIEW_ACTIVITY) else 0
    if waiting:
        title = (
            "1 activity waits to be reviewed" if waiting == 1 else f"{waiting} activities wait to be reviewed"
        )
        url = reverse("activity-review-queue", args=[partnership.slug])
        rows.append({"title": title, "url": url, "tag": {"text": "To review", "tone": "blue"}})
    return rows


def mention_rows(view: PartnershipView) -> list[dict[str, Any]]:
    """A row for each record in whose comments the person is named, the newest first."""
    rows: dict[str, dict[str, Any]] = {}
    for mention in unseen_mentions(view.partnership, view.request.user)[: 4 * SHOWN]:
        comment = mention.comment
        page, about = (
            ("activity-detail", comment.activity)
            if comment.activity_id
            else ("commitment-detail", comment.commitment)
        )
        url = f"{reverse(page, args=[view.partnership.slug, about.pk])}#comments"
        rows.setdefault(
            url,
            {
                "title": Truncator(comment.text).chars(100),
                "url": url,
                "meta": f"{comment.author} named you in a comment on “{Truncator(str(about)).chars(70)}”",
                "tag": {"text": "Names you", "tone": "blue"},
            },
        )
    return list(rows.values())[:SHOWN]
