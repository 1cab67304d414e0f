"""The tables and the describing sentences of the charts that show groups side by side."""

from .data import ChartPoint, ChartTable, Formatter, RangeChart, SlopeChart, SmallMultiples


def _said(point: ChartPoint | None, say: Formatter) -> str:
    if point is None:
        return ""
    words = point.text or ("No data" if point.value is None else say(point.value))
    if point.provisional and point.value is not None:
        words += ", provisional"
    return f"{words}. {point.note}" if point.note else words


def multiples_table(chart: SmallMultiples) -> ChartTable:
    """A row for each period, a column for each group, the total last."""
    series = [(panel.name, panel.points) for panel in chart.panels]
    series += [(one.name, one.points) for one in (chart.reference, chart.total) if one]
    labels = {p.date: p.label for _, points in series for p in points}
    by_date = [{p.date: p for p in points} for _, points in series]
    rows = tuple(
        (label, *(_said(points.get(when), chart.format_value) for points in by_date))
        for when, label in sorted(labels.items())
    )
    headers = (chart.period_header, *(name for name, _ in series))
    return ChartTable(chart.title, headers, rows, tuple(range(1, len(headers))))


def slopes_table(chart: SlopeChart) -> ChartTable:
    rows = tuple(
        (line.name, _said(line.first, chart.format_value), _said(line.last, chart.format_value))
        for line in chart.lines
    )
    return ChartTable(chart.title, (chart.group_header, chart.first_label, chart.last_label), rows, (1, 2))


def ranges_table(chart: RangeChart) -> ChartTable:
    """The two ends and the gap of each period."""
    rows = []
    for row in chart.rows:
        by_name = {dot.label: dot for dot in row.dots}

        def end(name: str, of: dict = by_name) -> str:
            dot = of.get(name)
            return (
                f"{name}: {dot.text or chart.format_value(dot.value)}"
                if dot and dot.value is not None
                else ""
            )

        rows.append((row.label, end(row.best), end(row.worst), row.gap or row.note))
    headers = (chart.period_header, chart.best_label, chart.worst_label, chart.gap_header)
    return ChartTable(chart.title, headers, tuple(rows))


def describe_multiples(chart: SmallMultiples) -> str:
    sentences = [f"{len(chart.panels)} small line charts on one scale"]
    for panel in chart.panels:
        known = sorted((p for p in panel.points if p.value is not None), key=lambda p: p.date)
        if known:
            first, last = known[0], known[-1]
            said = f"{panel.name}: {_said(last, chart.format_value)} in {last.label}"
            if first is not last:
                said += f", {_said(first, chart.format_value)} in {first.label}"
            sentences.append(said)
        else:
            sentences.append(f"{panel.name}: no figures to show")
    return ". ".join(sentences) + "."


def describe_slopes(chart: SlopeChart) -> str:
    said = [
        f"{line.name}: {_said(line.first, chart.format_value)}, then {_said(line.last, chart.format_value)}"
        for line in chart.lines
    ]
    return f"Slope chart from {chart.first_label} to {chart.last_label}. {'. '.join(said)}."


def describe_ranges(chart: RangeChart) -> str:
    known = [row for row in chart.rows if row.gap]
    if not known:
        return "Range chart. No period has a figure of every group."
    first, last = known[0], known[-1]
    said = f"Range chart of {len(chart.rows)} periods. {last.label}: {last.gap} between {last.best} and {last.worst}"
    if first is not last:
        said += f"; {first.label}: {first.gap} between {first.best} and {first.worst}"
    return f"{said}."
