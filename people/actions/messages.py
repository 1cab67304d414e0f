"""Carrying a voice to a board or to somebody else, the answer to it, and what followed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from config.words import day_words
from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import AgendaItem, Board, Commitment, Decision, Meeting, MeetingStatus, Partnership
from partnerships.tasks.telling import untell
from people.actions.voice_notices import about, tell_of_answer, tell_of_asking, tell_of_effect
from people.actions.voices import check_text
from people.models import EffectKind, Evidence, Message, Person, Reply, Voice, VoiceEffect, Way
from people.queries.known import is_known, left_on

LONGEST = {"to_whom": 200, "ask": 2_000, "evidence_note": 2_000, "answer": 5_000}
_FACTS = ("carried_by", "carried_on", "way", "from_board", "to_board", "to_whom", "meeting", "agenda_item")
_TEXTS = ("ask", "evidence", "evidence_note")


@transaction.atomic
def carry_voice(
    *,
    voice: Voice,
    carried_on: date,
    way: Way,
    by: Any,
    carried_by: Person | None = None,
    from_board: Board | None = None,
    to_board: Board | None = None,
    to_whom: str = "",
    meeting: Meeting | None = None,
    agenda_item: AgendaItem | None = None,
    ask: str = "",
    evidence: Evidence = Evidence.UNTESTED,
    evidence_note: str = "",
) -> Message:
    """Say that a voice was carried somewhere. A meeting says to which board, an agenda item at which meeting.

    Raises DomainError, naming the field, for a day before it was said, a board that had stopped or is another
    partnership's, and somebody who had left.
    """
    _check_open(voice)
    facts = _cleaned(
        {
            "carried_by": carried_by,
            "carried_on": carried_on,
            "way": way,
            "from_board": from_board,
            "to_board": to_board,
            "to_whom": to_whom,
            "meeting": meeting,
            "agenda_item": agenda_item,
            "ask": ask,
            "evidence": evidence,
            "evidence_note": evidence_note,
        }
    )
    _check_message(voice, facts, changed=set(facts))
    message = Message.objects.create(partnership_id=voice.partnership_id, voice=voice, created_by=by, **facts)
    tell_of_asking(message, by=by)
    return message


@transaction.atomic
def edit_message(*, message: Message, expected_version: int, by: Any, **changes: Any) -> Message:
    """Correct how a voice was carried. Raises EditConflict when somebody saved it since."""
    _check_open(message.voice)
    facts = _cleaned({name: getattr(message, name) for name in (*_FACTS, *_TEXTS)} | changes)
    changed = {name for name in facts if facts[name] != getattr(message, name)}
    _check_message(message.voice, facts, changed=changed)
    if message.answered_on is not None and facts["carried_on"] > message.answered_on:
        raise DomainError(
            f"It was answered on {day_words(message.answered_on)}, so it was carried on or before that day.",
            field="carried_on",
        )
    return save_edit(message, expected_version=expected_version, changes=facts)


@transaction.atomic
def answer_message(
    *,
    message: Message,
    expected_version: int,
    reply: Reply,
    answered_on: date,
    by: Any,
    answer: str = "",
    answered_by: Person | None = None,
    answer_evidence: Evidence = Evidence.UNTESTED,
) -> Message:
    """Write down the answer to what was carried, or correct it. A no has a reason."""
    _check_open(message.voice)
    answer = answer.strip()
    check_text(answer, "answer", LONGEST["answer"])
    _check_day(answered_on, "answered_on")
    if answered_on < message.carried_on:
        raise DomainError(
            f"It was carried on {day_words(message.carried_on)}, so it can’t have been answered before that day.",
            field="answered_on",
        )
    if reply == Reply.NO and not answer:
        raise DomainError("Write why not, in their words.", field="answer")
    if answered_by != message.answered_by:
        _check_person(answered_by, message.voice.partnership, answered_on, "answered_by")
    changes = {
        "reply": Reply(reply),
        "answer": answer,
        "answered_on": answered_on,
        "answered_by": answered_by,
        "answer_evidence": Evidence(answer_evidence),
    }
    saved = save_edit(message, expected_version=expected_version, changes=changes)
    tell_of_answer(saved, by=by)
    return saved


@transaction.atomic
def remove_message(*, message: Message, by: Any) -> None:
    """A step that was written down by mistake. One that was answered, or that something followed from, is corrected."""
    _check_writer(message, by)
    if message.reply or message.effects.exists() or message.influenced_by.exists():
        raise DomainError("It was answered, or something followed from it. Correct it instead.")
    untell(partnership_id=message.partnership_id, about=about(message.voice, message))
    message.delete()


# --- What followed -----------------------------------------------------------------------------------------------
@transaction.atomic
def add_effect(
    *,
    voice: Voice,
    kind: EffectKind,
    by: Any,
    what: str = "",
    message: Message | None = None,
    decision: Decision | None = None,
    commitment: Commitment | None = None,
    happened_on: date | None = None,
    evidence: Evidence = Evidence.UNTESTED,
    evidence_note: str = "",
    what_else: str = "",
) -> VoiceEffect:
    """Say that something followed from a voice. A decision or a commitment that is chosen gives its own words and day."""
    _check_open(voice)
    facts = _cleaned_effect(
        {
            "kind": kind,
            "what": what,
            "message": message,
            "decision": decision,
            "commitment": commitment,
            "happened_on": happened_on,
            "evidence": evidence,
            "evidence_note": evidence_note,
            "what_else": what_else,
        }
    )
    _check_effect(voice, facts)
    effect = VoiceEffect.objects.create(
        partnership_id=voice.partnership_id, voice=voice, created_by=by, **facts
    )
    tell_of_effect(effect, by=by)
    return effect


@transaction.atomic
def edit_effect(*, effect: VoiceEffect, expected_version: int, by: Any, **changes: Any) -> VoiceEffect:
    _check_open(effect.voice)
    names = ("kind", "what", "message", "decision", "commitment", "happened_on", *_TEXTS[1:], "what_else")
    facts = _cleaned_effect({name: getattr(effect, name) for name in names} | changes)
    _check_effect(effect.voice, facts)
    return save_edit(effect, expected_version=expected_version, changes=facts)


@transaction.atomic
def remove_effect(*, effect: VoiceEffect, by: Any) -> None:
    """Something that did not follow after all."""
    _check_writer(effect, by)
    untell(partnership_id=effect.partnership_id, about=about(effect.voice, effect))
    effect.delete()


# --- Rules -------------------------------------------------------------------------------------------------------
def _check_open(voice: Voice) -> None:
    if voice.withdrawn_on is not None:
        raise DomainError(
            "The person who spoke took back their consent, so nothing more is written down about this."
        )


def _check_writer(step: Message | VoiceEffect, by: Any) -> None:
    if by.pk not in (step.created_by_id, step.voice.created_by_id, step.voice.speaker_id):
        raise DomainError("Only whoever wrote down this step or this voice, or who spoke, can remove it.")


def _cleaned(facts: dict[str, Any]) -> dict[str, Any]:
    facts = dict(facts)
    facts["to_whom"] = " ".join(facts["to_whom"].split())
    facts["ask"], facts["evidence_note"] = facts["ask"].strip(), facts["evidence_note"].strip()
    if facts["agenda_item"] is not None and facts["meeting"] is None:
        facts["meeting"] = facts["agenda_item"].meeting
    if facts["meeting"] is not None and facts["to_board"] is None and not facts["to_whom"]:
        facts["to_board"] = facts["meeting"].board
    return facts


def _check_message(voice: Voice, facts: dict[str, Any], *, changed: set[str]) -> None:
    """Each rule looks at what changed, so that what was right when it was saved never stops a later correction."""
    for name in ("to_whom", "ask", "evidence_note"):
        check_text(facts[name], name, LONGEST[name])
    day = facts["carried_on"]
    _check_day(day, "carried_on")
    if day < voice.said_on:
        raise DomainError(
            f"It was said on {day_words(voice.said_on)}, so it can’t have been carried before that day.",
            field="carried_on",
        )
    if facts["to_board"] is None and not facts["to_whom"]:
        raise DomainError("Choose a board, or enter to whom it was carried.", field="to_board")
    if facts["from_board"] is not None and facts["from_board"] == facts["to_board"]:
        raise DomainError("Choose a board other than the one it came from.", field="to_board")
    for name in ("from_board", "to_board"):
        if changed & {name, "carried_on"}:
            _check_board(facts[name], voice.partnership, day, name)
    if changed & {"carried_by", "carried_on"}:
        _check_person(facts["carried_by"], voice.partnership, day, "carried_by")
    if changed & {"meeting", "agenda_item", "to_board", "carried_on"}:
        _check_meeting(facts)


def _check_board(board: Board | None, partnership: Partnership, day: date, field: str) -> None:
    if board is None:
        return
    if board.partnership_id != partnership.pk:
        raise DomainError("Choose a board of this partnership.", field=field)
    if board.ended_on is not None and board.ended_on < day:
        raise DomainError(
            f"{board} stopped meeting on {day_words(board.ended_on)}, before this was carried.", field=field
        )
    if board.started_on is not None and board.started_on > day:
        raise DomainError(f"{board} began on {day_words(board.started_on)}, after this day.", field=field)


def _check_person(person: Person | None, partnership: Partnership, day: date, field: str) -> None:
    if person is None:
        return
    if person.is_system or not is_known(person, partnership):
        raise DomainError("Choose a person of this partnership.", field=field)
    left = left_on(person, partnership)
    if left is not None and left < day:
        raise DomainError(f"{person} left on {day_words(left)}, before this day.", field=field)


def _check_meeting(facts: dict[str, Any]) -> None:
    meeting, item = facts["meeting"], facts["agenda_item"]
    if meeting is None:
        return
    if facts["to_board"] is None or meeting.board_id != facts["to_board"].pk:
        raise DomainError("Choose a meeting of the board to which it was carried.", field="meeting")
    if meeting.status == MeetingStatus.CANCELLED:
        raise DomainError("This meeting was cancelled.", field="meeting")
    if meeting.held_on < facts["carried_on"]:
        raise DomainError(
            f"This meeting was on {day_words(meeting.held_on)}, before it was carried.", field="meeting"
        )
    if item is not None and item.meeting_id != meeting.pk:
        raise DomainError("Choose an item of this meeting’s agenda.", field="agenda_item")


def _check_day(day: date, field: str) -> None:
    if day > timezone.localdate():
        raise DomainError("The day must be today or in the past.", field=field)


def _cleaned_effect(facts: dict[str, Any]) -> dict[str, Any]:
    facts = dict(facts)
    decision, commitment = facts["decision"], facts["commitment"]
    if decision is not None and facts["happened_on"] is None:
        facts["happened_on"] = decision.meeting.held_on
    linked = decision or commitment
    facts["what"] = " ".join(facts["what"].split()) or (linked.what[:300] if linked else "")
    facts["evidence_note"], facts["what_else"] = facts["evidence_note"].strip(), facts["what_else"].strip()
    return facts


def _check_effect(voice: Voice, facts: dict[str, Any]) -> None:
    decision, commitment, message = facts["decision"], facts["commitment"], facts["message"]
    if decision is not None and (
        decision.partnership_id != voice.partnership_id or facts["kind"] != EffectKind.DECISION
    ):
        raise DomainError("Choose a decision only where what followed is a decision.", field="decision")
    if commitment is not None and (
        commitment.partnership_id != voice.partnership_id or facts["kind"] != EffectKind.COMMITMENT
    ):
        raise DomainError("Choose a commitment only where what followed is a commitment.", field="commitment")
    if message is not None and message.voice_id != voice.pk:
        raise DomainError("Choose a step of this voice.", field="message")
    if not facts["what"]:
        raise DomainError("Enter what followed.", field="what")
    for name, longest in (("what", 300), ("evidence_note", 2_000), ("what_else", 2_000)):
        check_text(facts[name], name, longest)
    day = facts["happened_on"]
    if day is None:
        return
    _check_day(day, "happened_on")
    if day < voice.said_on:
        raise DomainError(
            f"It was said on {day_words(voice.said_on)}: what happened before did not follow from it.",
            field="happened_on",
        )
    if message is not None and day < message.carried_on:
        raise DomainError(
            f"That step was on {day_words(message.carried_on)}: what happened before did not follow from it.",
            field="happened_on",
        )
