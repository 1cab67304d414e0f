"""Breakdowns as they are read: as of a day, protected, with the gap in words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from outcomes.models import MeasureBreakdown, Observation
from outcomes.queries.beside import parts_beside, series_of_places
from outcomes.queries.groups import group_series_for
from tests.outcomes.groups_world import fifths, groups_of, measure_of, neighbourhood, told

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
