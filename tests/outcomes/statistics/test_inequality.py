"""The gap between groups and the slope index, against figures worked out by hand."""

import pytest

from outcomes.statistics.inequality import Course, Part, course, gap, slope_index


def parts(*values, people=None, half=None):
    people = people or [None] * len(values)
    return [
        Part(f"group {i}", v, None if half is None else v - half, None if half is None else v + half, n)
        for i, (v, n) in enumerate(zip(values, people, strict=True))
    ]


def test_the_gap_lies_between_the_ends_whichever_way_is_good():
    up, down = (gap(parts(52, 58.5, 64.3), way) for way in ("up", "down"))
    assert (up.best.name, up.worst.name) == ("group 2", "group 0")
    assert (down.best.name, down.worst.name) == ("group 0", "group 2")
    assert up.difference == down.difference == pytest.approx(12.3)
    assert up.ratio == down.ratio == pytest.approx(64.3 / 52)


def test_no_gap_is_claimed_where_a_group_is_hidden_or_alone():
    assert gap(parts(52, None, 64), "up") is None
    assert gap(parts(52), "up") is None
    assert gap(parts(0, 4), "up").ratio is None


@pytest.mark.parametrize(
    ("before", "after", "half", "said"),
    [
        ((50, 60), (50, 62.3), 0.5, Course.WIDER),
        ((50, 62.3), (50, 60), 0.5, Course.NARROWER),
        ((50, 60), (50, 61), 3, Course.PERHAPS_CHANCE),
        ((50, 60), (50, 61), None, Course.NO_INTERVALS),
        ((50, 60), (48, 58), 3, Course.SAME),
    ],
)
def test_a_change_of_the_gap_is_claimed_beyond_chance_only(before, after, half, said):
    then, now = (gap(parts(*values, half=half), "up") for values in (before, after))
    assert course(then, now) is said


@pytest.mark.parametrize(
    ("half", "said"), [(None, Course.NO_INTERVALS), (0.5, Course.REVERSED), (15, Course.PERHAPS_CHANCE)]
)
def test_ends_that_changed_sides_have_moved_by_both_gaps(half, said):
    then, now = (gap(parts(*values, half=half), "up") for values in ((70, 60), (60, 70)))
    assert course(then, now) is said


def test_an_end_that_was_level_has_not_turned_round():
    then, now = (gap(parts(*values, half=0.5), "up") for values in ((60, 60), (70, 60)))
    assert course(then, now) is Course.WIDER


def test_equal_fifths_on_a_straight_line_give_its_ends():
    # Middles lie at 0.1, 0.3 … 0.9, so a line through 50, 54 … 66 runs from 48 to 68.
    found = slope_index(parts(50, 54, 58, 62, 66))
    assert found.difference == pytest.approx(20)
    assert found.ratio == pytest.approx(68 / 48)
    assert not found.from_people


def test_groups_count_with_their_people():
    # Shares 0.5, 0.25, 0.25 stand at 0.25, 0.625, 0.875; by hand: mean x 0.5, mean y 3.75, sxy 0.6875, sxx 0.07421875…
    found = slope_index(parts(2, 5, 6, people=[200, 100, 100]))
    shares, xs, ys = (0.5, 0.25, 0.25), (0.25, 0.625, 0.875), (2, 5, 6)
    mx, my = (sum(s * v for s, v in zip(shares, of, strict=True)) for of in (xs, ys))
    slope = sum(s * (x - mx) * (y - my) for s, x, y in zip(shares, xs, ys, strict=True)) / sum(
        s * (x - mx) ** 2 for s, x in zip(shares, xs, strict=True)
    )
    assert found.difference == pytest.approx(slope)
    assert found.from_people
    assert found.difference != pytest.approx(slope_index(parts(2, 5, 6)).difference)


def test_no_slope_through_two_groups_or_a_hidden_one():
    assert slope_index(parts(50, 60)) is None
    assert slope_index(parts(50, None, 60)) is None
