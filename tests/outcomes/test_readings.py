"""The read layer: what was known when, what is hidden, what a chair is told."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from outcomes.actions.commentaries import write_commentary
from outcomes.actions.observations import record_observation
from outcomes.actions.setting_up import (
    add_measure,
    add_outcome,
    log_activity_for_outcomes,
)
from outcomes.actions.targets import set_target
from outcomes.models import Observation
from outcomes.queries.beside import beside_similar
from outcomes.queries.dashboard import dashboard, moment
from outcomes.queries.readings import add_months, readings_for, similar_places
from outcomes.queries.series import series_for
from outcomes.views.measures import beside_england
from partnerships.actions.setting_up import add_organisation
from partnerships.models import AuthorityDeprivation, Place, PlaceKind, Sector, Visibility


@pytest.fixture
def measure(world):
    outcome = add_outcome(partnership=world.partnership, title="More people are active")
    return add_measure(
        outcome=outcome,
        name="Active adults",
        unit="%",
        decimals=1,
        direction="up",
        frequency="year",
        due_after_days=200,
    )


def year(measure, place, start, value, **fields):
    return record_observation(
        measure=measure,
        place=place,
        period_start=date(start, 4, 1),
        period_end=date(start + 1, 3, 31),
        period_label=f"{start}/{(start + 1) % 100:02d}",
        value=None if value is None else Decimal(str(value)),
        by=None,
        **fields,
    )


def now_known(measure, place, as_of=None):
    as_of = as_of or timezone.now()
    return series_for([measure], [place.pk], as_of=as_of).get((measure.pk, place.pk))


# --- As of ---------------------------------------------------------------------------------------------------------
def test_yesterdays_number_can_be_had_again(world, measure):
    year(measure, world.place, 2024, 61.5)
    noon = datetime(2026, 1, 10, 12, tzinfo=UTC)
    Observation.objects.update(recorded_at=noon)
    year(measure, world.place, 2024, 63.0)
    assert now_known(measure, world.place).latest.text == "63.0%"
    assert now_known(measure, world.place, noon + timedelta(days=1)).latest.text == "61.5%"
    assert now_known(measure, world.place, noon - timedelta(days=1)) is None


def stands(measure, place, start, end, value, **fields):
    """A figure that was there before anybody refused it."""
    return Observation.objects.create(
        partnership=measure.partnership, measure=measure, place=place, period_start=start, period_end=end,
        period_label=f"{start} to {end}", value=value, **fields,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("frequency", "kept"), [("month", [10, 11, 12]), ("quarter", [10, 11, 30]), ("year", [10, 11, 120]), ("period", [10, 11, 12])]
)  # fmt: skip
def test_of_periods_that_end_on_one_day_the_one_that_fits_is_judged(world, measure, frequency, kept):
    measure.frequency = frequency
    for month, value in ((1, 10), (2, 11), (3, 12)):
        stands(measure, world.place, date(2024, month, 1), add_months(date(2024, 1, 31), month - 1), value)
    march = date(2024, 3, 31)
    stands(measure, world.place, date(2024, 1, 1), march, 30)
    stands(measure, world.place, date(2023, 4, 1), march, 120)
    stands(measure, world.place, date(2024, 3, 20), march, None, marker="x")
    reading = readings_for([measure], world.place, as_of=timezone.now())[measure.pk]
    assert [point.value for point in reading.series.points] == kept
    assert reading.latest.value == reading.series.at(march).value == kept[-1]


def test_partners_parts_that_end_on_one_day_make_one_figure(world, measure):
    measure.frequency, measure.rule = "month", "sum"
    partners = [
        add_organisation(partnership=world.partnership, name=name, sector=Sector.SPORT) for name in ("A", "B")
    ]
    march = date(2024, 3, 31)
    stands(measure, world.place, date(2023, 4, 1), march, 120, organisation=partners[0])
    stands(measure, world.place, date(2024, 3, 1), march, 12, organisation=partners[1])
    reading = readings_for([measure], world.place, as_of=timezone.now())[measure.pk]
    assert [figure.value for figure in reading.series.figures] == [12]


def test_a_correction_never_shows_two_values_for_one_period(world, measure):
    for value in (61.5, 62.0, 62.5):
        year(measure, world.place, 2024, value)
    for row in Observation.objects.order_by("recorded_at"):
        assert len(now_known(measure, world.place, row.recorded_at).figures) == 1


def test_missing_is_not_zero(world, measure):
    year(measure, world.place, 2023, 61.5)
    year(measure, world.place, 2024, None, marker="x")
    series = now_known(measure, world.place)
    assert [f.text for f in series.figures] == ["61.5%", "Not available"]
    assert series.latest.period_label == "2023/24"


# --- Disclosure ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "shown"), [(0, "0 children"), (1, "Hidden"), (4, "Hidden"), (5, "5 children")]
)
def test_small_counts_are_hidden_and_nought_is_not(world, value, shown):
    outcome = add_outcome(partnership=world.partnership, title="Holidays")
    counted = add_measure(
        outcome=outcome,
        name="Children",
        unit="children",
        decimals=0,
        direction="up",
        frequency="year",
        hide_below=5,
    )
    year(counted, world.place, 2024, value)
    figure = now_known(counted, world.place).latest
    assert figure.text == shown
    assert (figure.value is None) == (shown == "Hidden")
    assert figure.numerator is None


def test_a_share_of_a_small_count_is_hidden_with_its_interval(world, measure):
    type(measure).objects.filter(pk=measure.pk).update(hide_below=5)
    measure.refresh_from_db()
    year(
        measure,
        world.place,
        2024,
        30,
        numerator=Decimal(3),
        denominator=Decimal(10),
        lower=Decimal(10),
        upper=Decimal(60),
    )
    figure = now_known(measure, world.place).latest
    assert (figure.value, figure.lower, figure.upper, figure.numerator, figure.denominator) == (None,) * 5


def test_hidden_numbers_reach_no_page_chart_or_file(world, as_):
    outcome = add_outcome(partnership=world.partnership, title="Holidays")
    counted = add_measure(
        outcome=outcome,
        name="Children",
        unit="children",
        decimals=0,
        direction="up",
        frequency="year",
        hide_below=8,
    )
    for start, value in ((2022, 4321), (2023, 7), (2024, 4323)):
        year(counted, world.place, start, value)
    for name in ("measure", "measure-data", "measure-chart"):
        answer = as_("chair").get(reverse(name, args=[world.partnership.slug, counted.slug]))
        text = answer.content.decode()
        assert "4,323" in text or "4323" in text
        assert "7 children" not in text
        assert ">7<" not in text
        assert ",7," not in text


# --- Judgement, targets, freshness ----------------------------------------------------------------------------------
def reading(measure, place, nation=None):
    return readings_for([measure], place, as_of=timezone.now(), nation=nation)[measure.pk]


def test_a_target_to_come_says_how_far_it_is(world, measure):
    year(measure, world.place, 2024, 61.5)
    set_target(measure=measure, place=world.place, due_on=date(2020, 1, 1), value=Decimal(50))
    set_target(measure=measure, place=world.place, due_on=date(2090, 1, 1), value=Decimal(65))
    goal = reading(measure, world.place).goal
    assert goal.sentence == "The target is 65.0% by January 2090: 3.5 percentage points to go."
    assert goal.met is False


def test_england_is_compared_for_the_same_period_only(world, measure):
    nation = Place.objects.create(name="England", kind=PlaceKind.NATION, code="E92000001")
    year(measure, world.place, 2023, 61.5)
    year(measure, nation, 2024, 66.0)
    assert reading(measure, world.place, nation).england is None
    year(measure, nation, 2023, 65.0)
    assert reading(measure, world.place, nation).england.text == "65.0%"
    march, label = date(2025, 3, 31), "March 2025"
    record_observation(
        measure=measure, place=world.place, period_start=date(2025, 3, 1), period_end=march, period_label=label,
        value=Decimal(60), by=None,
    )  # fmt: skip
    assert reading(measure, world.place, nation).england is None


@pytest.mark.parametrize(
    ("fields", "here", "there", "says"),
    [
        ({}, 61.5, 66, "4.5 percentage points lower"),
        ({"unit": "per 1,000 people"}, 9, 7, "higher"),
        ({"unit": "years"}, 62.3, 63.5, "lower"),
        ({"unit": "points", "rule": "weighted_mean"}, 9, 7, "higher"),
        ({"unit": "children", "decimals": 0}, 120, 500_000, ""),
        ({"unit": "children", "rule": "sum"}, 120.5, 500_000, ""),
    ],
)
def test_a_count_is_not_held_against_a_whole_countrys(world, measure, fields, here, there, says):
    nation = Place.objects.create(name="England", kind=PlaceKind.NATION, code="E92000001")
    for name, value in fields.items():
        setattr(measure, name, value)
    year(measure, world.place, 2024, here)
    year(measure, nation, 2024, there)
    found = reading(measure, world.place, nation)
    assert found.england.value == there
    assert beside_england(found).endswith(says)
    assert bool(beside_england(found)) is bool(says)


def test_a_figure_is_late_when_the_next_one_should_be_here(world, measure):
    this = timezone.localdate().year
    year(measure, world.place, this - 4, 61.5)
    assert reading(measure, world.place).freshness.is_late
    year(measure, world.place, this - 1, 61.5)
    assert not reading(measure, world.place).freshness.is_late


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 2, 28), 12, date(2026, 2, 28)),
        (date(2025, 6, 30), 3, date(2025, 9, 30)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
    ],
)
def test_adding_months_keeps_the_end_of_a_month(day, months, later):
    assert add_months(day, months) == later


def test_similar_places_are_real_ones_near_in_deprivation(world, measure):
    def place(name, score, fictional=False):
        made = Place.objects.create(name=name, kind=PlaceKind.LOCAL_AUTHORITY, is_fictional=fictional)
        AuthorityDeprivation.objects.create(
            place=made,
            year=2025,
            average_score=score,
            average_score_rank=1,
            average_rank=1,
            average_rank_rank=1,
            share_most_deprived=0,
            source="Test",
        )
        return made

    AuthorityDeprivation.objects.create(
        place=world.place,
        year=2025,
        average_score=20,
        average_score_rank=1,
        average_rank=1,
        average_rank_rank=1,
        share_most_deprived=0,
        source="Test",
    )
    near, far, invented = place("Near", 21), place("Far", 35), place("Invented", 20, fictional=True)
    assert similar_places(world.place, count=2) == [near, far]
    assert invented not in similar_places(world.place)
    year(measure, world.place, 2024, 60)
    year(measure, near, 2024, 62)
    beside = beside_similar(reading(measure, world.place), as_of=timezone.now())
    assert [(row.place.name, row.figure.text, row.is_main) for row in beside] == [
        ("Testborough", "60.0%", True),
        ("Near", "62.0%", False),
    ]


# --- The dashboard and its pages -------------------------------------------------------------------------------------
def test_the_dashboard_asks_the_same_number_of_queries_for_one_measure_and_for_thirty(world, measure):
    year(measure, world.place, 2024, 61.5)

    def count():
        with CaptureQueriesContext(connection) as captured:
            dashboard(world.partnership, as_of=moment(None), viewer=world.chair)
        return len(captured)

    few = count()
    for number in range(29):
        other = add_measure(
            outcome=measure.outcome, name=f"Other {number}", unit="%", direction="up", frequency="year"
        )
        year(other, world.place, 2024, number)
    assert count() == few
    assert few <= 8


def test_the_dashboard_page_stays_within_twelve_queries_and_what_signing_in_costs(world, measure, as_):
    year(measure, world.place, 2024, 61.5)
    client = as_("chair")
    address = reverse("dashboard", args=[world.partnership.slug])
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    assert len(captured) <= 12, [query["sql"][:120] for query in captured]


def test_the_dashboard_of_another_day_says_so_and_shows_that_days_numbers(world, measure, as_):
    year(measure, world.place, 2024, 61.5)
    past = timezone.now() - timedelta(days=30)
    Observation.objects.update(recorded_at=past)
    for record in (measure, measure.outcome):
        type(record).objects.filter(pk=record.pk).update(created_at=past)
    year(measure, world.place, 2024, 63.0)
    address = reverse("dashboard", args=[world.partnership.slug])
    day = (timezone.localdate() - timedelta(days=5)).isoformat()
    assert "61.5%" in as_("chair").get(address, {"as_of": day}).content.decode()
    assert "63.0%" in as_("chair").get(address).content.decode()
    assert as_("chair").get(address, {"as_of": "rubbish"}).status_code == 200


def test_a_measure_page_shows_what_helps_and_what_was_said(world, measure, as_):
    year(measure, world.place, 2024, 61.5)
    shared = {"partnership": world.partnership, "by": world.officer, "happened_on": timezone.localdate()}
    log_activity_for_outcomes(outcomes=[measure.outcome], title="Opened the park gate", **shared)
    log_activity_for_outcomes(
        outcomes=[measure.outcome], title="My note", visibility=Visibility.AUTHORS, **shared
    )
    write_commentary(measure=measure, story="It follows the new path.", by=world.officer)
    page = as_("chair").get(reverse("measure", args=[world.partnership.slug, measure.slug])).content.decode()
    assert "Opened the park gate" in page
    assert "It follows the new path." in page
    assert "My note" not in page
    assert "<svg" in page


def test_a_measure_without_a_figure_says_so(world, measure, as_):
    page = as_("chair").get(reverse("measure", args=[world.partnership.slug, measure.slug])).content.decode()
    assert "No figure has been entered for Testborough yet." in page


def test_who_may_comment_and_who_may_not(world, measure, as_):
    address = reverse("commentary-new", args=[world.partnership.slug, measure.slug])
    assert as_("chair").post(address, {"story": "We turned the curve."}).status_code == 302
    assert as_("observer").get(address).status_code == 403
    assert as_(world.stranger).get(address).status_code == 404
    empty = as_("chair").post(address, {"story": "  ", "what_we_propose": "More of it"})
    assert empty.status_code == 200
    assert "More of it" in empty.content.decode()


def test_a_measure_of_another_partnership_is_not_found_under_ours(world, as_):
    theirs = add_measure(
        outcome=add_outcome(partnership=world.other, title="Theirs"),
        name="Secret",
        unit="%",
        direction="up",
        frequency="year",
    )
    assert (
        as_("manager").get(reverse("measure", args=[world.partnership.slug, theirs.slug])).status_code == 404
    )
