"""Every mark has a sentence, with its true numbers."""

from datetime import date, timedelta

import pytest

from outcomes.statistics.rounding import wording_for
from outcomes.statistics.spc import Assurance, Label, Variation, analyse
from outcomes.statistics.spc_text import (
    ASSURANCE_MARKS,
    VARIATION_MARKS,
    explain_assurance,
    explain_limits,
    explain_point,
    explain_variation,
)

WORDS = wording_for(1, "%")
WIDE = [0, 40, 0, 40]
NARROW = [8.5, 11.5, 8.5, 11.5]


def chart(values, direction="up", **settings):
    dates = [date(2024, 1, 1) + timedelta(days=30 * i) for i in range(len(values))]
    return analyse(dates, values, direction, **settings)


@pytest.mark.parametrize(
    ("values", "direction", "index", "says"),
    [
        (
            [*NARROW, 19],
            "up",
            -1,
            "19.0% is above the upper limit of 18.0%. That is unlikely to be chance. "
            "For this measure high is good, so it is an improvement.",
        ),
        (
            [*NARROW, 1],
            "up",
            4,
            "1.0% is below the lower limit of 2.0%. That is unlikely to be chance. "
            "For this measure high is good, so it is a concern.",
        ),
        (
            [*WIDE, 1, 2, 3, 4, 5, 6, 7, 8],
            "down",
            6,
            "8 points in a row, each higher than the one before. That is unlikely to be chance. "
            "For this measure low is good, so it is a concern.",
        ),
        (
            [*WIDE, 38, 37, 36, 35, 34, 33, 32],
            "down",
            5,
            "8 points in a row, each lower than the one before. That is unlikely to be chance. "
            "For this measure low is good, so it is an improvement.",
        ),
        (
            [*NARROW, 16, 11, 16],
            "neutral",
            4,
            "At least 2 of 3 points in a row are close to the upper limit. That is unlikely to be chance. "
            "No judgement is made whether that is good.",
        ),
        (
            [*NARROW, 4, 4, 9],
            "neutral",
            4,
            "At least 2 of 3 points in a row are close to the lower limit. That is unlikely to be chance. "
            "No judgement is made whether that is good.",
        ),
        (
            [40, 0, 40, 0, 21, 23, 21, 23, 21, 23, 21, 23, 21, 19],
            "up",
            5,
            "9 points in a row above the mean of 20.0%. That is unlikely to be chance. "
            "For this measure high is good, so it is an improvement.",
        ),
        (
            [0, 40, 0, 40, 19, 17, 19, 17, 19, 17, 19, 21],
            "up",
            -2,
            "7 points in a row below the mean of 20.0%. That is unlikely to be chance. "
            "For this measure high is good, so it is a concern.",
        ),
        (
            NARROW,
            "up",
            0,
            "8.5% is within the limits and part of no pattern: the ups and downs that this measure usually shows.",
        ),
        ([5, 5, 5, 5], "up", 0, "5.0%, the same as every value behind the limits."),
    ],
)
def test_each_mark_in_words(values, direction, index, says):
    result = chart(values, direction, fix_after_n_points=4)
    assert explain_point(result, index, WORDS) == says


def test_a_length_is_counted_within_its_segment():
    values = [*WIDE, 21, 23, 21, 23, 21, 23, 21, 41, 1, 41, 1, 22, 24, 22, 24, 22, 24, 22]
    dates = [date(2024, 1, 1) + timedelta(days=30 * i) for i in range(len(values))]
    result = analyse(dates, values, "up", fix_after_n_points=4, rebases=[dates[11]])
    assert result.labels[4] is Label.SHIFT_ABOVE
    assert explain_point(result, 10).startswith("8 points in a row above the mean of 20.")
    assert explain_point(result, -1).startswith("7 points in a row above the mean of 21.")


def test_a_length_ends_at_a_tie_or_at_the_mean():
    ties = chart([*WIDE, 1, 1, 2, 3, 4, 5, 6, 7, 7], fix_after_n_points=4)
    assert {explain_point(ties, i)[:15] for i in range(5, 12)} == {"7 points in a r"}
    falls = chart([*WIDE, 37, 37, 36, 35, 34, 33, 32, 31, 31], fix_after_n_points=4)
    assert {explain_point(falls, i)[:15] for i in range(5, 12)} == {"7 points in a r"}
    on_mean = chart([0, 40, 0, 40, 41, 20, 21, 23, 21, 23, 21, 23, 21, 20, 21], fix_after_n_points=4)
    assert {explain_point(on_mean, i)[:15] for i in range(6, 13)} == {"7 points in a r"}
    below = chart([0, 40, 0, 40, 21, 19, 17, 19, 17, 19, 17, 19, 20, 19], fix_after_n_points=4)
    assert {explain_point(below, i)[:15] for i in range(5, 12)} == {"7 points in a r"}


