"""Breakdowns as they are read: as of a day, protected, with the gap in words."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from outcomes.actions.observations import NewObservation, record_observation, record_observations
from outcomes.actions.setting_up import add_group
from outcomes.charts import table_of
from outcomes.models import Measure, MeasureBreakdown, Observation
from outcomes.queries.beside import parts_beside, series_of_places
from outcomes.queries.groups import group_series_for
from outcomes.queries.observations import Wanted, page
from outcomes.renderers.groups import Drawn, gap_table, multiples
from tests.outcomes.groups_world import fifths, groups_of, measure_of, neighbourhood, told
from tests.outcomes.returns_world import make_returns

END = date(2025, 3, 31)


def read(measure, place, as_of=None):
    return group_series_for([measure], place, as_of=as_of or timezone.now())[measure.pk]


def texts(breakdown, year_end):
    return [
        next(f.text for f in one.series.figures if f.period_end.year == year_end) for one in breakdown.groups
    ]


def test_groups_stand_in_their_order_with_the_gap_and_the_slope_in_words(world):
    measure = measure_of(world)
    fifths(world, measure, {2019: (54, 57, 60, 63, 66), 2024: (52, 57, 60, 63, 68)})
    (found,) = read(measure, world.place)
    assert found.groups[0].group.name == "Most deprived fifth"
    assert found.is_in_order
    assert found.gaps.sentence == (
        "In 2024/25 the gap between Least deprived fifth (68.0%) and Most deprived fifth (52.0%) is 16.0 percentage points. "
        "It was 12.0 percentage points in 2019/20, 5 years before. "
        "Without confidence intervals it cannot be told whether that is chance."
    )
    assert "19.0 percentage points higher" in found.gaps.slope_sentence
    assert "each group counting with the number of its people" in found.gaps.slope_sentence


def test_an_earlier_day_knows_what_was_known_then(world):
    measure = measure_of(world)
    fifths(world, measure, {2023: (52, 57, 60, 63, 68)})
    before = timezone.now()
    fifths(world, measure, {2023: (50, 57, 60, 63, 68)})
    assert texts(read(measure, world.place)[0], 2024)[0] == "50.0%"
    assert texts(read(measure, world.place, before)[0], 2024)[0] == "52.0%"
    assert group_series_for([measure], world.place, as_of=before - timedelta(days=1)) == {}


def test_one_small_count_is_not_left_to_be_worked_out(world):
    measure = measure_of(world, name="Children", unit="children", decimals=0, rule="sum", hide_below=5)
    girls, boys, others = groups_of(world, "Sex", ("Girls", "Boys", "Not said"))
    told(world, measure, 2024, [(None, 100, None, None), (girls, 57, None, None), (boys, 40, None, None), (others, 3, None, None)])  # fmt: skip
    (found,) = read(measure, world.place)
    assert texts(found, 2025) == ["57 children", "Hidden", "Hidden"]
    assert found.total.latest.text == "100 children"
    assert found.is_hiding
    hidden = found.groups[1].series.figures[0]
    assert (hidden.value, hidden.numerator, hidden.lower, hidden.marker) == (None, None, None, "c")
    assert found.gaps.periods == ()


def test_a_percentage_is_hidden_with_the_count_that_protects_another(world):
    measure = measure_of(world, hide_below=5)
    a, b, c = groups_of(world, "Ethnicity", ("A", "B", "C"))
    told(world, measure, 2024, [(None, 40, 80, 200), (a, 30, 3, 10), (b, 25, 10, 40), (c, 44.7, 67, 150)])
    (found,) = read(measure, world.place)
    assert texts(found, 2025) == ["Hidden", "Hidden", "44.7%"]
    assert found.gaps.latest.gap is None
    assert found.gaps.sentence == (
        "No gap is worked out for 2024/25, since not every group has a figure (hidden: A, B)."
    )


def test_all_parts_are_hidden_with_a_hidden_total_and_none_where_parts_do_not_add_up(world):
    measure = measure_of(world, name="Children", unit="children", decimals=0, rule="sum", hide_below=5)
    a, b = groups_of(world, "Age", ("Under 5", "5 and over"))
    told(world, measure, 2023, [(None, 4, None, None), (a, 0, None, None), (b, 4, None, None)])
    told(world, measure, 2024, [(None, 60, None, None), (a, 40, None, None), (b, 3, None, None)])
    (found,) = read(measure, world.place)
    assert texts(found, 2024) == ["Hidden", "Hidden"]
    assert texts(found, 2025) == ["Hidden", "Hidden"]
    MeasureBreakdown.objects.create(
        partnership=world.partnership, measure=measure, dimension="Age", adds_up=False
    )
    (found,) = read(measure, world.place)
    assert texts(found, 2025) == ["40 children", "Hidden"]


def test_one_count_that_came_hidden_gets_a_companion(world):
    measure = measure_of(world, name="Children", unit="children", decimals=0, rule="sum", hide_below=5)
    a, b, c = groups_of(world, "Age", ("Under 5", "5 to 11", "12 and over"))
    told(world, measure, 2024, [(None, 90, None, None), (a, None, None, None), (b, 30, None, None), (c, 50, None, None)])  # fmt: skip
    Observation.objects.filter(group=a).update(marker="c")
    (found,) = read(measure, world.place)
    assert texts(found, 2025) == ["Hidden", "Hidden", "50 children"]


def test_groups_are_read_in_a_few_questions_however_many_there_are(world):
    measures = [measure_of(world, name=f"Measure {n}") for n in range(3)]
    fifths(world, measures[0], {2023: (52, 57, 60, 63, 68)})

    def asked():
        with CaptureQueriesContext(connection) as context:
            group_series_for(measures, world.place, as_of=timezone.now())
        return len(context)

    one = asked()
    for measure in measures[1:]:
        fifths(world, measure, {2022: (51, 57, 60, 63, 68), 2023: (52, 57, 60, 63, 68)})
    assert asked() == one <= 4


# --- Places ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def three_places(world):
    measure = measure_of(world, name="Children", unit="children", decimals=0, rule="sum", hide_below=5)
    places = [neighbourhood(world, name) for name in ("Elm", "Oak", "Ash")]
    cells = [(None, 100, None, None), (places[0], 60, None, None), (places[1], 37, None, None), (places[2], 3, None, None)]  # fmt: skip
    told(world, measure, 2024, cells)
    return measure, places


def test_a_hidden_neighbourhood_is_protected_in_every_list_it_stands_in(world, three_places):
    measure, (elm, oak, _) = three_places
    now = timezone.now()
    listed = parts_beside(measure, world.place, as_of=now, period_end=END)
    assert {one.place.name: one.figure.text for one in listed} == {
        "Elm": "60 children",
        "Oak": "Hidden",
        "Ash": "Hidden",
    }
    for chosen in ([oak], [oak, elm], [elm, world.place, oak]):
        found = {
            one.place.name: one.series.latest.text for one in series_of_places(measure, chosen, as_of=now)
        }
        assert found["Oak"] == "Hidden"
    assert series_of_places(measure, [elm], as_of=now)[0].series.latest.text == "60 children"


def test_nothing_is_hidden_beside_places_without_a_small_count(world):
    measure = measure_of(world, name="Children", unit="children", decimals=0, rule="sum", hide_below=5)
    elm, oak = neighbourhood(world, "Elm"), neighbourhood(world, "Oak")
    told(world, measure, 2024, [(None, 15, None, None), (elm, 7, None, None), (oak, 8, None, None)])
    listed = parts_beside(measure, world.place, as_of=timezone.now(), period_end=END)
    assert [one.figure.text for one in listed] == ["7 children", "8 children"]


# --- Groups in their order --------------------------------------------------------------------------------------------
def deprived(world, names, values, positions=None, year=2024):
    """A measure by deprivation with these groups, each of the same number of people."""
    measure = measure_of(world, name=f"Measure by {len(names)} in {year}")
    groups = [
        add_group(partnership=world.partnership, dimension="Deprivation", name=name, position=position)
        for name, position in zip(names, positions or range(1, len(names) + 1), strict=True)
    ]
    told(
        world,
        measure,
        year,
        [(group, value, None, None) for group, value in zip(groups, values, strict=True)],
    )
    return measure


def test_the_slope_follows_the_names_of_groups_that_stand_in_the_order_of_a_file(world):
    measure = deprived(world, ["Q1", "Q5", "Q2", "Q3", "Q4"], [40, 80, 50, 60, 70])
    (found,) = read(measure, world.place)
    assert [one.group.name for one in found.groups] == ["Q1", "Q2", "Q3", "Q4", "Q5"]
    assert found.gaps.latest.slope.difference == pytest.approx(50)
    assert "from one end (Q1) to the other (Q5)" in found.gaps.slope_sentence


@pytest.mark.parametrize(("positions", "drawn"), [((1, 2, 2), False), ((1, 2, 3), True)])
def test_no_slope_is_drawn_where_neither_names_nor_positions_tell_the_order(world, positions, drawn):
    measure = deprived(world, ["Hill", "Vale", "Quay"], [40, 50, 60], positions)
    (found,) = read(measure, world.place)
    assert bool(found.gaps.latest.slope) is drawn
    assert bool(found.gaps.slope_sentence) is drawn
    assert found.gaps.latest.gap.difference == 20


def test_groups_that_only_begin_like_not_known_are_in_the_gap(world):
    measure = measure_of(world)
    some, others, silent = groups_of(
        world, "Disadvantage", ("Disadvantaged", "Not known to be disadvantaged", "Not known")
    )
    told(world, measure, 2024, [(some, 40, None, None), (others, 65, None, None), (silent, 10, None, None)])
    (found,) = read(measure, world.place)
    assert found.gaps.latest.gap.difference == 25


def test_a_slope_says_which_way_it_goes_in_both_periods(world):
    measure = measure_of(world)
    fifths(world, measure, {2019: (60, 58, 56, 54, 52), 2024: (52, 54, 56, 58, 60)})
    (found,) = read(measure, world.place)
    assert "the figure gets 10.0 percentage points higher: the slope index" in found.gaps.slope_sentence
    assert found.gaps.slope_sentence.endswith(
        "It was 10.0 percentage points lower in 2019/20. Whether that difference is more than chance is not worked out."
    )
    cells = gap_table(Drawn(found, "Here")).rows
    assert [row[5] for row in cells] == ["10.0 higher", "10.0 lower"]


def test_a_gap_that_has_turned_round_is_not_the_same(world):
    measure = measure_of(world)
    girls, boys = groups_of(world, "Sex", ("Girls", "Boys"))
    told(world, measure, 2023, [(girls, 70, None, None), (boys, 60, None, None)])
    told(world, measure, 2024, [(girls, 60, None, None), (boys, 70, None, None)])
    (found,) = read(measure, world.place)
    assert found.gaps.sentence == (
        "In 2024/25 the gap between Boys (70.0%) and Girls (60.0%) is 10.0 percentage points. "
        "It was 10.0 percentage points in 2023/24, 1 year before, the other way round, with Girls best. "
        "Without confidence intervals it cannot be told whether that is chance."
    )


def test_a_declared_group_without_any_row_is_missing(world):
    measure = deprived(world, ["Q1", "Q3", "Q5"], [30, 60, 90])
    for name, position in (("Q2", 2), ("Q4", 4)):
        add_group(partnership=world.partnership, dimension="Deprivation", name=name, position=position)
    assert read(measure, world.place)[0].gaps.latest.slope
    MeasureBreakdown.objects.create(
        partnership=world.partnership, measure=measure, dimension="Deprivation", adds_up=False
    )
    (found,) = read(measure, world.place)
    assert (found.gaps.latest.gap, found.gaps.latest.slope) == (None, None)
    assert found.gaps.latest.reason == "No figure: Q2, Q4"
    assert [one.group.name for one in found.groups] == ["Q1", "Q3", "Q5"]


def test_a_group_that_the_measure_has_elsewhere_is_missing_here_and_another_measures_is_not(world):
    measure, elm = measure_of(world), neighbourhood(world, "Elm")
    a, b, c, _ = groups_of(world, "Faith", ("A", "B", "C", "Of another measure"))
    told(world, measure, 2024, [(a, 30, None, None), (b, 40, None, None)])
    assert read(measure, world.place)[0].gaps.latest.gap.difference == 10
    record_observation(
        measure=measure, by=world.officer, place=elm, group=c, period_start=date(2024, 4, 1), period_end=END,
        period_label="2024/25", value=Decimal(50),
    )  # fmt: skip
    assert read(measure, world.place)[0].gaps.latest.reason == "No figure: C"


# --- Partners' parts --------------------------------------------------------------------------------------------------
def of_partner(measure, world, partner, cells, period):
    rows = [
        NewObservation(
            place=world.place, group=group, organisation=partner, period_start=period.starts_on,
            period_end=period.ends_on, period_label=period.name, value=Decimal(value),
        )
        for group, value in cells
    ]  # fmt: skip
    record_observations(measure=measure, rows=rows, by=world.officer)


def test_one_partners_figure_of_a_group_is_not_the_whole_while_another_owes_its_own(world):
    made = make_returns(world)
    cells = [(made.primary, 12), (made.secondary, 20)]
    of_partner(made.children, world, made.trust, cells, made.summer)
    assert texts(read(made.children, world.place)[0], made.summer.ends_on.year) == ["No total", "No total"]
    Measure.objects.filter(pk=made.sessions.pk).update(rule_across_groups="ratio_of_sums")
    made.sessions.refresh_from_db()
    of_partner(made.sessions, world, made.trust, cells, made.summer)
    (found,) = read(made.sessions, world.place)
    figure = found.groups[0].series.figures[0]
    assert (figure.value, figure.provisional, figure.missing) == (12, True, ("Saints Club",))
    assert found.gaps.latest.reason == "Not whole yet: primary, secondary"
    table = table_of(multiples(Drawn(found, "Here"), chart_id="groups"))
    assert table.rows[0][1] == "12 sessions, provisional. Not in it yet: Saints Club"
    of_partner(made.sessions, world, made.club, cells, made.summer)
    (found,) = read(made.sessions, world.place)
    assert [one.series.figures[0].value for one in found.groups] == [24, 40]
    assert found.gaps.latest.gap.difference == 16


def test_a_gap_between_shares_that_lack_a_partner_is_provisional(world):
    made = make_returns(world)
    for group, top in ((made.primary, 12), (made.secondary, 15)):
        record_observation(
            measure=made.attended, by=world.officer, place=world.place, group=group, organisation=made.trust,
            period_start=made.summer.starts_on, period_end=made.summer.ends_on, period_label="Summer",
            value=Decimal(4 * top), numerator=Decimal(top), denominator=Decimal(25),
        )  # fmt: skip
    (found,) = read(made.attended, world.place)
    assert "is 12.0 percentage points, provisional." in found.gaps.sentence


# --- What the pages draw ----------------------------------------------------------------------------------------------
def test_the_total_is_in_the_table_where_the_page_says_so_and_is_not_said_where_there_is_none(world):
    counted = measure_of(world, name="Children", unit="children", decimals=0, rule="sum")
    girls, boys = groups_of(world, "Sex", ("Girls", "Boys"))
    told(world, counted, 2024, [(girls, 57, None, None), (boys, 40, None, None)])
    chart = multiples(Drawn(read(counted, world.place)[0], "Here"), chart_id="groups")
    assert chart.footnote == ""
    told(world, counted, 2024, [(None, 97, None, None)])
    chart = multiples(Drawn(read(counted, world.place)[0], "Here"), chart_id="groups")
    assert chart.footnote.startswith("The total is in the table")
    assert chart.reference is None
    assert table_of(chart).headers == ("Period", "Girls", "Boys", "Here, everybody")
    assert table_of(chart).rows == (("2024/25", "57 children", "40 children", "97 children"),)
    share = measure_of(world)
    told(world, share, 2024, [(None, 55, None, None), (girls, 57, None, None)])
    chart = multiples(Drawn(read(share, world.place)[0], "Here"), chart_id="groups")
    assert (chart.footnote, chart.reference.name) == ("", "Here, everybody")


def test_counts_on_top_of_percentages_are_protected_though_the_percentages_do_not_add_up(world):
    measure = measure_of(world, hide_below=5)
    girls, boys = groups_of(world, "Sex", ("Girls", "Boys"))
    told(world, measure, 2024, [(None, 20, 20, 100), (girls, 34, 17, 50), (boys, 6, 3, 50)])
    MeasureBreakdown.objects.create(
        partnership=world.partnership, measure=measure, dimension="Sex", adds_up=False
    )
    (found,) = read(measure, world.place)
    assert texts(found, 2025) == ["Hidden", "Hidden"]
    wanted = Wanted(partnership=world.partnership, measure_ids=(measure.pk,), as_of=timezone.now())
    in_api = {row["group_name"]: row["hidden"] for row in page(wanted, after=0, limit=10)}
    assert in_api == {None: False, "Girls": True, "Boys": True}
