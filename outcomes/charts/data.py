"""What a chart is given: plain frozen values, already computed and already checked for disclosure.

Charts do no arithmetic on figures. A figure that has its own words (`text`) is printed in those words; any other number goes
through the formatter that came with the chart, so that page, chart, table and PDF say the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

Number = int | float | Decimal
Formatter = Callable[[Number], str]


class Mark(StrEnum):
    """What a point was judged to be by statistical process control."""

    COMMON = "common"
    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    NEUTRAL = "neutral"


class LineKind(StrEnum):
    MEAN = "mean"
    UPPER = "upper"
    LOWER = "lower"
    NEAR = "near"
    TARGET = "target"


class Interval(StrEnum):
    BAND = "band"
    WHISKERS = "whiskers"


class NoteKind(StrEnum):
    NOTE = "note"
    REBASE = "rebase"


class Direction(StrEnum):
    HORIZONTAL = "horizontal"
    VERTICAL = "vertical"


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One period. `value` is None where nothing may or can be shown; `text` then says why ("Hidden", "Not collected")."""

    label: str
    date: date
    value: Number | None
    lower: Number | None = None
    upper: Number | None = None
    provisional: bool = False
    mark: Mark | str | None = None
    note: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a reference line: the same value from one date to another, both of them dates of points."""

    start: date
    end: date
    value: Number


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    kind: LineKind | str
    segments: tuple[Segment, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class ComparisonSeries:
    name: str
    points: tuple[ChartPoint, ...]


@dataclass(frozen=True, slots=True)
class Annotation:
    """A note pinned to a date, such as a change of method or the reason for new limits."""

    date: date
    text: str
    kind: NoteKind | str = NoteKind.NOTE


@dataclass(frozen=True, slots=True)
class PathMark:
    """A baseline, milestone or target: where somebody wants the line to be on a day."""

    date: date
    value: Number
    name: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChart:
    """A run chart, an SPC chart, or a plain line with comparators. `chart_id` must be unique on its page."""

    chart_id: str
    title: str
    series_name: str
    points: tuple[ChartPoint, ...]
    format_value: Formatter
    format_tick: Formatter | None = None
    unit: str = ""
    description: str = ""
    references: tuple[ReferenceLine, ...] = ()
    comparisons: tuple[ComparisonSeries, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    interval: Interval | str = Interval.BAND
    interval_label: str = "95% confidence interval"
    start_at_zero: bool | None = None
    floor: Number | None = None
    ceiling: Number | None = None
    footnote: str = ""
    period_header: str = "Period"
    # What lies ahead: the way to the target that partners set, and what comes if nothing changes.
    path: tuple[PathMark, ...] = ()
    path_label: str = "Way to the target"
    forecast: tuple[ChartPoint, ...] = ()
    forecast_label: str = "If nothing changes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparkline:
    """A word-sized line. `dates` is for periods that are not evenly spaced."""

    chart_id: str
    title: str
    values: tuple[Number | None, ...]
    dates: tuple[date, ...] = ()
    target: Number | None = None
    mark: Mark | str | None = None
    provisional: bool = False
    description: str = ""
    format_value: Formatter = str


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value: Number | None
    emphasis: bool = False
    provisional: bool = False
    note: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    """Counts or totals by month, sector, kind. Bars always grow from zero."""

    chart_id: str
    title: str
    bars: tuple[Bar, ...]
    format_value: Formatter
    direction: Direction | str = Direction.HORIZONTAL
    unit: str = ""
    description: str = ""
    footnote: str = ""
    category_header: str = "Category"
    value_header: str = "Number"


@dataclass(frozen=True, slots=True)
class Dot:
    label: str
    value: Number | None
    lower: Number | None = None
    upper: Number | None = None
    emphasis: bool = False
    note: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedDots:
    """Places from the highest value to the lowest, with a line for England or another reference."""

    chart_id: str
    title: str
    dots: tuple[Dot, ...]
    format_value: Formatter
    format_tick: Formatter | None = None
    reference_label: str = ""
    reference_value: Number | None = None
    unit: str = ""
    description: str = ""
    interval_label: str = "95% confidence interval"
    start_at_zero: bool | None = None
    floor: Number | None = None
    ceiling: Number | None = None
    footnote: str = ""
    place_header: str = "Place"
    value_header: str = "Value"


@dataclass(frozen=True, slots=True)
class Panel:
    """One small chart of several: a group, or a place."""

    name: str
    points: tuple[ChartPoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallMultiples:
    """A small chart for each group, all on one scale, each with the same grey line behind it. `total` is in the table only."""

    chart_id: str
    title: str
    panels: tuple[Panel, ...]
    format_value: Formatter
    reference: ComparisonSeries | None = None
    total: ComparisonSeries | None = None
    format_tick: Formatter | None = None
    unit: str = ""
    description: str = ""
    interval_label: str = "95% confidence interval"
    floor: Number | None = None
    ceiling: Number | None = None
    footnote: str = ""
    period_header: str = "Period"


@dataclass(frozen=True, slots=True)
class SlopeLine:
    """One group, then and now."""

    name: str
    first: ChartPoint
    last: ChartPoint
    emphasis: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SlopeChart:
    """The first and the latest figure of each group, joined by a line."""

    chart_id: str
    title: str
    lines: tuple[SlopeLine, ...]
    first_label: str
    last_label: str
    format_value: Formatter
    unit: str = ""
    description: str = ""
    footnote: str = ""
    group_header: str = "Group"


@dataclass(frozen=True, slots=True)
class RangeRow:
    """One period: every group's figure, the two ends by name, and the gap between them in words ("" where there is none)."""

    label: str
    dots: tuple[Dot, ...]
    best: str = ""
    worst: str = ""
    gap: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeChart:
    """A line for each period from the worst group to the best, with the others as dots on it."""

    chart_id: str
    title: str
    rows: tuple[RangeRow, ...]
    format_value: Formatter
    format_tick: Formatter | None = None
    unit: str = ""
    description: str = ""
    floor: Number | None = None
    ceiling: Number | None = None
    footnote: str = ""
    best_label: str = "Best"
    worst_label: str = "Worst"
    # Where no direction is good, the ends are plain dots: neither is an improvement or a concern.
    judged: bool = True
    gap_header: str = "Gap"
    period_header: str = "Period"


@dataclass(frozen=True, slots=True)
class ChartTable:
    """The data table beside a chart. `numeric` holds the columns (from 0) that are read as numbers."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()


AnyChart = LineChart | BarChart | RankedDots | Sparkline | SmallMultiples | SlopeChart | RangeChart
