"""The line chart: a run chart, an SPC chart with limits, or a place beside its comparators."""

from dataclasses import dataclass

from .ahead import (
    ahead_dates,
    ahead_key,
    ahead_labels,
    ahead_periods,
    ahead_values,
    draw_forecast,
    draw_path,
    with_one_target,
)
from .canvas import Canvas, mark, widest
from .data import ChartPoint, Interval, LineChart, LineKind, Mark, NoteKind, ReferenceLine
from .keys import (
    NOTES_SHOWN,
    KeyEntry,
    band_sample,
    draw_key,
    draw_lines,
    draw_notes,
    line_sample,
    mark_sample,
    pin,
    whisker_sample,
)
from .labels import EndLabel, draw_end_labels, gutter
from .palette import AXIS, COMPARATORS, GRID, INK, LIMIT, LIMIT_FILL, MAIN, MARKS, PATH, QUIET, TARGET
from .runs import runs_of
from .scales import TimeAxis, ValueAxis, period_ticks, time_axis, value_axis
from .tables import describe_line_chart, notes_of, point_words, reference_label

NARROW = 480
_MARGIN = 4
_REFERENCE_LOOK = {  # colour, width, dash
    LineKind.MEAN: (LIMIT, 1.5, ""),
    LineKind.UPPER: (LIMIT, 1.5, "5 4"),
    LineKind.LOWER: (LIMIT, 1.5, "5 4"),
    LineKind.NEAR: (LIMIT, 1, "1.5 3"),
    LineKind.TARGET: (TARGET, 2, "10 4"),
}


def line_chart(chart: LineChart, *, width: int = 640) -> str:
    """The chart as an SVG document of that width; its height follows from what it has to say."""
    return _Drawing(with_one_target(chart), width).svg()


@dataclass(frozen=True, slots=True)
class _Plot:
    left: float
    right: float
    top: float
    bottom: float


