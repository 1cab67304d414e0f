"""What boards decide, by which rule, and what becomes of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from config.words import day_words
from partnerships.actions.editing import save_edit
from partnerships.actions.meetings import open_meeting
from partnerships.errors import DomainError
from partnerships.models import AgendaItem, Decision, DecisionEffect, Meeting, MeetingStatus, SimpleRule


@transaction.atomic
def record_decision(
    *,
    meeting: Meeting,
    what: str,
    why: str = "",
    rule: SimpleRule | None = None,
    agenda_item: AgendaItem | None = None,
    by: Any,
) -> Decision:
    """What the board decided at a meeting, why, and the simple rule that it went by."""
    found = open_meeting(meeting)
    if found.status == MeetingStatus.CANCELLED:
        raise DomainError("This meeting was cancelled, so nothing was decided there.")
    if found.held_on > timezone.localdate():
        raise DomainError(f"This meeting is on {day_words(found.held_on)}. Nothing is decided there yet.")
    _check(found, what, rule, agenda_item)
    return Decision.objects.create(
        partnership_id=found.partnership_id,
        meeting=found,
        agenda_item=agenda_item,
        what=what.strip(),
        why=why,
        rule=rule,
        created_by=by,
    )


@transaction.atomic
def edit_decision(*, decision: Decision, expected_version: int, by: Any, **changes: Any) -> Decision:
    """Put right what was written down. Once the minutes are agreed, a decision is changed by another one only."""
    meeting = open_meeting(decision.meeting)
    _check(
        meeting,
        changes.get("what", decision.what),
        changes.get("rule", decision.rule),
        changes.get("agenda_item", decision.agenda_item),
    )
    return save_edit(decision, expected_version=expected_version, changes=changes)


@transaction.atomic
def remove_decision(*, decision: Decision, by: Any) -> None:
    """Take back what was written down by mistake, as long as nobody has promised anything for it."""
    open_meeting(decision.meeting)
    if decision.commitments.exists():
        raise DomainError("Somebody made a commitment for this decision, so it stays.")
    try:
        with transaction.atomic():
            Decision.objects.filter(pk=decision.pk).delete()
    except ProtectedError:
        raise DomainError(
            "A measure’s page names this decision, or something that came of it does, so it stays."
        ) from None


@transaction.atomic
def follow_up_decision(
    *,
    decision: Decision,
    expected_version: int,
    effect: DecisionEffect,
    effect_note: str,
    effect_on: date,
    by: Any,
) -> Decision:
    """What became of a decision, as seen on a day. Earlier answers stay in its history."""
    if effect_on > timezone.localdate():
        raise DomainError("The day must be today or earlier.", field="effect_on")
    if effect_on < decision.meeting.held_on:
        raise DomainError(
            f"It was decided on {day_words(decision.meeting.held_on)}, so that is the earliest day.",
            field="effect_on",
        )
    if effect in (DecisionEffect.CHANGED, DecisionEffect.DROPPED) and not effect_note.strip():
        raise DomainError("Say why.", field="effect_note")
    return save_edit(
        decision,
        expected_version=expected_version,
        changes={"effect": effect, "effect_note": effect_note, "effect_on": effect_on},
    )


def _check(meeting: Meeting, what: str, rule: SimpleRule | None, item: AgendaItem | None) -> None:
    if not what.strip():
        raise DomainError("Say what was decided.", field="what")
    if rule is not None and rule.partnership_id != meeting.partnership_id:
        raise DomainError("Choose a rule of this partnership.", field="rule")
    if item is not None and item.meeting_id != meeting.pk:
        raise DomainError("Choose an item of this meeting’s agenda.", field="agenda_item")
