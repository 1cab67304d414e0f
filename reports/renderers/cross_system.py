"""Turns what was collected for a period into the report that a board reads: short, honest, numbers beside stories."""

from __future__ import annotations

from collections.abc import Sequence

from config.words import day_words, moment_words
from learning.models import LearningEntry, Verdict
from outcomes import charts
from outcomes.queries.readings import Reading
from outcomes.renderers.charts import measure_chart, rebase_notes
from outcomes.statistics.rounding import format_number
from outcomes.statistics.terms import Progress
from partnerships.models import Activity, Commitment
from reports.queries.cross_system import ActivityCounts, CrossSystem
from reports.renderers.document import (
    Block,
    Bullets,
    Callout,
    Chart,
    Document,
    KeyFigures,
    Paragraph,
    Section,
    Subheading,
    Table,
)
from reports.renderers.influence_report import influence_blocks
from reports.renderers.voices import voice_blocks

CHARTS = 4
ABOUT = (
    "Progress is judged by the statistics and never by ourselves: statistical process control for monthly and quarterly "
    "figures, the recent trend of the last five points for yearly ones. Population indicators describe everybody in the "
    "place; programme measures describe the people a programme works with. They are never added up, and an activity is "
    "named as something that should help, never as a cause. Counts below a measure’s threshold are hidden to protect people."
)


def compose(content: CrossSystem, *, title: str) -> Document:
    """The report of one period as a document, ready to be frozen. Every number in it is one that the pages show too.

    It names organisations and no person: it leaves through the partner API, and cannot be unsaid for who asks to be forgotten.
    """
    return Document(
        title=title,
        partnership=content.partnership.name,
        period=content.period.words,
        as_of=content.as_of,
        summary=tuple(_summary(content)),
        sections=tuple(section for section in _sections(content) if section.blocks),
        about=f"{ABOUT} This report was made {moment_words(content.as_of)} and does not change.",
    )


def _sections(content: CrossSystem) -> list[Section]:
    return [
        Section("What changed in our outcomes", tuple(_outcomes(content))),
        Section("What partners did", tuple(_activities(content))),
        Section("What was promised, and what became of it", tuple(_promises(content))),
        Section("Whose voices were heard, and what followed", tuple(voice_blocks(content.voices))),
        Section("How influence travelled", tuple(influence_blocks(content.influence))),
        Section("What we learned", tuple(_learning(content))),
        Section("What got in the way", tuple(_setbacks(content))),
        Section("What comes next", tuple(_next_steps(content))),
    ]


def _summary(content: CrossSystem) -> list[str]:
    found, counts = content.dashboard, content.counts
    said = []
    if found and found.readings:
        said.append(
            f"{_many(len(found.better), 'measure')} got better, {len(found.worse)} got worse, "
            f"{len(found.no_change)} did not change more than chance, and of {len(found.cannot_tell)} we cannot tell."
        )
        if found.late:
            said.append(
                f"{_many(len(found.late), 'measure')} {_is(len(found.late))} missing the newest figure or late."
            )
    said.append(
        f"Partners logged {_many(counts.total, 'activity', 'activities')} in {content.period.words}"
        f"{_beside(counts)}, naming {_many(counts.organisations, 'organisation')}."
    )
    promises = content.promises
    if promises.made or promises.closed or promises.overdue:
        said.append(
            f"{_many(promises.made, 'commitment')} {_was(promises.made)} made, {promises.kept} kept, "
            f"{promises.changed} changed and {promises.let_go} let go; at the end {promises.overdue} "
            f"{_was(promises.overdue)} overdue."
        )
    if content.learning:
        said.append(
            f"{_many(len(content.learning), 'learning entry', 'learning entries')} "
            f"{_was(len(content.learning))} written, {_of_those(content.did_not_work)}"
        )
    return said


def _of_those(entries: Sequence[LearningEntry]) -> str:
    if not entries:
        return "none about something that did not work."
    return f"{len(entries)} about something that did not work, or only in part."


def _beside(counts: ActivityCounts) -> str:
    if counts.total == counts.before:
        return ", as many as in the period before"
    return f" ({counts.before} in the period before)"


