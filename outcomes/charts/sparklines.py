"""A line the size of a word, for tables and tiles. Drawn by the hundred on one page, so written to be quick."""

from .canvas import document, mark, number
from .data import Sparkline
from .palette import AXIS, MAIN, PATH

_PAD = 6


def sparkline(chart: Sparkline, *, width: int = 120, height: int = 32) -> str:
    """The course of a series without axes; its last point carries the mark. Say the latest value in words beside it."""
    values = [None if value is None else float(value) for value in chart.values]
    present = [value for value in values if value is not None]
    if not present:
        middle = height / 2
        body = (
            f'<line x1="{_PAD}" y1="{number(middle)}" x2="{width - _PAD}" y2="{number(middle)}" '
            f'stroke="{AXIS}" stroke-width="1.5" stroke-dasharray="2 4"/>'
        )
        return document(
            width, height, chart.chart_id, chart.title, chart.description or "No figures yet.", body
        )
    low, high = min(present), max(present)
    if chart.target is not None:
        low, high = min(low, float(chart.target)), max(high, float(chart.target))
    scale = (height - 2 * _PAD) / (high - low) if high > low else 0.0
    base = height - _PAD if scale else height / 2
    places = _places(chart, len(values), width)
    runs: list[list[float]] = [[]]
    for x, value in zip(places, values, strict=True):
        if value is not None:
            runs[-1] += (x, base - (value - low) * scale)
        elif runs[-1]:
            runs.append([])
    body = ""
    if chart.target is not None:
        y = number(base - (float(chart.target) - low) * scale)
        body = f'<line x1="0" y1="{y}" x2="{width}" y2="{y}" stroke="{AXIS}" stroke-width="1" stroke-dasharray="4 3"/>'
    colour = PATH if chart.mark else MAIN
    drawn = "".join("M" + ("%.1f %.1fL" * (len(run) // 2) % tuple(run))[:-1] for run in runs if len(run) > 2)
    if drawn:
        body += (
            f'<path d="{drawn}" fill="none" stroke="{colour}" stroke-width="2" '
            f'stroke-linejoin="round" stroke-linecap="round"/>'
        )
    for run in runs:
        if len(run) == 2:
            body += mark(None, run[0], run[1], 1.6, colour)
    x, y_last = next(run for run in reversed(runs) if run)[-2:]
    body += mark(chart.mark, x, y_last, 3.6, MAIN, hollow=chart.provisional)
    return document(width, height, chart.chart_id, chart.title, chart.description or _course(chart), body)


def _places(chart: Sparkline, many: int, width: int) -> list[float]:
    room = width - 2 * _PAD
    if many == 1:
        return [width - _PAD]
    if not chart.dates:
        step = room / (many - 1)
        return [_PAD + index * step for index in range(many)]
    days = [when.toordinal() for when in chart.dates]
    step = room / ((days[-1] - days[0]) or 1)
    return [_PAD + (day - days[0]) * step for day in days]


def _course(chart: Sparkline) -> str:
    present = [value for value in chart.values if value is not None]
    say = chart.format_value
    return f"From {say(present[0])} to {say(present[-1])}; lowest {say(min(present))}, highest {say(max(present))}."
