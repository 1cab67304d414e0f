"""Writing down what somebody said, with their consent for an audience, which they can narrow or take back at any time."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Activity, Board, Partnership, Place
from partnerships.queries.activities import places_of, visible
from partnerships.tasks.telling import untell
from people.models import Audience, FollowUp, Person, Voice
from people.models.influence import new_nonce
from people.queries.follow_ups import code_for, hash_of
from people.queries.known import is_known
from people.queries.voices import may_change, may_widen

LONGEST = {"theme": 120, "words": 5_000, "said_as": 120, "consent_note": 300}
WIDTH = {Audience.FORUM: 0, Audience.PARTNERSHIP: 1, Audience.PUBLIC: 2}


@transaction.atomic
def record_voice(
    *,
    partnership: Partnership,
    theme: str,
    words: str,
    said_on: date,
    said_as: str,
    audience: Audience,
    by: Any,
    consent_note: str = "",
    speaker: Person | None = None,
    board: Board | None = None,
    activity: Activity | None = None,
    place: Place | None = None,
) -> Voice:
    """Write down a voice. `by` is whoever types it; `speaker` is set where the person who spoke has a record here.

    Raises DomainError, naming the field, for a day to come, a record of another partnership, consent that nobody says
    anything about, or a forum's voice without a forum.
    """
    facts = _cleaned(
        {
            "theme": theme,
            "words": words,
            "said_on": said_on,
            "said_as": said_as,
            "audience": Audience(audience),
            "consent_note": consent_note,
            "board": board,
            "activity": activity,
            "place": place,
        }
    )
    if speaker is not None and not is_known(speaker, partnership):
        raise DomainError("Choose a person of this partnership.", field="speaker")
    _check(partnership, facts, by=by, changed=set(facts))
    _check_consent(facts, is_speaker=speaker is not None and speaker == by)
    return Voice.objects.create(partnership=partnership, speaker=speaker, created_by=by, **facts)


@transaction.atomic
def edit_voice(*, voice: Voice, expected_version: int, by: Any, **changes: Any) -> Voice:
    """Correct what was written down. Raises EditConflict when somebody saved it since."""
    if not may_change(voice, by):
        raise DomainError("Only the person who spoke, or who wrote this down, can change it.")
    facts = _cleaned({name: getattr(voice, name) for name in _FACTS} | changes)
    changed = {name for name in changes if facts[name] != getattr(voice, name)}
    _check(voice.partnership, facts, by=by, changed=changed)
    if WIDTH[facts["audience"]] > WIDTH[Audience(voice.audience)]:
        if not may_widen(voice, by):
            raise DomainError(
                "Only the person who spoke can let more people read it. They do so from “My voices”.",
                field="audience",
            )
        _check_consent(facts, is_speaker=voice.speaker_id == by.pk)
    return save_edit(
        voice, expected_version=expected_version, changes={name: facts[name] for name in changes}
    )


@transaction.atomic
def narrow_consent(*, voice: Voice, audience: Audience | None, by: Any, on: date | None = None) -> Voice:
    """Fewer people may read it from now on, or, with no audience, nobody but the person who spoke.

    Whoever asks for less is always heard: this has no version, and doing it twice changes nothing. What was printed or
    frozen in a report before stays as it was.
    """
    voice = Voice.objects.select_for_update(no_key=True).get(pk=voice.pk)
    if voice.withdrawn_on is not None:
        return voice
    if audience is None:
        changes: dict[str, Any] = {"withdrawn_on": on or timezone.localdate(), "audience": Audience.FORUM}
    elif WIDTH[Audience(audience)] >= WIDTH[Audience(voice.audience)]:
        raise DomainError("Choose an audience that is smaller than it is now.", field="audience")
    else:
        changes = {"audience": audience}
    # What others were told of it named its theme.
    untell(
        partnership_id=voice.partnership_id,
        about=f"voice {voice.pk}",
        but=[voice.speaker_id, None if audience is None else voice.created_by_id],
    )
    return save_edit(voice, expected_version=voice.version, changes=changes)


# --- Codes on paper ----------------------------------------------------------------------------------------------
@transaction.atomic
def give_code(*, voice: Voice, by: Any) -> FollowUp:
    """A code for somebody who does not sign in; the one that is open already, if there is one."""
    voice = Voice.objects.select_for_update(no_key=True).get(pk=voice.pk)
    if voice.withdrawn_on is not None:
        raise DomainError("The person who spoke has withdrawn this voice.")
    found = voice.follow_ups.filter(ended_at__isnull=True).first()
    if found is not None:
        return found
    nonce = new_nonce()
    return FollowUp.objects.create(
        partnership_id=voice.partnership_id,
        voice=voice,
        nonce=nonce,
        code_hash=hash_of(code_for(nonce)),
        created_by=by,
    )


@transaction.atomic
def end_code(*, voice: Voice, by: Any) -> None:
    """The code on paper stops working at once. Doing it twice changes nothing."""
    voice.follow_ups.filter(ended_at__isnull=True).update(ended_at=timezone.now())


# --- Rules -------------------------------------------------------------------------------------------------------
_FACTS = (*LONGEST, "said_on", "audience", "board", "activity", "place")


def _cleaned(facts: dict[str, Any]) -> dict[str, Any]:
    facts = dict(facts)
    for name in ("theme", "said_as", "consent_note"):
        facts[name] = " ".join(facts[name].split())
    facts["words"] = facts["words"].strip()
    facts["audience"] = Audience(facts["audience"])
    return facts


def _check(partnership: Partnership, facts: dict[str, Any], *, by: Any, changed: set[str]) -> None:
    asked = {
        "words": "Enter what was said, in their words.",
        "theme": "Enter what it is about, in a word or two.",
        "said_as": "Enter how the person is known, such as a first name or “a parent carer”.",
    }
    for name, sentence in asked.items():
        if not facts[name]:
            raise DomainError(sentence, field=name)
    for name, longest in LONGEST.items():
        check_text(facts[name], name, longest)
    if facts["said_on"] > timezone.localdate():
        raise DomainError("The day it was said must be today or in the past.", field="said_on")
    board, activity, place = facts["board"], facts["activity"], facts["place"]
    if board is not None and board.partnership_id != partnership.pk:
        raise DomainError("Choose a forum of this partnership.", field="board")
    if "board" in changed and board is not None and board.ended_on and board.ended_on < facts["said_on"]:
        raise DomainError(f"{board} had stopped meeting by then.", field="board")
    if (
        "activity" in changed
        and activity is not None
        and not visible(partnership, by).filter(pk=activity.pk).exists()
    ):
        raise DomainError("Choose an activity of this partnership.", field="activity")
    if "place" in changed and place is not None and not places_of(partnership).filter(pk=place.pk).exists():
        raise DomainError("Choose a place of this partnership.", field="place")
    if facts["audience"] == Audience.FORUM and board is None and (activity is None or not activity.board_id):
        raise DomainError(
            "Choose the forum where it was said, or a wider audience: otherwise nobody could hear it.",
            field="board",
        )


def _check_consent(facts: dict[str, Any], *, is_speaker: bool) -> None:
    if not is_speaker and not facts["consent_note"]:
        raise DomainError(
            "Write how the person agreed to this, such as: told at the forum, agreed by show of hands.",
            field="consent_note",
        )


def check_text(text: str, field: str, longest: int) -> None:
    if "\x00" in text:
        raise DomainError("Null characters are not allowed.", field=field)
    if len(text) > longest:
        raise DomainError(f"This must be {longest:,} characters or fewer.", field=field)
