"""Meetings, agendas and decisions as plain data for pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from config.words import day_words, time_words
from partnerships.models import (
    AgendaItem,
    Attendance,
    AttendanceKind,
    Decision,
    DecisionEffect,
    Meeting,
    MeetingStatus,
)
from partnerships.queries.agendas import Length
from partnerships.renderers.documents import document_rows

TONES = {
    DecisionEffect.WAITING: "grey",
    DecisionEffect.UNDER_WAY: "blue",
    DecisionEffect.DONE: "green",
    DecisionEffect.CHANGED: "purple",
    DecisionEffect.DROPPED: "orange",
}


def meeting_url(meeting: Meeting, slug: str, name: str = "meeting-detail", *args: Any) -> str:
    return reverse(name, args=[slug, meeting.board_id, meeting.pk, *args])


def when_words(meeting: Meeting) -> str:
    """Thursday 4 June 2026, 10am to midday"""
    said = f"{meeting.held_on:%A} {day_words(meeting.held_on)}"
    if meeting.starts_at:
        said += f", {time_words(meeting.starts_at)}"  # type: ignore[arg-type]
    if meeting.ends_at:
        said += f" to {time_words(meeting.ends_at)}"  # type: ignore[arg-type]
    return said


def days_to_go(day: date) -> str:
    """today, tomorrow, in 12 days"""
    days = (day - timezone.localdate()).days
    if days < 2:
        return ("today", "tomorrow")[days] if days >= 0 else f"{-days} days ago"
    return f"in {days} days"


def length_words(minutes: int) -> str:
    """1 hour 30 minutes"""
    hours, minutes = divmod(minutes, 60)
    said = [f"{hours} hour{'' if hours == 1 else 's'}"] if hours else []
    if minutes or not hours:
        said.append(f"{minutes} minute{'' if minutes == 1 else 's'}")
    return " ".join(said)


def status_tag(meeting: Meeting) -> dict[str, str]:
    if meeting.status == MeetingStatus.CANCELLED:
        return {"text": "Cancelled", "tone": "red"}
    if meeting.minutes_agreed_on:
        return {"text": "Minutes agreed", "tone": "green"}
    if meeting.status == MeetingStatus.HELD:
        return {"text": "Held", "tone": "blue"}
    if meeting.held_on < timezone.localdate():
        return {"text": "Held or not? Nobody has said", "tone": "orange"}
    return {"text": "Planned", "tone": "yellow"}


def meeting_row(meeting: Meeting, slug: str, *, with_board: bool = False) -> dict[str, Any]:
    """For components/rows.html; `with_board` where a list holds meetings of several."""
    about = [meeting.board.name if with_board or meeting.title else "", meeting.where, meeting.status_reason]
    return {
        "title": f"{meeting.title}: {when_words(meeting)}" if meeting.title else when_words(meeting),
        "url": meeting_url(meeting, slug),
        "meta": ", ".join(part for part in about if part),
        "tag": status_tag(meeting),
    }


# --- The agenda --------------------------------------------------------------------------------------------------
def agenda_rows(
    meeting: Meeting, items: Iterable[AgendaItem], slug: str, *, may_manage: bool = False
) -> list[dict[str, Any]]:
    """Each item with the time at which it begins (as long as all before it say how long they take)."""
    begins = datetime.combine(meeting.held_on, meeting.starts_at) if meeting.starts_at else None
    rows = []
    for number, item in enumerate(items, 1):
        rows.append(
            {
                "pk": item.pk,
                "number": number,
                "title": item.title,
                "begins": time_words(begins) if begins else "",
                "about": about_item(item),
                "is_missing": item.needs_paper and not item.papers_here,
                "papers": document_rows(item.papers_here, slug, may_remove=may_manage),
                "notes": item.notes,
                "decisions": [decision_row(decision, slug) for decision in item.decisions.all()],
            }
        )
        begins = begins + timedelta(minutes=item.minutes) if begins and item.minutes else None
    return rows


def about_item(item: AgendaItem) -> str:
    length = f"{item.minutes} minute{'' if item.minutes == 1 else 's'}" if item.minutes else ""
    parts = [item.get_purpose_display(), length, f"led by {item.lead.name}" if item.lead else ""]
    return ", ".join(part for part in parts if part)


def length_sentence(length: Length) -> str:
    """How the items fit into the meeting, in a sentence; empty where nothing can be said."""
    if not length.planned:
        return ""
    untimed = (
        f" {length.untimed} item{' does' if length.untimed == 1 else 's do'} not say how long."
        if length.untimed
        else ""
    )
    if length.available is None:
        return f"The items take {length_words(length.planned)}.{untimed}"
    if length.over:
        return (
            f"The items take {length_words(length.planned)}, which is {length_words(length.over)} "
            f"longer than the meeting.{untimed}"
        )
    return f"The items take {length_words(length.planned)} of the meeting’s {length_words(length.available)}.{untimed}"


# --- What was decided --------------------------------------------------------------------------------------------
def decision_row(decision: Decision, slug: str) -> dict[str, Any]:
    effect = DecisionEffect(decision.effect)
    return {
        "pk": decision.pk,
        "title": decision.what,
        "why": decision.why,
        "rule": decision.rule.text if decision.rule_id else "",
        "tag": {"text": effect.label, "tone": TONES[effect]},
        "effect_note": decision.effect_note,
        "effect_on": day_words(decision.effect_on) if decision.effect_on else "",
    }


def decision_with_meeting(decision: Decision, slug: str) -> dict[str, Any]:
    """A decision where it is not read on the page of its meeting, with the commitments that came of it."""
    return decision_row(decision, slug) | {
        "on": day_words(decision.meeting.held_on),
        "url": meeting_url(decision.meeting, slug) + f"#decision-{decision.pk}",
        "follow_url": meeting_url(decision.meeting, slug, "decision-follow-up", decision.pk),
        "commitments": [
            f"{commitment.what} ({commitment.owner.name if commitment.owner else 'nobody owns it'}, "
            f"{commitment.get_status_display().lower()})"
            for commitment in decision.commitments.all()
        ],
    }


def attendance_groups(rows: Iterable[Attendance]) -> list[dict[str, Any]]:
    """Names under present, represented, apologies and not present, as minutes have them; nobody is counted."""
    groups: dict[str, list[str]] = {}
    for row in rows:
        name = f"{row.person.name} ({row.organisation})" if row.organisation else row.person.name
        if row.kind == AttendanceKind.REPRESENTED:
            name += f", represented by {row.represented_by}"
        groups.setdefault(row.get_kind_display(), []).append(name)
    return [{"label": label, "names": names} for label, names in groups.items()]
