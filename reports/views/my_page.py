"""A person's own page in a partnership: what is new for them, what waits, their boards, promises, drafts and voices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from config.words import day_words, moment_words
from partnerships.queries.notices import SHOWN, last_look, notices_in
from partnerships.renderers.commitments import commitment_row
from partnerships.renderers.notices import notice_row
from partnerships.renderers.rows import activity_row
from people.models import Message, Voice
from people.permissions import Permission
from people.renderers.voices import message_row
from reports.queries import home
from reports.queries import my_page as queries
from reports.views.waiting import WaitingPage, meeting_row, urgent


class MyPage(WaitingPage, TemplateView):
    """Opening it changes nothing: what is new stays new until it is read or marked as read."""

    template_name = "reports/my_page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person, partnership, slug = self.request.user, self.partnership, self.partnership.slug
        now, may_view = timezone.now(), self.may(Permission.VIEW)
        new = list(notices_in(partnership, person).filter(seen_at__isnull=True)[:SHOWN])
        boards = queries.my_boards(person, partnership)
        mine = None if may_view else [one.seat.board_id for one in boards]
        promised = queries.my_commitments(person, partnership, boards=mine)
        context = super().get_context_data(
            page_title="My page",
            may_view=may_view,
            shown_at=now.isoformat(),
            new=[notice_row(one, slug) for one in new],
            boards=[board_row(one, slug) for one in boards],
            promised=[commitment_row(one, slug, links=may_view) for one in promised],
            links=links(slug, person, may_view=may_view),
            **kwargs,
        )
        return context | self.changed() | (self.for_members() if may_view else {})

    def changed(self) -> dict[str, Any]:
        """Since the mark, or, asked for, once more since the mark before it."""
        look = last_look(self.partnership, self.request.user)
        again = self.request.GET.get("since") == "before" and look is not None and look.before_at is not None
        since: datetime | None = None
        if look is not None:
            since = look.before_at if again else look.looked_at
        found = queries.what_changed(
            self.request.user,
            self.partnership,
            since=since or timezone.now() - queries.AT_FIRST,
            is_member=self.may(Permission.VIEW),
        )
        read_again = []
        if again:
            seen = notices_in(self.partnership, self.request.user).filter(
                happened_at__gt=since, seen_at__isnull=False
            )
            read_again = [notice_row(one, self.partnership.slug) for one in seen[:SHOWN]]
        return {
            "since": moment_words(since) if since else "",
            "groups": change_groups(found, self.partnership.slug, links=self.may(Permission.VIEW)),
            "read_again": read_again,
            "may_show_again": look is not None and look.before_at is not None and not again,
        }

    def for_members(self) -> dict[str, Any]:
        person, partnership, slug = self.request.user, self.partnership, self.partnership.slug
        today = timezone.localdate()
        promises = home.promises_for(person, partnership)
        waiting = self.waiting(promises, today)
        voices = queries.my_voices(person, partnership)
        return {
            "urgent": urgent(promises, slug, may_commit=self.may(Permission.COMMIT)),
            "waiting": [row for row in waiting if row.get("tag", {}).get("text") != "Draft"],
            "drafts": [row for row in waiting if row.get("tag", {}).get("text") == "Draft"],
            "said": [said_row(one, slug) for one in voices.said],
            "carried": [carried_row(one, slug) for one in voices.carried],
            "may_say": self.may(Permission.RECORD_VOICE),
        }


def board_row(mine: queries.MyBoard, slug: str) -> dict[str, Any]:
    board = mine.seat.board
    row: dict[str, Any] = {
        "name": board.name,
        "url": reverse("board-detail", args=[slug, board.pk]),
        "seat": mine.seat.get_kind_display(),
        "meeting": None,
        "papers": [],
    }
    if mine.meeting is not None:
        row["meeting"] = meeting_row(mine.meeting, slug)
        row["papers"] = [
            {"title": paper.title, "url": reverse("document", args=[slug, paper.pk])} for paper in mine.papers
        ]
    return row


def change_groups(found: queries.Changed, slug: str, *, links: bool) -> list[dict[str, Any]]:
    groups = [
        ("Activities", [activity_row(one, slug) for one in found.activities]),
        (
            "Decisions of your boards",
            [
                {
                    "title": one.what,
                    "url": reverse("meeting-detail", args=[slug, one.meeting.board_id, one.meeting_id]),
                    "meta": f"{one.meeting.board}, {day_words(one.meeting.held_on)}",
                }
                for one in found.decisions
            ],
        ),
        ("Commitments", [commitment_row(one, slug, links=links) for one in found.commitments]),
        (
            "Figures of your measures",
            [
                {
                    "title": one.name,
                    "url": reverse("measure", args=[slug, one.slug]),
                    "meta": f"{one.number} figure{'' if one.number == 1 else 's'}, {moment_words(one.last)}",
                }
                for one in found.figures
            ],
        ),
    ]
    return [{"title": title, "rows": rows} for title, rows in groups if rows]


def said_row(voice: Voice, slug: str) -> dict[str, Any]:
    """How far it came, in one line; its own page tells the story."""
    steps = [
        f"carried {times(voice.carried)}" if voice.carried else "not carried yet",
        f"answered {times(voice.answered)}" if voice.answered else "",
        f"{voice.followed} thing{'' if voice.followed == 1 else 's'} followed" if voice.followed else "",
    ]
    return {
        "title": voice.theme,
        "url": reverse("voice-detail", args=[slug, voice.pk]),
        "meta": f"You said it on {day_words(voice.said_on)}: {', '.join(step for step in steps if step)}",
    }


def carried_row(message: Message, slug: str) -> dict[str, Any]:
    whom = message.to_board or message.to_whom
    row = message_row(message, slug)
    row.pop("text")
    return row | {"meta": f"You carried it to {whom} on {day_words(message.carried_on)}"}


def times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def links(slug: str, person: Any, *, may_view: bool) -> list[dict[str, str]]:
    """What is one's own to see to, wherever it is kept."""
    found = [
        ("Which emails you get", reverse("notification-choices", args=[slug])),
        ("Everything you were told", reverse("notice-list", args=[slug])),
        ("Meetings in your own calendar", reverse("calendar-feed")),
        ("What is held about you", reverse("held")),
        ("How you sign in", reverse("account")),
    ]
    if may_view:
        found.insert(2, ("Your page among the people here", reverse("person-detail", args=[slug, person.pk])))
    return [{"label": label, "url": url} for label, url in found]