def _outcomes(content: CrossSystem) -> list[Block]:
    found = content.dashboard
    if found is None or not found.readings:
        return [Callout("No outcome has a measure yet, so nothing can be said about change.")]
    blocks: list[Block] = [
        KeyFigures(
            (
                ("Got better", str(len(found.better)), ""),
                ("Got worse", str(len(found.worse)), ""),
                ("No significant change", str(len(found.no_change)), ""),
                ("Missing or late", str(len(found.late)), ""),
            )
        )
    ]
    for words, readings in (("Got worse", found.worse), ("Got better", found.better)):
        if readings:
            blocks.append(Subheading(words))
            blocks.append(Bullets(tuple((r.measure.name, _sentence(r)) for r in readings)))
    blocks += [
        _chart(reading, number) for number, reading in enumerate((*found.worse, *found.better)[:CHARTS])
    ]
    if found.late:
        blocks.append(Subheading("Missing or late"))
        blocks.append(Bullets(tuple((r.measure.name, r.freshness.sentence) for r in found.late)))
    rebased = [(reading, one) for reading in found.readings for one in reading.rebases]
    if rebased:
        blocks.append(Subheading("Where limits were worked out anew, and why"))
        told = ((r.measure.name, f"From {one.period_label}. {one.sentence}") for r, one in rebased)
        blocks.append(Bullets(tuple(told)))
    for outcome in found.outcomes:
        if outcome.readings:
            blocks.append(_table(outcome.outcome.title, outcome.readings))
    return blocks + _stories(content)


def _sentence(reading: Reading) -> str:
    latest = f"{reading.latest.text} in {reading.latest.period_label}. " if reading.latest else ""
    target = f" {reading.goal.sentence}" if reading.goal else ""
    return f"{latest}{reading.judgement.sentence}{target}"


def _chart(reading: Reading, number: int) -> Chart:
    drawn = measure_chart(reading, chart_id=f"report-{number}", annotations=rebase_notes(reading))
    table = charts.table_of(drawn)
    newest = "; ".join(", ".join(row[:2]) for row in table.rows[-3:])
    return Chart(
        svg=charts.line_chart(drawn, width=720),
        alt=f"{drawn.title}. {drawn.description} Newest figures: {newest}.",
        caption=drawn.title,
    )


PROGRESS = {
    Progress.BETTER: "Better",
    Progress.WORSE: "Worse",
    Progress.NO_CHANGE: "No change",
    Progress.CANNOT_TELL: "Cannot tell",
}


def _table(caption: str, readings: Sequence[Reading]) -> Table:
    return Table(
        caption=caption,
        headers=("Measure", "Period", "Latest", "Target", "England", "Progress"),
        rows=tuple(
            (
                reading.measure.name,
                f"{reading.latest.period_label}{' (provisional)' if reading.latest.provisional else ''}",
                reading.latest.text,
                reading.goal.text if reading.goal else "None set",
                reading.england.text if reading.england else "Not compared",
                PROGRESS[reading.judgement.progress],
            )
            if reading.latest
            else (reading.measure.name, "None yet", "No figure", "", "", "Cannot tell")
            for reading in readings
        ),
        numeric=(2, 3, 4),
    )


def _stories(content: CrossSystem) -> list[Block]:
    if not content.commentaries:
        return []
    blocks: list[Block] = [Subheading("The story behind the numbers")]
    for entry in content.commentaries:
        blocks.append(Bullets(((entry.measure.name, f"{entry.story} ({day_words(entry.written_on)})"),)))
        if entry.what_we_propose:
            blocks.append(Paragraph(f"What we propose: {entry.what_we_propose}"))
    return blocks


def _activities(content: CrossSystem) -> list[Block]:
    counts = content.counts
    if not counts.total:
        return [Callout("No activity was logged in this period.")]
    hours = round(counts.minutes / 60)
    blocks: list[Block] = [
        KeyFigures(
            (
                ("Activities", format_number(counts.total), f"{counts.before} in the period before"),
                ("Organisations named", format_number(counts.organisations), ""),
                (
                    "Hours",
                    format_number(hours),
                    f"where the length was given: {counts.timed} of {counts.total}",
                ),
            )
        ),
        Table("Activities by kind", ("Kind", "Activities"), _rows(counts.by_kind), (1,)),
    ]
    if counts.by_sector:
        blocks.append(
            Table(
                "Activities by sector of the organisations named",
                ("Sector", "Activities"),
                _rows(counts.by_sector),
                (1,),
            )
        )
        blocks.append(
            Paragraph("An activity with organisations of several sectors counts once in each of them.")
        )
    if counts.by_programme:
        blocks.append(
            Table("Activities by programme", ("Programme", "Activities"), _rows(counts.by_programme), (1,))
        )
    if content.introductions:
        blocks.append(Subheading("People and organisations put in touch"))
        blocks.append(Bullets(tuple(_item(activity) for activity in content.introductions)))
    return blocks


