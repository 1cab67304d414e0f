"""Small multiples: one small chart for each group, all on one scale, with the total as a grey line behind each."""

from .canvas import Canvas, mark, widest
from .data import ChartPoint, SmallMultiples
from .group_tables import describe_multiples
from .keys import KeyEntry, band_sample, draw_key, draw_lines, line_sample
from .palette import AXIS, GRID, INK, MAIN, QUIET
from .runs import runs_of
from .scales import TimeAxis, ValueAxis, time_axis, value_axis
from .tables import point_words
from .text import text_width, wrap

NARROW = 480
_MARGIN = 4
_GAP = 16
_PLOT = 104
_TOTAL = "#8a949c"


def small_multiples(chart: SmallMultiples, *, width: int = 640) -> str:
    canvas = Canvas(width)
    narrow = width < NARROW
    right = width - _MARGIN
    y: float = 2
    if chart.unit:
        y = draw_lines(canvas, chart.unit, _MARGIN, right, y, lines=2) + 4
    y = draw_key(canvas, _key(chart), _MARGIN, right, y) + 8
    everyone = [panel.points for panel in chart.panels]
    total = chart.reference.points if chart.reference else ()
    axis = value_axis(
        [number for points in everyone for p in points for number in (p.value, p.lower, p.upper)]
        + [p.value for p in total],
        chart.format_tick or chart.format_value,
        about=4,
        floor_at=chart.floor,
        ceiling_at=chart.ceiling,
    )
    columns = min(len(chart.panels), 2 if narrow else (2 if len(chart.panels) == 4 else 3)) or 1
    left = _MARGIN + widest(axis.labels, 12) + 8
    room = (right - left - _GAP * (columns - 1)) / columns
    dates = [p.date for points in (*everyone, total) for p in points]
    periods = _ends([p for points in (*everyone, total) for p in points])
    for start in range(0, len(chart.panels), columns):
        row = chart.panels[start : start + columns]
        names = [wrap(panel.name, room, 13, lines=2, bold=True) for panel in row]
        top = y + 17 * max(len(lines) for lines in names) + 19
        for index, (panel, lines) in enumerate(zip(row, names, strict=True)):
            x = left + index * (room + _GAP)
            for number, words in enumerate(lines):
                full = panel.name if words.endswith("…") else ""
                canvas.text(x, y + 13 + 17 * number, words, bold=True, full=full)
            canvas.text(x, top - 6, _latest(panel.points, chart), size=12, colour=QUIET, room=room)
            values = axis.between(top + _PLOT, top + 4)
            _grid(canvas, values, x, room, labels=index == 0)
            time = time_axis(dates, x, x + room)
            _panel(canvas, panel.points, total, chart, time, values)
            _periods(canvas, periods, x, room, top + _PLOT + 15)
        y = top + _PLOT + 30
    if axis.cut:
        y = draw_lines(
            canvas, f"The vertical axes start at {axis.labels[0]}, not at zero.", _MARGIN, right, y
        )
    if chart.footnote:
        y = draw_lines(canvas, chart.footnote, _MARGIN, right, y + 3)
    return canvas.svg(y + 4, chart.chart_id, chart.title, chart.description or describe_multiples(chart))


def _key(chart: SmallMultiples) -> list[KeyEntry]:
    entries = [KeyEntry(line_sample(MAIN, 3, dot=True), "The group")]
    if chart.reference:
        entries.append(KeyEntry(line_sample(_TOTAL, 2), chart.reference.name))
    if any(p.lower is not None for panel in chart.panels for p in panel.points):
        entries.append(KeyEntry(band_sample(MAIN, 0.16), chart.interval_label))
    return entries


def _latest(points: tuple[ChartPoint, ...], chart: SmallMultiples) -> str:
    known = [p for p in points if p.value is not None]
    if not known:
        return points[-1].text if points else "No figures"
    last = max(known, key=lambda p: p.date)
    return f"{point_words(last, chart.format_value)}, {last.label}"


def _ends(points: list[ChartPoint]) -> tuple[str, str]:
    """The names of the first and the last period, which stand below each small chart."""
    ordered = sorted(points, key=lambda p: p.date)
    return (ordered[0].label, ordered[-1].label) if ordered else ("", "")


def _grid(canvas: Canvas, values: ValueAxis, x: float, room: float, *, labels: bool) -> None:
    for tick, label in zip(values.ticks, values.labels, strict=True):
        y = values.at(tick)
        canvas.line(x, y, x + room, y, AXIS if tick == 0 else GRID)
        if labels:
            canvas.text(x - 8, y + 4, label, size=12, colour=QUIET, anchor="end")


def _periods(canvas: Canvas, ends: tuple[str, str], x: float, room: float, y: float) -> None:
    first, last = ends
    if first != last and text_width(first, 12) + text_width(last, 12) + 8 <= room:
        canvas.text(x, y, first, size=12, colour=QUIET)
    canvas.text(x + room, y, last, size=12, colour=QUIET, anchor="end", room=room)


def _panel(
    canvas: Canvas,
    points: tuple[ChartPoint, ...],
    total: tuple[ChartPoint, ...],
    chart: SmallMultiples,
    time: TimeAxis,
    values: ValueAxis,
) -> None:
    for run in runs_of(total):
        places = [(time.at(p.date), values.at(p.value)) for p in run]
        canvas.polyline(places, _TOTAL, width=2) if len(places) > 1 else canvas.add(
            mark(None, *places[0], 2.5, _TOTAL)
        )
    shown = []
    for run in runs_of(points):
        known = [p for p in run if p.lower is not None and p.upper is not None]
        if len(known) == len(run) > 1:
            edge = [(time.at(p.date), values.at(p.upper)) for p in run]
            canvas.area(edge + [(time.at(p.date), values.at(p.lower)) for p in reversed(run)], MAIN, 0.16)
        canvas.polyline([(time.at(p.date), values.at(p.value)) for p in run], MAIN, width=2.4)
        shown += run
    few = len(shown) <= 12
    for p in shown:
        if few or p is shown[-1] or len(shown) == 1:
            words = f"{p.label}: {point_words(p, chart.format_value, interval=True)}"
            size = 4 if p is shown[-1] else 2.8
            dot = mark(None, time.at(p.date), values.at(p.value), size, MAIN, hollow=p.provisional)
            canvas.title(words, dot)
    if not shown:
        middle = (time.start + time.end) / 2
        canvas.text(middle, values.start - 44, "No figures to show", size=12, colour=INK, anchor="middle")
