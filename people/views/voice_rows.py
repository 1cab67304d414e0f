"""Voices and their chains as plain data for the components."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.text import Truncator, capfirst

from config.words import day_words
from partnerships.models import Commitment, Decision, Meeting
from people.models import Audience, EffectKind, Evidence, Message, Person, Reply, Voice, VoiceEffect
from people.queries.voice_chains import BY_WAY, Chain, ago, where_to
from people.queries.voices import patience
from people.renderers.voices import TONES

# Beside the words, for whoever compares steps at a glance.
STRENGTH = {
    Evidence.STRONG: "●●●",
    Evidence.MODERATE: "●●○",
    Evidence.WEAK: "●○○",
    Evidence.UNTESTED: "○○○",
}
# Things that follow on one day come in this order.
SAID, CARRIED, ANSWERED, FOLLOWED = range(4)


def page_of(name: str, *arguments: Any) -> str:
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def voice_row(voice: Voice, slug: str) -> dict[str, Any]:
    """A voice of `with_progress`."""
    where = voice.board or voice.place
    about = [voice.said_as, day_words(voice.said_on), str(where) if where else "", *distance(voice)]
    return {
        "title": voice.theme,
        "url": reverse("voice-detail", args=[slug, voice.pk]),
        "text": f"“{Truncator(voice.words).chars(220)}”",
        "meta": " · ".join(part for part in about if part),
        "tag": state_tag(voice),
    }


def distance(voice: Voice) -> list[str]:
    carried, followed = voice.carried or 0, voice.followed or 0
    return [
        "carried once" if carried == 1 else f"carried {carried} times" if carried else "",
        "one thing followed" if followed == 1 else f"{followed} things followed" if followed else "",
    ]


def state_tag(voice: Voice) -> dict[str, str]:
    """How far it has come, the most pressing first."""
    if voice.withdrawn_on is not None:
        return {"text": "Withdrawn", "tone": "grey"}
    if not voice.carried:
        return {"text": "Not carried yet", "tone": "orange"}
    if voice.waits_since is not None:
        today = timezone.localdate()
        if today - voice.waits_since > patience():
            return {"text": f"No answer for {ago(today, voice.waits_since)}", "tone": "red"}
        return {"text": "Waits for an answer", "tone": "yellow"}
    if voice.followed:
        return {"text": "Something followed", "tone": "green"}
    reply = Reply(voice.last_reply)
    return {"text": f"Answered: {reply.label.lower()}", "tone": TONES[reply]}


# --- One voice as a story ----------------------------------------------------------------------------------------
def heard_columns(chain: Chain, *, own: bool) -> list[dict[str, Any]]:
    """You said, they heard, this followed: three short lists for the person who spoke, without a name."""
    spoke, voice = "You said" if own else "Said", chain.voice
    words = [f"“{voice.words}”"] if voice.withdrawn_on is None or own else []
    return [
        {"kind": spoke, "lines": words, "none": "", "missing": False},
        {
            "kind": "They heard",
            "lines": chain.heard,
            "none": "It has not been carried anywhere yet.",
            "missing": not chain.messages,
        },
        {
            "kind": "This followed",
            "lines": chain.followed,
            "none": "Nothing that anybody wrote down yet.",
            "missing": not chain.effects,
        },
    ]


def story(chain: Chain, slug: str, *, writer: Person | None) -> list[dict[str, Any]]:
    """Every step from top to bottom by the day it happened; what has no day comes last. `writer` may change steps."""
    voice = chain.voice
    steps: list[tuple[tuple[date, int], dict[str, Any]]] = [((voice.said_on, SAID), said_step(voice, slug))]
    for message in chain.messages:
        steps.append(((message.carried_on, CARRIED), carried_step(message, slug, writer=writer)))
        if message.reply:
            step = answered_step(message, slug, writer=writer)
            steps.append(((message.answered_on, ANSWERED), step))
    for effect in chain.effects:
        day = effect.happened_on or date.max
        steps.append(((day, FOLLOWED), effect_step(effect, slug, writer=writer)))
    return [step for _, step in sorted(steps, key=lambda pair: pair[0])]


def said_step(voice: Voice, slug: str) -> dict[str, Any]:
    at = f", at {voice.board}" if voice.board else ""
    return {
        "kind": "Said",
        "when": day_words(voice.said_on),
        "title": f"{capfirst(voice.said_as)}{at}",
        "quote": voice.words,
    }


def carried_step(message: Message, slug: str, *, writer: Person | None) -> dict[str, Any]:
    start = f"from {message.from_board} " if message.from_board else ""
    by = f"{message.carried_by} carried it" if message.carried_by else "It was carried"
    step = {
        "kind": "Carried",
        "when": day_words(message.carried_on),
        "title": f"{by} {start}to {where_to(message)}, {BY_WAY[message.way]}",
        "text": f"Asked for: {message.ask}" if message.ask else "",
        "link": meeting_link(message, slug),
        **strength(message.evidence, message.evidence_note),
    }
    if writer is not None:
        here = [slug, message.voice_id, message.pk]
        step["actions"] = [
            {"text": "Change this step", "url": reverse("message-edit", args=here)},
            *(
                []
                if message.reply
                else [{"text": "Write down the answer", "url": reverse("message-answer", args=here)}]
            ),
        ]
        if not message.reply and wrote(message, writer):
            url = reverse("message-remove", args=here)
            step["actions"].append({"text": "Remove this step", "url": url})
    if not message.reply:
        step["gap"] = f"No answer from {where_to(message)} yet."
    return step


def meeting_link(message: Message, slug: str) -> dict[str, str] | None:
    meeting: Meeting | None = message.meeting
    if meeting is None:
        return None
    item = f", under “{message.agenda_item}”" if message.agenda_item else ""
    return {
        "text": f"At the meeting on {day_words(meeting.held_on)}{item}",
        "url": page_of("meeting-detail", slug, meeting.board_id, meeting.pk),
    }


def answered_step(message: Message, slug: str, *, writer: Person | None) -> dict[str, Any]:
    who = where_to(message)
    if message.answered_by:
        who = f"{message.answered_by} for {who}" if message.to_board else str(message.answered_by)
    step = {
        "kind": "Answered",
        "when": day_words(message.answered_on),
        "title": f"{capfirst(who)} answered",
        "quote": message.answer,
        "tag": {"text": message.get_reply_display(), "tone": TONES[Reply(message.reply)]},
        **strength(message.answer_evidence, ""),
    }
    if writer is not None:
        url = reverse("message-answer", args=[slug, message.voice_id, message.pk])
        step["actions"] = [{"text": "Change the answer", "url": url}]
    return step


def effect_step(effect: VoiceEffect, slug: str, *, writer: Person | None) -> dict[str, Any]:
    step = {
        "kind": "Followed",
        "when": day_words(effect.happened_on) if effect.happened_on else "Nobody knows the day",
        "title": f"{EffectKind(effect.kind).label}: {effect.what}",
        "text": f"What else may have led to it: {effect.what_else}" if effect.what_else else "",
        "link": effect_link(effect, slug),
        **strength(effect.evidence, effect.evidence_note),
    }
    if writer is not None:
        url = reverse("effect-edit", args=[slug, effect.voice_id, effect.pk])
        step["actions"] = [{"text": "Change this", "url": url}]
        if wrote(effect, writer):
            url = reverse("effect-remove", args=[slug, effect.voice_id, effect.pk])
            step["actions"].append({"text": "Remove this", "url": url})
    return step


def wrote(step: Message | VoiceEffect, person: Person) -> bool:
    return person.pk in (step.created_by_id, step.voice.created_by_id, step.voice.speaker_id)


def effect_link(effect: VoiceEffect, slug: str) -> dict[str, str] | None:
    decision: Decision | None = effect.decision
    commitment: Commitment | None = effect.commitment
    if decision is not None:
        meeting = decision.meeting
        return {
            "text": f"Decided by {meeting.board} on {day_words(meeting.held_on)}",
            "url": page_of("meeting-detail", slug, meeting.board_id, meeting.pk),
        }
    if commitment is not None:
        return {
            "text": f"The commitment is {commitment.get_status_display().lower()}",
            "url": page_of("commitment-detail", slug, commitment.pk),
        }
    return None


def strength(evidence: str, note: str) -> dict[str, Any]:
    kind = Evidence(evidence)
    return {"strength": {"mark": STRENGTH[kind], "words": kind.label, "note": note}}


def audience_words(voice: Voice) -> str:
    if voice.withdrawn_on is not None:
        return (
            f"Consent was taken back on {day_words(voice.withdrawn_on)}: only the person who spoke reads this"
        )
    words = {
        Audience.FORUM: "Only people who sit on the forum where it was said, and whoever wrote it down",
        Audience.PARTNERSHIP: "Everyone in the partnership",
        Audience.PUBLIC: "Anybody: it may be quoted outside the partnership",
    }
    return words[Audience(voice.audience)]
