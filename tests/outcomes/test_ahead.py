"""What comes if nothing changes, and where nothing may be said of it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from outcomes.actions.observations import NewObservation, record_observations
from outcomes.queries.ahead import ahead_of
from outcomes.queries.readings import readings_for
from outcomes.queries.rebasing import rebased
from tests.outcomes.groups_world import measure_of, told


def ahead(world, measure):
    return ahead_of(readings_for([measure], world.place, as_of=timezone.now())[measure.pk])


def months(world, measure, values):
    rows = []
    for n, value in enumerate(values):
        year, month = 2022 + n // 12, n % 12 + 1
        end = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        label = f"{date(year, month, 1):%B %Y}"
        rows.append(NewObservation(world.place, date(year, month, 1), end, label, Decimal(str(value))))
    record_observations(measure=measure, rows=rows, by=world.officer)


def test_a_straight_line_is_carried_on_with_the_names_of_its_periods(world):
    measure = measure_of(world)
    for n in range(8):
        told(world, measure, 2015 + n, [(None, 60 + n + n % 2, None, None)])
    found = ahead(world, measure)
    assert [point.label for point in found.points] == ["2023/24", "2024/25", "2025/26"]
    assert found.points[0].lower < found.points[0].value < found.points[0].upper
    assert found.points[-1].period_end == date(2026, 3, 31)
    assert "There are only 8 past figures" in found.sentence


def test_a_share_is_never_forecast_beyond_what_it_can_be(world):
    measure = measure_of(world)
    for n in range(10):
        told(world, measure, 2010 + n, [(None, 80 + 2 * n + n % 2, None, None)])
    found = ahead(world, measure)
    assert all(point.upper <= 100 and point.value <= 100 for point in found.points)


def test_few_figures_and_gaps_between_steps_are_refused(world):
    measure = measure_of(world)
    told(world, measure, 2020, [(None, 60, None, None)])
    found = ahead(world, measure)
    assert found.points == ()
    assert "needs 5 figures or more" in found.sentence


def test_limits_speak_for_a_stable_chart_and_nothing_for_one_that_changes(world):
    stable = measure_of(world, name="Stable", frequency="month", rule="latest")
    months(world, stable, [50 + (n * 7) % 5 for n in range(24)])
    found = ahead(world, stable)
    assert found.points == ()
    assert "nearly all of the figures to come will lie between" in found.sentence
    rising = measure_of(world, name="Rising", frequency="month", rule="latest")
    months(world, rising, [50 + (n * 7) % 5 for n in range(20)] + [80, 81, 82, 83])
    assert "Nothing is forecast" in ahead(world, rising).sentence


def test_what_is_counted_on_one_day_is_forecast_for_that_day(world):
    measure = measure_of(world, name="Census", unit="people", decimals=0, rule="latest")
    rows = [
        NewObservation(world.place, day, day, f"January {day.year}", Decimal(100 + n + n % 2))
        for n in range(6)
        for day in [date(2019 + n, 1, 18)]
    ]
    record_observations(measure=measure, rows=rows, by=world.officer)
    assert [(p.label, p.period_end) for p in ahead(world, measure).points] == [
        (f"18 January {year}", date(year, 1, 18)) for year in (2025, 2026, 2027)
    ]


def test_limits_that_are_not_firm_or_have_no_width_promise_nothing(world):
    measure = measure_of(world, name="Rebased", frequency="month", rule="latest")
    months(world, measure, [50 + (n * 7) % 5 for n in range(24)])
    reading = readings_for([measure], world.place, as_of=timezone.now())[measure.pk]
    ends = [figure.period_end for figure in reading.series.figures]
    for at, says in (
        (ends[-1], "there is one figure since the limits began anew"),
        (ends[-2], "2 figures stand behind the limits on the chart, and 13 are needed"),
        (ends[-12], "12 figures stand behind the limits"),
        (ends[-13], "nearly all of the figures to come will lie between"),
    ):
        found = ahead_of(rebased(reading, at=at))
        assert says in found.sentence
        assert ("nearly all" in found.sentence) is (at == ends[-13])
        assert "more than chance" not in found.sentence
    constant = measure_of(world, name="Constant", frequency="month", rule="latest")
    months(world, constant, [5] * 14)
    assert "every figure behind the limits is 5.0%" in ahead(world, constant).sentence


def test_a_running_total_has_no_limits_and_no_forecast(world):
    measure = measure_of(world, name="So far", unit="people", frequency="month", rule="sum")
    months(world, measure, [10 * n + n % 2 for n in range(24)])
    measure.is_running_total = True
    reading = readings_for([measure], world.place, as_of=timezone.now())[measure.pk]
    for one in (reading, rebased(reading)):
        assert one.judgement.spc is None
        assert "Each counts everything so far" in one.judgement.method.sentence
        found = ahead_of(one)
        assert found.points == ()
        assert "each figure counts everything so far" in found.sentence
