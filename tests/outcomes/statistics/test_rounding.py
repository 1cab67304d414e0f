"""Rounding and the way numbers are written."""

from datetime import date
from decimal import Decimal

import pytest

from outcomes.statistics.rounding import (
    format_change,
    format_number,
    plain,
    round_half_up,
    round_to_base,
    wording_for,
)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-2.5, 0, "-3"),
        (0.285, 2, "0.29"),
        (1.005, 2, "1.01"),
        (2.675, 2, "2.68"),
        (Decimal("61.25"), 1, "61.3"),
        (1249, -2, "1.2E+3"),
        (-0.04, 1, "0.0"),
        (7, 2, "7.00"),
        (Decimal("0.12345678901234567895"), 19, "0.1234567890123456790"),
    ],
)
def test_halves_round_up_as_displayed(value, places, text):
    assert str(round_half_up(value, places)) == text


@pytest.mark.parametrize(
    ("value", "base", "rounded"),
    [
        (12, 5, 10),
        (12.5, 5, 15),
        (13, 5, 15),
        (0, 5, 0),
        (2, 5, 0),
        (3, 5, 5),
        (-12.5, 5, -15),
        (7, 1, 7),
        (25, 10, 30),
    ],
)
def test_rounding_to_a_base(value, base, rounded):
    assert round_to_base(value, base) == rounded


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="finite"):
        round_half_up(value)
    with pytest.raises(ValueError, match="base"):
        round_to_base(5, 0)


@pytest.mark.parametrize(
    ("value", "places", "unit", "text"),
    [
        (1234567.5, 0, "", "1,234,568"),
        (12345, 0, "number", "12,345"),
        (61.25, 1, "%", "61.3%"),
        (1200, 0, "£", "£1,200"),
        (-1200.5, 2, "£", "−£1,200.50"),
        (4, 1, "per 100,000", "4.0 per 100,000"),
        (-3, 0, "days", "−3 days"),
        (-0.01, 1, "%", "0.0%"),
        (1249, -2, "children", "1,200 children"),
        (Decimal("0.6"), 1, "", "0.6"),
    ],
)
def test_numbers_in_text(value, places, unit, text):
    assert format_number(value, places, unit) == text


def test_a_change_of_a_percentage_is_in_points():
    assert format_change(-1.24, 1, "%") == "1.2 percentage points"
    assert format_change(1, 0, "%") == "1 percentage point"
    assert format_change(-0.01, 1, "%") == "0.0 percentage points"
    assert format_change(-1200, 0, "£") == "£1,200"


def test_plain_numbers():
    assert [plain(x) for x in (12, 12.5, 0.084, 1200.0, -3.10, 0)] == [
        "12",
        "12.5",
        "0.08",
        "1,200",
        "−3.1",
        "0",
    ]


def test_wording():
    words = wording_for(1, "%", {date(2025, 3, 31): "2024/25"})
    assert (words.number(61.25), words.change(-2), words.period(date(2025, 3, 31))) == (
        "61.3%",
        "2.0 percentage points",
        "2024/25",
    )
    assert words.period(date(2026, 3, 31)) == "March 2026"
    assert (round_half_up(2.5), format_number(2.5), format_change(2.5)) == (3, "3", "3")
    assert wording_for(0, period=lambda when: f"{when:%Y}").period(date(2026, 3, 31)) == "2026"
