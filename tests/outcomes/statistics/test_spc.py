"""SPC by hand: every number here can be checked with a pencil. The published charts are in test_spc_cases.py."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.statistics.spc import (
    NEAR_FACTOR,
    Assurance,
    Edge,
    Kind,
    Label,
    RebaseError,
    Variation,
    analyse,
    assurance,
    rebase_problem,
)
from outcomes.statistics.spc_rules import run_completions, spread_back, trend_completions, two_of_three


def days(n, start=date(2024, 1, 1)):
    return [start + timedelta(days=30 * i) for i in range(n)]


def chart(values, direction="up", **settings):
    return analyse(days(len(values)), values, direction, **settings)


def lines(result, i=0):
    s = result.segments[i]
    return pytest.approx((s.mean, s.lower, s.upper, s.near_lower, s.near_upper))


def test_mean_limits_and_near_lines():
    # Moving ranges 2, 1, 2, 1: mean 1.5; 2.66 × 1.5 = 3.99; two thirds of it 2.66.
    assert lines(chart([10, 12, 11, 13, 12])) == (11.6, 7.61, 15.59, 8.94, 14.26)


WITH_OUTLIER = [10, 12, 10, 12, 10, 12, 10, 12, 10, 12, 40, 12, 10, 12, 10, 12]


def test_screening_drops_large_moving_ranges_but_no_point():
    # 13 ranges of 2 and two of 28: mean 82 / 15, bound 17.9; kept 2. Mean of all points 206 / 16.
    screened = chart(WITH_OUTLIER).segments[0]
    assert (screened.mean, screened.lower, screened.upper) == pytest.approx((12.875, 7.555, 18.195))
    unscreened = chart(WITH_OUTLIER, screen=False).segments[0]
    assert (unscreened.lower, unscreened.upper) == pytest.approx(
        (12.875 - 2.66 * 82 / 15, 12.875 + 2.66 * 82 / 15)
    )
    assert chart(WITH_OUTLIER).labels[10] is Label.ABOVE_LIMIT
    assert screened.edge is unscreened.edge is None


def test_screening_starts_at_3_267_times_the_mean_moving_range():
    # Twelve ranges of 1 and one of 4.2: 3.37 times their mean. One of 3.9 is 3.19 times.
    assert chart([0, 1] * 6 + [0, 4.2]).segments[0].upper == pytest.approx(10.2 / 14 + 2.66)
    assert chart([0, 1] * 6 + [0, 3.9]).segments[0].upper == pytest.approx(9.9 / 14 + 2.66 * 15.9 / 13)


def test_a_moving_range_on_the_bound_is_screened(monkeypatch):
    # With a factor of 2 the bound of ranges 1, 1, 1, 3 is exactly 3.
    monkeypatch.setattr("outcomes.statistics.spc.SCREEN_FACTOR", 2)
    assert chart([0, 1, 0, 1, 4]).segments[0].upper == pytest.approx(6 / 5 + 2.66)


def test_screening_is_done_once():
    # Ranges 1 (twelve times), 10 and 100: the bound of the first round drops 100; one of a second would drop 10.
    values = [0, 1] * 6 + [0, 10, 110]
    kept = [1] * 12 + [10]
    assert chart(values).segments[0].upper == pytest.approx(sum(values) / 15 + 2.66 * sum(kept) / 13)


def test_limits_fixed_after_n_points_judge_the_rest():
    result = chart([10, 12, 10, 12, 20, 11, 2], fix_after_n_points=4)
    assert lines(result) == (11, 5.68, 16.32, 11 - 2 * NEAR_FACTOR, 11 + 2 * NEAR_FACTOR)
    assert [result.labels[4], result.labels[5], result.labels[6]] == [
        Label.ABOVE_LIMIT,
        Label.COMMON_CAUSE,
        Label.BELOW_LIMIT,
    ]
    assert result.segments[0].baseline == 4
    assert result.trial


def test_a_rebase_starts_new_lines_and_no_moving_range_crosses_it():
    result = analyse(days(8), [10, 12, 10, 12, 50, 52, 50, 52], "up", rebases=[days(8)[4]])
    assert [(s.start, s.end) for s in result.segments] == [(0, 4), (4, 8)]
    assert lines(result, 1) == (51, 45.68, 56.32, 51 - 2 * NEAR_FACTOR, 51 + 2 * NEAR_FACTOR)
    assert result.segment_of(3) is result.segments[0]
    assert result.segment_of(4) is result.latest_segment


def test_a_rebase_needs_a_point():
    with pytest.raises(RebaseError, match="2 January 2024: there is no point"):
        analyse(days(3), [1, 2, 3], "up", rebases=[date(2024, 1, 2)])
    with pytest.raises(RebaseError):
        analyse(days(3), [1, None, 3], "up", rebases=[days(3)[1]])
    assert "no point at 31 January 2024" in rebase_problem(days(3), [1, None, 3], days(3)[1])
    assert rebase_problem(days(3), [1, 2, 3], days(3)[1]) is None


def test_runs_do_not_cross_a_rebase():
    values = [0, 40, 0, 40, 21, 22, 23, 24, 25, 26, 27, 28]
    whole = chart(values, fix_after_n_points=4)
    assert whole.labels[4:] == (Label.RISING,) * 8
    split = analyse(days(12), values, "up", fix_after_n_points=4, rebases=[days(12)[8]])
    assert Label.RISING not in split.labels


WAVE = [
    1,
    3,
    1,
    3,
    1,
    3,
    1,
    -1,
    -3,
    -1,
    -3,
    -1,
    -3,
    -1,
]  # mean 0, moving ranges 2: limits ±5.32, near lines ±3.55


def test_seven_on_one_side_are_a_shift_and_all_are_marked():
    assert chart(WAVE).labels == (Label.SHIFT_ABOVE,) * 7 + (Label.SHIFT_BELOW,) * 7
    nine = chart([40, 0, 40, 0, 21, 23, 21, 23, 21, 23, 21, 23, 21, 19], fix_after_n_points=4)
    assert nine.labels[4:] == (Label.SHIFT_ABOVE,) * 9 + (Label.COMMON_CAUSE,)


def test_six_on_one_side_are_none_and_a_point_on_the_mean_breaks_a_run():
    assert set(chart([1, 3, 1, 3, 1, 3, -1, -3, -1, -3, -1, -3]).labels) == {Label.COMMON_CAUSE}
    assert set(chart([1, 3, 1, 0, 1, 3, 1, -1, -3, -1, 0, -1, -3, -1]).labels) == {Label.COMMON_CAUSE}


def test_the_run_length_is_a_setting():
    short = chart([1, 3, 1, 3, 1, 3, -1, -3, -1, -3, -1, -3], run_length=6)
    assert set(short.labels) == {Label.SHIFT_ABOVE, Label.SHIFT_BELOW}


WIDE = [0, 40, 0, 40]  # a baseline with mean 20, limits 20 ± 106.4


def test_a_trend_needs_six_differences_of_one_sign():
    rising = chart([*WIDE, 21, 22, 23, 24, 25, 26, 27], fix_after_n_points=4)
    assert rising.labels[4:] == (Label.RISING,) * 7
    tie = chart([*WIDE, 21, 22, 23, 23, 24, 25, 26, 5], fix_after_n_points=4)
    assert Label.RISING not in tie.labels
    falling = chart([*WIDE, 27, 26, 25, 24, 23, 22, 21], fix_after_n_points=4)
    assert falling.labels[4:] == (Label.FALLING,) * 7


def test_the_point_where_trends_meet_belongs_to_the_later():
    values = [*WIDE, 1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1]
    labels = chart(values, fix_after_n_points=4).labels
    assert labels[4:10] == (Label.RISING,) * 6
    assert labels[10:] == (Label.FALLING,) * 7


def test_a_rising_trend_below_the_mean_is_still_improvement():
    result = chart([*WIDE, 1, 2, 3, 4, 5, 6, 7], fix_after_n_points=4)
    assert result.kinds[4:] == (Kind.IMPROVEMENT,) * 7
    assert result.variation is Variation.IMPROVEMENT_HIGH


NARROW = [8.5, 11.5, 8.5, 11.5]  # mean 10, limits 10 ± 7.98, near lines 10 ± 5.32


@pytest.mark.parametrize(
    ("more", "marks"),
    [
        ([16, 11, 16], ["two_of_three_above", "common_cause", "two_of_three_above"]),
        ([16, 9, 16], ["common_cause", "common_cause", "common_cause"]),
        ([19, 16, 11], ["above_limit", "common_cause", "common_cause"]),
        ([19, 16, 16], ["above_limit", "two_of_three_above", "two_of_three_above"]),
        ([4, 4, 12], ["common_cause", "common_cause", "common_cause"]),
        ([4, 4, 9], ["two_of_three_below", "two_of_three_below", "common_cause"]),
    ],
)
def test_two_of_three_close_to_a_limit(more, marks):
    assert list(chart([*NARROW, *more], fix_after_n_points=4).labels[4:]) == marks


def test_the_first_rule_that_applies_gives_the_label():
    outside = chart([*WIDE, 30, 50, 70, 90, 110, 120, 130], fix_after_n_points=4).labels
    assert outside[4:] == (Label.RISING,) * 6 + (Label.ABOVE_LIMIT,)
    trend = chart([*NARROW, 10.5, 11, 11.5, 12, 12.5, 15.5, 16], fix_after_n_points=4).labels
    assert trend[-2:] == (Label.RISING, Label.RISING)
    close = chart([*NARROW, 11, 12, 11, 12, 11, 16, 16], fix_after_n_points=4).labels
    assert close[-3:] == (Label.SHIFT_ABOVE, Label.TWO_OF_THREE_ABOVE, Label.TWO_OF_THREE_ABOVE)


def test_a_point_on_a_line_is_not_beyond_it():
    base = [0, 100, 0, 100]  # upper limit 50 + 266
    on_lines = chart(
        [*base, 316, -216, 50 + 100 * NEAR_FACTOR, 50 - 100 * NEAR_FACTOR, 50], fix_after_n_points=4
    )
    assert on_lines.zones[4:] == (2, -2, 1, -1, 0)
    beyond = chart(
        [*base, 316.001, -216.001, 50.001 + 100 * NEAR_FACTOR, 50.001, 49.999], fix_after_n_points=4
    )
    assert beyond.zones[4:] == (3, -3, 2, 1, -1)
    assert chart([*base, 49.999 - 100 * NEAR_FACTOR], fix_after_n_points=4).zones[-1] == -2
    assert chart([*base, -216.001], fix_after_n_points=4).labels[-1] is Label.BELOW_LIMIT
    assert chart([*base, 316.001], fix_after_n_points=4).labels[-1] is Label.ABOVE_LIMIT


def test_a_value_that_equals_the_mean_in_decimals_lies_on_it():
    assert chart([1.1, 1.2, 1.3]).zones == (-1, 0, 1)
    assert chart([1000.7, 1000.8, 1000.9]).zones == (-1, 0, 1)
    assert chart([0.1] * 30).zones == (0,) * 30


@pytest.mark.parametrize(
    ("direction", "high", "low"),
    [
        ("up", Variation.IMPROVEMENT_HIGH, Variation.CONCERN_LOW),
        ("down", Variation.CONCERN_HIGH, Variation.IMPROVEMENT_LOW),
        ("neutral", Variation.NEUTRAL_HIGH, Variation.NEUTRAL_LOW),
    ],
)
def test_the_variation_icon_is_that_of_the_latest_point(direction, high, low):
    assert chart([*NARROW, 2, 19], direction, fix_after_n_points=4).variation is high
    assert chart([*NARROW, 19, 2], direction, fix_after_n_points=4).variation is low
    assert chart([*NARROW, 19, 10], direction, fix_after_n_points=4).variation is Variation.COMMON_CAUSE


@pytest.mark.parametrize(
    ("target", "direction", "icon"),
    [
        (6.1, "up", Assurance.FAIL),
        (6.1, "down", Assurance.PASS),
        (1.9, "up", Assurance.PASS),
        (1.9, "down", Assurance.FAIL),
        (6, "up", Assurance.HIT_OR_MISS),
        (2, "down", Assurance.HIT_OR_MISS),
        (6.1, "neutral", None),
        (None, "up", None),
    ],
)
def test_assurance_holds_the_target_against_the_limits(target, direction, icon):
    assert assurance(2, 6, target, direction) is icon
    assert assurance(None, None, target, direction) is None


def test_assurance_uses_the_latest_limits():
    result = analyse(days(8), [10, 12, 10, 12, 50, 52, 50, 52], "up", rebases=[days(8)[4]], target=20)
    assert result.assurance is Assurance.PASS
    assert result.target == 20


def test_limits_are_on_trial_below_13_points():
    assert chart([1, 2] * 6).trial
    assert not chart([*[1, 2] * 6, 1]).trial
    rebased = analyse(days(26), [1, 2] * 13, "up", rebases=[days(26)[20]])
    assert [s.trial for s in rebased.segments] == [False, True]
    assert rebased.trial
    twice = analyse(days(40), [1, 2] * 20, "up", rebases=[days(40)[5], days(40)[10]])
    assert [s.trial for s in twice.segments] == [True, True, False]
    assert (twice.trial, twice.latest_segment.start) == (False, 10)


def test_settings_may_be_as_small_as_two():
    result = chart([1, 3, 9, 9, 9], fix_after_n_points=2, run_length=2)
    assert (result.segments[0].mean, result.segments[0].baseline) == (2, 2)
    assert result.run_length == 2


def test_one_point_has_a_mean_and_no_limits():
    result = chart([5], target=3)
    assert (result.segments[0].mean, result.segments[0].lower, result.segments[0].edge) == (
        5,
        None,
        Edge.ONE_POINT,
    )
    assert (result.labels, result.zones, result.segments[0].baseline) == ((Label.COMMON_CAUSE,), (0,), 1)
    assert (result.variation, result.assurance) == (None, None)
    just_rebased = analyse(days(14), [1, 2] * 7, "up", rebases=[days(14)[13]])
    assert just_rebased.variation is None


def test_a_constant_series_has_limits_on_its_mean_and_no_mark():
    result = chart([7.3] * 14, target=7)
    assert lines(result) == (7.3, 7.3, 7.3, 7.3, 7.3)
    assert set(result.labels) == {Label.COMMON_CAUSE}
    assert result.segments[0].edge is Edge.CONSTANT
    assert (result.variation, result.assurance) == (Variation.COMMON_CAUSE, Assurance.PASS)


def test_a_constant_series_with_one_jump_keeps_its_one_moving_range():
    # Screened, the limits would have no width and all points would lie outside. Unscreened: 16 ± 2.66 × 20 / 19.
    result = chart([15] * 19 + [35])
    assert result.segments[0].lower == pytest.approx(16 - 2.66 * 20 / 19)
    assert result.segments[0].upper == pytest.approx(16 + 2.66 * 20 / 19)
    assert result.segments[0].edge is Edge.NOT_SCREENED
    assert result.labels[-1] is Label.ABOVE_LIMIT
    assert set(result.labels[:-1]) == {Label.SHIFT_BELOW}


def test_missing_values_are_skipped_and_named():
    with_gap = analyse(days(6), [10, None, 12, 11, None, 13], "up")
    assert with_gap.values == (10, 12, 11, 13)
    assert with_gap.missing == (days(6)[1], days(6)[4])
    assert with_gap.segments[0].upper == pytest.approx(11.5 + 2.66 * 5 / 3)


def test_points_come_in_any_order():
    assert analyse(days(5)[::-1], [12, 13, 11, 12, 10], "up") == chart([10, 12, 11, 13, 12])


@pytest.mark.parametrize(
    ("dates", "values", "settings", "says"),
    [
        (days(2), [1], {}, "2 dates for 1 values"),
        ([days(1)[0]] * 2, [1, 2], {}, "comes twice"),
        (days(2), [1, float("nan")], {}, "finite"),
        (days(2), [1, float("inf")], {}, "finite"),
        (days(2), [None, None], {}, "no value"),
        ([], [], {}, "no value"),
        (days(2), [1, 2], {"fix_after_n_points": 1}, "at least 2"),
        (days(2), [1, 2], {"run_length": 1}, "at least 2"),
        (days(2), [1, 2], {"direction": "sideways"}, "sideways"),
    ],
)
def test_what_makes_no_chart_is_refused(dates, values, settings, says):
    with pytest.raises(ValueError, match=says):
        analyse(dates, values, **({"direction": "up"} | settings))


small_series = st.lists(st.integers(0, 6), min_size=1, max_size=30)


@given(small_series, st.integers(2, 7))
def test_trends_agree_with_looking_at_every_window(values, n):
    marks = [0] * len(values)
    for start in range(len(values) - n + 1):
        window = values[start : start + n]
        steps = {(b > a) - (b < a) for a, b in pairwise(window)}
        if steps in ({1}, {-1}):
            marks[start : start + n] = [steps.pop()] * n
    assert spread_back(trend_completions(values, n), n) == marks


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=30), st.integers(2, 7))
def test_shifts_agree_with_looking_at_every_window(sides, n):
    marks = [0] * len(sides)
    for start in range(len(sides) - n + 1):
        window = {(side > 0) - (side < 0) for side in sides[start : start + n]}
        if window in ({1}, {-1}):
            marks[start : start + n] = [window.pop()] * n
    assert spread_back(run_completions(sides, n), n) == marks


@pytest.mark.parametrize("zones", [[0, 2, 2], [2, 0, 2], [2, 2, 0], [0, -2, -2], [-2, 0, -2], [-2, -2, 0]])
def test_a_point_on_the_mean_is_on_no_side(zones):
    assert two_of_three([abs(zone) == 2 for zone in zones], zones) == [0, 0, 0]


@given(st.lists(st.sampled_from([-3, -2, -1, 0, 1, 2, 3]), max_size=20))
def test_two_of_three_agrees_with_looking_at_every_window(zones):
    close = [abs(zone) == 2 for zone in zones]
    marks = [0] * len(zones)
    for start in range(len(zones) - 2):
        three = range(start, start + 3)
        alike = all(zones[i] > 0 for i in three) or all(zones[i] < 0 for i in three)
        if alike and sum(close[i] for i in three) >= 2:
            marks = [1 if i in three and close[i] else mark for i, mark in enumerate(marks)]
    assert two_of_three(close, zones) == marks
