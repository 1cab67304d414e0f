"""The straight-line forecast, by hand and against scipy's own regression."""

import pytest

from outcomes.statistics.forecast import straight_line


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ([3] * 5, "are all the same"),
        ([0] * 7, "are all the same"),
        ([0.1, None] * 6, "are all the same"),
        ([1, 2, 3, 4, 5, 6], "lie exactly on a straight line"),
        ([1e9 + 0.1 * n for n in range(9)], "lie exactly on a straight line"),
    ],
)
def test_no_forecast_is_certain(values, says):
    found = straight_line(values, 1)
    assert found.points == ()
    assert says in found.reason


def test_figures_near_a_line_are_carried_on():
    found = straight_line([1, 2, 3, 4, 5, 6.001], 3)
    assert [p.step for p in found.points] == [1, 2, 3]
    for point, value in zip(found.points, (7, 8, 9), strict=True):
        assert point.value == pytest.approx(value, abs=0.01)
        assert point.lower < point.value < point.upper
    assert found.slope == pytest.approx(1, abs=0.01)


def test_the_interval_by_hand():
    # x̄ 2, ȳ 3, Sxx 10, slope 0.8, residual squares 3.6 on 3 degrees of freedom; t 3.182; x₀ − x̄ = 3.
    found = straight_line([1, 3, 2, 5, 4], 1).points[0]
    half = 3.18245 * (3.6 / 3) ** 0.5 * (1 + 1 / 5 + 9 / 10) ** 0.5
    assert found.value == pytest.approx(3 + 0.8 * 3)
    assert (found.lower, found.upper) == pytest.approx((5.4 - half, 5.4 + half), abs=1e-4)


def test_a_gap_keeps_its_place():
    found = straight_line([0, 1, None, 3, None, 5, 6.001], 2)
    assert [p.value for p in found.points] == pytest.approx([7, 8], abs=0.01)


def test_agrees_with_scipy():
    from scipy.stats import linregress

    values = [52.1, 50.3, 53.8, 54.0, 51.9, 55.5, 56.2, 54.9, 57.1, 58.4, 57.0, 59.3]
    line = linregress(range(12), values)
    found = straight_line(values, 6)
    assert found.slope == pytest.approx(line.slope)
    assert [p.value for p in found.points] == pytest.approx(
        [line.intercept + line.slope * x for x in range(12, 18)]
    )
    assert not found.few_points


def test_further_ahead_and_more_confident_is_wider():
    values = [1, 3, 2, 5, 4, 6, 5, 8, 7, 9]
    widths = [p.upper - p.lower for p in straight_line(values, 5).points]
    assert widths == sorted(widths)
    assert widths[0] < widths[-1]
    surer = straight_line(values, 1, confidence=0.998).points[0]
    assert surer.upper - surer.lower > widths[0]


@pytest.mark.parametrize(
    ("values", "steps", "says"),
    [
        ([1, 2, 3, 4], 1, "needs 5 figures or more; there are 4"),
        ([1, None, None], 1, "there is 1"),
        ([1, 2, 3, 4, 5], 3, "a forecast of 2 periods at most, not of 3"),
    ],
)
def test_too_little_to_go_on(values, steps, says):
    found = straight_line(values, steps)
    assert found.points == ()
    assert says in found.reason
    assert found.sentence == found.reason
    assert not found.few_points


def test_few_points_are_said_to_be_few():
    few = straight_line([1, 2, 3, 4, 6], 1)
    assert few.few_points
    assert "only 5 past figures" in few.sentence
    assert "only" not in straight_line([*range(9), 10], 1).sentence
    assert few.name in ("Straight line through the past figures (least squares)",)


def test_senseless_settings_are_refused():
    with pytest.raises(ValueError, match="1 step"):
        straight_line([1] * 9, 0)
    for confidence in (0, 1, 1.5, 95):
        with pytest.raises(ValueError, match="between 0 and 1"):
            straight_line([1] * 9, 1, confidence=confidence)
