"""Putting figures together: each rule by hand, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from outcomes.statistics.folding import Part
from outcomes.statistics.rollup import (
    WHY_NO_PARTS,
    WHY_OVERLAP,
    WHY_UNIQUE,
    Piece,
    can_add,
    roll_up,
    rule_over,
)
from outcomes.statistics.units import is_percentage, scale_of_unit


def month(number, value=None, top=None, bottom=None, **more):
    part = None if value is None else Part(value, top, bottom)
    return Piece(f"month {number}", date(2026, number, 1), date(2026, number, 28), part, **more)


def rolled(rule, *pieces, scale=1.0):
    found = roll_up(rule, pieces, scale)
    return found.part.value if found.part else None, found.missing, found.why


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("sum", 20),
        ("max", 12),
        ("latest", 8),
        ("weighted_mean", (12 * 10 + 8 * 30) / 40),
        ("ratio_of_sums", 100 * 24 / 40),
    ],
)
def test_each_rule_by_hand(rule, expected):
    pieces = (month(5, 8, 21, 30), month(4, 12, 3, 10))
    assert rolled(rule, *pieces, scale=100) == (pytest.approx(expected), (), "")


def test_unique_counts_are_never_added():
    assert rolled("unique_count", month(1, 30), month(2, 50)) == (None, (), WHY_UNIQUE)
    assert rolled("unique_count", month(1, 30), month(2)) == (None, ("month 2",), WHY_UNIQUE)
    assert rolled("unique_count", month(1, 30)) == (30, (), "")


@pytest.mark.parametrize("rule", ["ratio_of_sums", "weighted_mean"])
def test_shares_and_means_need_to_say_what_they_are_out_of(rule):
    assert rolled(rule, month(1, 30, 3, 10), month(2, 50))[2] == WHY_NO_PARTS[rule]
    assert rolled(rule, month(1, 30), month(2))[2] == WHY_NO_PARTS[rule]


def test_what_is_missing_is_named_and_is_not_nought():
    found = roll_up("sum", [month(1, 30), month(2, missing="hidden"), month(3, 5, lacks=("Canal Club",))])
    assert found.part.value == 35
    assert found.missing == ("month 2 (hidden)", "Canal Club in month 3")
    assert not found.is_whole
    assert roll_up("sum", [month(1, 30), month(2, 0)]).is_whole
    assert rolled("sum", month(1), month(2)) == (None, ("month 1", "month 2"), "")


@pytest.mark.parametrize("rule", ["sum", "ratio_of_sums", "weighted_mean"])
def test_periods_that_overlap_are_not_added(rule):
    year = Piece("the year", date(2026, 1, 1), date(2026, 12, 31), Part(90, 9, 10))
    assert rolled(rule, month(1, 30, 3, 10), year)[2] == WHY_OVERLAP
    assert rolled("max", month(1, 30), year)[0] == 90


def test_places_stand_for_the_same_days_on_purpose():
    assert rolled("sum", month(1, 30), month(1, 12))[0] == 42


def test_a_running_total_is_what_it_was_last():
    assert rule_over("sum", "") == "sum"
    assert rule_over("sum", "max") == "max"
    assert rule_over("sum", "", is_running_total=True) == "latest"
    assert rule_over("max", "", is_running_total=True) == "max"
    assert rule_over("unique_count", "", is_running_total=True) == "unique_count"


def test_percentages_and_rates_are_not_added():
    assert can_add("sum", "children")
    assert not can_add("sum", "% of pupils")
    assert not can_add("sum", " per 1,000 people")
    assert can_add("ratio_of_sums", "%")
    for unit in ("percent", "Per cent of pupils", "rate per 1,000", "children per 1,000", "Mortality rate"):
        assert not can_add("sum", unit)
    for unit in ("children with 100% attendance", "people", "separate visits", "£"):
        assert can_add("sum", unit)


@pytest.mark.parametrize(
    ("unit", "scale", "percentage"),
    [
        ("%", 100, True), ("% of pupils", 100, True), (" Per cent", 100, True), ("percentage of adults", 100, True),
        ("Share (%)", 100, True), ("per 1,000 people", 1000, False), ("Rate per 100,000", 100_000, False), ("children", 1, False),
        ("children with 100% attendance", 1, False), ("per child", 1, False),
    ],
)  # fmt: skip
def test_what_a_numerator_over_its_denominator_is_multiplied_by(unit, scale, percentage):
    assert (scale_of_unit(unit), is_percentage(unit)) == (scale, percentage)
