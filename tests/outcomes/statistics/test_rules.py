"""Calculation rules. Missing is not zero."""

from datetime import date

import pytest

from outcomes.statistics.rules import NotAddable, Part, combine

CLUBS = [
    Part("Northside", 30, numerator=15, denominator=50, when=date(2026, 4, 1)),
    Part("Riverside", 60, numerator=90, denominator=150, when=date(2026, 9, 1)),
    Part("Hilltop", 50, numerator=10, denominator=20, when=date(2026, 1, 1)),
]


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("sum", 140),
        ("weighted_mean", (30 * 50 + 60 * 150 + 50 * 20) / 220),
        ("max", 60),
        ("latest", 60),
        ("ratio_of_sums", 100 * 115 / 220),
    ],
)
def test_each_rule(rule, value):
    found = combine(rule, CLUBS, per=100)
    assert found.value == pytest.approx(value)
    assert found.complete
    assert found.used == ("Northside", "Riverside", "Hilltop")
    assert found.missing == ()


def test_sums_keep_what_they_are_made_of():
    found = combine("ratio_of_sums", CLUBS)
    assert (found.numerator, found.denominator) == (115, 220)
    assert combine("weighted_mean", CLUBS).denominator == 220
    latest = combine("latest", CLUBS)
    assert (latest.numerator, latest.denominator) == (90, 150)


def test_the_sentence_says_how():
    assert combine("sum", CLUBS).sentence == "The sum of 3 of 3 parts."
    assert combine("sum", CLUBS[:1]).sentence == "The sum of 1 of 1 part."
    assert (
        combine("weighted_mean", CLUBS).sentence
        == "The mean of 3 of 3 parts, weighted by their denominators."
    )
    assert combine("ratio_of_sums", CLUBS).value == pytest.approx(115 / 220)


def test_sums_are_exact():
    assert combine("sum", [Part(str(i), 0.1) for i in range(10)]).value == 1


@pytest.mark.parametrize("rule", ["sum", "weighted_mean", "max", "latest", "ratio_of_sums"])
def test_a_missing_part_is_named_and_is_no_zero(rule):
    whole = combine(rule, CLUBS)
    found = combine(rule, [*CLUBS, Part("Seaside"), Part("Lakeside")])
    assert found.value == whole.value
    assert found.missing == ("Seaside", "Lakeside")
    assert not found.complete
    assert "3 of 5 parts" in found.sentence
    assert found.sentence.endswith("Missing: Seaside and Lakeside.")


def test_a_part_without_what_the_rule_needs_is_missing():
    no_weight = Part("Seaside", 99, numerator=1)
    assert combine("weighted_mean", [*CLUBS, no_weight]).missing == ("Seaside",)
    assert combine("ratio_of_sums", [*CLUBS, no_weight]).missing == ("Seaside",)
    assert combine("sum", [*CLUBS, no_weight]).missing == ()


def test_zero_counts():
    found = combine("sum", [Part("a", 0), Part("b", 0)])
    assert (found.value, found.complete) == (0, True)


def test_nothing_reported_has_no_figure():
    found = combine("sum", [Part("Seaside"), Part("Lakeside"), Part("Hilltop")])
    assert (found.value, found.used) == (None, ())
    assert found.sentence == "No figure: Seaside, Lakeside and Hilltop have not been reported."
    assert combine("max", [Part("Seaside")]).sentence == "No figure: Seaside has not been reported."
    assert combine("sum", []).sentence == "There is nothing to put together."


@pytest.mark.parametrize("rule", ["weighted_mean", "ratio_of_sums"])
def test_denominators_of_nothing_give_no_figure(rule):
    found = combine(
        rule, [Part("a", 5, numerator=0, denominator=0), Part("b", 6, numerator=0, denominator=0)]
    )
    assert found.value is None
    assert not found.complete
    assert found.sentence == "No figure: the denominators of a and b add up to 0."


def test_unique_counts_cannot_be_added():
    with pytest.raises(NotAddable, match="Easter, summer and Christmas cannot be added up: the same person"):
        combine("unique_count", [Part("Easter", 10), Part("summer", 30), Part("Christmas", 12)])
    with pytest.raises(NotAddable):
        combine("unique_count", [Part("Easter", 10), Part("summer")])
    alone = combine("unique_count", [Part("summer", 30)])
    assert (alone.value, alone.complete) == (30, True)


def test_what_makes_no_total_is_refused():
    with pytest.raises(ValueError, match="denominator"):
        combine("weighted_mean", [Part("a", 1, denominator=-1)])
    with pytest.raises(ValueError, match="with a date"):
        combine("latest", [Part("a", 1)])
    with pytest.raises(ValueError, match="average"):
        combine("average", CLUBS)
