"""Draws readings with the chart functions: the same pictures on the page, in the PDF and as a download."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from outcomes.charts import (
    Annotation,
    ChartPoint,
    ComparisonSeries,
    Dot,
    LineChart,
    LineKind,
    Mark,
    NoteKind,
    PathMark,
    RankedDots,
    ReferenceLine,
    Segment,
)
from outcomes.models import Measure
from outcomes.queries.ahead import Ahead
from outcomes.queries.beside import PlaceSeries
from outcomes.queries.readings import PlaceFigure, Reading
from outcomes.queries.series import Figure, Series, words_for
from outcomes.queries.targets import TargetPath
from outcomes.statistics.rounding import format_number
from outcomes.statistics.spc import Kind, SpcResult
from outcomes.statistics.terms import Progress

_MARKS = {
    Kind.COMMON_CAUSE: Mark.COMMON,
    Kind.IMPROVEMENT: Mark.IMPROVEMENT,
    Kind.CONCERN: Mark.CONCERN,
    Kind.NEUTRAL_HIGH: Mark.NEUTRAL,
    Kind.NEUTRAL_LOW: Mark.NEUTRAL,
}
_PROGRESS_MARKS = {Progress.BETTER: Mark.IMPROVEMENT, Progress.WORSE: Mark.CONCERN}


def measure_chart(
    reading: Reading,
    *,
    chart_id: str,
    beside: dict[str, Series] | None = None,
    annotations: tuple[Annotation, ...] = (),
    path: TargetPath | None = None,
    ahead: Ahead | None = None,
) -> LineChart:
    """The measure's own chart: with limits and marks where the method is SPC, with intervals and comparators elsewhere.

    A `path` of two points or more takes the place of the level line of the target, where any of it can be seen.
    """
    measure = reading.measure
    spc = reading.judgement.spc
    marks = dict(zip(spc.dates, spc.kinds, strict=True)) if spc else {}
    points = tuple(point_of(figure, marks) for figure in reading.series.figures)
    way = tuple(PathMark(one.due_on, one.value, one.label, one.text) for one in path.points) if path else ()
    way = way if len(way) > 1 else ()
    comparisons = tuple(
        ComparisonSeries(name, tuple(point_of(figure, interval=False) for figure in series.figures))
        for name, series in (beside or {}).items()
    )
    is_share = measure.unit == "%"
    return LineChart(
        chart_id=chart_id,
        title=f"{measure.name}, {reading.place.name}",
        series_name=reading.place.name,
        points=points,
        format_value=lambda value: words_for(measure, value),
        format_tick=lambda value: tick_words(measure.unit, measure.decimals, value),
        unit=measure.unit,
        description=f"{reading.judgement.sentence} {reading.judgement.target_sentence}".strip(),
        references=_references(reading, spc, until=_last_day(ahead)),
        comparisons=comparisons,
        annotations=annotations,
        floor=0 if is_share or never_negative(reading.series) else None,
        ceiling=100 if is_share else None,
        footnote=" ".join(reading.judgement.notes),
        path=way,
        forecast=_forecast(ahead),
    )


def rebase_notes(reading: Reading, *, named: bool = True) -> tuple[Annotation, ...]:
    """Where limits were worked out anew, and why; without `named` only the kind of cause, for readers outside."""
    return tuple(
        Annotation(one.period_end, one.sentence if named else f"{one.cause.label}.", NoteKind.REBASE)
        for one in reading.rebases
    )


def since(chart: LineChart, first: date | None) -> LineChart:
    """The same chart from a day on. Nothing is worked out anew: marks and limits are those of the whole series."""
    if first is None:
        return chart
    dates = [point.date for point in chart.points if point.date >= first]
    if not dates:
        return chart
    references = tuple(
        replace(
            line,
            segments=tuple(
                replace(part, start=max(part.start, dates[0]))
                for part in line.segments
                if part.end >= dates[0]
            ),
        )
        for line in chart.references
    )
    return replace(
        chart,
        points=tuple(point for point in chart.points if point.date >= first),
        references=tuple(line for line in references if line.segments),
        comparisons=tuple(
            replace(one, points=tuple(point for point in one.points if point.date >= first))
            for one in chart.comparisons
        ),
        annotations=tuple(note for note in chart.annotations if note.date >= first),
    )


def _forecast(ahead: Ahead | None) -> tuple[ChartPoint, ...]:
    points = ahead.points if ahead else ()
    return tuple(ChartPoint(p.label, p.period_end, p.value, p.lower, p.upper, text=p.text) for p in points)


def places_chart(
    reading: Reading,
    beside: list[PlaceFigure],
    line: Figure | None,
    *,
    chart_id: str,
    line_label: str = "England",
    among: str = "and similar places",
) -> RankedDots:
    """Places for the latest period: this one among similar ones with England as the line, or its parts with itself as the line."""
    measure = reading.measure
    period = reading.latest.period_label if reading.latest else ""
    return RankedDots(
        chart_id=chart_id,
        title=f"{measure.name}, {period}: {reading.place.name} {among}",
        dots=tuple(
            Dot(
                row.place.name,
                row.figure.value,
                row.figure.lower,
                row.figure.upper,
                row.is_main,
                text=row.figure.text,
            )
            for row in beside
        ),
        format_value=lambda value: words_for(measure, value),
        format_tick=lambda value: tick_words(measure.unit, measure.decimals, value),
        reference_label=line_label if line and line.value is not None else "",
        reference_value=line.value if line else None,
        unit=measure.unit,
    )


def compare_chart(measure: Measure, found: Sequence[PlaceSeries]) -> LineChart:
    """Places as lines on one scale: the first as the main one, the others beside it, none of them judged."""
    first, *others = found
    is_share = measure.unit == "%"
    names = ", ".join(one.place.name for one in found)
    return LineChart(
        chart_id="compare",
        title=f"{measure.name}: {names}",
        series_name=first.place.name,
        points=tuple(point_of(figure) for figure in first.series.figures),
        comparisons=tuple(
            ComparisonSeries(one.place.name, tuple(point_of(f, interval=False) for f in one.series.figures))
            for one in others
        ),
        format_value=lambda value: words_for(measure, value),
        format_tick=lambda value: tick_words(measure.unit, measure.decimals, value),
        unit=measure.unit,
        floor=0 if is_share or all(never_negative(one.series) for one in found) else None,
        ceiling=100 if is_share else None,
    )


def point_of(figure: Figure, marks: dict | None = None, *, interval: bool = True) -> ChartPoint:
    """A figure as a point of a chart, with the mark of its date."""
    kind = marks.get(figure.period_end) if marks else None
    return ChartPoint(
        label=figure.period_label,
        date=figure.period_end,
        value=figure.value,
        lower=figure.lower if interval else None,
        upper=figure.upper if interval else None,
        provisional=figure.provisional,
        mark=_MARKS[kind] if kind is not None else None,
        text=figure.text,
        note=f"Not in it yet: {', '.join(figure.missing)}" if figure.missing else "",
    )


def _last_day(ahead: Ahead | None) -> date | None:
    return ahead.points[-1].period_end if ahead and ahead.points else None


def _references(
    reading: Reading, spc: SpcResult | None, *, until: date | None = None
) -> tuple[ReferenceLine, ...]:
    lines: list[ReferenceLine] = []
    if spc:
        for kind, name in ((LineKind.MEAN, "mean"), (LineKind.UPPER, "upper"), (LineKind.LOWER, "lower")):
            segments = tuple(
                Segment(spc.dates[part.start], spc.dates[part.end - 1], getattr(part, name))
                for part in spc.segments
                if getattr(part, name) is not None
            )
            if segments:
                lines.append(ReferenceLine(kind, segments))
    dates = [figure.period_end for figure in reading.series.figures]
    if reading.goal and dates:
        lines.append(
            ReferenceLine(
                LineKind.TARGET,
                (Segment(dates[0], until or dates[-1], reading.goal.value),),
                "",
            )
        )
    return tuple(lines)


def tick_words(unit: str, decimals: int, value: float) -> str:
    """Axis labels need no more decimals than the steps between them; units that are words stand in the title instead."""
    rounded = float(value)
    places = 0 if rounded == int(rounded) else max(decimals, 1)
    return format_number(rounded, places, unit if unit in {"%", "£"} else "")


def never_negative(series: Series) -> bool:
    return all(figure.value is None or figure.value >= 0 for figure in series.figures)
