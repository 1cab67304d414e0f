import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.actions.activities import edit_activity
from partnerships.actions.drafts import DraftKey, keep_draft
from partnerships.actions.setting_up import add_organisation
from partnerships.models import (
    Activity,
    Draft,
    Organisation,
    Sector,
    Visibility,
)
from tests.partnerships.activity_form import hidden, says, sent


# --- Who ---------------------------------------------------------------------------------------------------------
def test_who_may_log(as_, client, new, world):
    for role, status in {
        "manager": 200, "officer": 200, "partner": 200, "chair": 403, "resident": 403, "evaluator": 403, "observer": 403,
    }.items():  # fmt: skip
        assert as_(role).get(new).status_code == status, role
    assert as_(world.stranger).get(new).status_code == 404
    assert client.get(new).url.startswith(reverse("account_login"))
    assert as_("observer").post(new, sent()).status_code == 403
    assert not Activity.objects.exists()


def test_who_may_change_what_an_officer_logged(as_, edit, world):
    for role, status in {
        "manager": 200,
        "officer": 200,
        "partner": 403,
        "chair": 403,
        "observer": 403,
    }.items():
        assert as_(role).get(edit).status_code == status, role
    assert as_(world.stranger).get(edit).status_code == 404
    assert as_("partner").post(edit, sent(version=1)).status_code == 403


def test_only_the_author_says_who_can_see_it(as_, edit, activity):
    assert says(as_("officer").get(edit), 'name="visibility"')
    assert not says(as_("manager").get(edit), 'name="visibility"')
    as_("manager").post(edit, sent(version=1, visibility="authors", title="Changed"))
    activity.refresh_from_db()
    assert (activity.title, activity.visibility) == ("Changed", Visibility.PARTNERSHIP)


def test_a_partner_changes_their_own_and_an_officer_any(as_, edit, activity, world):
    Activity.objects.update(created_by=world.partner)
    assert as_("partner").get(edit).status_code == 200
    assert as_("officer").get(edit).status_code == 200
    Activity.objects.update(visibility=Visibility.AUTHORS)
    assert as_("officer").get(edit).status_code == 404


# --- Logging -----------------------------------------------------------------------------------------------------
def test_three_answers_log_an_activity(as_, new, world):
    page = as_("officer").post(new, sent(), follow=True)
    activity = Activity.objects.get()
    assert says(page, "Activity saved.")
    assert (activity.title, activity.happened_on) == ("Met the tenants", timezone.localdate())
    assert (activity.created_by, activity.partnership) == (world.officer, world.partnership)
    assert activity.is_complete


def test_every_answer_is_saved(as_, new, world, outcome):
    as_("officer").post(
        new,
        sent(
            organisations=[world.organisation.pk],
            new_organisations="Canal Trust\r\n\r\n  canal   trust ",
            new_sector=Sector.ENVIRONMENT,
            people=[world.chair.pk],
            new_people="Amina Yusuf",
            programme=world.programme.pk,
            board=world.board.pk,
            outcomes=[outcome.pk],
            place=world.place.pk,
            minutes_hours="1",
            minutes_minutes="30",
            what_happened="Line one\r\nline two 🏊 שלום",
            next_step="Ring",
            next_step_on_day="1",
            next_step_on_month="february",
            next_step_on_year="2030",
            visibility="authors",
        ),
    )
    activity = Activity.objects.get()
    assert {one.name for one in activity.organisations.all()} == {"Testborough Council", "Canal Trust"}
    assert {one.name for one in activity.people.all()} == {"Test chair", "Amina Yusuf"}
    assert [link.outcome for link in activity.outcome_links.all()] == [outcome]
    assert (activity.programme, activity.board, activity.place) == (world.programme, world.board, world.place)
    assert (activity.minutes, activity.what_happened) == (90, "Line one\nline two 🏊 שלום")
    assert (activity.next_step, activity.next_step_on) == ("Ring", date(2030, 2, 1))
    assert activity.visibility == Visibility.AUTHORS


def test_a_title_is_enough_to_finish_later(as_, new):
    page = as_("officer").post(new, {"title": "Met the tenants", "later": "yes"}, follow=True)
    activity = Activity.objects.get()
    assert (activity.is_complete, activity.happened_on) == (False, timezone.localdate())
    assert says(page, "To finish")
    assert says(page, "Finish it")


def test_finishing_it_asks_for_what_was_left_out(as_, new):
    client = as_("officer")
    client.post(new, {"title": "Met the tenants", "later": "yes"})
    activity = Activity.objects.get()
    edit = reverse("activity-edit", args=[activity.partnership.slug, activity.pk])
    assert says(client.get(edit), "Save and finish later")
    client.post(edit, sent(version=1, title=""))
    assert not Activity.objects.get().is_complete
    client.post(edit, sent(version=1))
    assert Activity.objects.get().is_complete
    assert not says(client.get(edit), "Save and finish later")


