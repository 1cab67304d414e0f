"""The data table beside each chart, and the sentence that describes it to somebody who cannot see it."""

from datetime import date

from .ahead import with_one_target
from .data import (
    AnyChart,
    BarChart,
    ChartPoint,
    ChartTable,
    Dot,
    Formatter,
    LineChart,
    LineKind,
    Mark,
    NoteKind,
    RangeChart,
    RankedDots,
    ReferenceLine,
    SlopeChart,
    SmallMultiples,
    Sparkline,
)
from .group_tables import multiples_table, ranges_table, slopes_table
from .palette import MARKS

NO_DATA = "No data"
_REFERENCE_WORDS = {
    LineKind.MEAN: "Mean",
    LineKind.UPPER: "Upper limit",
    LineKind.LOWER: "Lower limit",
    LineKind.NEAR: "Near limits",
    LineKind.TARGET: "Target",
}


def reference_label(line: ReferenceLine) -> str:
    return line.label or _REFERENCE_WORDS[LineKind(line.kind)]


def value_words(value: object, text: str, format_value: Formatter) -> str:
    return text or (NO_DATA if value is None else format_value(value))  # type: ignore[arg-type]


def point_words(point: ChartPoint | Dot, format_value: Formatter, *, interval: bool = False) -> str:
    words = value_words(point.value, point.text, format_value)
    if interval and point.value is not None and point.lower is not None and point.upper is not None:
        words += f" ({format_value(point.lower)} to {format_value(point.upper)})"
    if interval and isinstance(point, ChartPoint) and point.provisional:
        words += ", provisional"
    return words


def notes_of(chart: LineChart) -> list[tuple[date, str]]:
    """Every note with its date, in order: the chart's own and those of its points."""
    notes = [(point.date, f"{point.label}: {point.note}") for point in chart.points if point.note]
    names = {point.date: point.label for point in chart.points}
    for note in chart.annotations:
        what = "Limits rebased. " if NoteKind(note.kind) is NoteKind.REBASE else ""
        when = names.get(note.date) or f"{note.date.day} {note.date:%B %Y}"
        notes.append((note.date, f"{when}: {what}{note.text}"))
    return sorted(notes, key=lambda item: item[0])


def table_of(chart: AnyChart) -> ChartTable:
    """Everything the chart shows, as text."""
    if isinstance(chart, LineChart):
        return _line_table(chart)
    if isinstance(chart, BarChart):
        return _bar_table(chart)
    if isinstance(chart, RankedDots):
        return _dots_table(chart)
    if isinstance(chart, SmallMultiples):
        return multiples_table(chart)
    if isinstance(chart, SlopeChart):
        return slopes_table(chart)
    if isinstance(chart, RangeChart):
        return ranges_table(chart)
    return _sparkline_table(chart)


def _table(
    caption: str, headers: list[str], columns: list[list[str]], numeric: list[int], keep: int = 2
) -> ChartTable:
    """Leaves out the columns, after the first few, in which nothing stands."""
    used = [index for index, column in enumerate(columns) if index < keep or any(column)]
    return ChartTable(
        caption=caption,
        headers=tuple(headers[index] for index in used),
        rows=tuple(zip(*(columns[index] for index in used), strict=True)),
        numeric=tuple(new for new, old in enumerate(used) if old in numeric),
    )


def _line_table(chart: LineChart) -> ChartTable:
    chart = with_one_target(chart)
    own = {point.date: point for point in chart.points}
    labels = {
        point.date: point.label
        for points in (*(series.points for series in chart.comparisons), chart.points)
        for point in points
    }
    noted: dict[date, list[str]] = {}
    for when, words in notes_of(chart):
        noted.setdefault(when, []).append(words.split(": ", 1)[1])
        labels.setdefault(when, words.split(": ", 1)[0])
    ahead = {point.date: point for point in chart.forecast}
    wanted = {mark.date: mark for mark in chart.path}
    labels |= {when: point.label for when, point in ahead.items() if when not in labels}
    labels |= {when: f"{when.day} {when:%B %Y}" for when in wanted if when not in labels}
    dates = sorted(labels)
    points = [own.get(when) for when in dates]
    both = [point if point and None not in (point.lower, point.upper) else None for point in points]
    say = chart.format_value
    headers = [chart.period_header, chart.series_name, chart.interval_label, "Status", "What it shows"]
    columns = [
        [labels[when] for when in dates],
        [value_words(point.value, point.text, say) if point else "" for point in points],
        [f"{say(p.lower)} to {say(p.upper)}" if p else "" for p in both],  # type: ignore[arg-type]
        ["Provisional" if point and point.provisional else "" for point in points],
        [MARKS[Mark(point.mark)].words if point and point.mark else "" for point in points],
    ]
    numeric = [1, 2]
    for line in chart.references:
        numeric.append(len(headers))
        headers.append(reference_label(line))
        columns.append([_reference_words(line, when, say) for when in dates])
    for series in chart.comparisons:
        numeric.append(len(headers))
        headers.append(series.name)
        theirs = {point.date: point_words(point, say) for point in series.points}
        columns.append([theirs.get(when, "") for when in dates])
    for name, column in _ahead_columns(chart, dates):
        numeric.append(len(headers))
        headers.append(name)
        columns.append(column)
    headers.append("Notes")
    columns.append(["; ".join(noted.get(when, [])) for when in dates])
    return _table(chart.title, headers, columns, numeric)


