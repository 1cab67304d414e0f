"""Where people land, the box that finds anything, and who changed what."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from learning.actions.entries import write_entry
from outcomes.actions.setting_up import add_measure, add_outcome
from partnerships.actions.activities import edit_activity, log_activity
from partnerships.actions.setting_up import add_organisation
from partnerships.models import Draft, Sector, Visibility
from reports.queries.history import history_of
from reports.queries.search import search


def log(world, title="Walk in the park", **fields):
    fields = {"happened_on": timezone.localdate(), "by": world.officer} | fields
    return log_activity(partnership=world.partnership, title=title, **fields)


def home(world):
    return reverse("home", args=[world.partnership.slug])


# --- Home ----------------------------------------------------------------------------------------------------------
def test_somebody_with_one_partnership_lands_in_it(world, as_):
    assert as_("officer").get("/").url == home(world)


def test_somebody_without_a_partnership_is_told_what_to_do(world, as_):
    from people.actions.memberships import add_person

    nobody = add_person(name="New person", email="new@testborough.example")
    assert "Ask the partnership" in as_(nobody).get("/").content.decode()


def test_home_says_what_is_waiting_and_for_whom(world, as_):
    today = timezone.localdate()
    before = today - timedelta(days=9)
    log(world, happened_on=before, next_step="Ring the school", next_step_on=today - timedelta(days=2))
    log(world, title="Half a story", is_complete=False)
    Draft.objects.create(
        partnership=world.partnership,
        person=world.officer,
        form="activity:new",
        fields={"title": ["Tea with the wardens"]},
        saved_at=timezone.now(),
    )
    mine = as_("officer").get(home(world)).content.decode()
    for text in (
        "Ring the school",
        "Overdue since",
        "Half a story",
        "To finish",
        "Tea with the wardens",
        "Draft",
    ):
        assert text in mine
    others = as_("partner").get(home(world)).content.decode()
    assert "Nothing is waiting for you." in others
    assert "Tea with the wardens" not in others


def test_home_asks_the_same_number_of_queries_however_much_is_there(world, as_):
    client = as_("officer")

    def count():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(home(world)).status_code == 200
        return len(captured)

    outcome = add_outcome(partnership=world.partnership, title="More active")
    for number in range(2):
        log(world, title=f"Walk {number}", next_step="Again", next_step_on=timezone.localdate())
        add_measure(outcome=outcome, name=f"Measure {number}", unit="%", direction="up", frequency="year")
    count()
    before = count()
    for number in range(2, 9):
        log(world, title=f"Walk {number}", next_step="Again", next_step_on=timezone.localdate())
        add_measure(outcome=outcome, name=f"Measure {number}", unit="%", direction="up", frequency="year")
    assert count() == before


# --- Search --------------------------------------------------------------------------------------------------------
def found(world, text, viewer=None):
    return {
        hits.heading: [hit.title for hit in hits.hits]
        for hits in search(world.partnership, viewer or world.officer, text)
    }


def test_search_finds_every_kind(world):
    log(world, title="Swimming with the wardens")
    outcome = add_outcome(partnership=world.partnership, title="Swimming for everybody")
    add_measure(outcome=outcome, name="Swimming lessons", unit="children", direction="up", frequency="year")
    add_organisation(partnership=world.partnership, name="Swimming club", sector=Sector.SPORT)
    write_entry(
        partnership=world.partnership,
        by=world.officer,
        title="Swimming is cold",
        expected="a",
        happened="b",
        verdict="mixed",
    )
    assert {"Activities", "Learning", "Measures", "Outcomes", "Organisations"} <= set(
        found(world, "swimming")
    )


def test_search_forgives_a_slip_and_says_so(world):
    log(world, title="Swimming with the wardens")
    hits = search(world.partnership, world.officer, "swiming wardns")
    assert hits[0].is_guess
    assert hits[0].hits[0].title == "Swimming with the wardens"


def test_search_stays_in_the_partnership_and_shows_nobody_elses_private_activity(world):
    log_activity(
        partnership=world.other, by=world.stranger, title="Secret swimming", happened_on=timezone.localdate()
    )
    log(world, title="Private swimming", visibility=Visibility.AUTHORS)
    assert found(world, "swimming", world.manager) == {}
    assert found(world, "swimming") == {"Activities": ["Private swimming"]}


@pytest.mark.parametrize(
    "text", ["", "   ", "\x00", "' OR 1=1 --", "🚲", "a" * 5000, '"unclosed', "&|!():*", "عربي"]
)
def test_odd_searches_answer(world, as_, text):
    assert (
        as_("observer").get(reverse("search", args=[world.partnership.slug]), {"q": text}).status_code == 200
    )


# --- History -------------------------------------------------------------------------------------------------------
def test_history_says_who_changed_what_from_what_to_what(world, as_):
    activity = log(world)
    from django.test import Client

    client = Client()
    client.force_login(world.manager, backend="django.contrib.auth.backends.ModelBackend")
    edit_activity(activity=activity, expected_version=1, by=world.manager, title="Long walk in the park")
    newest, first = history_of(activity)
    assert first.is_first
    assert [(c.field, c.before, c.after) for c in newest.changes] == [
        ("Title", "Walk in the park", "Long walk in the park")
    ]


def test_a_change_through_a_page_carries_the_persons_name(world, as_):
    from partnerships.actions.boards import add_board

    board = add_board(partnership=world.partnership, name="Forum", level="hyper_local")
    address = reverse("board-edit", args=[world.partnership.slug, board.pk])
    as_("manager").post(address, {"name": "Residents' forum", "level": "hyper_local", "version": 1})
    page = (
        as_("evaluator")
        .get(reverse("history", args=[world.partnership.slug, "board", board.pk]))
        .content.decode()
    )
    assert f"{world.manager.name} changed this" in page
    assert "Residents&#x27; forum" in page


def test_a_change_made_past_the_software_is_kept_too(world):
    activity = log(world)
    type(activity).objects.filter(pk=activity.pk).update(title="Changed in bulk")
    assert history_of(activity)[0].changes[0].after == "Changed in bulk"
    assert history_of(activity)[0].who == ""


def test_history_is_for_those_who_may_see_it(world, as_):
    activity = log(world, visibility=Visibility.AUTHORS)
    address = reverse("history", args=[world.partnership.slug, "activity", activity.pk])
    assert as_("officer").get(address).status_code == 200
    assert as_("manager").get(address).status_code == 404, "A private activity has no history for others."
    assert as_("observer").get(address).status_code == 403
    assert as_(world.stranger).get(address).status_code == 404
    assert (
        as_("officer").get(reverse("history", args=[world.partnership.slug, "nonsense", 1])).status_code
        == 404
    )


def test_a_record_of_another_partnership_has_no_history_here(world, as_):
    theirs = log_activity(
        partnership=world.other, by=world.stranger, title="Theirs", happened_on=timezone.localdate()
    )
    assert (
        as_("manager")
        .get(reverse("history", args=[world.partnership.slug, "activity", theirs.pk]))
        .status_code
        == 404
    )


def test_history_reads_in_a_fixed_number_of_queries(world):
    activity = log(world)

    def count():
        with CaptureQueriesContext(connection) as captured:
            history_of(activity)
        return len(captured)

    edit_activity(activity=activity, expected_version=1, by=world.officer, title="Walk 1")
    before = count()
    for version in range(2, 8):
        edit_activity(activity=activity, expected_version=version, by=world.officer, title=f"Walk {version}")
    assert count() == before
