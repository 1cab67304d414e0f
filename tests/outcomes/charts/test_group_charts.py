"""Small multiples, slopes, ranges, and what lies ahead on a line chart."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest

from outcomes.charts import (
    ChartPoint,
    ComparisonSeries,
    Dot,
    LineChart,
    LineKind,
    Mark,
    Panel,
    PathMark,
    RangeChart,
    RangeRow,
    ReferenceLine,
    Segment,
    SlopeChart,
    SlopeLine,
    SmallMultiples,
    draws_path,
    line_chart,
    range_chart,
    slope_chart,
    small_multiples,
    table_of,
)
from outcomes.charts.palette import MARKS


def say(value):
    return f"{float(value):.1f}%"


def points(*values, **fields):
    return tuple(
        ChartPoint(
            str(2020 + i), date(2020 + i, 12, 31), value, text="" if value is not None else "Hidden", **fields
        )
        for i, value in enumerate(values)
    )


NAMES = ("Most deprived & poorest", "Middle", "Least <deprived>")
VALUES = ((50, 51, 49), (55, None, 57), (60, 62, 66))
MULTIPLES = SmallMultiples(
    chart_id="m",
    title="By fifth",
    panels=tuple(Panel(name, points(*values)) for name, values in zip(NAMES, VALUES, strict=True)),
    reference=ComparisonSeries("Everybody", points(55, 56, 57)),
    format_value=say,
    unit="%",
)
SLOPES = SlopeChart(
    chart_id="s",
    title="Then and now",
    lines=tuple(
        SlopeLine(name, points(v[0])[0], points(v[2])[0], name != "Middle")
        for name, v in zip(NAMES, VALUES, strict=True)
    ),
    first_label="2020",
    last_label="2022",
    format_value=say,
)
RANGES = RangeChart(
    chart_id="r",
    title="Gap",
    rows=(
        RangeRow(
            "2020",
            tuple(Dot(n, v[0]) for n, v in zip(NAMES, VALUES, strict=True)),
            NAMES[2],
            NAMES[0],
            "10.0",
        ),
        RangeRow(
            "2021", tuple(Dot(n, v[1]) for n, v in zip(NAMES, VALUES, strict=True)), note="Hidden: Middle"
        ),
    ),
    format_value=say,
)


@pytest.mark.parametrize("width", [900, 320])
@pytest.mark.parametrize(
    ("draw", "chart"), [(small_multiples, MULTIPLES), (slope_chart, SLOPES), (range_chart, RANGES)]
)
def test_each_is_sound_and_says_in_words_what_it_shows(draw, chart, width):
    svg = draw(chart, width=width)
    root = ElementTree.fromstring(svg)
    assert root.attrib["role"] == "img"
    words = [element.text for element in root.iter() if element.tag.endswith(("title", "desc"))]
    assert words[0] == chart.title
    assert "10.0" in words[1] or "50.0%" in words[1]
    assert "style=" not in svg
    right = [float(x) for x in re.findall(r'<circle cx="([0-9.-]+)"', svg)]
    assert all(0 <= x <= width for x in right)


def test_all_panels_share_one_scale_and_a_hidden_period_breaks_the_line():
    table = table_of(MULTIPLES)
    assert table.headers == ("Period", *NAMES, "Everybody")
    assert table.rows[1] == ("2021", "51.0%", "Hidden", "62.0%", "56.0%")
    svg = small_multiples(MULTIPLES)
    assert "Hidden" not in re.sub(r"<desc.*?</desc>", "", svg)
    assert svg.count("Most deprived &amp; poorest") == 2


def test_no_line_joins_a_period_that_has_no_gap():
    assert table_of(RANGES).rows[1] == ("2021", "", "", "Hidden: Middle")
    assert range_chart(RANGES).count('stroke-width="3"') == 1


@pytest.mark.parametrize("width", [900, 320])
def test_ends_are_plain_dots_where_no_direction_is_good(width):
    neutral = replace(RANGES, judged=False, best_label="Highest group", worst_label="Lowest group")
    svg, judged = range_chart(neutral, width=width), range_chart(RANGES, width=width)
    for kind in (Mark.IMPROVEMENT, Mark.CONCERN):
        assert MARKS[kind].colour in judged
        assert MARKS[kind].colour not in svg
    assert "Highest group, lowest group" in svg
    assert svg.count('stroke-width="3"') == 1


def test_slopes_name_every_group_with_both_figures():
    assert table_of(SLOPES).rows[2] == ("Least <deprived>", "60.0%", "66.0%")
    assert "Middle: 55.0% in 2020, 57.0% in 2022" in slope_chart(SLOPES)


def ahead(**fields):
    return LineChart(
        chart_id="l", title="Line", series_name="Here", points=points(60, 61, 62), format_value=say, **fields
    )


def test_the_way_to_a_target_and_the_forecast_stand_in_the_table_too():
    chart = ahead(
        path=(
            PathMark(date(2020, 12, 31), 60, "Baseline"),
            PathMark(date(2023, 6, 30), 65, "Milestone"),
            PathMark(date(2024, 12, 31), 70, "Target", "70.0%"),
        ),
        forecast=(ChartPoint("2023", date(2023, 12, 31), 63, 61, 65),),
    )
    rows = {row[0]: row for row in table_of(chart).rows}
    assert "Milestone: 65.0%" in rows["30 June 2023"]
    assert "63.0% (61.0% to 65.0%)" in rows["2023"]
    svg = line_chart(chart)
    ElementTree.fromstring(svg)
    assert "70.0% by Dec 2024" in svg
    assert "Milestone: 65.0% by 30 June 2023" in svg


def test_a_target_far_away_does_not_squeeze_what_is_known():
    near, far = (
        line_chart(
            ahead(
                path=(
                    PathMark(date(2020, 12, 31), 60, "Baseline"),
                    PathMark(date(year, 12, 31), 70, "Target"),
                )
            )
        )
        for year in (2024, 2090)
    )
    last = [float(re.findall(r'<circle cx="([0-9.]+)"', svg)[-1]) for svg in (near, far)]
    assert last[1] > 250
    assert "by Dec 2090" in far


def test_one_point_alone_is_no_way():
    assert 'stroke-dasharray="10 4"' not in line_chart(
        ahead(path=(PathMark(date(2024, 12, 31), 70, "Target"),))
    )


TARGET_LINE = ReferenceLine(LineKind.TARGET, (Segment(date(2020, 12, 31), date(2022, 12, 31), 70),))


@pytest.mark.parametrize(
    ("years", "drawn"),
    [
        ((2015, 2018), False),  # all of it before the first figure shown
        ((2015, 2020), False),
        ((2015, 2018, 2023), True),
        ((2021, 2023), True),
        ((2030, 2035), False),  # all of it further away than is drawn
    ],
)
@pytest.mark.parametrize("width", [900, 320])
def test_the_target_is_drawn_as_a_way_or_as_a_level_line_wherever_the_way_lies(years, drawn, width):
    way = tuple(PathMark(date(year, 12, 31), 10 * i, "Target") for i, year in enumerate(years, 6))
    chart = ahead(path=way, references=(TARGET_LINE,))
    svg = line_chart(chart, width=width)
    ElementTree.fromstring(svg)
    assert ('fill="none" stroke="#14202b" stroke-width="2"' in svg) is drawn
    assert draws_path(chart) is drawn
    assert "Target" in re.sub(r"<(desc|title).*?</\1>", "", svg)
    assert ("Target" in table_of(chart).headers) is not drawn
