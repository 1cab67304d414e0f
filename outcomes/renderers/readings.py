"""A measure's reading in the words, marks and tones that its pages show."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

from outcomes.queries.readings import Reading
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


def tile_note(reading: Reading) -> str:
    """What stands below a tile: that it is late, or who is missing in its figure."""
    if reading.freshness.is_late:
        return reading.freshness.sentence
    return missing_note(reading)


def missing_note(reading: Reading) -> str:
    """Who is missing in the latest figure, or that parts make no total."""
    latest = reading.latest
    return latest.note if latest and (latest.missing or latest.has_no_total) else ""


def svg(text: str) -> SafeString:
    """Our chart functions escape everything that they are given."""
    return mark_safe(text)  # noqa: S308
