"""Recent trend and plain direction."""

import json
from datetime import date
from pathlib import Path

import pytest

from outcomes.statistics.terms import Moved, Point, Progress
from outcomes.statistics.trend import CRITICAL_CHI_SQUARED, Marker, plain_direction, recent_trend

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases" / "confidence_interval_and_trend_cases.json"
TRENDS = json.loads(CASES.read_text())["fingertips_trend"] if CASES.exists() else []
DIRECTIONS = {"High is good": "up", "Low is good": "down", "No judgement": "neutral"}
OFFICIAL = {
    "Increasing": (Marker.INCREASING, Progress.CANNOT_TELL),
    "NoChange": (Marker.NO_CHANGE, None),
    "DecreasingAndGettingWorse": (Marker.DECREASING, Progress.WORSE),
    "IncreasingAndGettingWorse": (Marker.INCREASING, Progress.WORSE),
}


@pytest.mark.skipif(not CASES.exists(), reason="the trend case file does not lie beside this checkout")
@pytest.mark.parametrize("case", TRENDS, ids=[case["expected"] for case in TRENDS])
def test_official_case(case):
    points = [
        Point(date.fromisoformat(p["to_date"]), p["value"], p["lower_ci"], p["upper_ci"])
        for p in case["points"]
    ]
    types = {"Proportion": "proportion", "Crude rate": "crude_rate"}
    found = recent_trend(
        points,
        DIRECTIONS[case["indicator"]["polarity"]],
        value_type=types[case["indicator"]["value_type"]],
    )
    marker, progress = OFFICIAL[case["expected"]]
    assert found.marker is marker
    if progress:
        assert found.progress is progress
    if "computed" in case:
        assert found.slope == pytest.approx(case["computed"]["slope"], rel=1e-9)
        assert found.chi_squared == pytest.approx(case["computed"]["chi2"], rel=1e-9)
        assert found.keeps_sign is case["computed"]["all_leave_one_out_slopes_same_sign"]


def years(values, half=0.98, first=2020):
    """Points with intervals of ± `half`, so of weight (3.92 / 2half)²: 4 where half is 0.98."""
    return [Point(date(first + i, 12, 31), v, v - half, v + half) for i, v in enumerate(values)]


def test_by_hand():
    # Weight 4 each; Sxx = 10 × 4; slope 1; χ² = 1² × 40.
    found = recent_trend(years([1, 2, 3, 4, 5]), "up")
    assert (found.slope, found.chi_squared) == pytest.approx((1, 40))
    assert (found.marker, found.progress, found.tested) == (Marker.INCREASING, Progress.BETTER, True)
    assert found.sentence == (
        "Increasing and getting better over the last 5 points, December 2020 to December 2024, by more than chance."
    )


def test_weights_follow_the_intervals():
    # The last point has a quarter of the others' weight: with w = 4, 4, 4, 4, 1 and only the last off the level.
    points = [*years([0, 0, 0, 1])[:4], Point(date(2024, 12, 31), 4, 4 - 1.96, 4 + 1.96)]
    weights, xs, ys = [4, 4, 4, 4, 1], [1, 2, 3, 4, 5], [0, 0, 0, 1, 4]
    centre = sum(w * x for w, x in zip(weights, xs, strict=True)) / 17
    squares = sum(w * (x - centre) ** 2 for w, x in zip(weights, xs, strict=True))
    slope = sum(w * (x - centre) * y for w, x, y in zip(weights, xs, ys, strict=True)) / squares
    found = recent_trend(points, "up")
    assert found.slope == pytest.approx(slope)
    assert found.chi_squared == pytest.approx(slope**2 * squares)


@pytest.mark.parametrize(
    ("values", "direction", "marker", "progress"),
    [
        ([1, 2, 3, 4, 5], "down", Marker.INCREASING, Progress.WORSE),
        ([5, 4, 3, 2, 1], "down", Marker.DECREASING, Progress.BETTER),
        ([5, 4, 3, 2, 1], "up", Marker.DECREASING, Progress.WORSE),
        ([5, 4, 3, 2, 1], "neutral", Marker.DECREASING, Progress.CANNOT_TELL),
        ([3, 3, 3, 3, 3], "up", Marker.NO_CHANGE, Progress.NO_CHANGE),
    ],
)
def test_marker_and_progress(values, direction, marker, progress):
    found = recent_trend(years(values), direction)
    assert (found.marker, found.progress) == (marker, progress)


def test_just_below_and_above_the_critical_value():
    # χ² = slope² × 40, so the slope that is just significant is √(critical / 40).
    assert abs(CRITICAL_CHI_SQUARED - 9.549535706) < 1e-9  # the 99.9% point of the normal, 3.0902, squared
    edge = (9.549535706 / 40) ** 0.5
    for slope, marker in ((edge * 0.999, Marker.NO_CHANGE), (edge * 1.001, Marker.INCREASING)):
        assert recent_trend(years([slope * i for i in range(5)]), "up").marker is marker


def test_one_point_alone_makes_no_trend():
    # Without the last the slope is 0 or falls; with it the line rises steeply.
    for others in ([1, 1, 1, 1], [1.3, 1.2, 1.1, 1]):
        found = recent_trend(years([*others, 9]), "up")
        assert found.chi_squared > CRITICAL_CHI_SQUARED
        assert found.keeps_sign is False
        assert (found.marker, found.progress) == (Marker.NO_CHANGE, Progress.NO_CHANGE)


