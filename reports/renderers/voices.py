"""The report’s section on voices."""

from __future__ import annotations

from outcomes.statistics.rounding import format_number
from reports.queries.voices import VoicesInPeriod
from reports.renderers.document import Block, Bullets, Callout, KeyFigures, Paragraph, Subheading


def voice_blocks(found: VoicesInPeriod) -> list[Block]:
    counts = found.counts
    blocks: list[Block] = []
    if counts.heard:
        blocks.append(
            KeyFigures(
                (
                    ("Voices heard", format_number(counts.heard), ""),
                    ("Carried", format_number(counts.carried), ""),
                    ("Answered", format_number(counts.answered), ""),
                    ("Carried without an answer yet", format_number(counts.unanswered), ""),
                    ("Something followed", format_number(counts.followed), ""),
                )
            )
        )
    else:
        blocks.append(Callout("No voice was written down in this period."))
    if found.story is not None:
        story = found.story
        heard = tuple(("They heard", line) for line in story.heard)
        followed = tuple(("This followed", line) for line in story.followed)
        blocks.append(Subheading(f"One of them: {story.theme}"))
        blocks.append(Paragraph(f"“{story.words}” ({story.said_as})"))
        blocks.append(Bullets(heard + followed))
        blocks.append(Paragraph("The person who spoke agreed that anybody may read this."))
    return blocks