def _ahead_columns(chart: LineChart, dates: list[date]) -> list[tuple[str, list[str]]]:
    """The way to the target and the forecast, where the chart has them; `_table` leaves out what is empty."""
    say = chart.format_value
    wanted = {one.date: f"{one.name}: {one.text or say(one.value)}" for one in chart.path}
    coming = {
        point.date: f"{point.text or say(point.value)} ({say(point.lower)} to {say(point.upper)})"  # type: ignore[arg-type]
        for point in chart.forecast
    }
    return [
        (chart.path_label, [wanted.get(when, "") for when in dates]),
        (chart.forecast_label, [coming.get(when, "") for when in dates]),
    ]


def _reference_words(line: ReferenceLine, when: date, say: Formatter) -> str:
    return next((say(part.value) for part in line.segments if part.start <= when <= part.end), "")


def _bar_table(chart: BarChart) -> ChartTable:
    columns = [
        [bar.label for bar in chart.bars],
        [value_words(bar.value, bar.text, chart.format_value) for bar in chart.bars],
        ["Provisional" if bar.provisional else "" for bar in chart.bars],
        [bar.note for bar in chart.bars],
    ]
    return _table(chart.title, [chart.category_header, chart.value_header, "Status", "Notes"], columns, [1])


def ranked(dots: tuple[Dot, ...]) -> list[tuple[str, Dot]]:
    """Highest first with their ranks, equal values with equal ranks; those without a value last and unranked."""
    known = sorted((dot for dot in dots if dot.value is not None), key=lambda dot: (-dot.value, dot.label))  # type: ignore[operator]
    rows: list[tuple[str, Dot]] = []
    for index, dot in enumerate(known):
        tied = index and dot.value == known[index - 1].value
        rows.append((rows[-1][0] if tied else str(index + 1), dot))
    return rows + [("", dot) for dot in sorted(dots, key=lambda dot: dot.label) if dot.value is None]


def _dots_table(chart: RankedDots) -> ChartTable:
    rows, say = ranked(chart.dots), chart.format_value
    both = [dot if None not in (dot.lower, dot.upper) else None for _, dot in rows]
    columns = [
        [dot.label for _, dot in rows],
        [value_words(dot.value, dot.text, say) for _, dot in rows],
        [f"{say(dot.lower)} to {say(dot.upper)}" if dot else "" for dot in both],  # type: ignore[arg-type]
        [rank for rank, _ in rows],
        [dot.note for _, dot in rows],
    ]
    if chart.reference_value is not None:
        extra = [chart.reference_label, say(chart.reference_value), "", "", "Shown as a line"]
        columns = [[*column, words] for column, words in zip(columns, extra, strict=True)]
    headers = [chart.place_header, chart.value_header, chart.interval_label, "Rank", "Notes"]
    return _table(chart.title, headers, columns, [1, 2, 3])


def _sparkline_table(chart: Sparkline) -> ChartTable:
    names = [str(when) for when in chart.dates] or [str(index + 1) for index in range(len(chart.values))]
    columns = [names, [value_words(value, "", chart.format_value) for value in chart.values]]
    return _table(chart.title, ["Period", "Value"], columns, [1])


def describe_line_chart(chart: LineChart) -> str:
    """First, last, lowest and highest, the lines beside it, and how many points were flagged."""
    points = sorted((p for p in chart.points if p.value is not None), key=lambda p: p.date)
    if not points:
        return f"Line chart. {chart.series_name} has no figures to show."
    first, last = points[0], points[-1]
    low, high = (
        min(points, key=lambda p: p.value),
        max(points, key=lambda p: p.value),
    )  # type: ignore[arg-type, return-value]

    def at(point: ChartPoint) -> str:
        return f"{point_words(point, chart.format_value)} in {point.label}"

    sentences = [f"Line chart. {chart.series_name}: {at(first)}"]
    if last is not first:
        sentences[0] += f", {at(last)}; lowest {at(low)}, highest {at(high)}"
    for line in chart.references:
        if line.segments and LineKind(line.kind) is not LineKind.NEAR:
            latest = max(line.segments, key=lambda part: part.end)
            sentences.append(f"{reference_label(line)}: {chart.format_value(latest.value)}")
    for series in chart.comparisons:
        latest_point = max(
            (p for p in series.points if p.value is not None), key=lambda p: p.date, default=None
        )
        if latest_point:
            sentences.append(f"{series.name}: {at(latest_point)}")
    for kind, style in MARKS.items():
        flagged = sum(point.mark == kind for point in points)
        if flagged and kind is not Mark.COMMON:
            sentences.append(f"{style.words}: {flagged} {'point' if flagged == 1 else 'points'}")
    return ". ".join(sentences) + "."
