from datetime import date, timedelta

import pytest
from django.utils import timezone

from partnerships.actions.activities import Newcomers, edit_activity, log_activity, mark_next_step
from partnerships.actions.boards import add_board
from partnerships.actions.programmes import add_programme
from partnerships.actions.setting_up import add_organisation
from partnerships.errors import DomainError, EditConflict
from partnerships.models import (
    Activity,
    ActivityKind,
    BoardLevel,
    Contact,
    Organisation,
    Place,
    PlaceKind,
    ProgrammeKind,
    Sector,
)
from people.actions.naming import person_named
from people.models import Person


@pytest.fixture
def log(world):
    def logged(**facts):
        given = {"partnership": world.partnership, "by": world.officer, "title": "Walk"} | facts
        return log_activity(**{"happened_on": date(2026, 1, 1)} | given)

    return logged


def refused_field(call, **facts):
    with pytest.raises(DomainError) as refused:
        call(**facts)
    return refused.value.field


# --- Days --------------------------------------------------------------------------------------------------------
def test_a_future_day_is_refused_beside_its_field(log):
    assert refused_field(log, happened_on=timezone.localdate() + timedelta(1)) == "happened_on"
    assert log(happened_on=timezone.localdate()).pk


def test_a_day_before_the_partnership_began_is_refused(log, world):
    assert refused_field(log, happened_on=world.partnership.started_on - timedelta(1)) == "happened_on"
    assert log(happened_on=world.partnership.started_on).pk


def test_a_next_step_is_due_after_the_activity_and_has_words(log):
    assert refused_field(log, next_step="Ring back", next_step_on=date(2025, 12, 31)) == "next_step_on"
    assert refused_field(log, next_step_on=date(2026, 2, 1)) == "next_step"
    assert log(next_step="Ring back", next_step_on=date(2026, 1, 1)).pk


# --- Texts -------------------------------------------------------------------------------------------------------
def test_long_notes_emoji_and_right_to_left_text_are_kept_as_typed(log):
    notes = "🏃🏽‍♀️ مرحبا بكم " + "ten thousand characters " * 420
    assert len(notes) > 10_000
    activity = log(title="=1+1 🏊 שלום", what_happened=notes)
    activity.refresh_from_db()
    assert (activity.title, activity.what_happened) == ("=1+1 🏊 שלום", notes)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("title", "  "),
        ("title", "x" * 201),
        ("title", "Wa\x00lk"),
        ("what_happened", "x" * 20_001),
        ("what_happened", "\x00"),
        ("next_step", "x" * 2_001),
    ],
)
def test_a_text_that_cannot_be_kept_is_refused_beside_its_field(log, field, text):
    assert refused_field(log, **{field: text}) == field
    assert not Activity.objects.exists()


@pytest.mark.parametrize("minutes", [0, -5, 10_081])
def test_a_length_outside_a_week_is_refused(log, minutes):
    assert refused_field(log, minutes=minutes) == "minutes"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(None, ""), (1, "1 minute"), (60, "1 hour"), (90, "1 hour 30 minutes"), (150, "2 hours 30 minutes")],
)
def test_a_length_is_said_in_words(minutes, words):
    assert Activity(minutes=minutes).how_long == words


# --- What it belongs to ------------------------------------------------------------------------------------------
def test_records_of_another_partnership_are_refused_beside_their_field(log, world):
    programme = add_programme(partnership=world.other, name="Theirs", kind=ProgrammeKind.OTHER)
    board = add_board(partnership=world.other, name="Theirs", level=BoardLevel.STEERING)
    theirs = add_organisation(partnership=world.other, name="Only theirs", sector=Sector.SPORT)
    assert refused_field(log, programme=programme) == "programme"
    assert refused_field(log, board=board) == "board"
    assert refused_field(log, organisations=[theirs]) == "organisations"
    assert refused_field(log, place=world.elsewhere) == "place"


def test_a_place_inside_a_covered_one_is_taken(log, world):
    street = Place.objects.create(name="Mill Street", kind=PlaceKind.HYPER_LOCAL, parent=world.place)
    assert log(place=street).place == street


def test_a_board_that_had_ended_is_refused_and_one_that_ended_later_is_not(log, world):
    world.board.ended_on = date(2026, 1, 10)
    world.board.save()
    assert log(board=world.board, happened_on=date(2026, 1, 10)).board == world.board
    assert refused_field(log, board=world.board, happened_on=date(2026, 1, 11)) == "board"


