"""Charts as SVG, for the page and for the PDF: give a frozen description, get a drawing, and `table_of` it."""

from .ahead import draws_path, with_one_target
from .bars import bar_chart
from .data import (
    Annotation,
    Bar,
    BarChart,
    ChartPoint,
    ChartTable,
    ComparisonSeries,
    Direction,
    Dot,
    Interval,
    LineChart,
    LineKind,
    Mark,
    NoteKind,
    Panel,
    PathMark,
    RangeChart,
    RangeRow,
    RankedDots,
    ReferenceLine,
    Segment,
    SlopeChart,
    SlopeLine,
    SmallMultiples,
    Sparkline,
)
from .dots import ranked_dots
from .lines import line_chart
from .multiples import small_multiples
from .ranges import range_chart
from .slopes import slope_chart
from .sparklines import sparkline
from .tables import table_of

__all__ = [
    "Annotation",
    "Bar",
    "BarChart",
    "ChartPoint",
    "ChartTable",
    "ComparisonSeries",
    "Direction",
    "Dot",
    "Interval",
    "LineChart",
    "LineKind",
    "Mark",
    "NoteKind",
    "Panel",
    "PathMark",
    "RangeChart",
    "RangeRow",
    "RankedDots",
    "ReferenceLine",
    "Segment",
    "SlopeChart",
    "SlopeLine",
    "SmallMultiples",
    "Sparkline",
    "bar_chart",
    "draws_path",
    "line_chart",
    "range_chart",
    "ranked_dots",
    "slope_chart",
    "small_multiples",
    "sparkline",
    "table_of",
    "with_one_target",
]
