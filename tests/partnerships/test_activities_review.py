from datetime import date

import pytest
from django.urls import reverse

from partnerships.actions.activities import edit_activity, log_activity
from partnerships.actions.activity_review import accept, send_back, set_review, submit, take_back
from partnerships.errors import DomainError, EditConflict
from partnerships.models import Activity, ReviewNote, ReviewStatus, Visibility
from partnerships.queries.activity_review import sent_back, waiting_for_review


@pytest.fixture
def activity(world):
    set_review(partnership=world.partnership, wanted=True, by=world.manager)
    return log_activity(
        partnership=world.partnership, by=world.officer, title="Walk", happened_on=date(2026, 1, 1),
        authors=[world.partner], what_happened="Wet",
    )  # fmt: skip


@pytest.fixture
def submitted(activity, world):
    return submit(activity=activity, by=world.partner)


@pytest.fixture
def url(activity):
    return reverse("activity-review", args=[activity.partnership.slug, activity.pk])


def steps():
    return list(ReviewNote.objects.values_list("step", flat=True))


def test_from_submitted_to_accepted(world, submitted):
    assert list(waiting_for_review(world.partnership, world.chair)) == [submitted]
    assert not waiting_for_review(world.partnership, world.officer)
    send_back(activity=submitted, expected_version=1, by=world.chair, comment="Who came?")
    assert list(sent_back(world.partnership, world.partner)) == [submitted]
    edit_activity(activity=submitted, expected_version=1, by=world.officer, what_happened="Wet. Twelve came.")
    submit(activity=submitted, by=world.officer)
    accepted = accept(activity=submitted, expected_version=2, by=world.chair)
    assert accepted.review == ReviewStatus.ACCEPTED
    assert steps() == ["submitted", "sent_back", "submitted", "accepted"]
    assert not waiting_for_review(world.partnership, world.chair)


def test_a_change_to_what_was_accepted_takes_that_back(world, submitted):
    accept(activity=submitted, expected_version=1, by=world.manager)
    activity = Activity.objects.get()
    edit_activity(activity=activity, expected_version=1, by=world.officer, title="Walk")
    assert Activity.objects.get().review == ReviewStatus.ACCEPTED  # Nothing was changed.
    edit_activity(activity=activity, expected_version=2, by=world.officer, title="Long walk")
    assert Activity.objects.get().review == activity.review == ReviewStatus.NONE
    assert ReviewNote.objects.latest("pk").comment == "Changed after it was accepted."


def test_nobody_reviews_what_they_wrote(world, submitted):
    for author in (world.officer, world.partner):
        with pytest.raises(DomainError):
            accept(activity=submitted, expected_version=1, by=author)


def test_what_was_changed_while_it_was_read_is_read_again(world, submitted):
    edit_activity(activity=submitted, expected_version=1, by=world.officer, title="Other")
    with pytest.raises(EditConflict):
        accept(activity=submitted, expected_version=1, by=world.chair)
    assert steps() == ["submitted"]


def test_sending_back_says_why(world, submitted):
    for comment in ("", "  "):
        with pytest.raises(DomainError) as refused:
            send_back(activity=submitted, expected_version=1, by=world.chair, comment=comment)
        assert refused.value.field == "comment"


def test_pressing_twice_is_once(world, activity):
    submit(activity=activity, by=world.officer)
    submit(activity=activity, by=world.officer)
    accept(activity=activity, expected_version=1, by=world.chair)
    accept(activity=activity, expected_version=1, by=world.manager)
    assert steps() == ["submitted", "accepted"]
    with pytest.raises(DomainError):
        send_back(activity=activity, expected_version=1, by=world.manager, comment="Late")


def test_authors_take_back_what_nobody_decided(world, submitted):
    with pytest.raises(DomainError):
        take_back(activity=submitted, by=world.chair)
    take_back(activity=submitted, by=world.officer)
    assert Activity.objects.get().review == ReviewStatus.NONE
    with pytest.raises(DomainError):
        take_back(activity=submitted, by=world.officer)


def test_what_cannot_be_submitted(world, activity):
    with pytest.raises(DomainError):
        submit(activity=activity, by=world.chair)
    for changes in ({"is_complete": False}, {"visibility": Visibility.AUTHORS}):
        Activity.objects.update(is_complete=True, visibility=Visibility.PARTNERSHIP)
        Activity.objects.update(**changes)
        with pytest.raises(DomainError):
            submit(activity=activity, by=world.officer)
    Activity.objects.update(is_complete=True, visibility=Visibility.PARTNERSHIP)
    set_review(partnership=world.partnership, wanted=False, by=world.manager)
    with pytest.raises(DomainError):
        submit(activity=activity, by=world.officer)


def test_who_comes_to_the_pages(as_, client, world, submitted, url):
    queue = reverse("activity-review-queue", args=[world.partnership.slug])
    for page in (queue, url):
        for who, status in {
            "manager": 200,
            "chair": 200,
            "officer": 403,
            "partner": 403,
            "observer": 403,
        }.items():
            assert as_(who).get(page).status_code == status, (who, page)
        assert as_(world.stranger).get(page).status_code == 404
        assert client.get(page).url.startswith(reverse("account_login"))


def test_a_reviewer_decides_in_the_browser(as_, world, submitted, url):
    chair, slug = as_("chair"), world.partnership.slug
    queue = reverse("activity-review-queue", args=[slug])
    assert "Walk" in chair.get(queue).content.decode()
    refused = chair.post(url, {"version": 1, "decision": "send_back", "comment": ""})
    assert "Say what it lacks" in refused.content.decode()
    chair.post(url, {"version": 1, "decision": "send_back", "comment": "Who <b>came</b>?"})
    detail = as_("partner").get(reverse("activity-detail", args=[slug, submitted.pk])).content.decode()
    assert "Who &lt;b&gt;came&lt;/b&gt;?" in detail
    assert "Sent back" in detail
    assert "Submit for review" in detail
    as_("officer").post(reverse("activity-submit", args=[slug, submitted.pk]))
    conflict = chair.post(url, {"version": 7, "decision": "accept", "comment": "Kept"})
    assert "changed it while you were reading" in conflict.content.decode()
    assert "Kept" in conflict.content.decode()
    chair.post(url, {"version": 1, "decision": "accept"})
    assert Activity.objects.get().review == ReviewStatus.ACCEPTED
    assert "Nothing waits for you" in chair.get(queue).content.decode()


def test_the_list_is_narrowed_by_review(as_, world, submitted):
    log_activity(partnership=world.partnership, by=world.officer, title="Other", happened_on=date(2026, 1, 1))
    url = reverse("activity-list", args=[world.partnership.slug])
    page = as_("officer").get(url, {"review": "submitted"}).content.decode()
    assert "Walk" in page
    assert "Other</a>" not in page
    set_review(partnership=world.partnership, wanted=False, by=world.manager)
    assert 'name="review"' not in as_("officer").get(url).content.decode()


def test_the_queue_asks_the_same_number_of_questions(as_, world, submitted, django_assert_max_num_queries):
    client, queue = as_("chair"), reverse("activity-review-queue", args=[world.partnership.slug])
    client.get(queue)
    with django_assert_max_num_queries(16) as few:
        client.get(queue)
    for number in range(5):
        more = log_activity(
            partnership=world.partnership,
            by=world.officer,
            title=f"Walk {number}",
            happened_on=date(2026, 1, 1),
        )
        submit(activity=more, by=world.officer)
    with django_assert_max_num_queries(len(few)):
        client.get(queue)
