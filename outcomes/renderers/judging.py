"""How a measure is judged, in the words and rows that its pages show: progress, confidence and whose it is, kept apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.urls import reverse

from config.words import day_words, moment_words
from outcomes.models import Commentary, EvidenceCheck, Ownership, Rebase
from outcomes.queries.readings import Reading
from outcomes.renderers.readings import PROGRESS_WORDS, TONES
from outcomes.statistics.terms import Progress

PROGRESS_LETTERS = {
    Progress.BETTER: "B",
    Progress.WORSE: "W",
    Progress.NO_CHANGE: "N",
    Progress.CANNOT_TELL: "?",
}
OWNERSHIP_LETTERS = {Ownership.OURS: "O", Ownership.SHARED: "S", Ownership.OUTSIDE: "X"}
OWNERSHIP_SENTENCES = {
    Ownership.OURS: "Partners here can change it by what they do.",
    Ownership.SHARED: "Partners here can change a part of it; the rest lies with others.",
    Ownership.OUTSIDE: "Partners here watch it and cannot change it.",
}


def three_judgements(reading: Reading) -> list[dict[str, str]]:
    """What `outcomes/measures/_three_judgements.html` shows: three things that are never added up."""
    measure, trust, progress = reading.measure, reading.confidence, reading.judgement.progress
    owner = Ownership(measure.ownership)
    return [
        {
            "question": "How is it going?",
            "letter": PROGRESS_LETTERS[progress] if reading.latest else "–",
            "tone": TONES[progress],
            "words": PROGRESS_WORDS[progress] if reading.latest else "No figure yet",
            "sentence": "Worked out from the figures; nobody rates it.",
        },
        {
            "question": "How far can the evidence be trusted?",
            "letter": trust.letter,
            "tone": "common",
            "words": trust.words,
            "sentence": trust.sentence,
        },
        {
            "question": "Whose is it to change?",
            "letter": OWNERSHIP_LETTERS[owner],
            "tone": "common",
            "words": owner.label,
            "sentence": measure.outside_our_control.strip() or OWNERSHIP_SENTENCES[owner],
        },
    ]


def rebase_rows(
    rebases: Iterable[Rebase], slug: str, measure: str, *, seen: Collection[int], may_judge: bool
) -> list[dict[str, Any]]:
    """Every rebase with who, when and why. `seen` are the activities that the reader may see; others leave no trace."""
    rows = []
    for one in rebases:
        links = []
        if one.activity_id in seen:
            links.append(
                {"text": one.activity.title, "url": reverse("activity-detail", args=[slug, one.activity_id])}
            )
        if one.decision_id:
            links.append({"text": f"Decision: {one.decision.what}", "url": None})
        by = one.created_by.name if one.created_by else "The partnership"
        withdrawn = ""
        if one.withdrawn_at:
            withdrawn = (
                f"Withdrawn by {one.withdrawn_by.name}, {day_words(one.withdrawn_at)}: {one.withdrawn_because}"
            )  # fmt: skip
        rows.append(
            {
                "period": one.period_label,
                "cause": one.get_cause_display(),
                "reason": one.reason,
                "by": f"{by}, {moment_words(one.created_at)}",
                "links": links,
                "withdrawn": withdrawn,
                "withdraw_url": reverse("rebase-withdraw", args=[slug, measure, one.pk])
                if may_judge and not one.withdrawn_at
                else "",
            }
        )
    return rows


def check_table(checks: Collection[EvidenceCheck]) -> dict[str, Any] | None:
    if not checks:
        return None
    return {
        "id": "checks",
        "caption": "What was found, newest first",
        "columns": [{"label": "Standard"}, {"label": "Met"}, {"label": "Note", "wide": True}, {"label": "Who and when"}],
        "rows": [
            [
                {"text": check.standard.name, "header": True},
                {"text": check.get_fulfilled_display()},
                {"text": check.note or "–"},
                {"text": f"{check.checked_by.name}, {moment_words(check.checked_at)}"},
            ]
            for check in checks
        ],
    }  # fmt: skip


def story_of(
    story: Commentary,
    slug: str,
    *,
    may_edit: bool = False,
    may_decide: bool = False,
    sees_history: bool = False,
) -> dict[str, Any]:
    """A story as `outcomes/measures/_story.html` shows it, with the buttons that its reader may press."""
    here = [slug, story.measure.slug, story.pk]
    return {
        "story": story,
        "partners": list(story.partners.all()),
        "decision": story.decision,
        "waits_for": story.for_board if story.for_board and not story.decision_id else None,
        "edit_url": reverse("commentary-edit", args=here) if may_edit else "",
        "decided_url": reverse("commentary-decided", args=here) if may_decide and story.for_board_id else "",
        "history_url": reverse("history", args=[slug, "commentary", story.pk]) if sees_history else "",
        "turn_url": f"{reverse('turn-the-curve', args=here[:2])}?story={story.pk}",
    }
