"""Charts as SVG, for the page and for the PDF: give a frozen description, get a drawing, and `table_of` it."""

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
    RankedDots,
    ReferenceLine,
    Segment,
    Sparkline,
)
from .dots import ranked_dots
from .lines import line_chart
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
    "RankedDots",
    "ReferenceLine",
    "Segment",
    "Sparkline",
    "bar_chart",
    "line_chart",
    "ranked_dots",
    "sparkline",
    "table_of",
]
