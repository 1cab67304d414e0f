"""What lies ahead of a line: the way to the target, and what comes if nothing changes."""

from datetime import date, timedelta

from .canvas import Canvas, mark
from .data import ChartPoint, LineChart, Number
from .keys import KeyEntry, band_sample, line_sample
from .labels import EndLabel
from .palette import INK, MAIN, TARGET
from .scales import TimeAxis, ValueAxis

PATH_DASH, FORECAST_DASH = "10 4", "1.5 4"
# A target far away would squeeze what is known into a corner: the way is drawn as far as so much of the past is long.
_AS_FAR_AS = 0.6


def _horizon(chart: LineChart) -> date | None:
    known = [point.date for point in chart.points]
    if not known:
        return None
    ahead = timedelta(days=max((max(known) - min(known)).days * _AS_FAR_AS, 92))
    return max([max(known) + ahead, *(point.date for point in chart.forecast)])


def _way(chart: LineChart) -> list[tuple[date, float]]:
    """The way as far as it is drawn: a last piece that runs on beyond the chart is cut where the chart ends."""
    horizon = _horizon(chart)
    marks = sorted(chart.path, key=lambda one: one.date)
    if horizon is None or len(marks) < 2:
        return []
    way: list[tuple[date, float]] = []
    for one in marks:
        value = float(one.value)
        if one.date > horizon:
            if way:
                before, low = way[-1]
                share = (horizon - before).days / (one.date - before).days
                way.append((horizon, low + share * (value - low)))
            break
        way.append((one.date, value))
    return way


def ahead_dates(chart: LineChart, shown: list[date]) -> list[date]:
    first = min(shown, default=None)
    return [point.date for point in chart.forecast] + [
        when for when, _ in _way(chart) if first is None or when >= first
    ]


def ahead_values(chart: LineChart) -> list[Number | None]:
    band = [number for point in chart.forecast for number in (point.value, point.lower, point.upper)]
    return band + [value for _, value in _way(chart)]


def ahead_periods(chart: LineChart) -> tuple[ChartPoint, ...]:
    return chart.forecast


def ahead_key(chart: LineChart) -> list[KeyEntry]:
    if not chart.forecast:
        return []
    return [KeyEntry(band_sample(INK, 0.1), f"{chart.forecast_label}: range")]


def ahead_labels(chart: LineChart) -> list[EndLabel]:
    """The target at the end of its way, and the last period of the forecast."""
    labels = []
    way = _way(chart)
    if way:
        last = max(chart.path, key=lambda one: one.date)
        words = f"{last.text or chart.format_value(last.value)} by {last.date:%b %Y}"
        sample = line_sample(TARGET, 2, PATH_DASH)
        labels.append(EndLabel(last.name, words, way[-1][1], way[-1][0], INK, False, sample))
    if chart.forecast:
        last_point = chart.forecast[-1]
        words = last_point.text or chart.format_value(last_point.value)  # type: ignore[arg-type]
        sample = line_sample(MAIN, 2, FORECAST_DASH)
        name = chart.forecast_label
        labels.append(EndLabel(name, words, last_point.value, last_point.date, MAIN, False, sample))
    return labels


def draw_path(canvas: Canvas, chart: LineChart, time: TimeAxis, values: ValueAxis) -> None:
    way = [(time.at(when), values.at(value)) for when, value in _way(chart)]
    if not way:
        return
    left = time.start
    # A baseline older than what is shown: the way comes in from the left edge.
    while len(way) > 1 and way[1][0] < left:
        way.pop(0)
    if way[0][0] < left < way[1][0]:
        (x0, y0), (x1, y1) = way[0], way[1]
        way[0] = (left, y0 + (left - x0) / (x1 - x0) * (y1 - y0))
    canvas.polyline(way, TARGET, width=2, dash=PATH_DASH)
    drawn = {when for when, _ in _way(chart)}
    for one in chart.path:
        x = time.at(one.date)
        if one.date in drawn and x >= left - 0.5:
            words = (
                f"{one.name}: {one.text or chart.format_value(one.value)} by {one.date.day} {one.date:%B %Y}"
            )
            canvas.title(words, mark(None, x, values.at(one.value), 5, TARGET, hollow=True))


def draw_forecast(canvas: Canvas, chart: LineChart, time: TimeAxis, values: ValueAxis) -> None:
    """The range as a band, the line dotted within it. It runs through all past figures, so it begins apart from the latest."""
    points = sorted(chart.forecast, key=lambda point: point.date)
    if not points:
        return
    upper = [(time.at(p.date), values.at(p.upper)) for p in points if p.upper is not None]
    lower = [(time.at(p.date), values.at(p.lower)) for p in points if p.lower is not None]
    if len(upper) == 1:
        canvas.line(*upper[0], *lower[0], INK, width=1.6)
    else:
        canvas.area(upper + lower[::-1], INK, 0.1)
        line = [(time.at(p.date), values.at(p.value)) for p in points]
        canvas.polyline(line, MAIN, width=2, dash=FORECAST_DASH)
    for point in points:
        words = f"{chart.forecast_label}, {point.label}: {point.text or chart.format_value(point.value)}"
        canvas.title(words, mark(None, time.at(point.date), values.at(point.value), 3.2, MAIN, hollow=True))
