"""Charts: well-formed, escaped, accessible, honest about gaps and axes, and the same every time."""

import xml.etree.ElementTree as ET
from datetime import date

import pytest

from outcomes.charts import (
    Annotation,
    Bar,
    BarChart,
    ChartPoint,
    ComparisonSeries,
    Dot,
    LineChart,
    LineKind,
    Mark,
    RankedDots,
    ReferenceLine,
    Segment,
    Sparkline,
    bar_chart,
    line_chart,
    ranked_dots,
    sparkline,
    table_of,
)

SVG = "{http://www.w3.org/2000/svg}"
NASTY = '</title><script>alert("x")</script>&<b>'


def month(index):
    return date(2023 + index // 12, index % 12 + 1, 28)


def point(index, value, **fields):
    return ChartPoint(label=f"M{index}", date=month(index), value=value, **fields)


def line(points, **fields):
    fields = {
        "chart_id": "c",
        "title": "Walks",
        "series_name": "Testborough",
        "format_value": lambda v: f"{v:g}",
    } | fields
    return LineChart(points=tuple(points), **fields)


def dots(rows, **fields):
    fields = {"chart_id": "d", "title": "Places", "format_value": lambda v: f"{v:g}"} | fields
    return RankedDots(dots=tuple(rows), **fields)


def bars(rows, **fields):
    fields = {"chart_id": "b", "title": "By kind", "format_value": lambda v: f"{v:g}"} | fields
    return BarChart(bars=tuple(rows), **fields)


def spark(values, **fields):
    return Sparkline(**{"chart_id": "s", "title": "Course", "values": tuple(values)} | fields)


FULL = line(
    [
        point(i, 40 + i % 7, mark=Mark.CONCERN if i > 20 else Mark.COMMON, provisional=i > 22)
        for i in range(24)
    ],
    references=(
        ReferenceLine(LineKind.MEAN, (Segment(month(0), month(23), 43),)),
        ReferenceLine(LineKind.UPPER, (Segment(month(0), month(23), 50),)),
        ReferenceLine(LineKind.TARGET, (Segment(month(0), month(23), 60),)),
    ),
    comparisons=(ComparisonSeries("England", tuple(point(i, 45) for i in range(24))),),
    annotations=(Annotation(month(5), "New counters"),),
)
DRAWINGS = {
    "full": line_chart(FULL),
    "narrow": line_chart(FULL, width=320),
    "one point": line_chart(line([point(0, 5)])),
    "no point": line_chart(line([])),
    "only hidden": line_chart(line([point(0, None, text="Hidden"), point(1, None, text="Hidden")])),
    "constant": line_chart(line([point(i, 3) for i in range(8)])),
    "negative": line_chart(line([point(i, i - 4) for i in range(8)])),
    "huge": line_chart(line([point(i, 10**12 + i) for i in range(8)])),
    "nasty": line_chart(
        line([point(i, i, note=NASTY) for i in range(3)], title=NASTY, series_name=NASTY, description=NASTY)
    ),
    "dots": ranked_dots(
        dots(
            [Dot("A", 3, 2, 4, True), Dot("B", 5), Dot("C", None, text="Hidden")],
            reference_label="England",
            reference_value=4,
        )
    ),
    "nasty dots": ranked_dots(dots([Dot(NASTY * 5, 3)])),
    "bars": bar_chart(bars([Bar("A", 3), Bar("B", 0), Bar("C", None)])),
    "nasty bars": bar_chart(bars([Bar(NASTY, 3)])),
    "spark": sparkline(spark([1, None, 3, 4], target=5, mark=Mark.IMPROVEMENT)),
    "empty spark": sparkline(spark([])),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_drawing_is_well_formed_named_and_needs_no_style_sheet(name):
    tree = ET.fromstring(DRAWINGS[name])
    assert tree.get("role") == "img"
    named = tree.get("aria-labelledby").split()
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert set(named) <= set(ids)
    assert tree.find(f"{SVG}title") is not None
    assert tree.find(f"{SVG}desc") is not None
    for element in tree.iter():
        assert element.get("style") is None
        assert element.get("class") is None
        assert not any(attribute.lower().startswith("on") for attribute in element.attrib)
        assert not element.tag.endswith(("script", "foreignObject", "style"))


@pytest.mark.parametrize("name", ["nasty", "nasty dots", "nasty bars"])
def test_what_people_wrote_is_never_markup(name):
    assert "<script" not in DRAWINGS[name]
    assert "<b>" not in DRAWINGS[name]


@pytest.mark.parametrize("name", DRAWINGS)
def test_everything_drawn_lies_inside_the_drawing(name):
    tree = ET.fromstring(DRAWINGS[name])
    _, _, width, height = map(float, tree.get("viewBox").split())
    for element in tree.iter():
        for attribute, limit in (
            ("x", width),
            ("x1", width),
            ("x2", width),
            ("cx", width),
            ("y", height),
            ("cy", height),
        ):
            if (value := element.get(attribute)) and element.tag != tree.tag and "%" not in value:
                assert -1 <= float(value) <= limit + 1, (element.tag, attribute, value)


def test_a_gap_is_a_gap_and_not_a_nought():
    with_gap = ET.fromstring(
        line_chart(line([point(0, 5), point(1, 6), point(2, None), point(3, 7), point(4, 8)]))
    )
    whole = ET.fromstring(
        line_chart(line([point(0, 5), point(1, 6), point(2, 6.5), point(3, 7), point(4, 8)]))
    )

    def strokes(tree):
        return len(
            [e for e in tree.iter() if e.tag in {f"{SVG}path", f"{SVG}polyline"} and e.get("fill") == "none"]
        )

    assert strokes(with_gap) == strokes(whole) + 1


def test_an_axis_that_does_not_start_at_nought_says_so():
    assert "not at zero" in line_chart(line([point(i, 60 + i) for i in range(6)]))
    assert "not at zero" not in line_chart(line([point(i, i) for i in range(6)]))


def test_marks_differ_by_more_than_colour():
    shapes = {}
    for mark in (Mark.COMMON, Mark.IMPROVEMENT, Mark.CONCERN, Mark.NEUTRAL):
        tree = ET.fromstring(line_chart(line([point(i, i, mark=mark) for i in range(3)])))
        shapes[mark] = sorted(
            {(e.tag, e.text) for e in tree.iter() if e.tag == f"{SVG}text" and e.text in {"I", "C", "N"}}
            | {(e.tag, None) for e in tree.iter() if e.tag in {f"{SVG}circle", f"{SVG}rect", f"{SVG}polygon"}}
        )
    assert len({tuple(map(str, shape)) for shape in shapes.values()}) == 4


def test_the_table_says_what_the_chart_shows():
    table = table_of(line([point(0, 5), point(1, None, text="Hidden"), point(2, 7, provisional=True)]))
    words = [" ".join(row) for row in table.rows]
    assert "5" in words[0]
    assert "Hidden" in words[1]
    assert "rovisional" in words[2]


def test_places_are_ranked_and_those_without_a_figure_come_last():
    table = table_of(dots([Dot("Low", 1), Dot("None", None, text="Hidden"), Dot("High", 9)]))
    names = [next(cell for cell in row if cell in {"Low", "None", "High"}) for row in table.rows]
    assert names == ["High", "Low", "None"]


def test_the_same_chart_is_drawn_the_same_every_time():
    assert line_chart(FULL) == line_chart(FULL)
    assert line_chart(FULL) != line_chart(FULL, width=320)


def test_a_phone_gets_letters_that_can_be_read():
    tree = ET.fromstring(line_chart(FULL, width=320))
    assert float(tree.get("width")) == 320
    sizes = [float(e.get("font-size")) for e in tree.iter() if e.get("font-size")]
    assert min(sizes) >= 11
