"""A slope chart: each group's first and latest figure, joined, with its name at both ends."""

from collections.abc import Callable

from .canvas import Canvas, mark
from .data import ChartPoint, Number, SlopeChart, SlopeLine
from .group_tables import describe_slopes
from .keys import draw_lines
from .palette import AXIS, COMPARATORS, INK, MAIN, PATH, QUIET
from .scales import spread, value_axis
from .tables import point_words
from .text import shorten, text_width, wrap

NARROW = 480
_MARGIN = 4
_LEADING = 15


def slope_chart(chart: SlopeChart, *, width: int = 640) -> str:
    canvas = Canvas(width)
    narrow = width < NARROW
    right = width - _MARGIN
    y: float = 2
    if chart.unit:
        y = draw_lines(canvas, chart.unit, _MARGIN, right, y, lines=2) + 4
    side = width * (0.4 if narrow else 0.34)
    figures = width * (0.24 if narrow else 0.14)
    left_x, right_x = _MARGIN + figures, right - side
    canvas.text(left_x, y + 14, chart.first_label, bold=True, anchor="middle", colour=QUIET)
    canvas.text(right_x, y + 14, chart.last_label, bold=True, anchor="middle", colour=QUIET)
    top, height = y + 34, max(180, 34 * len(chart.lines))
    values = value_axis(
        [p.value for line in chart.lines for p in (line.first, line.last)], str, about=4, start_at_zero=False
    ).between(top + height, top)
    for x in (left_x, right_x):
        canvas.line(x, top - 6, x, top + height + 6, AXIS)
    colours = {line.name: _look(line, index, chart) for index, line in enumerate(chart.lines)}
    for line in chart.lines:
        colour, dash = colours[line.name]
        ends = [
            (x, values.at(p.value))
            for x, p in ((left_x, line.first), (right_x, line.last))
            if p.value is not None
        ]
        if len(ends) == 2:
            canvas.polyline(ends, colour, width=3 if line.emphasis else 2, dash=dash)
        words = f"{line.name}: {_words(line.first, chart)} in {chart.first_label}, {_words(line.last, chart)} in {chart.last_label}"
        for x, place in ends:
            canvas.title(words, mark(None, x, place, 5 if line.emphasis else 4, colour))
    for is_last in (False, True):
        _labels(
            canvas,
            chart,
            values.at,
            is_last=is_last,
            side=side if is_last else figures,
            colours=colours,
            span=(top, top + height),
        )
    y = top + height + 14
    if chart.footnote:
        y = draw_lines(canvas, chart.footnote, _MARGIN, right, y)
    return canvas.svg(y + 4, chart.chart_id, chart.title, chart.description or describe_slopes(chart))


def _look(line: SlopeLine, index: int, chart: SlopeChart) -> tuple[str, str]:
    """The ends of the gap in full colour, the others grey; without a gap each has a dash of its own."""
    if any(other.emphasis for other in chart.lines):
        return (MAIN, "") if line.emphasis else (PATH, "")
    return COMPARATORS[index % len(COMPARATORS)]


def _words(point: ChartPoint, chart: SlopeChart) -> str:
    return point_words(point, chart.format_value)


def _labels(
    canvas: Canvas,
    chart: SlopeChart,
    at: Callable[[Number], float],
    *,
    is_last: bool,
    side: float,
    colours: dict[str, tuple[str, str]],
    span: tuple[float, float],
) -> None:
    """Figures beside the first end, names and figures beside the last, kept clear of each other."""
    ends = [(line, line.last if is_last else line.first) for line in chart.lines]
    known = [(line, point) for line, point in ends if point.value is not None]
    room = side - 12
    rows = [
        _named(line, _words(point, chart), room) if is_last else [shorten(_words(point, chart), room, 13)]
        for line, point in known
    ]
    heights = [len(lines) * _LEADING + 3 for lines in rows]
    middles = spread([at(point.value) for _, point in known], heights, span[0] - 8, span[1] + 8)  # type: ignore[arg-type]
    x = canvas.width - _MARGIN - side + 12 if is_last else _MARGIN + side - 12
    anchor = "start" if is_last else "end"
    for (line, _), lines, middle in zip(known, rows, middles, strict=True):
        first = middle - (len(lines) - 1) * _LEADING / 2 + 4.5
        colour = colours[line.name][0] if line.emphasis else INK
        for index, words in enumerate(lines):
            full = line.name if words.endswith("…") else ""
            y = first + index * _LEADING
            canvas.text(x, y, words, colour=colour, anchor=anchor, bold=line.emphasis, full=full)


def _named(line: SlopeLine, value: str, room: float) -> list[str]:
    """The name on up to two lines, the figure behind it or, where there is no room, below it."""
    name = wrap(line.name, room, 13, lines=2, bold=line.emphasis)
    if text_width(f"{name[-1]} {value}", 13, bold=line.emphasis) > room:
        return [*name, value]
    return [*name[:-1], f"{name[-1]} {value}"]
