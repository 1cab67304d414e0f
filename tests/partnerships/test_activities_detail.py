from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from outcomes.actions.setting_up import add_outcome, log_activity_for_outcomes
from partnerships.models import Activity, Visibility


@pytest.fixture
def activity(world):
    return log_activity_for_outcomes(
        partnership=world.partnership,
        by=world.officer,
        title="Walk <by> the canal",
        happened_on=date(2026, 1, 1),
        minutes=90,
        organisations=[world.organisation],
        people=[world.chair],
        programme=world.programme,
        board=world.board,
        place=world.place,
        outcomes=[add_outcome(partnership=world.partnership, title="People are active")],
        what_happened="Wet.\n\nشكرا",
        next_step="Ring the council",
        next_step_on=date(2026, 1, 8),
    )


def at(name, activity):
    return reverse(name, args=[activity.partnership.slug, activity.pk])


def test_the_page_says_everything_that_is_known(as_, activity):
    page = as_("observer").get(at("activity-detail", activity)).content.decode()
    for text in (
        "Walk &lt;by&gt; the canal",
        "Thursday 1 January 2026",
        "1 hour 30 minutes",
        "Testborough Council",
        "Test chair",
        "Holiday club",
        "Active Lives Board",
        "People are active",
        "<p>شكرا</p>",
        "Ring the council",
        "Overdue",
        "Test officer",
    ):
        assert text in page, text


def test_who_may_read_it(as_, client, activity, world):
    url = at("activity-detail", activity)
    assert as_("resident").get(url).status_code == 200
    assert as_(world.stranger).get(url).status_code == 404
    assert client.get(url).status_code == 302
    Activity.objects.update(visibility=Visibility.AUTHORS)
    assert as_("manager").get(url).status_code == 404
    assert as_("officer").get(url).status_code == 200


@pytest.mark.parametrize("pk", [0, 999_999, 10**30])
def test_what_is_not_there_is_not_found(as_, activity, world, pk):
    client = as_("officer")
    slug = world.partnership.slug
    assert client.get(f"/p/{slug}/activities/{pk}/").status_code == 404
    assert client.get(f"/p/{slug}/activities/{pk}/edit/").status_code == 404
    assert client.post(f"/p/{slug}/activities/{pk}/next-step/").status_code == 404


def test_an_activity_is_not_found_under_another_partnerships_address(as_, activity, world):
    assert as_(world.stranger).get(f"/p/{world.other.slug}/activities/{activity.pk}/").status_code == 404


def test_actions_are_offered_to_those_who_may(as_, activity):
    url, edit = at("activity-detail", activity), at("activity-edit", activity)
    learn = reverse("learning-new", args=[activity.partnership.slug]) + f"?activity={activity.pk}"
    history = reverse("history", args=[activity.partnership.slug, "activity", activity.pk])
    shown = {
        "officer": {edit, learn, history},
        "partner": {learn},
        "chair": {learn, history},
        "observer": set(),
    }
    for role, expected in shown.items():
        page = as_(role).get(url).content.decode()
        assert {link for link in (edit, learn, history) if f'href="{link}"' in page} == expected, role


def test_the_next_step_is_marked_done_and_opened_again(as_, activity):
    client, url = as_("officer"), at("activity-next-step", activity)
    page = client.post(url, follow=True).content.decode()
    assert "Next step done." in page
    assert Activity.objects.get().next_step_done_on == timezone.localdate()
    client.post(url, {"done": "no"})
    assert Activity.objects.get().next_step_done_on is None


def test_who_may_mark_it(as_, activity, world):
    url = at("activity-next-step", activity)
    assert as_("partner").post(url).status_code == 403
    assert as_("observer").post(url).status_code == 403
    assert as_(world.stranger).post(url).status_code == 404
    assert as_("manager").post(url).status_code == 302
    assert as_("manager").get(url).status_code == 405


def test_reading_it_costs_the_same_however_much_it_names(as_, activity, django_assert_max_num_queries):
    client, url = as_("officer"), at("activity-detail", activity)
    client.get(url)
    with django_assert_max_num_queries(20) as few:
        client.get(url)
    activity.people.set([*type(activity.people.first()).objects.exclude(pk=activity.created_by_id)])
    with django_assert_max_num_queries(20) as many:
        client.get(url)
    assert len(few.captured_queries) == len(many.captured_queries)
