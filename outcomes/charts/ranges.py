"""A range chart: for each period a line from the worst group to the best, with the other groups as dots on it."""

from .canvas import Canvas, mark, widest
from .data import Mark, RangeChart, RangeRow
from .group_tables import describe_ranges
from .keys import KeyEntry, Sample, draw_key, draw_lines
from .palette import AXIS, GRID, INK, PATH, QUIET
from .scales import ValueAxis, value_axis
from .tables import value_words
from .text import text_width

NARROW = 480
_MARGIN = 4


def range_chart(chart: RangeChart, *, width: int = 640) -> str:
    canvas = Canvas(width)
    narrow = width < NARROW
    right = width - _MARGIN
    y: float = 2
    if chart.unit:
        y = draw_lines(canvas, chart.unit, _MARGIN, right, y, lines=2) + 4
    y = draw_key(canvas, _key(chart), _MARGIN, right, y) + 4
    gaps = [row.gap or row.note for row in chart.rows]
    name_room = 0.0 if narrow else min(widest([row.label for row in chart.rows], 13), width * 0.25)
    gap_room = 0.0 if narrow else min(widest(gaps, 13), width * 0.3)
    left = _MARGIN + name_room + (18 if name_room else 10)
    plot_right = right - (gap_room + 16 if gap_room else 10)
    axis = value_axis(
        [dot.value for row in chart.rows for dot in row.dots],
        chart.format_tick or chart.format_value,
        about=3 if narrow else 6,
        floor_at=chart.floor,
        ceiling_at=chart.ceiling,
    ).between(left, plot_right)
    height = 44 if narrow else 30
    top, bottom = y + 4, y + 4 + height * len(chart.rows)
    for tick in axis.ticks:
        canvas.line(axis.at(tick), top, axis.at(tick), bottom, AXIS if tick == 0 else GRID)
    for index, row in enumerate(chart.rows):
        middle = top + height * (index + 0.5) + (8 if narrow else 0)
        if narrow:
            canvas.text(_MARGIN, middle - 14, row.label, bold=True, halo=True)
            canvas.text(
                right, middle - 14, gaps[index], colour=QUIET, anchor="end", halo=True, room=width * 0.7
            )
        else:
            canvas.text(left - 14, middle + 4.5, row.label, anchor="end", room=name_room + 0.1)
            canvas.text(right, middle + 4.5, gaps[index], colour=QUIET, anchor="end", room=gap_room + 0.1)
        _row(canvas, chart, row, axis, middle)
    y = _scale(canvas, axis, bottom)
    if axis.cut:
        y = draw_lines(canvas, f"The axis starts at {axis.labels[0]}, not at zero.", _MARGIN, right, y + 3)
    if chart.footnote:
        y = draw_lines(canvas, chart.footnote, _MARGIN, right, y + 3)
    return canvas.svg(y + 4, chart.chart_id, chart.title, chart.description or describe_ranges(chart))


def _key(chart: RangeChart) -> list[KeyEntry]:
    others = KeyEntry(_sample(None, hollow=True), "Other groups")
    if not chart.judged:
        both = f"{chart.best_label}, {chart.worst_label[0].lower()}{chart.worst_label[1:]}"
        return [KeyEntry(_sample(None), both), others]
    return [
        KeyEntry(_sample(Mark.IMPROVEMENT), chart.best_label),
        KeyEntry(_sample(Mark.CONCERN), chart.worst_label),
        others,
    ]


def _sample(kind: Mark | None, *, hollow: bool = False) -> Sample:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.add(mark(kind, x + 13, y, 5, PATH, hollow=hollow))

    return draw


def _row(canvas: Canvas, chart: RangeChart, row: RangeRow, axis: ValueAxis, y: float) -> None:
    known = [dot for dot in row.dots if dot.value is not None]
    if not known:
        return
    kinds = {row.best: Mark.IMPROVEMENT, row.worst: Mark.CONCERN} if row.best and row.worst else {}
    if kinds:
        ends = [axis.at(dot.value) for dot in known if dot.label in kinds]
        canvas.line(min(ends), y, max(ends), y, PATH, width=3)
    for dot in sorted(known, key=lambda one: one.label in kinds):
        is_end = dot.label in kinds
        kind = kinds.get(dot.label) if chart.judged else None
        words = f"{dot.label}, {row.label}: {value_words(dot.value, dot.text, chart.format_value)}"
        canvas.title(words, mark(kind, axis.at(dot.value), y, 6 if is_end else 4.5, PATH, hollow=not is_end))


def _scale(canvas: Canvas, axis: ValueAxis, bottom: float) -> float:
    canvas.line(axis.start, bottom, axis.end, bottom, AXIS)
    free = float("-inf")
    for tick, label in zip(axis.ticks, axis.labels, strict=True):
        half = text_width(label, 13) / 2
        middle = min(max(axis.at(tick), _MARGIN + half), canvas.width - _MARGIN - half)
        if middle - half >= free:
            canvas.text(middle, bottom + 19, label, colour=INK, anchor="middle")
            free = middle + half + 8
    return bottom + 26
