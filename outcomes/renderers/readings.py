"""A measure's reading in the words, marks and tones that its pages show."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from outcomes import charts
from outcomes.queries.readings import Reading
from outcomes.renderers.charts import tile_sparkline
from outcomes.statistics.spc import Assurance, Variation
from outcomes.statistics.spc_text import ASSURANCE_MARKS, VARIATION_MARKS
from outcomes.statistics.terms import Progress

PROGRESS_WORDS = {
    Progress.BETTER: "Getting better",
    Progress.WORSE: "Getting worse",
    Progress.NO_CHANGE: "No significant change",
    Progress.CANNOT_TELL: "Cannot tell yet",
}

NEUTRAL = {Variation.NEUTRAL_HIGH, Variation.NEUTRAL_LOW}
ASSURANCE_TONES = {Assurance.PASS: "improvement", Assurance.FAIL: "concern", Assurance.HIT_OR_MISS: "common"}

TONES = {
    Progress.BETTER: "improvement",
    Progress.WORSE: "concern",
    Progress.NO_CHANGE: "common",
    Progress.CANNOT_TELL: "common",
}


def marks(reading: Reading) -> list[dict[str, str]]:
    """The variation and assurance marks of an SPC chart: letter, words, and a tone that never stands alone."""
    spc = reading.judgement.spc
    found = []
    if spc and spc.variation:
        mark = VARIATION_MARKS[spc.variation]
        tone = "neutral" if spc.variation in NEUTRAL else TONES[reading.judgement.progress]
        found.append({"kind": "variation", "tone": tone, "letter": mark.letter, "label": mark.words})
    if spc and spc.assurance:
        mark = ASSURANCE_MARKS[spc.assurance]
        found.append(
            {
                "kind": "assurance",
                "tone": ASSURANCE_TONES[spc.assurance],
                "letter": mark.letter,
                "label": mark.words,
            }
        )
    return found


def tile(reading: Reading, slug: str) -> dict[str, Any]:
    """A measure as components/measure.html takes it, and what the lists above the tiles say of it."""
    measure, latest = reading.measure, reading.latest
    words = PROGRESS_WORDS[reading.judgement.progress] if latest else "No figure yet"
    facts = [{"label": "Direction", "value": words}]
    if reading.goal:
        facts.append({"label": "Target", "value": f"{reading.goal.text} by {reading.goal.due_on:%B %Y}"})
    if reading.england:
        facts.append({"label": "England", "value": reading.england.text})
    facts.append({"label": "Whose", "value": measure.get_ownership_display()})
    drawn = charts.sparkline(tile_sparkline(reading, chart_id=f"spark-{measure.pk}"), width=220, height=44)
    return {
        "title": measure.name,
        "url": reverse("measure", kwargs={"partnership": slug, "measure": measure.slug}),
        "value": latest.text if latest else "No figure",
        "period": f"{latest.period_label}{' (provisional)' if latest.provisional else ''}" if latest else "",
        "svg": svg(drawn),
        "facts": facts,
        "marks": marks(reading),
        "note": tile_note(reading),
        "progress": reading.judgement.progress.value if latest else "missing",
        "progress_words": words,
        "late": reading.freshness.sentence,
    }


def tile_note(reading: Reading) -> str:
    """What stands below a tile: that it is late, or who is missing in its figure."""
    if reading.freshness.is_late:
        return reading.freshness.sentence
    latest = reading.latest
    return latest.note if latest and (latest.missing or latest.has_no_total) else ""


def svg(text: str) -> SafeString:
    """Our chart functions escape everything that they are given."""
    return mark_safe(text)  # noqa: S308