def _rows(counted: Sequence[tuple[str, int]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, format_number(number)) for name, number in counted)


def _item(activity: Activity) -> tuple[str, str]:
    rest = f"{day_words(activity.happened_on)}. {activity.what_happened}".strip()
    return activity.title, rest


def _promises(content: CrossSystem) -> list[Block]:
    found = content.promises
    if not (found.made or found.closed or found.open):
        return [Callout("Nothing was promised in this period, and nothing was open at its end.")]
    unowned = f"{found.unowned} without an owner" if found.unowned else ""
    blocks: list[Block] = [
        KeyFigures(
            (
                ("Commitments made", format_number(found.made), ""),
                ("Kept", format_number(found.kept), ""),
                ("Changed", format_number(found.changed), ""),
                ("Let go", format_number(found.let_go), ""),
                ("Open at the end", format_number(found.open), unowned),
                ("Overdue at the end", format_number(found.overdue), ""),
            )
        )
    ]
    if found.closed:
        blocks.append(Subheading("Closed in the period, the latest first"))
        blocks.append(Bullets(tuple((one.what, _closing(one)) for one in found.closed)))
    if found.late:
        blocks.append(Subheading("Overdue at the end of the period, the longest first"))
        late = ((one.what, f"due {day_words(one.due_on)}. {_for_whom(one)}.") for one in found.late)
        blocks.append(Bullets(tuple(late)))
    return blocks


def _closing(commitment: Commitment) -> str:
    state, day = commitment.get_status_display().lower(), day_words(commitment.closed_on)
    return f"{state} on {day}. {_for_whom(commitment)}. {commitment.reason}".strip()


def _for_whom(commitment: Commitment) -> str:
    """The organisation, never the person; the board where somebody promised for themselves."""
    if commitment.owner_id is None:
        return "Nobody owns it"
    known = commitment.owner_organisation or commitment.board
    return known.name if known else "Somebody for themselves"


def _learning(content: CrossSystem) -> list[Block]:
    if not content.learning:
        return [Callout("No learning was written down in this period.")]
    blocks: list[Block] = []
    if not content.did_not_work:
        blocks.append(Callout("Nothing that did not work was written down in this period."))
    order = {Verdict.DID_NOT_WORK: 0, Verdict.MIXED: 1, Verdict.WORKED: 2}
    for entry in sorted(content.learning, key=lambda entry: order[Verdict(entry.verdict)]):
        blocks.append(Subheading(f"{entry.title} ({entry.get_verdict_display().lower()})"))
        changes = entry.what_changes or "Still open: nobody has said yet."
        blocks.append(
            Bullets(
                (
                    ("What we expected", entry.expected),
                    ("What happened", entry.happened),
                    ("What we change", changes),
                )
            )
        )
    return blocks


def _setbacks(content: CrossSystem) -> list[Block]:
    if not content.setbacks:
        return [Paragraph("No setback was logged in this period.")]
    return [Bullets(tuple(_item(activity) for activity in content.setbacks))]


def _next_steps(content: CrossSystem) -> list[Block]:
    if not content.open_steps:
        return [Paragraph("No next step was overdue at the end of this period.")]
    return [
        Table(
            "Next steps due by the end of the period and not yet done",
            ("Next step", "From", "Due", "With"),
            tuple(
                (
                    activity.next_step,
                    activity.title,
                    day_words(activity.next_step_on),
                    ", ".join(organisation.name for organisation in activity.organisations.all()),
                )
                for activity in content.open_steps
            ),
        )
    ]


def _many(number: int, one: str, several: str = "") -> str:
    return f"{format_number(number)} {one if number == 1 else several or one + 's'}"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