@pytest.mark.parametrize(
    ("answers", "message", "target"),
    [
        ({"title": ""}, "Enter what happened", "id_title"),
        ({"title": "x\x00"}, "Null characters", "id_title"),
        ({"happened_on_day": "31", "happened_on_month": "2"}, "Enter a real date", "id_happened_on_day"),
        ({"happened_on_year": "2099"}, "today or in the past", "id_happened_on_day"),
        ({"happened_on_year": "2019"}, "The partnership began on 1 January 2020", "id_happened_on_day"),
        ({"kind": "party"}, "Select a valid choice", "id_kind"),
        ({"minutes_hours": "two"}, "must be numbers", "id_minutes_0"),
        ({"minutes_hours": "0", "minutes_minutes": "0"}, "between 1 minute and 7 days", "id_minutes_0"),
        ({"what_happened": "x" * 20_001}, "20000 characters or fewer. It has 20001.", "id_what_happened"),
        ({"new_organisations": "Canal Trust"}, "Select the sector of Canal Trust", "id_new_sector"),
        ({"new_people": "x" * 151}, "too long", "id_new_people"),
        ({"new_people": "\n".join(map(str, range(21)))}, "20 names at most", "id_new_people"),
        ({"next_step_on_day": "1", "next_step_on_month": "1", "next_step_on_year": "2030"}, "Enter the next step", "id_next_step"),
        ({"next_step_on_day": "1"}, "must include a month and a year", "id_next_step_on_month"),
    ],
)  # fmt: skip
def test_each_mistake_is_said_beside_its_field_and_everything_typed_stays(as_, new, answers, message, target):
    page = as_("officer").post(new, sent(next_step="Kept words", visibility="authors") | ({"next_step": "", } if target == "id_next_step" else {}) | answers)  # fmt: skip
    text = page.content.decode()
    assert page.status_code == 200
    assert message in text
    assert f'href="#{target}"' in text
    assert f'id="{target}"' in text
    assert "<title>Error:" in text
    assert re.search(r'<input[^>]*value="authors"[^>]*checked', text)
    assert not Activity.objects.exists()
    for name, value in answers.items():
        if "\x00" not in value and name != "kind" and value:
            assert value in text, name


def test_sections_open_where_something_is_filled_in_or_wrong(as_, new, edit):
    client = as_("officer")
    opened = r'<details class="tl-fold(?: tl-fold--all)?" open>\s*<summary class="tl-fold__summary">([^<]*)'
    assert re.findall(opened, client.get(new).content.decode()) == []
    page = client.post(new, sent(title="", minutes_hours="x")).content.decode()
    assert re.findall(opened, page) == [
        "Add more detail",
        "How it went and what comes next",
    ]
    assert re.findall(opened, client.get(edit).content.decode()) == [
        "Who with",
        "Add more detail",
        "How it went and what comes next",
        "What it belongs to",
    ]


# --- Prefilled ---------------------------------------------------------------------------------------------------
def test_links_fill_in_what_an_activity_is_for(as_, new, world):
    page = as_("officer").get(
        new, {"programme": world.programme.pk, "board": "x", "outcomes": "7", "place": "\x00"}
    )
    assert re.search(rf'<option value="{world.programme.pk}" selected>', page.content.decode())
    assert page.status_code == 200


def test_another_like_it_repeats_who_and_what_for_but_not_what_happened(as_, new, activity, world):
    page = as_("officer").get(new, {"like": activity.pk}).content.decode()
    assert re.search(rf'name="organisations" value="{world.organisation.pk}"[^>]*checked', page)
    assert re.search(rf'name="people" value="{world.chair.pk}"[^>]*checked', page)
    assert 'value="Walk"' in page
    assert "Wet" not in page
    assert (
        f'name="happened_on_day" type="text" inputmode="numeric" autocomplete="off" value="{timezone.localdate().day}"'
        in page
    )
    Activity.objects.update(visibility=Visibility.AUTHORS, created_by=world.manager)
    assert 'value="Walk"' not in as_("officer").get(new, {"like": activity.pk}).content.decode()


# --- Nothing typed is lost ---------------------------------------------------------------------------------------
@pytest.fixture
def draft(world):
    def kept(title="Typed", form="activity:new", page="tab-a", by=None, **fields):
        return keep_draft(
            partnership=world.partnership,
            by=by or world.officer,
            key=DraftKey(form, page),
            fields={"title": [title], **fields},
        ).draft

    return kept


