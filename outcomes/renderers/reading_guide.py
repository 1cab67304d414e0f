"""How to read a chart: a sentence for each mark that is on it, and for none that is not."""

from __future__ import annotations

from outcomes.charts import LineChart, LineKind, Mark, NoteKind, draws_path, with_one_target
from outcomes.queries.readings import Reading
from outcomes.statistics.terms import Direction

_GOOD = {Direction.UP: "up", Direction.DOWN: "down"}


def reading_guide(chart: LineChart, reading: Reading, *, ahead: str = "") -> list[dict[str, str]]:
    """Each mark's name and what it says, in the order in which an eye meets them. `ahead` is how the forecast was made."""
    found = [
        (
            "The line",
            f"The figure of {chart.series_name} for each period. Where it stops, no number may or can be shown.",
        )
    ]
    found += _marks(chart, reading)
    found += _lines(with_one_target(chart))
    if any(p.lower is not None and p.upper is not None for p in chart.points):
        found.append(
            (
                "The band or bar around it",
                "The 95% confidence interval: how far off chance alone may have put the figure.",
            )
        )
    if any(p.provisional and p.value is not None for p in chart.points):
        found.append(("A hollow point, a dotted line", "Provisional: the figure may still be corrected."))
    if chart.comparisons:
        names = " and ".join(series.name for series in chart.comparisons)
        found.append(
            (f"The line named {names}", "The same measure elsewhere, for comparison. It is not judged here.")
        )
    if draws_path(chart):
        found.append(
            (
                "The long dashes with hollow rings",
                "The way that partners set: from where it began, over milestones, to the target. Between the rings it is a straight line.",
            )
        )
    if chart.forecast:
        found.append(
            (
                "The dots with the grey band",
                f"What comes if nothing changes. {ahead} The line runs through all of them, so it need not begin at the latest figure.",
            )
        )
    found += _pins(chart)
    return [{"name": name, "text": text} for name, text in found]


def _marks(chart: LineChart, reading: Reading) -> list[tuple[str, str]]:
    kinds = {Mark(p.mark) for p in chart.points if p.mark and p.value is not None}
    way = _GOOD.get(Direction(reading.measure.direction), "")
    words = {
        Mark.COMMON: (
            "Grey circle",
            "Common cause: the ups and downs of every month. Do not look for a reason behind a single one of these.",
        ),
        Mark.IMPROVEMENT: (
            "Blue square, I",
            f"Improvement: more than chance, in the direction that is good (here: {way}). Ask what changed, and keep it.",
        ),
        Mark.CONCERN: (
            "Orange triangle, C",
            "Concern: more than chance, in the direction that is not good. Ask what changed, and what to do.",
        ),
        Mark.NEUTRAL: (
            "Purple diamond, N",
            "More than chance, where partners have not said which direction is good.",
        ),
    }
    return [words[kind] for kind in Mark if kind in kinds]


def _lines(chart: LineChart) -> list[tuple[str, str]]:
    kinds = {LineKind(line.kind) for line in chart.references}
    found = []
    if LineKind.MEAN in kinds:
        found.append(("The solid grey line", "The mean, around which the figures vary."))
    if kinds & {LineKind.UPPER, LineKind.LOWER}:
        found.append(
            (
                "The short dashes above and below",
                "The control limits. As long as nothing changes, about 99 of 100 figures lie between them.",
            )
        )
    if LineKind.TARGET in kinds:
        found.append(
            (
                "The long dashes",
                "The target. Where the limits lie on both sides of it, it is met or missed by chance.",
            )
        )
    return found


def _pins(chart: LineChart) -> list[tuple[str, str]]:
    rebased = any(NoteKind(note.kind) is NoteKind.REBASE for note in chart.annotations)
    noted = any(NoteKind(note.kind) is NoteKind.NOTE for note in chart.annotations) or any(
        p.note for p in chart.points
    )
    found = []
    if rebased:
        found.append(
            (
                "A number on a solid upright line",
                "From here on the limits are worked out anew, for the reason that stands below.",
            )
        )
    if noted:
        found.append(
            (
                "A number on a dotted upright line",
                "A note that somebody pinned to this period. It stands below the chart.",
            )
        )
    return found
