"""Partners' parts as one figure: by rule, with who is missing, below a whole that somebody told, and as known on a day."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from outcomes.actions.observations import record_observation
from outcomes.actions.returns import NewCell
from outcomes.actions.returns_deciding import accept, not_needed
from outcomes.models import CalculationRule, Measure
from outcomes.queries.readings import readings_for
from outcomes.queries.series import series_for
from outcomes.statistics.folding import Part, fold
from tests.outcomes.returns_world import make_returns, sent

A, B = Part(10, 1, 10, known_at=2), Part(40, 12, 30, known_at=1)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("sum", Part(50)),
        ("max", B),
        ("latest", A),
        ("ratio_of_sums", Part(32.5, 13, 40)),
        ("weighted_mean", Part(32.5, denominator=40)),
        ("unique_count", None),
    ],
)
def test_each_rule(rule, expected):
    assert fold(rule, [A, B], 100) == expected


@pytest.mark.parametrize("rule", CalculationRule.values)
def test_one_part_is_the_whole_and_none_is_none(rule):
    gone = Part(None, marker="x")
    assert fold(rule, [A, gone]) == A
    assert fold(rule, [gone, Part(None, marker="z")]) == Part(None, marker="x")
    assert fold(rule, [Part(None, marker="z")]) == Part(None, marker="z")


def test_parts_without_weights_make_no_ratio():
    assert fold("ratio_of_sums", [A, Part(5)]) is None
    assert fold("weighted_mean", [A, Part(5)]) is None
    assert fold("weighted_mean", [Part(5, denominator=0), Part(6, denominator=0)]) is None


@pytest.fixture
def made(world):
    return make_returns(world)


def accepted(made, world, partner, **said):
    found = sent(made.of(made.summer, partner), made, world.officer, **said)
    return accept(found=found, expected_version=found.version, by=world.officer)


def summer(measure, world, as_of=None):
    series = series_for([measure], [world.place.pk], as_of=as_of or timezone.now())
    found = series.get((measure.pk, world.place.pk))
    return found.figures[-1] if found else None


def test_one_of_two_partners_is_incomplete_and_the_other_is_named(made, world):
    accepted(made, world, made.trust, sessions=12)
    figure = summer(made.sessions, world)
    assert (figure.value, figure.provisional, figure.missing) == (12, True, ("Saints Club",))
    assert "Not in it yet: Saints Club." in figure.note
    reading = readings_for([made.sessions], world.place, as_of=timezone.now())[made.sessions.pk]
    assert reading.series.points[-1].value is None, "An incomplete sum must not look like a fall."
    assert reading.latest.value == 12


def test_both_partners_make_the_whole_by_rule(made, world):
    accepted(made, world, made.trust, children=30, sessions=12)
    accepted(made, world, made.club, children=10, sessions=5)
    assert (summer(made.sessions, world).value, summer(made.sessions, world).provisional) == (17, False)
    attended = summer(made.attended, world)
    assert (attended.value, attended.numerator, attended.denominator) == (50, 40, 80)
    assert summer(made.wellbeing, world).value == 7.5
    children = summer(made.children, world)
    assert (children.value, children.text, children.has_no_total) == (None, "No total", True)
    assert "cannot be added" in children.note
    reading = readings_for([made.children], world.place, as_of=timezone.now())[made.children.pk]
    assert reading.latest.text == "No total"


def test_a_unique_count_of_one_partner_is_no_total_while_another_is_missing(made, world):
    accepted(made, world, made.trust, children=30)
    assert summer(made.children, world).has_no_total
    other = made.of(made.summer, made.club)
    not_needed(found=other, expected_version=1, reason="Closed", by=world.officer)
    alone = summer(made.children, world)
    assert (alone.value, alone.missing, alone.provisional) == (30, (), False)


def test_what_a_partner_could_not_tell_is_missing(made, world):
    accepted(made, world, made.trust, sessions=12)
    accepted(made, world, made.club, changed={(made.sessions.pk, None): NewCell(marker="x")})
    assert summer(made.sessions, world).missing == ("Saints Club",)


def test_what_somebody_told_of_the_whole_place_wins(made, world):
    accepted(made, world, made.trust, sessions=12)
    record_observation(
        measure=made.sessions,
        by=world.officer,
        place=world.place,
        period_start=made.summer.starts_on,
        period_end=made.summer.ends_on,
        period_label="Summer",
        value=Decimal(99),
    )
    series = series_for([made.sessions], [world.place.pk], as_of=timezone.now())
    (figure,) = series[(made.sessions.pk, world.place.pk)].figures
    assert (figure.value, figure.missing) == (99, ())


def test_small_counts_are_hidden_after_folding(made, world):
    Measure.objects.filter(pk=made.sessions.pk).update(hide_below=5)
    made.sessions.refresh_from_db()
    accepted(made, world, made.trust, sessions=3)
    assert summer(made.sessions, world).hidden
    accepted(made, world, made.club, sessions=4)
    assert summer(made.sessions, world).value == 7


def test_an_earlier_day_knows_what_was_known_then(made, world):
    accepted(made, world, made.trust, sessions=12)
    between = timezone.now()
    accepted(made, world, made.club, sessions=5)
    assert summer(made.sessions, world).value == 17
    assert summer(made.sessions, world, as_of=between).value == 12
    assert summer(made.sessions, world, as_of=between).missing == ("Saints Club",)
    assert summer(made.sessions, world, as_of=between - timedelta(hours=1)) is None


def test_measures_without_parts_cost_one_query(made, world, django_assert_num_queries):
    with django_assert_num_queries(1):
        series_for([made.sessions, made.children], [world.place.pk], as_of=timezone.now())
    accepted(made, world, made.trust)
    accepted(made, world, made.club)
    with django_assert_num_queries(3):
        series_for([made.sessions, made.children], [world.place.pk], as_of=timezone.now())


def test_a_measure_of_periods_is_late_when_its_returns_are(made, world):
    """The due day is the period's own, whatever the measure says of others."""
    Measure.objects.filter(pk=made.sessions.pk).update(due_after_days=3650)
    made.sessions.refresh_from_db()

    def sentence():
        return readings_for([made.sessions], world.place, as_of=timezone.now())[made.sessions.pk].freshness

    due = made.spring.returns_due_on
    assert sentence().is_late
    assert sentence().sentence == f"The next figure was due by {due.day} {due:%B %Y}."
    accepted(made, world, made.trust)
    winter = made.winter.returns_due_on
    assert not sentence().is_late
    assert sentence().sentence == f"The next figure is due by {winter.day} {winter:%B %Y}."
