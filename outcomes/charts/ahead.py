"""What lies ahead of a line: the way to the target, and what comes if nothing changes."""

from dataclasses import replace
from datetime import date, timedelta

from .canvas import Canvas, mark
from .data import ChartPoint, LineChart, LineKind, Number
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
    """The way as far as it is drawn: what runs in from before the chart or on beyond it is cut at the chart's edge."""
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
    shown = [chart.points, *(series.points for series in chart.comparisons)]
    return _from(way, min(point.date for points in shown for point in points))


def _from(way: list[tuple[date, float]], first: date) -> list[tuple[date, float]]:
    """The way from a day on; nothing where all of it lies before."""
    if not way or way[-1][0] <= first:
        return []
    while way[1][0] <= first:
        way = way[1:]
    (before, low), (after, high) = way[:2]
    if before < first:
        share = (first - before).days / (after - before).days
        way = [(first, low + share * (high - low)), *way[1:]]
    return way


def draws_path(chart: LineChart) -> bool:
    """Whether any of the way to the target lies within the chart."""
    return bool(_way(chart))


def with_one_target(chart: LineChart) -> LineChart:
    """The way takes the place of the level line of the target, where any of it can be seen."""
    if not draws_path(chart):
        return chart
    kept = tuple(line for line in chart.references if LineKind(line.kind) is not LineKind.TARGET)
    return replace(chart, references=kept)


def ahead_dates(chart: LineChart) -> list[date]:
    return [point.date for point in chart.forecast] + [when for when, _ in _way(chart)]


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
    way = dict(_way(chart))
    if not way:
        return
    places = [(time.at(when), values.at(value)) for when, value in way.items()]
    canvas.polyline(places, TARGET, width=2, dash=PATH_DASH)
    for one in chart.path:
        if one.date in way:
            words = (
                f"{one.name}: {one.text or chart.format_value(one.value)} by {one.date.day} {one.date:%B %Y}"
            )
            canvas.title(words, mark(None, time.at(one.date), values.at(one.value), 5, TARGET, hollow=True))


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
