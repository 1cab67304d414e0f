from datetime import date, timedelta

import pytest

from outcomes.actions.setting_up import add_outcome, log_activity_for_outcomes
from outcomes.queries.activities import TABLE_COLUMNS, helping, outcomes_of, table
from partnerships.actions.activities import log_activity
from partnerships.actions.setting_up import add_organisation
from partnerships.models import Activity, ActivityKind, Place, PlaceKind, Sector, Visibility
from partnerships.queries.activities import (
    ActivityFilters,
    Cursor,
    count_up_to,
    find,
    highlights,
    page,
    to_finish,
    visible,
)


@pytest.fixture
def log(world):
    def logged(title="Walk", **facts):
        given = {
            "partnership": world.partnership,
            "by": world.officer,
            "happened_on": date(2026, 1, 1),
        } | facts
        return log_activity(title=title, **given)

    return logged


def titles(found):
    return [activity.title for activity in found]


# --- Who sees what -----------------------------------------------------------------------------------------------
def test_what_its_author_keeps_back_nobody_else_sees(world, log):
    log("Shared")
    log("Kept back", visibility=Visibility.AUTHORS)
    log("Elsewhere", partnership=world.other, by=world.stranger)
    assert set(titles(visible(world.partnership, world.officer))) == {"Shared", "Kept back"}
    for person in (world.manager, world.chair, world.stranger, None):
        assert titles(visible(world.partnership, person)) == ["Shared"]


def test_to_finish_is_ones_own_and_unfinished(world, log):
    log("Done")
    log("Half done", is_complete=False)
    log("Somebody else's", is_complete=False, by=world.manager)
    assert titles(to_finish(world.partnership, world.officer)) == ["Half done"]


# --- Filters -----------------------------------------------------------------------------------------------------
def test_each_filter_narrows_to_its_own(world, log):
    street = Place.objects.create(name="Mill Street", kind=PlaceKind.NEIGHBOURHOOD, parent=world.place)
    log("Day", happened_on=date(2025, 6, 1))
    log("Kind", kind=ActivityKind.SETBACK)
    log("Programme", programme=world.programme)
    log("Board", board=world.board)
    log("Place", place=street)
    log("Organisation", organisations=[world.organisation])
    log("Person", people=[world.chair])
    log("Author", by=world.manager)
    log("Unfinished", is_complete=False)
    everything = visible(world.partnership, world.officer)
    for filters, expected in (
        (ActivityFilters(starts_on=date(2025, 6, 1), ends_on=date(2025, 6, 1)), "Day"),
        (ActivityFilters(kind=ActivityKind.SETBACK), "Kind"),
        (ActivityFilters(programme=world.programme), "Programme"),
        (ActivityFilters(board=world.board), "Board"),
        (ActivityFilters(place=street), "Place"),
        (ActivityFilters(place=world.place), "Place"),
        (ActivityFilters(organisation=world.organisation), "Organisation"),
        (ActivityFilters(sector=Sector.COUNCIL), "Organisation"),
        (ActivityFilters(person=world.chair), "Person"),
        (ActivityFilters(logged_by=world.manager), "Author"),
        (ActivityFilters(to_finish=True), "Unfinished"),
    ):
        assert titles(find(everything, filters).activities) == [expected], filters
    assert find(everything, ActivityFilters()).activities.count() == 9


def test_outcomes_are_found_both_ways(world):
    outcome = add_outcome(partnership=world.partnership, title="People are active")
    linked = log_activity_for_outcomes(
        partnership=world.partnership,
        by=world.officer,
        title="Linked",
        happened_on=date(2026, 1, 1),
        outcomes=[outcome],
    )
    log_activity(partnership=world.partnership, by=world.officer, title="Not", happened_on=date(2026, 1, 1))
    seen = visible(world.partnership, world.officer)
    assert titles(helping(seen, outcome)) == ["Linked"]
    assert outcomes_of(seen) == {linked.pk: [outcome]}


# --- Search ------------------------------------------------------------------------------------------------------
def search(world, text, person=None):
    return find(visible(world.partnership, person or world.officer), ActivityFilters(text=text))


def test_search_reads_titles_details_and_next_steps_in_any_form_of_the_word(world, log):
    log("Swimming at the baths")
    log("Other", what_happened="They swim on Mondays")
    log("Third", next_step="Ask who swims")
    log("Unrelated")
    found = search(world, "swim")
    assert (len(found.activities), found.is_guess) == (3, False)


def test_search_takes_quotes_either_or_and_not(world, log):
    log("Walk by the canal")
    log("Canal walk")
    log("Swim")
    assert titles(search(world, '"walk by the canal"').activities) == ["Walk by the canal"]
    assert len(search(world, "canal or swim").activities) == 3
    assert titles(search(world, "swim -canal").activities) == ["Swim"]


