"""Bars for counts and totals, growing from zero, with the value written at each bar."""

from .canvas import Canvas, rect, widest
from .data import Bar, BarChart, Direction
from .keys import draw_lines
from .palette import AXIS, BAR, GRID, INK, MAIN, PAPER, QUIET
from .scales import ValueAxis, value_axis
from .tables import value_words

NARROW = 480
_MARGIN = 4


def bar_chart(chart: BarChart, *, width: int = 640) -> str:
    """Horizontal for names (sectors, kinds), vertical for periods (months)."""
    canvas = Canvas(width)
    y: float = 2
    if chart.unit:
        y = draw_lines(canvas, chart.unit, _MARGIN, width - _MARGIN, y, lines=2) + 6
    if not chart.bars:
        canvas.text(width / 2, y + 30, "No figures to show", colour=QUIET, anchor="middle")
        y += 48
    elif Direction(chart.direction) is Direction.HORIZONTAL:
        y = _horizontal(canvas, chart, y)
    else:
        y = _vertical(canvas, chart, y)
    foot = "Hollow bars are provisional." if any(bar.provisional and bar.value for bar in chart.bars) else ""
    for words in (foot, chart.footnote):
        if words:
            y = draw_lines(canvas, words, _MARGIN, width - _MARGIN, y + 6)
    return canvas.svg(y + 4, chart.chart_id, chart.title, chart.description or _describe(chart))


def _words(chart: BarChart, bar: Bar) -> str:
    return value_words(bar.value, bar.text, chart.format_value)


def _axis(chart: BarChart, about: int) -> ValueAxis:
    values = [bar.value for bar in chart.bars]
    return value_axis([*values, 0], chart.format_value, about=about, start_at_zero=True)


def _fill(chart: BarChart, bar: Bar) -> str:
    """Where one bar is the point of the chart, the others step back."""
    return MAIN if bar.emphasis or not any(other.emphasis for other in chart.bars) else BAR


def _bar(canvas: Canvas, chart: BarChart, bar: Bar, box: tuple[float, float, float, float]) -> None:
    x, y, width, height = box
    colour = _fill(chart, bar)
    words = f"{bar.label}: {_words(chart, bar)}" + (", provisional" if bar.provisional else "")
    if bar.provisional:
        edge = f' stroke="{colour}" stroke-width="2" stroke-dasharray="4 2"'
        shape = rect(x + 1, y + 1, max(width - 2, 0), max(height - 2, 0), PAPER, edge)
    else:
        shape = rect(x, y, width, height, colour)
    canvas.title(words + (f". {bar.note}" if bar.note else ""), shape)


def _horizontal(canvas: Canvas, chart: BarChart, top: float) -> float:
    """One row a bar. On a phone the name stands above its bar, so that it need not be cut."""
    narrow = canvas.width < NARROW
    right = canvas.width - _MARGIN
    labels = [bar.label for bar in chart.bars]
    words = [_words(chart, bar) for bar in chart.bars]
    name_room = 0.0 if narrow else min(widest(labels, 13, bold=True), canvas.width * 0.36)
    left = _MARGIN + (name_room + 10 if name_room else 0)
    # Values stand beyond the ends of the bars: both ends keep that room where bars go both ways.
    room = widest(words, 13, bold=True) + 7
    below = any(bar.value is not None and bar.value < 0 for bar in chart.bars)
    axis = _tight(chart).between(left + (room if below else 0), right - room)
    zero, y = axis.at(0), top
    for bar, shown in zip(chart.bars, words, strict=True):
        if narrow:
            canvas.text(left, y + 14, bar.label, bold=bar.emphasis, room=right - left)
            y += 19
        height = 18 if narrow else 20
        if not narrow:
            canvas.text(left - 10, y + 14.5, bar.label, anchor="end", bold=bar.emphasis, room=name_room)
        end = zero if bar.value is None else axis.at(bar.value)
        if bar.value:
            _bar(canvas, chart, bar, (min(zero, end), y, max(abs(end - zero), 1), height))
        anchor, step = ("end", -6) if end < zero else ("start", 6)
        colour = QUIET if bar.value is None else INK
        canvas.text(end + step, y + height / 2 + 4.5, shown, colour=colour, anchor=anchor, bold=bar.emphasis)
        y += height + (11 if narrow else 8)
    bottom = y - (11 if narrow else 8)
    if not narrow or below:
        canvas.line(zero, top - 2, zero, bottom + 2, AXIS)
    return bottom + 6