def test_what_was_right_when_saved_never_stops_a_later_correction_elsewhere(log, world):
    activity = log(board=world.board, happened_on=date(2026, 1, 20))
    world.board.ended_on = date(2026, 1, 10)
    world.board.save()
    activity = Activity.objects.get(pk=activity.pk)
    edited = edit_activity(activity=activity, expected_version=1, by=world.officer, title="Long walk")
    assert edited.title == "Long walk"


# --- Newcomers ---------------------------------------------------------------------------------------------------
def named(world):
    return lambda name: person_named(partnership=world.partnership, name=name, by=world.officer)


def test_organisations_and_people_that_no_list_has_are_added_with_the_activity(log, world):
    newcomers = Newcomers(["Canal Trust"], Sector.ENVIRONMENT, ["Amina Yusuf"], named(world))
    activity = log(organisations=[world.organisation], newcomers=newcomers)
    assert {one.name for one in activity.organisations.all()} == {"Testborough Council", "Canal Trust"}
    trust = Organisation.objects.get(name="Canal Trust")
    assert trust.sector == Sector.ENVIRONMENT
    assert trust.roles.filter(partnership=world.partnership).exists()
    amina = activity.people.get()
    assert not amina.has_usable_password()
    assert Contact.objects.filter(partnership=world.partnership, person=amina).exists()


def test_a_name_that_is_known_here_means_the_one_who_is_known(log, world):
    newcomers = Newcomers(["  testborough   COUNCIL "], "", ["test CHAIR"], named(world))
    activity = log(newcomers=newcomers)
    assert activity.organisations.get() == world.organisation
    assert activity.people.get() == world.chair


def test_somebody_of_another_partnership_with_the_same_name_is_not_taken(log, world):
    activity = log(newcomers=Newcomers(people=["Other officer"], person_named=named(world)))
    assert activity.people.get() != world.stranger


def test_a_new_organisation_needs_its_sector_and_nothing_is_saved_without(log, world):
    newcomers = Newcomers(["Canal Trust"], "", ["Amina Yusuf"], named(world))
    assert refused_field(log, newcomers=newcomers) == "new_sector"
    assert not Activity.objects.exists()
    assert not Organisation.objects.filter(name="Canal Trust").exists()
    assert not Person.objects.filter(name="Amina Yusuf").exists()


def test_newcomers_of_an_edit_join_those_who_were_there(log, world):
    activity = log(organisations=[world.organisation], people=[world.chair])
    newcomers = Newcomers(["Canal Trust"], Sector.ENVIRONMENT, ["Amina Yusuf"], named(world))
    edit_activity(activity=activity, expected_version=1, by=world.officer, newcomers=newcomers)
    assert activity.organisations.count() == 2
    assert activity.people.count() == 2


# --- Edits -------------------------------------------------------------------------------------------------------
def test_the_second_of_two_edits_at_once_is_told_and_changes_nothing(log, world):
    activity = log(kind=ActivityKind.EVENT, organisations=[world.organisation])
    edit_activity(activity=activity, expected_version=1, by=world.officer, title="Long walk")
    with pytest.raises(EditConflict) as refused:
        edit_activity(
            activity=activity, expected_version=1, by=world.manager, title="Short walk", organisations=[]
        )
    assert refused.value.current_version == 2
    activity.refresh_from_db()
    assert activity.title == "Long walk"
    assert activity.organisations.get() == world.organisation


def test_an_organisation_whose_part_ended_stays_on_the_activities_that_name_it(log, world):
    activity = log(organisations=[world.organisation])
    world.partnership.organisation_roles.all().delete()
    edit_activity(activity=activity, expected_version=1, by=world.officer, organisations=[world.organisation])
    assert activity.organisations.get() == world.organisation


def test_a_next_step_is_done_once_and_can_be_opened_again(log, world):
    activity = log(next_step="Ring back")
    done = mark_next_step(activity=activity, done=True, by=world.officer)
    assert done.next_step_done_on == timezone.localdate()
    again = mark_next_step(activity=activity, done=True, by=world.officer, on=date(2026, 2, 1))
    assert (again.version, again.next_step_done_on) == (done.version, done.next_step_done_on)
    assert mark_next_step(activity=activity, done=False, by=world.officer).next_step_done_on is None


def test_an_activity_without_a_next_step_has_none_to_mark(log, world):
    with pytest.raises(DomainError):
        mark_next_step(activity=log(), done=True, by=world.officer)
