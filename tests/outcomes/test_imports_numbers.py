"""What one cell of a column of numbers says."""

import pytest

from outcomes.imports.errors import Unclear
from outcomes.imports.numbers import FORMULA_WITHOUT_RESULT, parse_number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("66.1", "66.1"),
        ("0", "0"),
        ("-3.5", "-3.5"),
        ("+4", "4"),
        ("1,234", "1234"),
        ("12,345,678.9", "12345678.9"),
        ("1 234", "1234"),
        ("1\u00a0234\u202f567", "1234567"),
        ("1'234", "1234"),
        (" 58.7 ", "58.7"),
        ("\u22123.2", "-3.2"),
        ("\u20133.2", "-3.2"),
        ("£1,200", "1200"),
        ("-£5", "-5"),
        ("1.5E-3", "0.0015"),
        ("2e6", "2000000"),
        ("66.0998765", "66.0998765"),
    ],
)
def test_numbers_as_people_write_them(written, number):
    assert parse_number(written).text == number


@pytest.mark.parametrize("written", ["45.2%", "45.2 %", "45.2"])
def test_a_percentage_with_or_without_its_sign(written):
    assert parse_number(written, percent=True).text == "45.2"


@pytest.mark.parametrize(
    ("written", "marker"),
    [
        ("", "x"), ("x", "x"), ("[x]", "x"), ("..", "x"), (":", "x"), ("-", "x"), ("–", "x"), ("NA", "x"), ("n/a", "x"), ("#N/A", "x"),
        ("z", "z"), ("[z]", "z"), (".", "z"), ("c", "c"), ("[c]", "c"), ("*", "c"), ("(c)", "c"),
    ],
)  # fmt: skip
def test_markers_say_why_there_is_no_number(written, marker):
    found = parse_number(written)
    assert (found.text, found.marker) == ("", marker)


@pytest.mark.parametrize("written", ["low", "[low]", "~"])
def test_low_rounds_to_zero_and_says_so(written):
    found = parse_number(written)
    assert (found.text, found.marker) == ("0", "low")


@pytest.mark.parametrize(
    ("written", "text", "marker"),
    [
        ("<1", "0", "low"), ("less than 1", "0", "low"), ("under 0.5%", "0", "low"), ("<5", "", "c"), ("n<5", "", "c"),
        ("≤1", "", "c"), ("<=1", "", "c"), ("up to 1", "", "c"), ("≤ 5", "", "c"), ("up to 0.5%", "", "c"), ("1 to 4", "", "c"),
    ],
)  # fmt: skip
def test_what_may_be_one_does_not_round_to_zero(written, text, marker):
    found = parse_number(written)
    assert (found.text, found.marker) == (text, marker)


@pytest.mark.parametrize(
    ("written", "status"), [("12.3 [p]", "provisional"), ("12.3[r]", "revised"), ("12.3 (e)", "")]
)
def test_a_note_after_the_number_is_its_status(written, status):
    found = parse_number(written)
    assert (found.text, found.status) == ("12.3", status)


@pytest.mark.parametrize(
    ("written", "because"),
    [
        ("12,34", "decimal number or a number in thousands"),
        ("66,1", "decimal number or a number in thousands"),
        ("1,23,456", "not a number"),
        ("12 34", "not a number"),
        ("(3.4)", "not a number"),
        ("about 5", "not a number"),
        ("1.2m", "not a number"),
        ("5-10", "not a number"),
        ("12.3 [k]", "not known here"),
        ("12.3 (2)", "not a number"),
        ("٣", "not a number"),
        ("inf", "not a number"),
        ("1_000", "not a number"),
        ("#REF!", "error that the spreadsheet"),
        ("1234567890123", "too large"),
        ("1e300", "too large"),
        ("45%", "is a percentage"),
        (FORMULA_WITHOUT_RESULT, "formula whose result was not saved"),
        ("9" * 500, "too large"),
    ],
)
def test_what_is_unclear_is_refused_with_the_reason(written, because):
    with pytest.raises(Unclear, match=because):
        parse_number(written)


def test_money_is_no_percentage():
    with pytest.raises(Unclear, match="amount of money"):
        parse_number("£5", percent=True)


@pytest.mark.parametrize(
    ("written", "number"), [("66,1", "66.1"), ("1.234,5", "1234.5"), ("1.234", "1234"), ("7", "7")]
)
def test_a_decimal_comma_where_it_was_chosen(written, number):
    assert parse_number(written, decimal_comma=True).text == number


def test_with_a_decimal_comma_a_point_is_unclear():
    with pytest.raises(Unclear, match="decimal comma"):
        parse_number("66.1", decimal_comma=True)


def test_a_long_reason_stays_short():
    with pytest.raises(Unclear) as refused:
        parse_number("word " * 10_000)
    assert len(str(refused.value)) < 150