def _tight(chart: BarChart) -> ValueAxis:
    """Without a drawn axis there is nothing to round for: the longest bar fills the room."""
    values = [float(bar.value) for bar in chart.bars if bar.value is not None]
    low, high = min([0.0, *values]), max([0.0, *values])
    return ValueAxis(low, high if high > low else low + 1, (), ())


def _vertical(canvas: Canvas, chart: BarChart, top: float) -> float:
    narrow = canvas.width < NARROW
    axis = _axis(chart, 4)
    left, right = _MARGIN + widest(axis.labels, 13) + 8, canvas.width - _MARGIN
    step = (right - left) / len(chart.bars)
    words = [_words(chart, bar) for bar in chart.bars]
    valued = widest(words, 12, bold=True) + 3 <= step
    plot_top, bottom = top + (18 if valued else 8), top + (190 if narrow else 250)
    axis = axis.between(bottom, plot_top)
    for tick, label in zip(axis.ticks, axis.labels, strict=True):
        canvas.line(left, axis.at(tick), right, axis.at(tick), GRID)
        canvas.text(left - 8, axis.at(tick) + 4.5, label, colour=QUIET, anchor="end")
    zero, thick = axis.at(0), min(max(step * 0.72, 1.5), 56)
    for index, (bar, shown) in enumerate(zip(chart.bars, words, strict=True)):
        middle = left + (index + 0.5) * step
        if bar.value:
            end = axis.at(bar.value)
            _bar(canvas, chart, bar, (middle - thick / 2, min(zero, end), thick, max(abs(end - zero), 1)))
        if valued:
            end = zero if bar.value is None else axis.at(bar.value)
            y = end + 15 if end > zero else end - 5
            colour = QUIET if bar.value is None else INK
            canvas.text(
                middle, y, shown, size=12, colour=colour, anchor="middle", bold=bar.emphasis, halo=True
            )
    canvas.line(left, zero, right, zero, AXIS, width=1.5)
    return _category_labels(canvas, chart, left, step, bottom)


def _category_labels(canvas: Canvas, chart: BarChart, left: float, step: float, bottom: float) -> float:
    """Every k-th name, counted back from the latest; two words may stand on two lines."""
    names = [bar.label for bar in chart.bars]
    rows = [[name] for name in names]
    if widest(names, 13) + 8 > step:
        rows = [name.rsplit(" ", 1) for name in names]
    room = max(step - 6, 64.0)
    width = min(max(widest(row, 13) for row in rows), room)
    every = max(1, -(-int(width + 8) // max(int(step), 1)))
    for index in range(len(names) - 1, -1, -every):
        middle = left + (index + 0.5) * step
        middle = min(max(middle, _MARGIN + width / 2), canvas.width - _MARGIN - width / 2)
        for line, words in enumerate(rows[index]):
            y = bottom + 17 + line * 15
            canvas.text(middle, y, words, colour=QUIET, anchor="middle", room=max(width, room))
    return bottom + 8 + 15 * max(len(row) for row in rows)


def _describe(chart: BarChart) -> str:
    known = [bar for bar in chart.bars if bar.value is not None]
    if not known:
        return "Bar chart. No figures to show."
    if len(known) > 12:
        low, high = min(known, key=lambda b: b.value), max(known, key=lambda b: b.value)  # type: ignore[arg-type, return-value]
        return (
            f"Bar chart of {len(known)} values; lowest {low.label} {_words(chart, low)}, "
            f"highest {high.label} {_words(chart, high)}."
        )
    return "Bar chart. " + "; ".join(f"{bar.label} {_words(chart, bar)}" for bar in chart.bars) + "."
