"""What residents and others said, how far it was carried, and who put whom in touch with whom."""

from __future__ import annotations

from typing import Any

import pghistory

from demo.chance import texts
from demo.setting import Setting
from partnerships.models import Commitment, Decision
from people.actions.introductions import introduce, say_what_came
from people.actions.messages import add_effect, answer_message, carry_voice
from people.actions.voices import record_voice
from people.models import Message, Voice


def load_voices(setting: Setting) -> None:
    told = texts("voices")
    for row in sorted(told["voice"], key=lambda row: -row["ago"]):
        by = setting.people[row["by"]]
        with pghistory.context(user=by.pk):
            voice = _voice(setting, row)
            steps = [_carried(setting, voice, step) for step in row.get("carried", ())]
            for step in row.get("followed", ()):
                _followed(setting, voice, steps, step)
    for row in sorted(told["introduction"], key=lambda row: -row["ago"]):
        with pghistory.context(user=setting.manager.pk):
            _introduction(setting, row)


def _voice(setting: Setting, row: dict[str, Any]) -> Voice:
    return record_voice(
        partnership=setting.partnership,
        theme=row["theme"],
        words=row["words"],
        said_on=setting.ago(row["ago"]),
        said_as=row["said_as"],
        audience=row["audience"],
        consent_note=row.get("consent", ""),
        speaker=setting.people.get(row.get("speaker", "")),
        board=setting.boards.get(row.get("board", "")),
        activity=setting.activities.get(row.get("activity", "")),
        place=setting.places.get(row.get("place", "")),
        by=setting.people[row["by"]],
    )


def _carried(setting: Setting, voice: Voice, row: dict[str, Any]) -> Message:
    by = setting.people[row["by"]]
    message = carry_voice(
        voice=voice,
        carried_on=setting.ago(row["ago"]),
        way=row["way"],
        carried_by=by,
        from_board=setting.boards.get(row.get("from", "")),
        to_board=setting.boards.get(row.get("to", "")),
        to_whom=row.get("to_whom", ""),
        ask=row.get("ask", ""),
        evidence=row["evidence"],
        evidence_note=row.get("note", ""),
        by=by,
    )
    if "reply" in row:
        who = setting.people[row["who"]]
        message = answer_message(
            message=message,
            expected_version=message.version,
            reply=row["reply"],
            answer=row["answer"],
            answered_on=_decided(setting, row["answered_at"]).meeting.held_on
            if "answered_at" in row
            else setting.ago(row["answered"]),
            answered_by=who,
            answer_evidence=row["answer_evidence"],
            by=by,
        )
    return message


def _decided(setting: Setting, words: str) -> Decision:
    rows = Decision.objects.filter(partnership=setting.partnership).select_related("meeting")
    return rows.get(what__startswith=words)


def _followed(setting: Setting, voice: Voice, steps: list[Message], row: dict[str, Any]) -> None:
    here = {"partnership": setting.partnership}
    decision = commitment = None
    if "decision" in row:
        decision = _decided(setting, row["decision"])
    if "commitment" in row:
        commitment = Commitment.objects.get(**here, what__startswith=row["commitment"])
    add_effect(
        voice=voice,
        kind=row["kind"],
        what=row.get("what", ""),
        message=steps[row["step"]] if "step" in row else None,
        decision=decision,
        commitment=commitment,
        happened_on=setting.ago(row["ago"]) if "ago" in row else None,
        evidence=row["evidence"],
        evidence_note=row.get("note", ""),
        what_else=row.get("else", ""),
        by=setting.manager,
    )


def _introduction(setting: Setting, row: dict[str, Any]) -> None:
    made = introduce(
        partnership=setting.partnership,
        one=setting.people[row["one"]],
        other=setting.people[row["other"]],
        made_by=setting.people[row["by"]],
        made_on=setting.ago(row["ago"]),
        why=row["why"],
        by=setting.manager,
    )
    if "came" in row:
        say_what_came(
            introduction=made,
            expected_version=made.version,
            came_of_it=row["came"],
            programme=setting.programmes.get(row.get("programme", "")),
            looked_at_on=setting.ago(row["looked"]),
            note=row.get("note", ""),
            by=setting.manager,
        )
