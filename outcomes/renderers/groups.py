"""Draws breakdowns: a small chart for each group, then and now, and the gap of each period; and the tables of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from outcomes.charts import (
    ChartPoint,
    ChartTable,
    ComparisonSeries,
    Dot,
    Panel,
    RangeChart,
    RangeRow,
    SlopeChart,
    SlopeLine,
    SmallMultiples,
)
from outcomes.models import Direction
from outcomes.queries.gaps import best_words
from outcomes.queries.groups import Breakdown, compares
from outcomes.queries.series import Figure, words_for
from outcomes.renderers.charts import never_negative, point_of, tick_words

# More rows than this are no picture any more; all of them are in the table.
RANGES = 12


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is common to the charts of one breakdown."""

    breakdown: Breakdown
    place_name: str
    since: date | None = None

    @property
    def says(self) -> dict[str, Any]:
        measure = self.breakdown.measure
        is_share = measure.unit == "%"
        low = all(never_negative(one.series) for one in self.breakdown.groups)
        return {
            "format_value": lambda value: words_for(measure, value),
            "format_tick": lambda value: tick_words(measure.unit, measure.decimals, value),
            "unit": measure.unit,
            "floor": 0 if is_share or low else None,
            "ceiling": 100 if is_share else None,
        }

    def title(self, of: str) -> str:
        return f"{self.breakdown.measure.name}, {self.place_name}, {of} {self.breakdown.name}"

    def shows(self, end: date) -> bool:
        return self.since is None or end >= self.since


def multiples(drawn: Drawn, *, chart_id: str) -> SmallMultiples:
    """One small chart for each group on one scale, with the total as the grey line."""
    found = drawn.breakdown
    panels = tuple(
        Panel(one.group.name, tuple(point_of(f) for f in one.series.figures if drawn.shows(f.period_end)))
        for one in found.groups
    )
    # The whole's count is larger than every part's; a share of the whole lies among them.
    is_among = compares(found.measure)
    dates = {period[1] for period, _ in found.periods}
    points = tuple(
        point_of(f, interval=False)
        for f in (found.total.figures if found.total else ())
        if drawn.shows(f.period_end) and (is_among or f.period_end in dates)
    )
    total = ComparisonSeries(f"{drawn.place_name}, everybody", points) if points else None
    return SmallMultiples(
        chart_id=chart_id,
        title=drawn.title("by"),
        panels=panels,
        reference=total if is_among else None,
        total=None if is_among else total,
        footnote="The total is in the table: it is larger than every part, so it would flatten them."
        if not is_among and any(point.value is not None for point in points)
        else "",
        **drawn.says,
    )


def slopes(drawn: Drawn, *, chart_id: str) -> SlopeChart | None:
    """The first period in which every group has a figure beside the latest; None where there are no two such periods."""
    found = drawn.breakdown
    whole = [
        (period, label)
        for period, label in found.periods
        if drawn.shows(period[1]) and all(_value(one.series.at(period[1])) for one in found.groups)
    ]
    if len(whole) < 2:
        return None
    (first, first_label), (last, last_label) = whole[0], whole[-1]
    gap = next(
        (one.gap for one in found.gaps.periods if (one.period_end, one.label) == (last[1], last_label)), None
    )
    ends = {gap.best.name, gap.worst.name} if gap else set()
    blue = f"The two groups at the ends of the gap in {last_label} are drawn in blue. " if ends else ""
    says = drawn.says
    return SlopeChart(
        chart_id=chart_id,
        title=f"{drawn.title('by')}: {first_label} and {last_label}",
        lines=tuple(
            SlopeLine(
                one.group.name,
                _point(one.series.at(first[1])),
                _point(one.series.at(last[1])),
                one.group.name in ends,
            )
            for one in found.groups
        ),
        first_label=first_label,
        last_label=last_label,
        format_value=says["format_value"],
        unit=says["unit"],
        group_header=found.dimension,
        footnote=f"{blue}Only what lies between the figures shown is drawn; the axis does not start at zero.",
    )


def ranges(drawn: Drawn, *, chart_id: str) -> RangeChart | None:
    """The gap of each period; None where groups' figures cannot be held against each other."""
    found = drawn.breakdown
    periods = [one for one in found.gaps.periods if drawn.shows(one.period_end)]
    if not periods:
        return None
    best, worst = best_words(found.measure)
    rows = []
    for one in periods[-RANGES:]:
        dots = tuple(_dot(group.group.name, group.series.at(one.period_end)) for group in found.groups)
        ends = (one.gap.best.name, one.gap.worst.name) if one.gap else ("", "")
        rows.append(RangeRow(one.label, dots, *ends, one.text, one.reason))
    return RangeChart(
        chart_id=chart_id,
        title=f"{drawn.title('gap by')}",
        rows=tuple(rows),
        best_label=f"{best} group",
        worst_label=f"{worst} group",
        judged=found.measure.direction != Direction.NEUTRAL,
        **drawn.says,
    )


def gap_table(drawn: Drawn) -> ChartTable:
    """Every period's gap, newest first, with the slope where the groups stand in an order: the table of `ranges`."""
    found = drawn.breakdown
    best, worst = best_words(found.measure)
    unit = " (percentage points)" if found.measure.unit == "%" else ""
    headers = ["Period", f"{best} group", f"{worst} group", f"Gap{unit}", "Highest over lowest"]
    if found.gaps.with_slope:
        headers += [f"Slope index{unit}", "Relative index"]
    rows = []
    for one in reversed(found.gaps.periods):
        ends = [
            f"{part.name}: {words_for(found.measure, part.value)}"  # type: ignore[arg-type]
            for part in ((one.gap.best, one.gap.worst) if one.gap else ())
        ] or [one.reason, ""]
        cells = [one.label, *ends, _bare(one.text), one.ratio_text]
        if found.gaps.with_slope:
            cells += [_bare(one.slope_text), one.slope_ratio_text]
        if drawn.shows(one.period_end):
            rows.append(tuple(cells))
    return ChartTable(drawn.title("gap by"), tuple(headers), tuple(rows), tuple(range(3, len(headers))))


def _bare(words: str) -> str:
    """Without the unit that stands at the head of the column."""
    return words.replace(" percentage points", "").replace(" percentage point", "")


COLUMNS = (
    "dimension", "group", "period", "period_start", "period_end", "value", "text", "lower", "upper", "marker", "provisional",
    "note",
)  # fmt: skip


def group_rows(breakdowns: tuple[Breakdown, ...]) -> list[tuple[Any, ...]]:
    """Every group's figures as the page shows them, for a file."""
    return [
        (
            found.dimension, one.group.name, f.period_label, f.period_start, f.period_end, f.value, f.text, f.lower,
            f.upper, f.marker, f.provisional, f.note,
        )
        for found in breakdowns
        for one in found.groups
        for f in one.series.figures
    ]  # fmt: skip


def _value(figure: Figure | None) -> bool:
    return figure is not None and figure.value is not None


def _point(figure: Figure | None) -> ChartPoint:
    assert figure is not None
    return point_of(figure, interval=False)


def _dot(name: str, figure: Figure | None) -> Dot:
    return Dot(name, figure.value if figure else None, text=figure.text if figure else "")
