"""Voices carried to boards as rows, for every page that shows them: a board's, and the home page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from config.words import day_words
from partnerships.models import Board
from people.models import Message, Person, Reply
from people.permissions import Permission
from people.queries.voice_chains import BY_WAY, ago
from people.queries.voices import patience, visible_voices, voices_of_board

TONES = {Reply.YES: "green", Reply.PARTLY: "pine", Reply.LATER: "yellow", Reply.NO: "orange"}


def voices_block(board: Board, person: Person) -> dict[str, Any]:
    """What templates/people/voices/_board.html shows. A guest on the board has no page of the voice to go to."""
    found, slug = voices_of_board(board, person), board.partnership.slug
    readable: set[int] = set()
    may_write = board.ended_on is None and person.has_perm(Permission.RECORD_VOICE, board.partnership)
    if person.has_perm(Permission.VIEW, board.partnership):
        shown = {message.voice_id for message in (*found.waiting, *found.answered)}
        readable = set(
            visible_voices(board.partnership, person).filter(pk__in=shown).values_list("pk", flat=True)
        )
    return {
        "waiting": [message_row(m, slug, links=m.voice_id in readable) for m in found.waiting],
        "answered": [message_row(m, slug, links=m.voice_id in readable) for m in found.answered],
        "hidden": found.hidden,
        "overdue": found.overdue,
        "new_url": f"{reverse('voice-new', args=[slug])}?board={board.pk}" if may_write else "",
    }


def message_row(message: Message, slug: str, *, links: bool = True) -> dict[str, Any]:
    """A message with its voice, as a board's page and the home page show it."""
    today = timezone.localdate()
    row = {
        "title": message.voice.theme,
        "text": f"“{Truncator(message.voice.words).chars(160)}”",
        "meta": f"Carried {BY_WAY[message.way]} on {day_words(message.carried_on)}",
    }
    if message.ask:
        row["text"] = f"{row['text']} Asked for: {Truncator(message.ask).chars(160)}"
    if links:
        row["url"] = reverse("voice-detail", args=[slug, message.voice_id])
    if message.reply:
        row["tag"] = {"text": message.get_reply_display(), "tone": TONES[Reply(message.reply)]}
    elif today - message.carried_on > patience():
        row["tag"] = {"text": f"No answer for {ago(today, message.carried_on)}", "tone": "red"}
    else:
        row["tag"] = {"text": "Waits for an answer", "tone": "yellow"}
    return row
