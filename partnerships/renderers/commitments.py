"""Commitments as rows of plain data, for partnerships/commitments/_list.html and components/rows.html."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from config.words import day_words
from partnerships.models import Activity, Commitment, CommitmentStatus, Verdict, Visibility
from partnerships.queries.commitments import Counts, is_overdue
from partnerships.queries.commitments_story import Chapter, Turn

TONES = {
    CommitmentStatus.KEPT: "green",
    CommitmentStatus.CHANGED: "blue",
    CommitmentStatus.LET_GO: "grey",
}


def commitment_row(
    commitment: Commitment, slug: str, *, today: date | None = None, links: bool = True
) -> dict[str, Any]:
    """One commitment of `queries.visible`. Without links for those who see it on a board's page only."""
    today = today or timezone.localdate()
    closed = commitment.status != CommitmentStatus.OPEN
    about = [
        who(commitment),
        f"{commitment.get_status_display().lower()} on {day_words(commitment.closed_on)}" if closed else "",
        due_words(commitment),
        commitment.board.name if commitment.board else "",
        commitment.programme.name if commitment.programme else "",
    ]
    return {
        "title": commitment.what,
        "url": reverse("commitment-detail", args=[slug, commitment.pk]) if links else "",
        "text": Truncator(commitment.reason).chars(200) if closed else "",
        "meta": " · ".join(part for part in about if part),
        "tag": state_tag(commitment, today),
    }


def who(commitment: Commitment) -> str:
    if commitment.owner is None:
        return "Nobody owns it yet" if commitment.status == CommitmentStatus.OPEN else "Nobody owned it"
    organisation = commitment.owner_organisation
    return f"{commitment.owner.name}, {organisation.name}" if organisation else commitment.owner.name


def due_words(commitment: Commitment) -> str:
    return f"due {day_words(commitment.due_on)}" if commitment.due_on else "no due date"


def state_tag(commitment: Commitment, today: date | None = None) -> dict[str, str]:
    """The one word that matters most about it: a colour never says it alone."""
    today = today or timezone.localdate()
    if commitment.verdict == Verdict.NOT_ADEQUATE:
        return {"text": f"{commitment.get_status_display()}, not adequate", "tone": "orange"}
    if commitment.status != CommitmentStatus.OPEN:
        checked = ", verified" if commitment.verdict else ""
        tone = TONES[CommitmentStatus(commitment.status)]
        return {"text": f"{commitment.get_status_display()}{checked}", "tone": tone}
    if is_overdue(commitment, today):
        return {"text": "Overdue" if commitment.owner_id else "Overdue, nobody owns it", "tone": "red"}
    if commitment.owner_id is None:
        return {"text": "Nobody owns it", "tone": "orange"}
    return {"text": "Due today" if commitment.due_on == today else "Open", "tone": "yellow"}


def became_of(counts: Counts) -> str:
    """What was promised and what became of it, in a sentence; empty where nothing was."""
    if not counts.made:
        return ""
    closed = [
        f"{number} {word}"
        for number, word in (
            (counts.kept, "kept"),
            (counts.changed, "changed"),
            (counts.let_go, "let go"),
            (counts.open, "open"),
        )
        if number
    ]
    said = f"{counts.made} {'commitment' if counts.made == 1 else 'commitments'}: {', '.join(closed)}."
    worry = [
        f"{number} {words}"
        for number, words in ((counts.overdue, "overdue"), (counts.unowned, "without an owner"))
        if number
    ]
    return f"{said} Of the open ones, {' and '.join(worry)}." if worry else said


# --- What happened to one ------------------------------------------------------------------------------------------
def story_items(chapters: list[Chapter]) -> list[dict[str, Any]]:
    """The story of a commitment for components/timeline.html, newest first."""
    return [
        {
            "when": day_words(chapter.on),
            "when_iso": chapter.on.isoformat(),
            "title": _title(chapter),
            "text": chapter.words,
        }
        for chapter in reversed(chapters)
    ]


def _title(chapter: Chapter) -> str:
    by = f" by {chapter.who}" if chapter.who else ""
    if chapter.turn is Turn.MADE:
        due = f", due {day_words(chapter.after)}" if chapter.after else ""
        if chapter.owner and chapter.owner == chapter.who:
            return f"Promised{by}{due}"
        owner = f", for {chapter.owner} to do" if chapter.owner else ", with nobody to do it yet"
        return f"Made{by}{owner}{due}"
    if chapter.turn is Turn.TAKEN_ON:
        return (
            f"{chapter.owner} took it on"
            if chapter.who in {"", chapter.owner}
            else f"Given to {chapter.owner}{by}"
        )
    if chapter.turn is Turn.HANDED_OVER:
        return f"Handed over to {chapter.owner}{by}"
    if chapter.turn is Turn.LEFT:
        return f"Left without an owner{by}"
    if chapter.turn is Turn.DUE_DAY:
        moved = [day_words(day) if day else "no day" for day in (chapter.before, chapter.after)]
        return f"Due day changed from {moved[0]} to {moved[1]}{by}"
    if chapter.turn is Turn.CLOSED:
        return f"{CommitmentStatus(chapter.state).label}, closed{by}"
    if chapter.turn is Turn.VERIFIED:
        word = "adequate" if chapter.state == Verdict.ADEQUATE else "not adequate"
        return f"Found {word}{by}"
    return f"Opened again{by}"


# --- On the page of an activity --------------------------------------------------------------------------------------
def promised_in(
    activity: Activity, commitments: list[Commitment], slug: str, *, may_commit: bool
) -> dict[str, Any]:
    """What partnerships/commitments/_from_activity.html shows: what was promised, and how to make it a promise.

    One click does it for a next step of which none was made, in an activity that everybody may read.
    """
    is_plain = activity.visibility == Visibility.PARTNERSHIP and activity.next_step_done_on is None
    new_url = f"{reverse('commitment-new', args=[slug])}?activity={activity.pk}"
    one = len(commitments) == 1
    return {
        "words": "It is a commitment now:" if one and activity.next_step else "Commitments made from it:",
        "rows": [commitment_row(commitment, slug) for commitment in commitments],
        "one_click": bool(may_commit and not commitments and activity.next_step and is_plain),
        "new_url": new_url if may_commit else "",
    }