def test_a_trend_is_counted_within_its_segment():
    values = [*WIDE, 1, 2, 3, 4, 5, 6, 7, 8, 47, 7, 47, 8, 9, 10, 11, 12, 13, 14, 15]
    dates = [date(2024, 1, 1) + timedelta(days=30 * i) for i in range(len(values))]
    result = analyse(dates, values, "up", fix_after_n_points=4, rebases=[dates[11], dates[15]])
    assert explain_point(result, 10).startswith("7 points in a row, each higher")
    assert explain_point(result, 18).startswith("8 points in a row, each higher")


def test_a_run_is_counted_from_the_first_point_to_the_last():
    trend = chart([1, 2, 3, 4, 5, 6, 7, 0, 40, 0, 40, 0])
    assert {explain_point(trend, i)[:15] for i in range(7)} == {"7 points in a r"}
    shift = chart([25, 27, 25, 27, 25, 27, 25, 0, 40, 0, 40])
    assert {explain_point(shift, i)[:15] for i in range(7)} == {"7 points in a r"}
    at_the_end = chart([0, 40, 0, 40, 21, 23, 21, 23, 21, 23], fix_after_n_points=4)
    assert {explain_point(at_the_end, i)[:15] for i in range(3, 10)} == {"7 points in a r"}


def test_a_point_on_the_mean_of_a_series_that_varies():
    assert "within the limits" in explain_point(chart([9, 11, 10]), 2)


def test_a_departure_from_a_constant_series():
    result = chart([5, 5, 5, 5, 6], fix_after_n_points=4)
    assert explain_point(result, 4).startswith("6 is above the upper limit of 5.")


def test_the_variation_sentence_is_that_of_the_latest_point():
    assert explain_variation(chart([*NARROW, 19], fix_after_n_points=4)).startswith("19 is above")
    assert "one point" in explain_variation(chart([5]))
    assert explain_point(chart([5]), 0) == "One point is too few to tell usual from unusual."


@pytest.mark.parametrize(
    ("target", "direction", "says"),
    [
        (None, "up", "No target is set."),
        (18.5, "up", "will be missed time after time"),
        (18.5, "down", "will be met time after time"),
        (
            10,
            "up",
            "The target of 10.0% lies within the limits, 2.0% to 18.0%: it will be met in some periods",
        ),
        (10, "neutral", "No judgement is made for this measure"),
    ],
)
def test_assurance_in_words(target, direction, says):
    assert says in explain_assurance(chart(NARROW, direction, target=target), WORDS)


def test_assurance_without_limits():
    assert "too few points" in explain_assurance(chart([5], target=4))


def test_what_must_be_said_of_the_limits():
    assert explain_limits(chart([10, 12] * 7)) == ()
    assert explain_limits(chart([10, 12] * 3))[0].startswith("These are trial limits: 6 points")
    assert explain_limits(chart([5])) == (
        "There is one point since the limits began, so no limits can be drawn.",
    )
    assert "is the same" in explain_limits(chart([5] * 13))[0]
    assert "kept in" in explain_limits(chart([15] * 19 + [35]))[0]
    odd = explain_limits(chart([1, 99] * 7), WORDS, minimum=0, maximum=100)
    assert odd[0].startswith("The lower limit lies below 0.0%")
    assert odd[1].startswith("The upper limit lies above 100.0%")
    assert explain_limits(chart([49, 51] * 7), minimum=0, maximum=100) == ()
    assert explain_limits(chart([0] * 13), minimum=0, maximum=0)[1:] == ()


def test_every_icon_has_a_letter_and_words_of_its_own():
    assert set(VARIATION_MARKS) == set(Variation)
    assert set(ASSURANCE_MARKS) == set(Assurance)
    marks = [*VARIATION_MARKS.values(), *ASSURANCE_MARKS.values()]
    assert all(mark.letter for mark in marks)
    assert len({mark.words for mark in marks}) == len(marks)