def test_an_opened_form_shows_the_draft_as_it_was_typed(as_, new, draft, world):
    kept = draft(
        happened_on_day=["31"],
        happened_on_month=["febr"],
        minutes_hours=["about one"],
        people=[str(world.chair.pk)],
    )
    page = as_("officer").get(new)
    text = page.content.decode()
    assert "We kept what you typed at" in text
    assert "Discard it" in text
    for typed in ('value="Typed"', 'value="31"', 'value="febr"', 'value="about one"'):
        assert typed in text, typed
    assert re.search(rf'name="people" value="{world.chair.pk}"[^>]*checked', text)
    assert "There is a problem" not in text
    assert (hidden(page, "draft_id"), hidden(page, "draft_version")) == (str(kept.pk), "1")
    assert hidden(page, "draft_page") != "tab-a"


def test_saving_drops_the_draft(as_, new, draft):
    draft()
    client = as_("officer")
    page = client.get(new)
    names = ("draft_form", "draft_page", "draft_id", "draft_version")
    client.post(new, sent(**{name: hidden(page, name) for name in names}))
    assert Activity.objects.get().title == "Met the tenants"
    assert not Draft.objects.exists()


def test_a_refused_form_keeps_its_draft(as_, new, draft):
    kept = draft()
    page = as_("officer").post(new, sent(title="", draft_id=kept.pk, draft_version=1))
    assert Draft.objects.get() == kept
    assert hidden(page, "draft_id") == str(kept.pk)
    assert hidden(page, "draft_page") == "tab-a"


def test_several_drafts_are_all_offered(as_, new, draft):
    first = draft("First", page="tab-a")
    draft("Second", page="tab-b")
    client = as_("officer")
    page = client.get(new).content.decode()
    assert 'value="Second"' in page
    assert f'href="{new}?draft={first.pk}">First</a>' in page
    assert 'value="First"' in client.get(new, {"draft": first.pk}).content.decode()
    blank = client.get(new, {"blank": 1})
    assert 'value="Second"' not in blank.content.decode()
    assert hidden(blank, "draft_id") == ""


def test_nobody_sees_the_draft_of_another(as_, new, draft, world):
    kept = draft("Secret")
    assert not says(as_("manager").get(new, {"draft": kept.pk}), "Secret")


def test_a_draft_of_a_change_goes_on_from_the_version_it_began_with(as_, edit, activity, draft, world):
    draft("Walk to the mill", form=f"activity:{activity.pk}", version=["1"])
    edit_activity(activity=activity, expected_version=1, by=world.manager, title="Walk to the lock")
    client = as_("officer")
    page = client.get(edit)
    assert says(page, 'value="Walk to the mill"')
    assert hidden(page, "version") == "1"
    assert client.post(edit, sent(version=1, title="Walk to the mill")).status_code == 409


def test_what_was_typed_before_signing_out_is_there_after_signing_in(new, world):
    client = Client()
    answer = client.post(
        new, sent(title="Typed too slowly", minutes_hours="half", draft_id="3", draft_version="2")
    )
    assert answer.url.startswith(reverse("account_login"))
    assert not Activity.objects.exists()
    client.force_login(world.officer, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(new)
    assert says(page, "You were signed out before this was saved")
    assert says(page, 'value="Typed too slowly"')
    assert says(page, 'value="half"')
    assert (hidden(page, "draft_id"), hidden(page, "draft_version")) == ("3", "2")
    assert not says(client.get(new), "Typed too slowly")


# --- Cost --------------------------------------------------------------------------------------------------------
def test_opening_the_form_costs_the_same_however_long_its_lists(
    as_, new, world, django_assert_max_num_queries
):
    client = as_("officer")
    client.get(new)
    with django_assert_max_num_queries(26) as few:
        client.get(new)
    Organisation.objects.bulk_create(Organisation(name=f"Club {n}", sector=Sector.SPORT) for n in range(30))
    for club in Organisation.objects.filter(name__startswith="Club"):
        add_organisation(partnership=world.partnership, name=club.name, sector=Sector.SPORT)
    with django_assert_max_num_queries(26) as many:
        page = client.get(new)
    assert says(page, "Club 29")
    assert len(few.captured_queries) == len(many.captured_queries)


def test_a_save_is_dated_in_the_partnerships_time(as_, new):
    tomorrow = timezone.localdate() + timedelta(1)
    day = {
        "happened_on_day": tomorrow.day,
        "happened_on_month": tomorrow.month,
        "happened_on_year": tomorrow.year,
    }
    assert says(as_("officer").post(new, sent(**day)), "today or in the past")
