"""Rules of holiday programmes, and the change of scores of the same people."""

from datetime import date

import pytest

from outcomes.statistics.haf import HafRules, Season, broken, check_holiday, season_of
from outcomes.statistics.pairs import mean_change

SUMMER = {"name": "Summer 2026", "starts_on": date(2026, 7, 24), "ends_on": date(2026, 8, 31)}
EASTER = {"name": "Easter 2026", "starts_on": date(2026, 3, 30), "ends_on": date(2026, 4, 10)}


def rules_of(findings, kept):
    return {finding.rule for finding in findings if finding.kept is kept}


@pytest.mark.parametrize(
    ("name", "day", "season"),
    [
        ("Easter 2026", date(2026, 3, 30), Season.EASTER),
        ("Spring holiday", date(2026, 4, 1), Season.EASTER),
        ("Summer 2026", date(2026, 7, 24), Season.SUMMER),
        ("Winter 2026", date(2026, 12, 21), Season.CHRISTMAS),
        ("The long one", date(2026, 7, 20), Season.SUMMER),
        ("February half term", date(2026, 2, 16), None),
        ("Autumn", date(2026, 10, 26), None),
    ],
)
def test_the_season_is_told_by_name_and_else_by_month(name, day, season):
    assert season_of(name, day) is season


def test_a_summer_that_keeps_everything():
    figures = {
        "haf_days": 16,
        "haf_weeks": 4,
        "haf_hours": 4,
        "haf_other_children": 15,
        "haf_administration": 10,
    }
    found = check_holiday(**SUMMER, figures=figures)
    assert not broken(found)
    assert rules_of(found, True) == {"days", "weeks", "hours", "other_children", "administration"}


def test_just_below_and_just_above_is_asked_about():
    figures = {
        "haf_days": 15,
        "haf_weeks": 3,
        "haf_hours": 3.9,
        "haf_other_children": 15.1,
        "haf_administration": 10.1,
    }
    found = broken(check_holiday(**SUMMER, figures=figures))
    assert {finding.rule for finding in found} == {
        "days",
        "weeks",
        "hours",
        "other_children",
        "administration",
    }
    assert found[0].text == "15 days offered; at least 16 are asked for."


def test_easter_asks_for_four_days_and_no_weeks():
    assert not broken(check_holiday(**EASTER, figures={"haf_days": 4, "haf_hours": 4, "haf_weeks": 1}))
    assert rules_of(check_holiday(**EASTER, figures={"haf_days": 3}), False) == {"days"}


def test_nobody_told_is_neither_kept_nor_broken():
    found = check_holiday(**EASTER, figures={"haf_days": None})
    assert rules_of(found, None) == {"days", "hours"}
    assert not broken(found)


def test_a_half_term_has_no_rule_about_days():
    found = check_holiday(
        name="Half term", starts_on=date(2026, 2, 16), ends_on=date(2026, 2, 20), figures={"haf_days": 1}
    )
    assert {finding.rule for finding in found} == {"hours"}


def test_what_cannot_be_is_said():
    figures = {
        "haf_days": 60,
        "haf_children": 10,
        "haf_funded": 12,
        "haf_places_offered": 5,
        "haf_places_attended": 6,
    }
    assert rules_of(check_holiday(**SUMMER, figures=figures), False) == {"days", "parts", "places"}


def test_the_rules_are_settings():
    eased = HafRules(days=dict.fromkeys(Season, 2), hours_a_day=3, administration_share=12)
    figures = {"haf_days": 2, "haf_hours": 3, "haf_administration": 12}
    assert not broken(check_holiday(**EASTER, figures=figures, rules=eased))


def test_the_change_of_scores_needs_thirty_pairs():
    few = mean_change(pairs=29, sum_of_start=145, sum_of_end=203)
    assert few.value is None
    assert few.sentence == "Too few to tell: 29 people answered at the start and at the end; 30 are needed."
    assert mean_change(pairs=0, sum_of_start=0, sum_of_end=0).sentence.startswith("Too few to tell: nobody")
    enough = mean_change(pairs=30, sum_of_start=150, sum_of_end=195)
    assert enough.value == pytest.approx(1.5)
    assert enough.sentence == "From 5.0 to 6.5 (up 1.5), 30 people who answered twice."
    assert "down 0.5" in mean_change(pairs=40, sum_of_start=200, sum_of_end=180).sentence
    with pytest.raises(ValueError, match="fewer than no pairs"):
        mean_change(pairs=-1, sum_of_start=0, sum_of_end=0)
