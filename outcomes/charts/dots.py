"""Places ranked by one value, as dots with their intervals, beside a line for England or another reference."""

from .canvas import Canvas, mark, widest
from .data import RankedDots
from .keys import KeyEntry, draw_key, draw_lines
from .palette import AXIS, COMPARATORS, GRID, INK, MAIN, PATH, QUIET
from .scales import ValueAxis, value_axis
from .tables import point_words, ranked, value_words
from .text import text_width

NARROW = 480
_MARGIN = 4
_LINE = COMPARATORS[0][0]


def ranked_dots(chart: RankedDots, *, width: int = 640) -> str:
    canvas = Canvas(width)
    narrow = width < NARROW
    right = width - _MARGIN
    y: float = 2
    if chart.unit:
        y = draw_lines(canvas, chart.unit, _MARGIN, right, y, lines=2) + 4
    rows = ranked(chart.dots)
    words = [value_words(dot.value, dot.text, chart.format_value) for _, dot in rows]
    axis = value_axis(
        [value for _, dot in rows for value in (dot.value, dot.lower, dot.upper)] + [chart.reference_value],
        chart.format_tick or chart.format_value,
        about=3 if narrow else 5,
        start_at_zero=chart.start_at_zero,
        floor_at=chart.floor,
        ceiling_at=chart.ceiling,
    )
    name_room = 0.0 if narrow else min(widest([dot.label for _, dot in rows], 13, bold=True), width * 0.36)
    left = _MARGIN + name_room + (20 if name_room else 10)
    value_room = min(widest(words, 13, bold=True), width * 0.3)
    plot_right = right - value_room - 14
    axis = axis.between(left, plot_right)
    row_height = 38 if narrow else 26
    top = y + (24 if chart.reference_value is not None else 6)
    bottom = top + row_height * len(rows)
    _grid(canvas, axis, top, bottom)
    if chart.reference_value is not None:
        _reference(canvas, chart, axis, top, bottom)
    for index, ((_, dot), shown) in enumerate(zip(rows, words, strict=True)):
        middle = top + row_height * (index + 0.5) + (8 if narrow else 0)
        if narrow:
            canvas.text(_MARGIN, middle - 13, dot.label, bold=dot.emphasis, halo=True, room=right - _MARGIN)
        else:
            place = left - 14
            canvas.text(place, middle + 4.5, dot.label, anchor="end", bold=dot.emphasis, room=name_room)
        colour = QUIET if dot.value is None else INK
        canvas.text(
            right, middle + 4.5, shown, colour=colour, anchor="end", bold=dot.emphasis, room=value_room + 0.1
        )
        if dot.value is None:
            continue
        tint = MAIN if dot.emphasis or not any(other.emphasis for other in chart.dots) else PATH
        if dot.lower is not None and dot.upper is not None:
            canvas.line(axis.at(dot.lower), middle, axis.at(dot.upper), middle, tint, width=2)
        label = f"{dot.label}: {point_words(dot, chart.format_value, interval=True)}"
        canvas.title(label, mark(None, axis.at(dot.value), middle, 6.5 if dot.emphasis else 5.5, tint))
    y = _scale(canvas, axis, bottom)
    if any(dot.lower is not None and dot.upper is not None for _, dot in rows):
        y = draw_key(canvas, [KeyEntry(_flat_whisker, chart.interval_label)], _MARGIN, right, y + 2)
    if axis.cut:
        y = draw_lines(canvas, f"The axis starts at {axis.labels[0]}, not at zero.", _MARGIN, right, y + 3)
    if chart.footnote:
        y = draw_lines(canvas, chart.footnote, _MARGIN, right, y + 3)
    return canvas.svg(y + 4, chart.chart_id, chart.title, chart.description or _describe(chart))


def _flat_whisker(canvas: Canvas, x: float, y: float) -> None:
    canvas.line(x, y, x + 26, y, PATH, width=2)
    canvas.add(mark(None, x + 13, y, 5, PATH))


def _grid(canvas: Canvas, axis: ValueAxis, top: float, bottom: float) -> None:
    for tick in axis.ticks:
        canvas.line(axis.at(tick), top, axis.at(tick), bottom, AXIS if tick == 0 else GRID)


def _reference(canvas: Canvas, chart: RankedDots, axis: ValueAxis, top: float, bottom: float) -> None:
    words = f"{chart.reference_label} {chart.format_value(chart.reference_value)}"  # type: ignore[arg-type]
    x = axis.at(chart.reference_value)  # type: ignore[arg-type]
    canvas.line(x, top - 4, x, bottom, _LINE, width=1.8)
    room = canvas.width - 2 * _MARGIN
    half = min(text_width(words, 13, bold=True), room) / 2
    middle = min(max(x, _MARGIN + half), canvas.width - _MARGIN - half)
    canvas.text(middle, top - 9, words, colour=_LINE, anchor="middle", bold=True, room=room)


def _scale(canvas: Canvas, axis: ValueAxis, bottom: float) -> float:
    """The axis below: every tick label that keeps clear of the one before it."""
    canvas.line(axis.start, bottom, axis.end, bottom, AXIS)
    free = float("-inf")
    for tick, label in zip(axis.ticks, axis.labels, strict=True):
        half = text_width(label, 13) / 2
        middle = min(max(axis.at(tick), _MARGIN + half), canvas.width - _MARGIN - half)
        canvas.line(axis.at(tick), bottom, axis.at(tick), bottom + 5, AXIS)
        if middle - half >= free:
            canvas.text(middle, bottom + 19, label, colour=QUIET, anchor="middle")
            free = middle + half + 8
    return bottom + 26


def _describe(chart: RankedDots) -> str:
    rows = ranked(chart.dots)
    known = [dot for _, dot in rows if dot.value is not None]
    if not known:
        return "Ranked dots. No figures to show."
    say = chart.format_value
    sentences = [f"{len(known)} places, highest first: {known[0].label} {point_words(known[0], say)}"]
    if len(known) > 1:
        sentences[0] += f", lowest {known[-1].label} {point_words(known[-1], say)}"
    for rank, dot in rows:
        if dot.emphasis and dot.value is not None:
            sentences.append(f"{dot.label}: {point_words(dot, say)}, rank {rank}")
    if chart.reference_value is not None:
        sentences.append(f"{chart.reference_label}: {say(chart.reference_value)}")
    return ". ".join(sentences) + "."