def test_a_level_stretch_has_lost_its_sign_whatever_its_weights():
    # Four times 39.4 with unlike intervals: without care, rounding leaves a slope of 6.5e-16.
    halves = [1.6, 0.4, 0.3, 1.7, 1.0]
    points = [
        Point(date(2020 + i, 12, 31), v, v - h, v + h)
        for i, (v, h) in enumerate(zip([39.4] * 4 + [60], halves, strict=True))
    ]
    assert recent_trend(points, "up").keeps_sign is False


def test_one_point_is_left_out_at_a_time():
    # Without any one of them the line still rises; without both of the last two it would not.
    assert recent_trend(years([3, 3.5, 3, 9, 9]), "up").keeps_sign is True


def test_a_point_with_half_an_interval_has_none():
    points = [*years([1, 2, 3, 4]), Point(date(2024, 12, 31), 5, 4.5, None)]
    assert "there are 4" in recent_trend(points, "up").reason


@pytest.mark.parametrize(
    ("values", "direction", "sentence"),
    [
        (
            [3, 3, 3, 3, 3],
            "up",
            "No significant change over the last 5 points, December 2020 to December 2024.",
        ),
        (
            [5, 4, 3, 2, 1],
            "up",
            "Decreasing and getting worse over the last 5 points, December 2020 to December 2024, by more than chance.",
        ),
        (
            [1, 2, 3, 4, 5],
            "neutral",
            "Increasing over the last 5 points, December 2020 to December 2024, by more than chance. "
            "No judgement is made whether that is good.",
        ),
    ],
)
def test_sentences(values, direction, sentence):
    assert recent_trend(years(values), direction).sentence == sentence


def test_only_the_last_five_count_in_any_order():
    points = years([90, 80, 1, 2, 3, 4, 5], first=2018)
    found = recent_trend(points[::-1], "up")
    assert found.slope == pytest.approx(1)
    assert found.periods == tuple(point.when for point in points[2:])


@pytest.mark.parametrize(
    ("points", "settings", "says"),
    [
        (years([1, 2, 3, 4]), {}, "needs 5 points; there are 4."),
        (years([1]), {}, "there is 1."),
        ([], {}, "there are none."),
        ([*years([1, 2, 3, 4]), Point(date(2024, 12, 31), None)], {}, "there are 4."),
        (years([1, 2, 3, 4, 5]), {"value_type": "other"}, "proportions and rates only"),
        (years([1, 2, 3, 4, 5]), {"years_per_point": 3}, "several years"),
        (years([1, 2, 3, 4, 5], half=0), {}, "no width"),
    ],
)
def test_what_cannot_be_calculated_says_why(points, settings, says):
    found = recent_trend(points, "up", **settings)
    assert (found.marker, found.progress) == (Marker.CANNOT_BE_CALCULATED, Progress.CANNOT_TELL)
    assert (found.slope, found.chi_squared, found.keeps_sign, found.periods) == (None, None, None, ())
    assert says in found.reason
    assert found.reason in found.sentence
    assert not found.tested


def test_without_intervals_the_marker_is_ohids_and_nothing_is_claimed():
    found = recent_trend([Point(p.when, p.value) for p in years([1, 2, 3, 4, 5])], "up")
    assert (found.marker, found.progress, found.tested) == (Marker.NO_CHANGE, Progress.CANNOT_TELL, False)
    assert "with a confidence interval; there are none" in found.sentence


def test_points_that_make_no_series_are_refused():
    with pytest.raises(ValueError, match="comes twice"):
        recent_trend([*years([1, 2, 3, 4, 5]), *years([1])], "up")
    with pytest.raises(ValueError, match="no less"):
        recent_trend(years([1, 2, 3, 4, 5], half=-1), "up")


def test_plain_direction_compares_with_the_one_before_and_the_first():
    found = plain_direction(years([10, 8, 9.5]))
    assert (found.moved, found.latest, found.since_previous, found.since_first) == (Moved.UP, 9.5, 1.5, -0.5)
    assert found.sentence == (
        "9.5 in December 2022: up 1.5 from December 2021 (8), and down 0.5 from December 2020 (10). "
        "This compares figures and tests nothing: the change may be chance."
    )


def test_plain_direction_of_little():
    assert plain_direction([]).sentence == "No figure has been reported."
    assert plain_direction([(date(2020, 1, 1), None, None, None)]).moved is None
    one = plain_direction(years([4]))
    assert (one.moved, one.latest, one.sentence) == (None, 4, "4 in December 2020, the only figure so far.")
    two = plain_direction(years([4, 4]))
    assert two.moved is Moved.LEVEL
    assert two.sentence.startswith("4 in December 2021: the same as in December 2020 (4).")
    down, up = plain_direction(years([4, 3.5])), plain_direction(years([3.5, 4]))
    assert (down.moved, up.moved) == (Moved.DOWN, Moved.UP)
    assert ": down 0.5 from" in down.sentence
    assert ": up 0.5 from" in up.sentence
    assert ": almost the same as in December 2020 (4)." in plain_direction(years([4, 4.001])).sentence
