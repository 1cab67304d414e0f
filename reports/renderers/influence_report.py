"""The report’s section on influence: what was carried and answered, how well it is known, who leads, which boards are linked."""

from __future__ import annotations

from config.words import day_words
from outcomes.statistics.rounding import format_number
from people.queries.leadership import Share
from reports.queries.influence import InfluenceInPeriod, LinksInPeriod
from reports.renderers.document import Block, Bullets, KeyFigures, Paragraph, Subheading, Table

SHOWN = 10


def influence_blocks(found: InfluenceInPeriod) -> list[Block]:
    blocks: list[Block] = []
    if found.links and found.links.boards:
        blocks += _links(found.links)
    if found.introduced or found.came:
        made = (
            f"{_many(found.introduced, 'introduction')} {_was(found.introduced)} written down in this period."
        )
        blocks += [
            Subheading("Introductions, and what came of them"),
            Paragraph(made),
            _counts(
                "What came of all introductions so far, as known at the end", "What came of it", found.came
            ),
        ]
    if found.waiting:
        rows = tuple((one.where, str(one.number), str(one.days)) for one in found.waiting[:SHOWN])
        more = len(found.waiting) - SHOWN
        blocks += [
            Subheading("Voices that wait for an answer"),
            Table(
                "Messages not answered at the end of the period, the longest first",
                ("Carried to", "Messages", "Days since the oldest"),
                rows,
                (1, 2),
            ),
        ]
        if more > 0:
            blocks.append(Paragraph(f"And {_many(more, 'other board')} with messages that wait."))
    if found.evidence:
        blocks += [
            Subheading("How well we know it"),
            _counts(
                "Steps of voices in this period by the evidence for them", "Evidence", found.evidence, "Steps"
            ),
        ]
    if found.outside.led:
        blocks += [Subheading("Who leads"), Paragraph(_shares(found.outside_before, found.outside))]
    return blocks


def _links(links: LinksInPeriod) -> list[Block]:
    beside = (
        "as many as before the period"
        if links.pairs == links.pairs_before
        else f"{links.pairs_before} before the period"
    )
    blocks: list[Block] = [
        KeyFigures(
            (
                ("Boards", format_number(links.boards), ""),
                ("Pairs with people in common", format_number(links.pairs), beside),
                (
                    "Rest on one person",
                    format_number(links.on_one_person),
                    "nobody else sits on both",
                ),
                ("Ways that carried something", format_number(len(links.carried)), ""),
            )
        )
    ]
    if links.carried:
        rows = tuple((one, other, str(number)) for one, other, number in links.carried)
        blocks.append(Table("What went from board to board", ("From", "To", "Messages"), rows, (2,)))
    if links.wanted:
        blocks.append(Subheading("Links that we want"))
        blocks.append(
            Bullets(
                tuple(
                    (
                        f"{one} and {other}",
                        f"{'there now' if there else 'missing'}, wanted since {day_words(since)}",
                    )
                    for one, other, since, there in links.wanted
                )
            )
        )
    return blocks


def _shares(before: Share, now: Share) -> str:
    said = f"Of {_many(now.led, 'part')} of the work, {now.outside} {_was(now.outside)} led outside the lead body at the end"
    earlier = f" ({before.outside} of {before.led} before the period)" if before.led else ""
    return f"{said}{earlier}. More is not always better: it shows whether leadership moves outwards."


def _counts(caption: str, header: str, counted: tuple[tuple[str, int], ...], number: str = "Number") -> Table:
    return Table(caption, (header, number), tuple((label, str(count)) for label, count in counted), (1,))


def _many(number: int, one: str) -> str:
    return f"{format_number(number)} {one}{'' if number == 1 else 's'}"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
