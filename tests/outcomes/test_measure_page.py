"""The measure page: where, since when and as known when stand in the address; groups, parts, places, files."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from outcomes.actions.targets import set_target
from outcomes.charts.palette import MAIN
from outcomes.models import TargetKind
from partnerships.models import Place, PlaceKind
from tests.outcomes.groups_world import fifths, groups_of, measure_of, neighbourhood, told

# Not quite a straight line, as no real series is: what lies on one exactly has no forecast.
YEARS = {2014 + n: (50 + n, 55 + n, 60 + n + n % 3, 63 + n, 66 + n) for n in range(10)}


@pytest.fixture
def measure(world):
    made = measure_of(world)
    fifths(world, made, YEARS)
    return made


def url(world, measure, name="measure", *more, **query):
    address = reverse(name, args=[world.partnership.slug, measure.slug, *more])
    return address + "?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else address


def page(as_, world, measure, name="measure", *more, who="chair", **query):
    answer = as_(who).get(url(world, measure, name, *more, **query))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_shows_groups_the_gap_and_what_comes(as_, world, measure):
    html = page(as_, world, measure)
    assert "By deprivation" in html
    assert "the gap between Least deprived fifth" in html
    assert "If nothing changes" in html
    assert "A straight line through 10 past figures" in html
    assert "The dots with the grey band" in html
    assert html.count('id="measure"') == 1


def test_the_forecast_can_be_left_out_and_the_period_cut(as_, world, measure):
    html = page(as_, world, measure, forecast="no", **{"from": "2021-01-01"})
    assert "If nothing changes" not in html
    start = html.index('id="measure"')
    chart = html[start : html.index("</svg>", start)]
    assert "2020/21" in chart
    assert "2015/16" not in chart
    text = as_("chair").get(url(world, measure, "measure-data", periods=5)).content.decode()
    assert text.count("\n") == 6
    assert "2019/20" in text


def test_a_way_to_the_target_is_drawn_with_its_milestones(as_, world, measure):
    for kind, day, value in (
        (TargetKind.BASELINE, date(2020, 3, 31), 58),
        (TargetKind.MILESTONE, date(2024, 3, 31), 66),
        (TargetKind.TARGET, date(2026, 3, 31), 70),
    ):
        set_target(
            measure=measure, place=world.place, due_on=day, value=Decimal(value), kind=kind, by=world.manager
        )
    html = page(as_, world, measure)
    assert "The long dashes with hollow rings" in html
    assert "Baseline: 58.0%" in html
    assert "70.0% by Mar 2026" in html


@pytest.mark.parametrize("days", [(2014, 2016), (2040, 2044)])
def test_a_way_outside_the_chart_leaves_the_target_as_a_level_line(as_, world, measure, days):
    for kind, year in zip((TargetKind.MILESTONE, TargetKind.TARGET), days, strict=True):
        set_target(
            measure=measure, place=world.place, due_on=date(year, 3, 31), value=Decimal(70), kind=kind,
            by=world.manager,
        )  # fmt: skip
    html = page(as_, world, measure, periods=5)
    assert "The long dashes with hollow rings" not in html
    assert "it is met or missed by chance" in html
    start = html.index('id="measure"')
    assert "70.0%" in html[start : html.index("</svg>", start)]


def test_another_place_of_the_partnership_and_no_other(as_, world, measure):
    elm = neighbourhood(world, "Elm")
    told(world, measure, 2023, [(elm, 44, 44, 100)])
    told(world, measure, 2022, [(world.elsewhere, 71, 71, 100)])
    assert "44.0%" in page(as_, world, measure, place=elm.pk)
    inside = page(as_, world, measure)
    assert "Inside Testborough" in inside
    for forged in (world.elsewhere.pk, 0, "abc", 10**30):
        assert as_("chair").get(url(world, measure, place=forged)).status_code == 404


def test_a_malformed_day_is_said_and_left_out(as_, world, measure):
    html = page(as_, world, measure, as_of="31-31-2020", periods=7)
    assert "was not understood" in html
    earlier = (timezone.localdate() - timedelta(days=3)).isoformat()
    assert "No figure has been entered" in page(as_, world, measure, as_of=earlier)


def test_a_neighbourhood_that_is_hidden_in_the_list_is_hidden_on_its_own_page(as_, world):
    counted = measure_of(world, name="Children", unit="children", decimals=0, rule="sum", hide_below=5)
    elm, oak, ash = (neighbourhood(world, name) for name in ("Elm", "Oak", "Ash"))
    cells = [(None, 1600, None, None), (elm, 860, None, None), (oak, 737, None, None), (ash, 3, None, None)]
    told(world, counted, 2023, cells)
    for html in (
        page(as_, world, counted, place=oak.pk),
        page(as_, world, counted),
        page(as_, world, counted, "measure-compare", place=oak.pk),
        page(as_, world, counted, "measure-places-data"),
    ):
        assert "737" not in html
    assert "860" in page(as_, world, counted)


def test_the_page_of_a_breakdown_has_every_chart_and_the_gap_of_each_period(as_, world, measure):
    group = measure.observations.exclude(group=None).first().group_id
    html = page(as_, world, measure, "measure-groups", group)
    for part in ("Each group", "Then and now", "The gap over time", "Slope index", "Download the groups"):
        assert part in html
    assert html.count('role="img"') == 6
    assert as_("chair").get(url(world, measure, "measure-groups", 10**9)).status_code == 404
    other = measure_of(world, name="Another")
    assert as_("chair").get(url(world, other, "measure-groups", group)).status_code == 404


def test_the_slope_brings_out_the_gap_of_the_period_that_it_draws(as_, world, measure):
    groups = fifths(world, measure, {2024: (50, 80, 60, 40, 66)})
    # The next year has no figure of one group yet, so no gap: the chart ends, and its colours follow, a year before.
    told(world, measure, 2025, [(group, 60, 600, 1000) for group in groups[1:]])
    html = page(as_, world, measure, "measure-groups", groups[0].pk)
    assert "No gap is worked out for 2025/26" in html
    start = html.index('id="slopes"')
    chart = html[start : html.index("</svg>", start)]
    assert "ends of the gap in 2024/25 are drawn in blue" in chart.replace("</text>", "")
    assert len(re.findall(rf'<text [^>]*fill="{MAIN}"[^>]*>(?:Second fifth|Fourth fifth)', chart)) == 2


def test_counts_of_groups_are_no_gap(as_, world):
    counted = measure_of(world, name="Children", unit="children", decimals=0, rule="sum")
    groups = fifths(world, counted, {2022: (10, 20, 30, 40, 50), 2023: (11, 20, 30, 40, 50)})
    html = page(as_, world, counted, "measure-groups", groups[0].pk)
    assert "no gap between them is worked out" in html
    assert "The gap over time" not in html


def test_places_are_compared_from_the_address(as_, world, measure):
    england = Place.objects.create(name="England", kind=PlaceKind.NATION, code="E92000001")
    others = [neighbourhood(world, f"Place {n}") for n in range(7)]
    for place in (england, *others):
        told(world, measure, 2023, [(place, 61, 61, 100)])
    assert "England" in page(as_, world, measure, "measure-compare")
    address = url(world, measure, "measure-compare")
    chosen = "&".join(f"place={one.pk}" for one in others[:2])
    html = as_("chair").get(f"{address}?{chosen}").content.decode()
    assert "Active adults: Place 0, Place 1" in html
    many = "&".join(f"place={one.pk}" for one in others)
    assert "Choose 6 places at most. You chose 7." in as_("chair").get(f"{address}?{many}").content.decode()
    html = as_("chair").get(f"{address}?place={world.elsewhere.pk}").content.decode()
    assert "One of the places has no figures" in html
    assert "Otherborough" not in html


@pytest.mark.parametrize(
    ("name", "begins", "kind"),
    [
        ("measure-chart", b"<svg", "image/svg+xml"),
        ("measure-picture", b"\x89PNG\r\n", "image/png"),
        ("measure-groups-data", b"\xef\xbb\xbfdimension,group", "text/csv"),
        ("measure-places-data", b"\xef\xbb\xbfplace,place_code", "text/csv"),
    ],
)
def test_files_to_take_away(as_, world, measure, name, begins, kind):
    answer = as_("observer").get(url(world, measure, name))
    assert answer.content.startswith(begins)
    assert answer["Content-Type"].startswith(kind)
    assert "attachment" in answer["Content-Disposition"]


@pytest.mark.parametrize("name", ["measure-compare", "measure-picture", "measure-groups-data"])
def test_strangers_find_nothing_and_others_sign_in(as_, client, world, measure, name):
    assert as_("stranger").get(url(world, measure, name)).status_code == 404
    assert client.get(url(world, measure, name)).status_code == 302


def test_a_part_of_the_place_is_not_split_into_groups_where_small_counts_are_hidden(as_, world):
    counted = measure_of(world, name="Children", unit="children", decimals=0, rule="sum", hide_below=5)
    girls, boys = groups_of(world, "Sex", ("Girls", "Boys"))
    elm = neighbourhood(world, "Elm")
    told(world, counted, 2023, [(None, 1700, None, None), (girls, 963, None, None), (boys, 737, None, None)])
    told(world, counted, 2023, [(elm, 860, None, None)])
    for group, count in ((girls, 432), (boys, 428)):
        copy = counted.observations.get(group=group)
        copy.pk, copy.place, copy.value = None, elm, count
        copy.save(force_insert=True)
    assert "963" in page(as_, world, counted)
    html = page(as_, world, counted, place=elm.pk)
    assert "860" in html
    assert "Groups are shown for Testborough as a whole only" in html
    assert "428" not in html + page(as_, world, counted, "measure-groups-data", place=elm.pk)
    answer = as_("chair").get(url(world, counted, "measure-groups", girls.pk, place=elm.pk))
    assert answer.url == url(world, counted, place=elm.pk)
    assert (
        as_("chair").get(url(world, counted, "remark-new", place=elm.pk, group=girls.pk)).status_code == 404
    )
    counted.hide_below = None
    counted.save()
    assert "428" in page(as_, world, counted, place=elm.pk)