class _Drawing:
    def __init__(self, chart: LineChart, width: int) -> None:
        self.chart = chart
        self.canvas = Canvas(width)
        self.narrow = width < NARROW
        self.judged = any(point.mark for point in chart.points)
        self.colour = MAIN
        self.notes = notes_of(chart)
        self.left, self.right = _MARGIN, width - _MARGIN
        everyone = [chart.points, *(series.points for series in chart.comparisons)]
        self.values = value_axis(
            [
                number_
                for points in everyone
                for point in points
                for number_ in (
                    (point.value, point.lower, point.upper) if points is chart.points else (point.value,)
                )
            ]
            + [segment.value for line in chart.references for segment in line.segments]
            + ahead_values(chart),
            chart.format_tick or chart.format_value,
            about=4 if self.narrow else 5,
            start_at_zero=chart.start_at_zero,
            floor_at=chart.floor,
            ceiling_at=chart.ceiling,
        )
        self.shown_dates = [point.date for points in everyone for point in points]
        self.dates = self.shown_dates + ahead_dates(chart)

    def svg(self) -> str:
        chart, canvas = self.chart, self.canvas
        labels = self._end_labels()
        y: float = 2
        if chart.unit:
            y = draw_lines(canvas, chart.unit, self.left, self.right, y, lines=2) + 4
        if self.narrow:
            y = draw_key(canvas, [label.key for label in labels], self.left, self.right, y) + 4
            crowded, right = [], self.right - 4
        else:
            right = self.right - gutter(labels, canvas.width)
        left = self.left + widest(self.values.labels, 13) + 8
        time = time_axis(self.dates, left, right)
        pins = self._pins(time)
        y += 8 + (22 * (1 + max((row for _, _, row in pins), default=0)) if pins else 0)
        height = 190 if self.narrow else max(270, min(17 * len(labels), 420))
        plot = _Plot(left, right, y, y + height)
        values = self.values.between(plot.bottom, plot.top)
        self._grid(plot, values)
        self._pin_lines(plot, time, pins)
        self._references(plot, time, values)
        self._comparisons(time, values)
        draw_forecast(canvas, chart, time, values)
        draw_path(canvas, chart, time, values)
        self._series(plot, time, values)
        if not self.narrow:
            crowded = draw_end_labels(canvas, labels, values, plot.right, self.right, plot.top, plot.bottom)
        y = self._period_labels(plot, time) + 8
        y = draw_key(canvas, [*crowded, *self._key()], self.left, self.right, y)
        if values.cut:
            start = values.labels[0]
            y = draw_lines(
                canvas, f"The vertical axis starts at {start}, not at zero.", self.left, self.right, y + 3
            )
        if chart.footnote:
            y = draw_lines(canvas, chart.footnote, self.left, self.right, y + 3)
        if self.notes:
            y = draw_notes(canvas, [words for _, words in self.notes], self.left, self.right, y + 8)
        return canvas.svg(y + 4, chart.chart_id, chart.title, chart.description or describe_line_chart(chart))

    # Around the plot

    def _grid(self, plot: _Plot, values: ValueAxis) -> None:
        for tick, label in zip(values.ticks, values.labels, strict=True):
            y = values.at(tick)
            self.canvas.line(plot.left, y, plot.right, y, AXIS if tick == 0 else GRID)
            self.canvas.text(plot.left - 8, y + 4.5, label, colour=QUIET, anchor="end")
        if values.cut:
            # The break in the axis: a small zigzag where zero would have been.
            x, y = plot.left, plot.bottom
            steps = [(x, y), (x, y + 2), (x - 4, y + 4), (x + 4, y + 7), (x, y + 9), (x, y + 11)]
            self.canvas.polyline(steps, AXIS, width=1.2)

    def _period_labels(self, plot: _Plot, time: TimeAxis) -> float:
        """Ticks and names of periods below the plot; a name of two words may stand on two lines."""
        canvas, points = self.canvas, sorted(self._periods(), key=lambda point: point.date)
        whole = [[point.label] for point in points]
        split = [point.label.rsplit(" ", 1) for point in points]
        rows = whole
        if len(period_ticks(points, [widest(row, 13) for row in whole], time, 10)) < len(points):
            rows = split
        # A very long name is cut, so that a few of them can always stand side by side.
        room = max(60.0, (plot.right - plot.left) / 3)
        widths = [min(widest(row, 13), room) for row in rows]
        for index in period_ticks(points, widths, time, 10):
            x = time.at(points[index].date)
            canvas.line(x, plot.bottom, x, plot.bottom + 5, AXIS)
            middle = min(max(x, self.left + widths[index] / 2), self.right - widths[index] / 2)
            for line, words in enumerate(rows[index]):
                y = plot.bottom + 19 + line * 15
                canvas.text(middle, y, words, colour=QUIET, anchor="middle", room=widths[index] + 0.1)
        return plot.bottom + 9 + 15 * max((len(row) for row in rows), default=1)

    def _periods(self) -> list[ChartPoint]:
        """One point for each date, the chart's own first: comparators may reach further back."""
        by_date: dict[object, ChartPoint] = {}
        for points in (self.chart.points, *(series.points for series in self.chart.comparisons)):
            for point in points:
                by_date.setdefault(point.date, point)
        for point in ahead_periods(self.chart):
            by_date.setdefault(point.date, point)
        return list(by_date.values())

    def _pins(self, time: TimeAxis) -> list[tuple[int, float, int]]:
        """Number, place and row of each pin; pins too close to their neighbour go one row up."""
        placed: list[tuple[int, float, int]] = []
        for label, (when, _) in enumerate(self.notes[:NOTES_SHOWN], start=1):
            if not time.covers(when):
                continue
            x, row = time.at(when), 0
            while any(taken == row and abs(other - x) < 21 for _, other, taken in placed):
                row += 1
            placed.append((label, x, row))
        return placed

    def _pin_lines(self, plot: _Plot, time: TimeAxis, pins: list[tuple[int, float, int]]) -> None:
        rebases = {note.date for note in self.chart.annotations if NoteKind(note.kind) is NoteKind.REBASE}
        for label, x, row in pins:
            rebased = self.notes[label - 1][0] in rebases
            y = plot.top - 14 - 22 * row
            self.canvas.line(x, y, x, plot.bottom, INK if rebased else AXIS, dash="" if rebased else "2 3")
        for label, x, row in pins:
            pin(self.canvas, x, plot.top - 14 - 22 * row, label)

    def _key(self) -> list[KeyEntry]:
        chart, entries = self.chart, []
        kinds = {Mark(point.mark) for point in chart.points if point.mark and point.value is not None}
        for kind, style in MARKS.items():
            if kind in kinds:
                entries.append(KeyEntry(mark_sample(kind), style.words))
        if any(point.provisional and point.value is not None for point in chart.points):
            entries.append(KeyEntry(mark_sample(None, QUIET, hollow=True), "Provisional"))
        if any(point.lower is not None and point.upper is not None for point in chart.points):
            banded = Interval(chart.interval) is Interval.BAND
            sample = band_sample(self.colour, 0.16) if banded else whisker_sample(self.colour)
            entries.append(KeyEntry(sample, chart.interval_label))
        for line in chart.references:
            if LineKind(line.kind) is LineKind.NEAR:
                entries.append(KeyEntry(line_sample(*_REFERENCE_LOOK[LineKind.NEAR]), reference_label(line)))
                break
        return entries + ahead_key(chart)

    def _end_labels(self) -> list[EndLabel]:
        """A name for each line, the most important first: what stands beside the end of the line, or in the key."""
        chart, labels = self.chart, []
        main_line = line_sample(PATH if self.judged else self.colour, 3, dot=True)
        labels.append(self._series_label(chart.series_name, chart.points, INK, True, main_line))
        for line in chart.references:
            kind = LineKind(line.kind)
            if kind is LineKind.NEAR or not line.segments:
                continue
            latest = max(line.segments, key=lambda segment: segment.end)
            colour, thickness, dash = _REFERENCE_LOOK[kind]
            sample = line_sample(colour, thickness, dash)
            value = chart.format_value(latest.value)
            words = INK if kind is LineKind.TARGET else QUIET
            labels.append(
                EndLabel(reference_label(line), value, latest.value, latest.end, words, False, sample)
            )
        for index, series in enumerate(chart.comparisons):
            colour, dash = COMPARATORS[index % len(COMPARATORS)]
            sample = line_sample(colour, 1.8, dash)
            labels.append(self._series_label(series.name, series.points, colour, False, sample))
        labels += ahead_labels(chart)
        return [label for label in labels if label.value is not None]

    def _series_label(
        self, name: str, points: tuple[ChartPoint, ...], colour: str, bold: bool, sample: object
    ) -> EndLabel:
        latest = max(
            (point for point in points if point.value is not None), key=lambda p: p.date, default=None
        )
        if latest is None:
            return EndLabel(name, "", None, None, colour, bold, sample)
        words = point_words(latest, self.chart.format_value)
        if latest.date != max(self.shown_dates):
            words += f" ({latest.label})"
        return EndLabel(name, words, latest.value, latest.date, colour, bold, sample)

    # Inside the plot

    def _references(self, plot: _Plot, time: TimeAxis, values: ValueAxis) -> None:
        by_kind: dict[LineKind, list[ReferenceLine]] = {}
        for line in self.chart.references:
            by_kind.setdefault(LineKind(line.kind), []).append(line)
        for upper in by_kind.get(LineKind.UPPER, []):
            for lower in by_kind.get(LineKind.LOWER, []):
                self._limit_fill(plot, time, values, upper, lower)
        for kind in (LineKind.NEAR, LineKind.UPPER, LineKind.LOWER, LineKind.MEAN, LineKind.TARGET):
            colour, thickness, dash = _REFERENCE_LOOK[kind]
            for line in by_kind.get(kind, []):
                for start, end, value in self._steps(plot, time, line):
                    y = values.at(value)
                    self.canvas.line(start, y, end, y, colour, width=thickness, dash=dash)

    def _limit_fill(
        self, plot: _Plot, time: TimeAxis, values: ValueAxis, upper: ReferenceLine, lower: ReferenceLine
    ) -> None:
        floors = {(start, end): value for start, end, value in self._steps(plot, time, lower)}
        for start, end, value in self._steps(plot, time, upper):
            if (start, end) in floors:
                low, high = values.at(floors[start, end]), values.at(value)
                self.canvas.rect(start, high, end - start, low - high, LIMIT_FILL)

    def _steps(self, plot: _Plot, time: TimeAxis, line: ReferenceLine) -> list[tuple[float, float, object]]:
        """Each segment from half a period before its first point to half a period after its last."""
        segments = sorted(line.segments, key=lambda segment: segment.start)
        half = min(time.spacing / 2, 22)
        steps = []
        for index, segment in enumerate(segments):
            start, end = time.at(segment.start) - half, time.at(segment.end) + half
            if index:
                start = (time.at(segments[index - 1].end) + time.at(segment.start)) / 2
            if index + 1 < len(segments):
                end = (time.at(segment.end) + time.at(segments[index + 1].start)) / 2
            start, end = max(start, plot.left), min(end, plot.right)
            if end > start:
                steps.append((start, end, segment.value))
        return steps

    def _comparisons(self, time: TimeAxis, values: ValueAxis) -> None:
        for index, series in reversed(list(enumerate(self.chart.comparisons))):
            colour, dash = COMPARATORS[index % len(COMPARATORS)]
            for run in runs_of(series.points):
                places = [(time.at(point.date), values.at(point.value)) for point in run]
                if len(places) == 1:
                    self.canvas.add(mark(None, *places[0], 2.5, colour))
                else:
                    self.canvas.polyline(places, colour, width=1.8, dash=dash)

    def _series(self, plot: _Plot, time: TimeAxis, values: ValueAxis) -> None:
        chart, canvas = self.chart, self.canvas
        runs = runs_of(chart.points)
        for run in runs:
            self._intervals(run, time, values)
        for run in runs:
            places = [(time.at(point.date), values.at(point.value)) for point in run]
            colour, thickness = (PATH, 2) if self.judged else (self.colour, 3)
            for start, end, provisional in _stretches(run):
                canvas.polyline(places[start:end], colour, width=thickness, dash="2 4" if provisional else "")
        shown = [point for run in runs for point in run]
        if not shown:
            middle = (plot.left + plot.right) / 2
            canvas.text(
                middle, (plot.top + plot.bottom) / 2, "No figures to show", colour=QUIET, anchor="middle"
            )
        spacing = time.spacing
        radius = min(max(spacing * 0.3, 2.4), 5)
        alone = {run[0].date for run in runs if len(run) == 1}
        for point in shown:
            x, y = time.at(point.date), values.at(point.value)
            last = point is shown[-1]
            if not (point.mark or point.provisional or last or spacing >= 12 or point.date in alone):
                continue
            size = radius if point.mark in (None, Mark.COMMON) else max(radius, 3.6)
            size = max(size, 4.5) if last else size
            words = f"{point.label}: {point_words(point, chart.format_value, interval=True)}"
            if point.mark:
                words += f", {MARKS[Mark(point.mark)].words.lower()}"
            canvas.title(words, mark(point.mark, x, y, size, self.colour, hollow=point.provisional))
        self._letters(shown, plot, time, values, radius)

    def _intervals(self, run: list[ChartPoint], time: TimeAxis, values: ValueAxis) -> None:
        banded = Interval(self.chart.interval) is Interval.BAND
        known = [point for point in run if point.lower is not None and point.upper is not None]
        places = [(time.at(p.date), values.at(p.lower), values.at(p.upper)) for p in known]
        if banded and len(known) == len(run) > 1:
            edge = [(x, upper) for x, _, upper in places] + [(x, lower) for x, lower, _ in reversed(places)]
            self.canvas.area(edge, self.colour, 0.16)
            return
        for x, lower, upper in places:
            self.canvas.line(x, lower, x, upper, self.colour, width=1.6)

    def _letters(
        self, shown: list[ChartPoint], plot: _Plot, time: TimeAxis, values: ValueAxis, radius: float
    ) -> None:
        """The letter of each flagged point, or of the first in a row where they stand too close together."""
        previous = None
        last_x = float("-inf")
        for index, point in enumerate(shown):
            letter = MARKS[Mark(point.mark)].letter if point.mark else ""
            x, y = time.at(point.date), values.at(point.value)
            if letter and (point.mark != previous or x - last_x >= 16) and x - last_x >= 11:
                around = [values.at(p.value) for p in shown[max(index - 1, 0) : index + 2] if p is not point]
                above = not around or y <= sum(around) / len(around)
                if y - radius - 18 < plot.top:
                    above = False
                if y + radius + 18 > plot.bottom:
                    above = True
                baseline = y - max(radius, 4) - 5 if above else y + max(radius, 4) + 14
                colour = MARKS[Mark(point.mark)].colour
                self.canvas.text(
                    x, baseline, letter, size=12, colour=colour, anchor="middle", bold=True, halo=True
                )
                last_x = x
            previous = point.mark


def _stretches(run: list[ChartPoint]) -> list[tuple[int, int, bool]]:
    """Slices of a run that are drawn alike: dashed into and out of provisional points."""
    slices: list[tuple[int, int, bool]] = []
    for index in range(1, len(run)):
        provisional = run[index].provisional or run[index - 1].provisional
        if slices and slices[-1][2] == provisional:
            slices[-1] = (slices[-1][0], index + 1, provisional)
        else:
            slices.append((index - 1, index + 1, provisional))
    return slices
