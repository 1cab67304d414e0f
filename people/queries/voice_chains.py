"""A voice as a story: said, carried, answered, what followed, and where the line breaks off.

Nothing here names a person: the words for who carried or answered something are the page's, for those who may read names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst

from config.words import day_words
from people.models import Evidence, Message, Reply, Voice, VoiceEffect
from people.queries.voices import patience

REPLIES = {
    Reply.YES: "said yes",
    Reply.PARTLY: "said yes in part",
    Reply.LATER: "said later",
    Reply.NO: "said no",
}
BY_WAY = {
    "paper": "in a paper",
    "standing_item": "as a standing item",
    "conversation": "in a conversation",
    "social_media": "on social media",
    "event": "at an event",
    "visit": "on a visit",
    "letter": "in a letter or message",
    "other": "in another way",
}


@dataclass(frozen=True, slots=True)
class Chain:
    """A voice with its messages by the day they were carried, and what followed by the day it happened."""

    voice: Voice
    messages: tuple[Message, ...]
    effects: tuple[VoiceEffect, ...]
    today: date

    @property
    def gaps(self) -> list[str]:
        return _gaps(self)

    @property
    def heard(self) -> list[str]:
        """What boards and others did with it, in sentences without a name."""
        return [line for message in self.messages for line in message_words(message)]

    @property
    def followed(self) -> list[str]:
        return [effect_words(effect) for effect in self.effects]


def chains_of(voices: QuerySet[Voice] | list[Voice]) -> list[Chain]:
    """The stories of several voices, in their order. Three queries, however many there are."""
    listed = list(voices)
    voice_of = {voice.pk: voice for voice in listed}
    messages: dict[int, list[Message]] = {}
    rows = Message.objects.filter(voice__in=voice_of).select_related(
        "from_board", "to_board", "carried_by", "answered_by", "meeting__board", "agenda_item"
    )
    for message in rows:
        message.voice = voice_of[message.voice_id]
        messages.setdefault(message.voice_id, []).append(message)
    effects: dict[int, list[VoiceEffect]] = {}
    followed = VoiceEffect.objects.filter(voice__in=voice_of)
    for effect in followed.select_related("decision__meeting__board", "commitment__board"):
        effect.voice = voice_of[effect.voice_id]
        effects.setdefault(effect.voice_id, []).append(effect)
    today = timezone.localdate()
    return [
        Chain(voice, tuple(messages.get(voice.pk, ())), tuple(effects.get(voice.pk, ())), today)
        for voice in listed
    ]


def chain_of(voice: Voice) -> Chain:
    return chains_of([voice])[0]


def where_to(message: Message) -> str:
    return message.to_board.name if message.to_board else message.to_whom


def message_words(message: Message) -> list[str]:
    """It was carried, and what was said to it: one sentence each."""
    start = f"from {message.from_board} " if message.from_board else ""
    lines = [
        f"{day_words(message.carried_on)}: carried {start}to {where_to(message)}, {BY_WAY[message.way]}."
    ]
    if message.reply:
        said = f"{day_words(message.answered_on)}: {where_to(message)} {REPLIES[Reply(message.reply)]}."
        lines.append(f"{said} “{message.answer}”" if message.answer else said)
    return lines


def effect_words(effect: VoiceEffect) -> str:
    day = f"{day_words(effect.happened_on)}: " if effect.happened_on else ""
    return f"{day}{effect.what}"


def _gaps(chain: Chain) -> list[str]:
    """Where the line breaks off, in plain words, in the order of the story."""
    today, voice = chain.today, chain.voice
    if voice.withdrawn_on is not None:
        return []
    found = []
    if not chain.messages:
        found.append(f"It has not been carried anywhere yet: {ago(today, voice.said_on)} since it was said.")
    for message in chain.messages:
        if not message.reply:
            days = ago(today, message.carried_on)
            late = today - message.carried_on > patience()
            found.append(
                f"No answer from {where_to(message)} for {days}."
                if late
                else f"{capfirst(where_to(message))} has had it for {days} and has not answered yet."
            )
        elif message.reply == Reply.LATER and today - message.answered_on > patience():
            found.append(f"{capfirst(where_to(message))} said later, {ago(today, message.answered_on)} ago.")
    promised = [m for m in chain.messages if m.reply in (Reply.YES, Reply.PARTLY)]
    if promised and not chain.effects:
        latest = max(message.answered_on for message in promised)
        found.append(
            f"It was answered {ago(today, latest)} ago, and nothing has followed that anybody wrote down."
        )
    untested = untested_steps(chain)
    if untested:
        steps = "one step" if untested == 1 else f"{untested} steps"
        found.append(f"Nobody has tested the evidence for {steps} yet.")
    return found


def untested_steps(chain: Chain) -> int:
    marks = [message.evidence for message in chain.messages]
    marks += [message.answer_evidence for message in chain.messages if message.reply]
    marks += [effect.evidence for effect in chain.effects]
    return marks.count(Evidence.UNTESTED)


def ago(today: date, day: date) -> str:
    days = (today - day).days
    return "less than a day" if days < 1 else "1 day" if days == 1 else f"{days} days"
