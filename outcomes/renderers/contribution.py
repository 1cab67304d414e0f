"""A contribution map as a drawing, as the list that says the same, and as rows of a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from config.words import day_words
from outcomes.charts.flow import Flow, FlowBox
from outcomes.models import Contribution, ContributionEvidence, Points, StoneProgress, Strength
from outcomes.queries.contribution import ContributionMap, Stone

PROGRESS_LETTERS = {
    StoneProgress.NOT_BEGUN: "N",
    StoneProgress.ON_THE_WAY: "W",
    StoneProgress.REACHED: "R",
    StoneProgress.SLIPPED: "S",
    StoneProgress.GIVEN_UP: "G",
}
PROGRESS_TONES = {StoneProgress.REACHED: "improvement", StoneProgress.SLIPPED: "concern"}
# The labels explain themselves in a form; a drawing and a table take the first word.
STRENGTH_WORDS = {
    Strength.STRONG: "strong",
    Strength.MODERATE: "moderate",
    Strength.WEAK: "weak",
    Strength.UNTESTED: "not tested",
}
HELPS_SHOWN = 4


def flow_of(found: ContributionMap) -> Flow:
    """The drawing. Of what helps a stone the first few have a box; the list below has them all."""
    return Flow(
        chart_id=f"map-{found.outcome.pk}",
        title=f"What should lead to: {found.outcome.title}",
        end=FlowBox(found.outcome.title, before=tuple(_box(one) for one in found.last)),
    )


def _box(one: Stone) -> FlowBox:
    stone = one.stone
    progress = StoneProgress(stone.progress)
    starts = [FlowBox(name_of(helps), is_start=True) for helps in one.helps[:HELPS_SHOWN]]
    if len(one.helps) > HELPS_SHOWN:
        starts.append(FlowBox(f"and {len(one.helps) - HELPS_SHOWN} more", is_start=True))
    marks = (
        f"{PROGRESS_LETTERS[progress]}: {progress.label}",
        f"Confidence: {STRENGTH_WORDS[Strength(stone.confidence)]}",
    )
    return FlowBox(stone.title, marks, (*(_box(before) for before in one.before), *starts))


def name_of(helps: Contribution) -> str:
    return str(helps.activity or helps.commitment or helps.programme)


def _kind(helps: Contribution) -> tuple[str, str, int]:
    if helps.activity_id:
        return "Activity", "activity-detail", helps.activity_id
    if helps.commitment_id:
        return "Commitment", "commitment-detail", helps.commitment_id
    return "Programme", "programme-detail", helps.programme_id


def stone_row(one: Stone, slug: str) -> dict[str, Any]:
    """A stepping stone as `outcomes/contribution/_stone.html` shows it."""
    stone, progress = one.stone, StoneProgress(one.stone.progress)
    strength = STRENGTH_WORDS[Strength(stone.confidence)]
    return {
        "pk": stone.pk,
        "title": stone.title,
        "expected": stone.expected,
        "leads_to": stone.leads_to.title if stone.leads_to_id else "",
        "progress": {
            "kind": "variation",
            "tone": PROGRESS_TONES.get(progress, "common"),
            "letter": PROGRESS_LETTERS[progress],
            "label": progress.label,
        },
        "confidence": {
            "kind": "assurance",
            "tone": "common",
            "letter": strength[0].upper(),
            "label": f"Confidence: {strength}",
        },
        "note": stone.progress_note,
        "looked_at": day_words(stone.looked_at_on) if stone.looked_at_on else "",
        "helps": [_help_row(helps, slug) for helps in one.helps],
        "for": [_evidence_row(e, slug) for e in one.evidence if e.points != Points.AGAINST],
        "against": [_evidence_row(e, slug) for e in one.evidence if e.points == Points.AGAINST],
        "explanations": [explanation_row(e) for e in one.explanations],
        "looks": [
            {
                "text": f"{look.get_progress_display()}, confidence {STRENGTH_WORDS[Strength(look.confidence)]}",
                "note": look.note,
                "by": f"{look.by.name}, {day_words(look.looked_at_on)}",
            }
            for look in one.looks
        ],
    }


def _help_row(helps: Contribution, slug: str) -> dict[str, Any]:
    kind, name, pk = _kind(helps)
    return {
        "pk": helps.pk,
        "kind": kind,
        "text": name_of(helps),
        "url": reverse(name, args=[slug, pk]),
        "how": helps.how,
        "strength": STRENGTH_WORDS[Strength(helps.strength)],
    }


def _evidence_row(one: ContributionEvidence, slug: str) -> dict[str, Any]:
    links = []
    if one.activity:
        links.append(
            {"text": one.activity.title, "url": reverse("activity-detail", args=[slug, one.activity.pk])}
        )
    if one.document:
        links.append({"text": one.document.title, "url": reverse("document", args=[slug, one.document.pk])})
    if one.measure:
        links.append({"text": one.measure.name, "url": reverse("measure", args=[slug, one.measure.slug])})
    if one.url:
        links.append({"text": one.url, "url": one.url})
    return {
        "pk": one.pk,
        "text": one.what_it_shows,
        "unclear": one.points == Points.UNCLEAR,
        "strength": STRENGTH_WORDS[Strength(one.strength)],
        "when": day_words(one.happened_on) if one.happened_on else "",
        "by": one.created_by.name if one.created_by else "",
        "links": links,
    }


def explanation_row(one: Any) -> dict[str, Any]:
    return {"pk": one.pk, "what": one.what, "weight": one.get_weight_display(), "known": one.what_we_know}


COLUMNS = (
    "stepping_stone", "leads_to", "progress", "confidence", "looked_at_on", "kind", "what", "strength", "detail",
)  # fmt: skip


def map_rows(found: ContributionMap) -> Iterator[tuple[Any, ...]]:
    """One row for each stone, and one for each thing that helps it, shows it or could explain it."""
    for one in found.stones:
        stone = one.stone
        start = (
            stone.title,
            stone.leads_to.title if stone.leads_to_id else found.outcome.title,
            stone.get_progress_display(),
            STRENGTH_WORDS[Strength(stone.confidence)],
            stone.looked_at_on,
        )
        yield (*start, "stepping stone", stone.title, "", stone.expected)
        for helps in one.helps:
            kind = _kind(helps)[0].lower()
            yield (*start, kind, name_of(helps), STRENGTH_WORDS[Strength(helps.strength)], helps.how)
        for evidence in one.evidence:
            kind = f"evidence {evidence.get_points_display().lower()}"
            strength = STRENGTH_WORDS[Strength(evidence.strength)]
            yield (*start, kind, evidence.what_it_shows, strength, evidence.url)
        for other in one.explanations:
            yield (*start, "other explanation", other.what, other.get_weight_display(), other.what_we_know)
    for other in found.explanations:
        what = (other.what, other.get_weight_display(), other.what_we_know)
        yield (found.outcome.title, "", "", "", "", "other explanation", *what)
