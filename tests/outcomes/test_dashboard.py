"""The dashboard: what is kept is never stale, what a chair must decide, how fresh it is, and what it is narrowed to."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from outcomes.actions.commentaries import write_commentary
from outcomes.actions.observations import record_observation
from outcomes.actions.setting_up import add_measure, add_outcome
from outcomes.actions.targets import set_target
from outcomes.models import Commentary, Group, Measure, MeasureBreakdown, Observation, Rebase, Target
from outcomes.queries.dashboard import dashboard, moment
from outcomes.queries.figures import Figures, OwnManner, cells_of
from outcomes.queries.narrowing import Chosen, quarter_ends, surroundings
from outcomes.queries.needs import NeedKind
from outcomes.queries.readings import Freshness, add_months, readings_for
from outcomes.queries.series import series_for
from outcomes.queries.upkeep import upkeep_of
from outcomes.statistics.terms import Progress
from partnerships.models import Place, PlaceKind

MONTHS = 24


@pytest.fixture
def outcome(world):
    return add_outcome(partnership=world.partnership, title="More people are active")


@pytest.fixture
def measure(outcome):
    return add_measure(
        outcome=outcome,
        name="Visits",
        unit="visits",
        decimals=0,
        direction="up",
        frequency="month",
        due_after_days=60,
    )


def month_ends(count=MONTHS):
    """The ends of the last whole months, oldest first."""
    newest = timezone.localdate().replace(day=1) - timedelta(days=1)
    return [add_months(newest, -back) for back in reversed(range(count))]


def month(measure, place, end, value, **fields):
    return record_observation(
        measure=measure,
        place=place,
        period_start=end.replace(day=1),
        period_end=end,
        period_label=f"{end:%B %Y}",
        value=None if value is None else Decimal(str(value)),
        by=None,
        **fields,
    )


def steady(measure, place, fall=0):
    """Two years that go up and down around 100; the last eight months lie lower where `fall` says so."""
    ends = month_ends()
    for number, end in enumerate(ends):
        month(measure, place, end, 100 + (number * 7) % 5 - (fall if number >= len(ends) - 8 else 0))
    return ends


def seen(world, chosen=None, as_of=None):
    found = dashboard(
        world.partnership,
        as_of=as_of or moment(None),
        viewer=world.chair,
        **({"chosen": chosen} if chosen else {}),
    )
    assert found is not None
    return found


def only(world, **kwargs):
    (reading,) = seen(world, **kwargs).readings
    return reading


# --- What is kept is never stale -------------------------------------------------------------------------------------
def test_a_correction_a_target_and_a_rebase_show_at_once_though_the_same_is_worked_out_once(world, measure):
    ends = steady(measure, world.place, fall=30)
    first = only(world)
    assert first.judgement.progress is Progress.WORSE
    assert only(world).judgement is first.judgement

    month(measure, world.place, ends[-1], 250)
    corrected = only(world)
    assert corrected.latest.text == "250 visits"
    assert corrected.judgement.progress is Progress.BETTER
    assert corrected.judgement.spc.values[-1] == 250

    target = set_target(
        measure=measure, place=world.place, due_on=date(2090, 1, 1), value=Decimal(400), by=world.officer
    )
    assert "400" in only(world).judgement.target_sentence
    Target.objects.filter(pk=target.pk).update(value=Decimal(10))
    assert "of 10 visits" in only(world).judgement.target_sentence

    assert len(only(world).judgement.spc.segments) == 1
    rebase = Rebase.objects.create(
        partnership=world.partnership,
        measure=measure,
        place=world.place,
        period_end=ends[10],
        period_label="then",
        cause="change",
        reason="A new pool",
        created_by=world.officer,
    )
    assert len(only(world).judgement.spc.segments) == 2
    Rebase.objects.filter(pk=rebase.pk).update(withdrawn_at=timezone.now())
    assert len(only(world).judgement.spc.segments) == 1


def test_words_follow_the_measure_and_a_threshold_hides_at_once(world, measure):
    steady(measure, world.place)
    assert only(world).latest.text.endswith(" visits")
    Measure.objects.filter(pk=measure.pk).update(unit="swims", decimals=1)
    assert only(world).latest.text.endswith(".0 swims")
    Measure.objects.filter(pk=measure.pk).update(hide_below=1000)
    hidden = only(world)
    assert hidden.latest.text == "Hidden"
    assert [point.value for point in hidden.series.points] == [None] * MONTHS
    Measure.objects.filter(pk=measure.pk).update(hide_below=None, direction="down")
    assert only(world).latest.value is not None


def test_an_earlier_day_is_judged_by_what_was_known_then(world, measure):
    ends = steady(measure, world.place)
    past = timezone.now() - timedelta(days=10)
    Observation.objects.update(recorded_at=past)
    for record in (measure, measure.outcome):
        type(record).objects.filter(pk=record.pk).update(created_at=past)
    before = only(world, as_of=past + timedelta(days=1))
    month(measure, world.place, ends[-1], 500)
    assert only(world).latest.text == "500 visits"
    again = only(world, as_of=past + timedelta(days=1))
    assert (again.latest, again.judgement) == (before.latest, before.judgement)


def test_the_page_shows_a_correction_though_its_tiles_are_kept(world, measure, as_):
    ends = steady(measure, world.place)
    address = reverse("dashboard", args=[world.partnership.slug])
    for value in (321, 432, 321):
        month(measure, world.place, ends[-1], value)
        page = as_("chair").get(address).content.decode()
        assert f"{value} visits" in page
        assert ("432 visits" in page) == (value == 432)


def test_figures_made_when_looked_at_are_those_made_at_once():
    row = "2026-01-01\x1f2026-01-31\x1f{}\x1f{}\x1f{}\x1f\x1f\x1f\x1f\x1f\x1fJan, 2026 | \x27"
    text = "\x1e".join([row.format("", "final", "12.500000"), row.format("x", "provisional", "")])
    figures = Figures(OwnManner(1, "%", 13), cells_of(text.replace("01-31", "02-28", 1)))
    assert [(f.text, f.hidden, f.provisional) for f in figures] == [
        ("Not available", False, True),
        ("Hidden", True, False),
    ]
    assert [point.value for point in figures.points] == [None, None]
    assert figures[-1].period_label == "Jan, 2026 | '"
    assert figures[:1] == (figures[0],)


# --- What needs a decision -------------------------------------------------------------------------------------------
def test_worse_without_a_word_a_target_that_passed_and_a_proposal_need_a_decision(world, measure, as_):
    ends = steady(measure, world.place, fall=30)
    (need,) = seen(world).needs
    assert (need.kind, need.sentence) == (
        NeedKind.NO_COMMENT,
        "Getting worse; nobody has written about it yet",
    )

    said = write_commentary(measure=measure, story="The pool closed.", by=world.officer)
    assert seen(world).needs == ()
    Commentary.objects.filter(pk=said.pk).update(written_on=ends[-1])
    assert [one.kind for one in seen(world).needs] == [NeedKind.NO_COMMENT]

    Commentary.objects.filter(pk=said.pk).update(for_board=world.board, what_we_propose="Open the lido")
    (need,) = seen(world).needs
    assert need.kind is NeedKind.PROPOSAL
    assert need.sentence.startswith(f"A proposal waits for {world.board.name}: ")

    set_target(measure=measure, place=world.place, due_on=ends[-1], value=Decimal(500), by=world.officer)
    assert [one.kind for one in seen(world).needs] == [NeedKind.PROPOSAL, NeedKind.TARGET_PASSED]
    page = as_("chair").get(reverse("dashboard", args=[world.partnership.slug])).content.decode()
    assert "Not at the target of 500 visits" in page
    later = ends[-1] + timedelta(days=1)
    set_target(measure=measure, place=world.place, due_on=later, value=Decimal(600), by=world.officer)
    assert [one.kind for one in seen(world).needs] == [NeedKind.PROPOSAL], (
        "That day's figure is still to come."
    )


def test_changes_come_first_and_what_is_wanted_is_not_missing(world, outcome, measure, as_):
    late = add_measure(
        outcome=outcome, name="A late one", unit="%", direction="up", frequency="month", due_after_days=1
    )
    wished = add_measure(outcome=outcome, name="Joy of moving", unit="%", direction="up", frequency="year")
    Measure.objects.filter(pk=wished.pk).update(is_in_development=True)
    steady(measure, world.place, fall=30)
    found = seen(world)
    assert [one.measure for one in found.outcomes[0].indicators] == [measure, late]
    assert [one.measure for one in found.late] == [late]
    assert found.outcomes[0].wanted == (wished,)
    page = as_("chair").get(reverse("dashboard", args=[world.partnership.slug])).content.decode()
    assert "We want Joy of moving and do not have it yet." in page


# --- Fresh and whole -------------------------------------------------------------------------------------------------
def test_fresh_and_whole_is_said_in_words_and_as_a_share(world, outcome, measure):
    ends = steady(measure, world.place)
    month(measure, world.place, ends[-1], 99, status="provisional")
    add_measure(
        outcome=outcome, name="A late one", unit="%", direction="up", frequency="month", due_after_days=1
    )
    upkeep = seen(world).outcomes[0].upkeep
    assert upkeep.sentence == "1 of 2 measures up to date; 1 late; 1 provisional."
    assert upkeep.score == 50
    assert upkeep_of([]).sentence == "It has no measure yet."
    assert upkeep_of([]).score is None
    assert isinstance(upkeep.late[0].freshness, Freshness)


# --- Narrowed in the address -----------------------------------------------------------------------------------------
def test_the_address_narrows_by_outcome_kind_ownership_and_headline(world, outcome, measure, as_):
    other = add_outcome(partnership=world.partnership, title="Less loneliness")
    lonely = add_measure(outcome=other, name="Lonely adults", unit="%", direction="down", frequency="year")
    Measure.objects.filter(pk=lonely.pk).update(is_headline=True, ownership="outside")
    address = reverse("dashboard", args=[world.partnership.slug])
    for asked, words in (
        ({"outcome": other.pk}, "the outcome “Less loneliness” only"),
        ({"headline": "on"}, "headline measures only"),
        ({"whose": "outside"}, "measures that are outside our control only"),
    ):
        page = as_("chair").get(address, asked).content.decode()
        assert f"Showing {world.place.name}, {words}" in page
        assert "Lonely adults" in page
        assert ">Visits</a>" not in page
        assert f'href="{address}"' in page
    page = as_("chair").get(address, {"kind": "performance"}).content.decode()
    assert "No measures match" in page


def test_what_is_wrong_in_the_address_is_said_and_forged_places_are_none(world, measure, as_):
    theirs = Place.objects.create(name="Elsewhere", kind=PlaceKind.NEIGHBOURHOOD)
    Place.objects.create(name="Our end", kind=PlaceKind.NEIGHBOURHOOD, parent=world.place)
    steady(measure, world.place)
    address = reverse("dashboard", args=[world.partnership.slug])
    for asked in (
        {"place": theirs.pk},
        {"place": "x" * 20_000},
        {"outcome": "\u202e😀"},
        {"until": "2026-13-45"},
        {"as_of_day": "31", "as_of_month": "2", "as_of_year": "2026"},
        {"place": "\x00"},
    ):
        answer = as_("chair").get(address, asked)
        assert answer.status_code == 200
        page = answer.content.decode()
        assert "There is a problem" in page, asked
        assert "Elsewhere" not in page


def test_a_part_of_the_place_shows_its_own_figures_and_opens_its_own_page(world, measure, as_):
    part = Place.objects.create(name="Our end", kind=PlaceKind.NEIGHBOURHOOD, parent=world.place)
    month(measure, world.place, month_ends()[-1], 900)
    month(measure, part, month_ends()[-1], 77)
    page = (
        as_("chair")
        .get(reverse("dashboard", args=[world.partnership.slug]), {"place": part.pk})
        .content.decode()
    )
    assert "Showing Our end, as it is known today." in page
    assert "77 visits" in page
    assert "900 visits" not in page
    assert f"/measures/{measure.slug}/?place={part.pk}" in page


def test_a_hidden_part_takes_a_neighbour_with_it_and_its_gap_to_the_target_too(world, measure):
    Measure.objects.filter(pk=measure.pk).update(hide_below=10)
    parts = [
        Place.objects.create(name=name, kind=PlaceKind.NEIGHBOURHOOD, parent=world.place)
        for name in ("East", "West", "Up")
    ]
    end = month_ends()[-1]
    month(measure, world.place, end, 129)
    for part, value in zip(parts, (4, 25, 100), strict=True):
        month(measure, part, end, value)
    set_target(measure=measure, place=parts[1], due_on=date(2090, 1, 1), value=Decimal(60), by=world.officer)
    shown = only(world, chosen=Chosen(place=parts[1]))
    assert shown.latest.text == "Hidden"
    assert shown.goal.sentence == "The target is 60 visits by January 2090."
    assert only(world, chosen=Chosen(place=parts[1], until=end)).latest.text == "Hidden"


def test_a_period_can_be_the_last_without_making_anything_late(world, measure):
    ends = steady(measure, world.place)
    reading = only(world, chosen=Chosen(until=ends[-3]))
    assert reading.latest.period_end == ends[-3]
    assert len(reading.series.figures) == MONTHS - 2
    assert not reading.freshness.is_late
    assert quarter_ends(date(2026, 11, 22), count=3) == [
        date(2026, 9, 30),
        date(2026, 6, 30),
        date(2026, 3, 31),
    ]


def test_a_group_shows_instead_of_everybody_and_the_rest_is_named(world, outcome, measure, as_):
    groups = [
        Group.objects.create(partnership=world.partnership, dimension="Sex", name=name, position=at)
        for at, name in enumerate(("Girls", "Boys"))
    ]
    MeasureBreakdown.objects.create(partnership=world.partnership, measure=measure, dimension="Sex")
    add_measure(outcome=outcome, name="Not by sex", unit="%", direction="up", frequency="year")
    end = month_ends()[-1]
    month(measure, world.place, end, 30)
    for group, value in zip(groups, (18, 12), strict=True):
        month(measure, world.place, end, value, group=group)
    Place.objects.create(name="Our end", kind=PlaceKind.NEIGHBOURHOOD, parent=world.place)
    around = surroundings(world.partnership, as_of=moment(None), viewer=world.chair)
    assert [one.label for one in around.groups] == ["Sex: Girls", "Sex: Boys"]
    address = reverse("dashboard", args=[world.partnership.slug])
    page = as_("chair").get(address, {"group": groups[0].pk}).content.decode()
    assert "Sex: Girls instead of everybody" in page
    assert "18 visits" in page
    assert "30 visits" not in page
    assert "Not counted by this group, so not shown: Not by sex." in page
    both = {"group": groups[0].pk, "place": around.places[1].pk}
    assert "not both" in as_("chair").get(address, both).content.decode()


# --- The meeting room ------------------------------------------------------------------------------------------------
def test_the_meeting_room_sees_an_outcome_at_a_time_and_comes_back_to_the_same_address(
    world, outcome, measure, as_
):
    steady(measure, world.place)
    for number in range(7):
        add_measure(outcome=outcome, name=f"Other {number}", unit="%", direction="up", frequency="year")
    address = reverse("dashboard-present", args=[world.partnership.slug])
    page = as_("chair").get(address, {"outcome": outcome.pk}).content.decode()
    assert page.count('class="tl-screen"') == 3
    assert 'href="#screen-2" rel="next"' in page
    assert "2 of 2" in page
    assert f'{reverse("dashboard", args=[world.partnership.slug])}?outcome={outcome.pk}"' in page
    assert as_(world.stranger).get(address).status_code == 404
    assert (
        "There is nothing to show yet" in as_("chair").get(address, {"kind": "performance"}).content.decode()
    )


def test_series_and_readings_agree_and_the_parts_of_a_place_are_found_once(world, measure):
    steady(measure, world.place)
    now = timezone.now()
    series = series_for([measure], [world.place.pk], as_of=now)[measure.pk, world.place.pk]
    reading = readings_for([measure], world.place, as_of=now)[measure.pk]
    assert reading.series.figures is series.figures
    Place.objects.create(
        name="Twice within", kind=PlaceKind.NEIGHBOURHOOD, parent=world.place, upper_tier=world.place
    )
    around = surroundings(world.partnership, as_of=now, viewer=world.chair)
    assert [place.name for place in around.places] == [world.place.name, "Twice within"]
    assert around.main == world.place
    assert isinstance(around.outcomes[0].created_at, datetime)