def test_a_slip_of_the_keyboard_is_forgiven_where_no_words_match(world, log):
    log("Volunteers trained as walk leaders")
    log("School sports hall opened")
    for typed in ("vollunteres", "voluntears trainned", "shcool", "schol hall"):
        found = search(world, typed)
        assert found.is_guess, typed
        assert len(found.activities) == 1, typed
    assert search(world, "volunteers").is_guess is False
    nothing = search(world, "xylophone")
    assert (list(nothing.activities), nothing.is_guess) == ([], False)


@pytest.mark.parametrize("typed", ["", "  ", "&|!():*'", "<->", "-", '"', "the", "\\", "%_", "é" * 200])
def test_odd_searches_are_answered(world, log, typed):
    log("Walk")
    assert len(search(world, typed.strip()).activities) <= 1


def test_neither_search_nor_guess_finds_what_an_author_keeps_back(world, log):
    log("Secret talks about swimming", visibility=Visibility.AUTHORS)
    assert list(search(world, "swimming", world.manager).activities) == []
    assert list(search(world, "swiming", world.manager).activities) == []
    assert len(search(world, "swimming").activities) == 1


def test_matched_words_come_apart_from_the_text_around_them(world, log):
    activity = log("<b>Swim</b> & walk", what_happened="We swam. \x02Swimming\x03 is <i>fun</i>.")
    marks = highlights([activity], "swim")[activity.pk]
    assert ("Swim", True) in marks.title
    assert "".join(text for text, _ in marks.title) == "<b>Swim</b> & walk"
    assert [text for text, hit in marks.excerpt if hit] == ["Swimming"]


# --- Pages -------------------------------------------------------------------------------------------------------
def test_pages_meet_without_a_gap_or_an_overlap_in_both_directions(world, log):
    for number in range(11):
        log(f"{number}", happened_on=date(2026, 1, 1) + timedelta(number // 4))
    everything = visible(world.partnership, world.officer)
    order = titles(everything)
    first = page(everything, size=4)
    second = page(everything, size=4, before=first.older)
    third = page(everything, size=4, before=second.older)
    assert titles(first.activities) + titles(second.activities) + titles(third.activities) == order
    assert (first.newer, third.older) == (None, None)
    back = page(everything, size=4, after=third.newer)
    assert back.activities == second.activities
    start = page(everything, size=4, after=back.newer)
    assert (start.activities, start.newer) == (first.activities, None)


@pytest.mark.parametrize(
    "text", ["", "x", "2026-01-01", "2026-01-01.", "2026-13-01.4", "2026-01-01.4x", "." * 9]
)
def test_what_is_no_place_in_the_list_is_said_so(text):
    with pytest.raises(ValueError, match=r"list|isoformat|month"):
        Cursor.parse(text)


def test_a_place_in_the_list_survives_its_address():
    cursor = Cursor(date(2026, 1, 5), 31)
    assert Cursor.parse(str(cursor)) == cursor


def test_counting_stops_just_above_its_limit(world, log):
    for _ in range(4):
        log()
    everything = visible(world.partnership, world.officer)
    assert [count_up_to(everything, limit) for limit in (2, 4, 9)] == [3, 4, 4]


# --- The table ---------------------------------------------------------------------------------------------------
def test_the_table_says_everything_about_an_activity(world):
    outcome = add_outcome(partnership=world.partnership, title="People are active")
    second = add_organisation(partnership=world.partnership, name="Canal Trust", sector=Sector.ENVIRONMENT)
    activity = log_activity_for_outcomes(
        partnership=world.partnership,
        by=world.officer,
        title="Walk",
        happened_on=date(2026, 1, 1),
        minutes=90,
        organisations=[world.organisation, second],
        people=[world.chair],
        programme=world.programme,
        board=world.board,
        place=world.place,
        outcomes=[outcome],
        what_happened="Wet",
        next_step="Ring",
        next_step_on=date(2026, 1, 2),
    )
    (row,) = table(Activity.objects.all())
    assert dict(zip(TABLE_COLUMNS, row, strict=True)) == {
        "Number": activity.pk,
        "Date": date(2026, 1, 1),
        "What happened": "Walk",
        "Kind": "Meeting",
        "Minutes": 90,
        "Organisations": "Canal Trust; Testborough Council",
        "People": "Test chair",
        "Programme": "Holiday club",
        "Board": "Active Lives Board",
        "Place": "Testborough",
        "Outcomes it should help": "People are active",
        "Details": "Wet",
        "Next step": "Ring",
        "Next step due": date(2026, 1, 2),
        "Next step done": None,
        "Logged by": "Test officer",
        "Written with": "",
        "Review": "",
        "Who can see it": "Everyone in the partnership",
        "Finished": "yes",
    }
