"""A place beside England, and beside places like it."""

import pytest

from outcomes.statistics.comparison import compare
from outcomes.statistics.similar import SimilarPlace, nearest


@pytest.mark.parametrize(
    ("value", "lower", "upper", "direction", "result"),
    [
        (60, 58, 62, "up", "better"),
        (60, 58, 62, "down", "worse"),
        (60, 58, 62, "neutral", "higher"),
        (50, 48, 52, "up", "worse"),
        (50, 48, 52, "down", "better"),
        (50, 48, 52, "neutral", "lower"),
        (56, 54, 58, "up", "similar"),
        (57, 55, 59, "up", "similar"),
        (53, 51, 55, "up", "similar"),
        (60, None, None, "up", "cannot_tell"),
        (None, None, None, "up", "cannot_tell"),
    ],
)
def test_against_a_benchmark_of_55(value, lower, upper, direction, result):
    found = compare(value, 55, direction, lower=lower, upper=upper)
    assert found.result == result
    assert found.difference == (None if value is None else value - 55)
    assert "England" in found.sentence


def test_sentences():
    assert compare(60, 55, "up", lower=58, upper=62).sentence == (
        "Better than England: higher than it by more than chance."
    )
    assert compare(55, 55, "up", name="the North West").sentence == (
        "The figure is the same as the North West. It has no confidence interval, so that may be chance."
    )
    assert compare(54.5, 55, "down", lower=54.2, upper=54.8).sentence == (
        "Better than England: lower than it by more than chance."
    )
    assert compare(55.5, 55, "neutral", lower=55.2, upper=55.8).sentence == (
        "The figure is higher than England, by more than chance. No judgement is made."
    )
    assert compare(55.5, 55, "up", lower=55.2, upper=55.8).result == "better"
    assert compare(55.5, 55, "up", lower=55.2).result == "cannot_tell"
    assert compare(60, None, "up").difference is None


SCORES = {"E1": 20.0, "E2": 21.0, "E3": 19.0, "E4": 40.0, "E5": None, "E6": 20.5}


def test_nearest_by_score_and_equals_by_code():
    assert nearest(SCORES, "E1", 3) == [
        SimilarPlace("E6", 20.5, 0.5),
        SimilarPlace("E2", 21.0, 1.0),
        SimilarPlace("E3", 19.0, 1.0),
    ]
    backwards = dict(reversed(SCORES.items()))
    assert nearest(backwards, "E1", 3) == nearest(SCORES, "E1", 3)
    assert [place.code for place in nearest(SCORES, "E1")] == ["E6", "E2", "E3", "E4"]
    assert nearest(SCORES, "E1", 0) == []


def test_a_place_without_a_score_has_no_neighbours():
    for code in ("E5", "E9"):
        with pytest.raises(LookupError, match=code):
            nearest(SCORES, code)
    with pytest.raises(ValueError, match="0 or more"):
        nearest(SCORES, "E1", -1)
