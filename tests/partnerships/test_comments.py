from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from partnerships.actions.activities import log_activity
from partnerships.actions.comments import (
    REMOVED,
    delete_comment,
    mark_seen,
    redact_comment,
    reopen_comment,
    resolve_comment,
    tell_waiting,
    write_comment,
)
from partnerships.errors import DomainError
from partnerships.models import Comment, Commitment, Mention, Visibility
from partnerships.queries.comments import unseen_mentions
from partnerships.tasks.mentions import tell_mentioned


@pytest.fixture
def activity(world):
    return log_activity(
        partnership=world.partnership, by=world.officer, title="Walk", happened_on=date(2026, 1, 1)
    )


@pytest.fixture
def commitment(world):
    return Commitment.objects.create(
        partnership=world.partnership, what="Mend the lights", created_by=world.officer
    )


@pytest.fixture
def say(world, activity):
    def said(text="Who came?", about=None, by=None, **more):
        return write_comment(about=about or activity, text=text, by=by or world.chair, **more)

    return said


# --- Writing and telling -----------------------------------------------------------------------------------------
def test_who_is_named_is_told_once(world, say, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        say(mentions=[world.officer, world.officer, world.chair])
    (mention,) = Mention.objects.all()
    tell_mentioned(mention.pk)
    tell_waiting()
    (letter,) = mail.outbox
    assert letter.to == [world.officer.email]
    assert "Who came?" not in letter.body
    assert "Walk" not in letter.body
    assert (
        reverse("activity-detail", args=[world.partnership.slug, mention.comment.activity_id]) in letter.body
    )
    assert list(unseen_mentions(world.partnership, world.officer)) == [mention]


def test_a_mail_server_that_is_down_is_tried_again(
    world, say, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr("django.core.mail.EmailMessage.send", lambda self: (_ for _ in ()).throw(OSError()))
    with django_capture_on_commit_callbacks(execute=True):
        say(mentions=[world.officer])
    assert Mention.objects.get().told_at is None
    monkeypatch.undo()
    tell_waiting()
    assert len(mail.outbox) == 1
    assert Mention.objects.get().told_at


def test_only_those_who_see_the_record_are_named(world, activity, say):
    activity.visibility = Visibility.AUTHORS
    activity.save()
    with pytest.raises(DomainError) as refused:
        say(by=world.officer, mentions=[world.chair])
    assert refused.value.field == "mentions"
    with pytest.raises(DomainError):
        say(by=world.chair)
    with pytest.raises(DomainError):
        say(about=activity, by=world.officer, mentions=[world.stranger])
    assert not Comment.objects.exists()


def test_who_may_no_longer_see_it_is_not_told(world, activity, say):
    say(mentions=[world.chair], by=world.officer)
    activity.visibility = Visibility.AUTHORS
    activity.save()
    tell_waiting()
    assert not mail.outbox
    assert not unseen_mentions(world.partnership, world.chair)


@pytest.mark.parametrize("text", ["", " \n ", "\x00", "x" * 5001])
def test_a_comment_says_something_and_not_too_much(say, text):
    with pytest.raises(DomainError) as refused:
        say(text)
    assert refused.value.field == "text"


def test_answering_is_reading(world, activity, say):
    say(mentions=[world.officer])
    say("Twelve", by=world.officer)
    assert not unseen_mentions(world.partnership, world.officer)
    say("And now?", mentions=[world.officer])
    assert mark_seen(about=activity, by=world.chair) == 0
    assert mark_seen(about=activity, by=world.officer) == 1


def test_commitments_have_comments_too(world, commitment, say):
    comment = say(about=commitment, mentions=[world.officer])
    assert list(commitment.comments.all()) == [comment]
    assert unseen_mentions(world.partnership, world.officer).count() == 1


# --- Settling and taking back ------------------------------------------------------------------------------------
def test_resolving_twice_keeps_the_first(world, say):
    comment = say()
    first = resolve_comment(comment=comment, by=world.officer)
    assert resolve_comment(comment=comment, by=world.manager).resolved_by == world.officer
    assert first.resolved_at
    assert reopen_comment(comment=comment, by=world.manager).resolved_at is None


def test_ones_own_words_can_be_taken_back_for_an_hour(world, say):
    comment = say()
    with pytest.raises(DomainError):
        delete_comment(comment=comment, by=world.manager)
    delete_comment(comment=comment, by=world.chair)
    delete_comment(comment=comment, by=world.chair)
    old = say(written_at=timezone.now() - timedelta(minutes=61))
    with pytest.raises(DomainError):
        delete_comment(comment=old, by=world.chair)
    assert list(Comment.objects.all()) == [old]


def test_what_was_removed_is_gone_from_history_too(world, say):
    comment = say("Mrs Jones of 4 Mill Street said")
    resolve_comment(comment=comment, by=world.officer)
    redact_comment(comment=comment, by=world.manager)
    assert Comment.objects.get().text == REMOVED
    events = Comment.pgh_event_model.objects.filter(pgh_obj_id=comment.pk)
    assert set(events.values_list("text", flat=True)) == {REMOVED}
    gone = say("Mr Smith")
    delete_comment(comment=gone, by=world.chair)
    assert not Comment.pgh_event_model.objects.filter(text="Mr Smith").exists()


# --- Pages -------------------------------------------------------------------------------------------------------
def test_a_comment_in_the_browser(as_, world, activity):
    slug = world.partnership.slug
    url, detail = (
        reverse(name, args=[slug, activity.pk]) for name in ("activity-comment", "activity-detail")
    )
    chair = as_("chair")
    page = chair.post(url, {"text": "", "mentions": [world.officer.pk]})
    assert "Write a comment" in page.content.decode()
    assert (
        f'value="{world.officer.pk}" checked' in page.content.decode().replace('"  ', '" ')
        or "checked" in page.content.decode()
    )
    done = chair.post(url, {"text": "مرحبا <i>👋</i>", "mentions": [world.officer.pk]})
    assert done.url == f"{detail}#comments"
    page = as_("officer").get(detail).content.decode()
    assert "مرحبا &lt;i&gt;👋&lt;/i&gt;" in page
    assert "Names you" in page
    assert "A comment here names you" in page
    as_("officer").post(reverse("activity-comments-seen", args=[slug, activity.pk]))
    assert "Names you" not in as_("officer").get(detail).content.decode()
    change = reverse("comment-change", args=[slug, Comment.objects.get().pk])
    as_("officer").post(change, {"do": "resolve"})
    assert "1 resolved" in as_("officer").get(detail).content.decode()
    as_("officer").post(change, {"do": "reopen"})
    assert as_("officer").post(change, {"do": "redact"}).status_code == 403
    as_("manager").post(change, {"do": "redact"})
    assert REMOVED in as_("chair").get(detail).content.decode()
    as_("officer").post(change, {"do": "nonsense"})
    as_("officer").post(change, {"do": "delete"})
    assert Comment.objects.count() == 1


def test_who_may_comment(as_, client, world, activity, commitment):
    slug = world.partnership.slug
    for url in (
        reverse("activity-comment", args=[slug, activity.pk]),
        reverse("commitment-comment", args=[slug, commitment.pk]),
    ):
        for who, status in {"manager": 200, "officer": 200, "chair": 200, "partner": 200, "evaluator": 200,
                            "resident": 403, "observer": 403}.items():  # fmt: skip
            assert as_(who).get(url).status_code == status, who
        assert as_(world.stranger).get(url).status_code == 404
        assert client.get(url).url.startswith(reverse("account_login"))


def test_comments_of_what_cannot_be_seen_do_not_exist(as_, world, activity, say):
    comment = say()
    activity.visibility = Visibility.AUTHORS
    activity.save()
    slug = world.partnership.slug
    assert (
        as_("chair").post(reverse("comment-change", args=[slug, comment.pk]), {"do": "resolve"}).status_code
        == 404
    )
    assert as_("chair").get(reverse("activity-comment", args=[slug, activity.pk])).status_code == 404


def test_somebody_who_left_while_they_were_picked(as_, world, activity):
    url = reverse("activity-comment", args=[world.partnership.slug, activity.pk])
    page = as_("officer").post(url, {"text": "Kept text", "mentions": [world.chair.pk, world.stranger.pk]})
    assert "cannot see this" in page.content.decode()
    assert "Kept text" in page.content.decode()
    assert not Comment.objects.exists()


def test_a_long_thread_costs_what_a_short_one_does(as_, world, activity, say, django_assert_max_num_queries):
    detail = reverse("activity-detail", args=[world.partnership.slug, activity.pk])
    client = as_("officer")
    say(mentions=[world.officer])
    client.get(detail)
    with django_assert_max_num_queries(40) as few:
        client.get(detail)
    for _ in range(6):
        say(mentions=[world.officer, world.manager])
    with django_assert_max_num_queries(len(few)):
        client.get(detail)
