"""The learning log as people use it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from learning.actions.entries import write_entry
from learning.models import LearningEntry
from outcomes.actions.setting_up import add_outcome, log_activity_for_outcomes
from partnerships.models import Visibility


def page(name, world, *args):
    return reverse(name, args=[world.partnership.slug, *args])


def entry(world, title="Leaflets", **fields):
    fields = {
        "expected": "A crowd",
        "happened": "Six people",
        "verdict": "mixed",
        "by": world.officer,
    } | fields
    return write_entry(partnership=world.partnership, title=title, **fields)


ANSWERS = {
    "title": "Low light matters more than empty lanes",
    "learned_on_day": "3",
    "learned_on_month": "3",
    "learned_on_year": "2026",
    "expected": "Families would come",
    "happened": "Six came",
    "verdict": "mixed",
    "came_from": "observation",
    "what_changes": "Dim the lights",
}


def test_an_entry_written_from_an_activity_is_found_in_the_log(world, as_):
    outcome = add_outcome(partnership=world.partnership, title="More active")
    activity = log_activity_for_outcomes(
        partnership=world.partnership,
        by=world.officer,
        title="Quiet swim",
        happened_on=timezone.localdate(),
        outcomes=[outcome],
    )
    client = as_("officer")
    address = page("learning-new", world) + f"?activity={activity.pk}"
    assert "From “Quiet swim”" in client.get(address).content.decode()
    answer = client.post(address, ANSWERS | {"outcome": outcome.pk}, follow=True)
    assert "Saved to the learning log." in answer.content.decode()
    written = LearningEntry.objects.get()
    assert written.activity == activity
    log = client.get(page("learning-list", world), {"q": "lights"}).content.decode()
    assert ANSWERS["title"] in log


def test_a_forged_activity_is_ignored(world, as_):
    hidden = log_activity_for_outcomes(
        partnership=world.partnership,
        by=world.manager,
        title="Mine",
        happened_on=timezone.localdate(),
        visibility=Visibility.AUTHORS,
    )
    for key in (hidden.pk, 999999999, "rubbish", "9" * 40):
        as_("officer").post(page("learning-new", world) + f"?activity={key}", ANSWERS)
    assert LearningEntry.objects.count() == 4
    assert not LearningEntry.objects.filter(activity__isnull=False).exists()


def test_what_was_typed_is_kept_when_something_is_wrong(world, as_):
    answer = as_("officer").post(
        page("learning-new", world), ANSWERS | {"expected": "", "learned_on_month": "13"}
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Error: " in text
    assert "Dim the lights" in text
    assert 'value="13"' in text
    assert not LearningEntry.objects.exists()


def test_what_was_typed_before_the_session_ended_comes_back_after_sign_in(world, client):
    answer = client.post(page("learning-new", world), ANSWERS)
    assert answer.status_code == 302
    client.force_login(world.officer, backend="django.contrib.auth.backends.ModelBackend")
    text = client.get(page("learning-new", world)).content.decode()
    assert "Dim the lights" in text
    assert 'value="2026"' in text
    assert not LearningEntry.objects.exists()


def test_two_people_editing_at_once_are_told_and_neither_loses_text(world, as_):
    written = entry(world)
    address = page("learning-edit", world, written.pk)
    first, second = as_("officer"), as_("manager")
    assert first.post(address, ANSWERS | {"version": "1", "happened": "Nine came"}).status_code == 302
    answer = second.post(address, ANSWERS | {"version": "1", "happened": "Two came"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Nine came" in text
    assert "Two came" in text
    assert second.post(address, ANSWERS | {"version": "2", "happened": "Two came"}).status_code == 302
    written.refresh_from_db()
    assert written.happened == "Two came"


def test_a_mistake_does_not_hide_a_conflict(world, as_):
    written = entry(world)
    address = page("learning-edit", world, written.pk)
    as_("officer").post(address, ANSWERS | {"version": "1"})
    wrong = as_("manager").post(address, ANSWERS | {"version": "1", "title": ""})
    assert 'name="version" value="1"' in wrong.content.decode()


def test_who_may_write_and_change(world, as_):
    written = entry(world, by=world.resident)
    assert as_("observer").get(page("learning-new", world)).status_code == 403
    assert as_("resident").get(page("learning-edit", world, written.pk)).status_code == 200
    assert as_("partner").get(page("learning-edit", world, written.pk)).status_code == 403
    assert as_("officer").get(page("learning-edit", world, written.pk)).status_code == 200
    assert as_(world.stranger).get(page("learning-detail", world, written.pk)).status_code == 404


def test_filters_live_in_the_address(world, as_):
    outcome = add_outcome(partnership=world.partnership, title="More active")
    entry(world, "Posters", verdict="did_not_work", what_changes="Stop them")
    entry(world, "Walks", verdict="worked", outcome=outcome)
    get = as_("observer").get

    def shown(**query):
        return {e.title for e in get(page("learning-list", world), query).context["page"]}

    assert shown() == {"Posters", "Walks"}
    assert shown(verdict="did_not_work") == {"Posters"}
    assert shown(outcome=outcome.pk) == {"Walks"}
    assert shown(unanswered="on") == {"Walks"}
    assert shown(q="poster") == {"Posters"}
    assert shown(q="postrs") == {"Posters"}
    assert shown(verdict="nonsense") == {"Posters", "Walks"}
    assert get(page("learning-list", world), {"page": "rubbish"}).status_code == 200


def test_the_log_asks_the_same_number_of_queries_however_long(world, as_):
    client = as_("observer")

    def count():
        with CaptureQueriesContext(connection) as captured:
            client.get(page("learning-list", world))
        return len(captured)

    entry(world, owner=world.officer)
    count()
    before = count()
    for number in range(10):
        entry(world, f"Entry {number}", owner=world.officer)
    assert count() == before


def test_an_empty_log_says_what_it_is_for(world, as_):
    assert (
        "No learning has been written down yet"
        in as_("observer").get(page("learning-list", world)).content.decode()
    )


@pytest.mark.parametrize(
    "text", ["🌱" * 100, "مرحبا بالجميع", "=HYPERLINK(1)", "<script>alert(1)</script>", "x" * 5000]
)
def test_any_text_is_kept_as_it_was_written(world, as_, text):
    as_("officer").post(page("learning-new", world), ANSWERS | {"happened": text})
    written = LearningEntry.objects.get()
    assert written.happened == text
    shown = as_("officer").get(page("learning-detail", world, written.pk)).content.decode()
    assert "<script>alert" not in shown


def test_a_review_before_the_learning_is_refused_beside_its_field(world, as_):
    day = timezone.localdate() - timedelta(days=900)
    review = {"review_on_day": day.day, "review_on_month": day.month, "review_on_year": day.year}
    form = as_("officer").post(page("learning-new", world), ANSWERS | review).context["form"]
    assert "review_on" in form.errors
