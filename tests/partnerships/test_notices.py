"""Telling people something once, by mail as often as they chose, and the way out of every mail."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.db import connection
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone

from partnerships.actions.activities import log_activity
from partnerships.actions.activity_review import accept, send_back, set_review, submit
from partnerships.actions.agendas import add_item
from partnerships.actions.boards import add_board, take_seat
from partnerships.actions.comments import delete_comment, mark_seen, write_comment
from partnerships.actions.documents import attach_document, remove_document
from partnerships.actions.meetings import agree_minutes, cancel_meeting, edit_meeting, mark_held, plan_meeting
from partnerships.actions.notices import (
    ask_for_digests,
    choose,
    end_mails,
    forget_old_notices,
    mark_all_read,
)
from partnerships.actions.seats import end_seat
from partnerships.emails.notices import WayOut, way_out
from partnerships.models import (
    BoardLevel,
    Digest,
    LastLook,
    MailFrequency,
    Meeting,
    Notice,
    NoticeKind,
    NotificationChoice,
    Seat,
    Visibility,
)
from partnerships.queries.notices import USUAL, notices_in
from partnerships.tasks.mentions import tell_mentioned
from partnerships.tasks.notices import send_digest, send_notices
from partnerships.tasks.telling import tell
from people.actions.leaving import forget, leave
from people.actions.memberships import add_member, give_role
from people.actions.person_merging import merge_people
from people.models import Person
from people.permissions import Role
from people.queries.access import everything_about

PAST = timezone.make_aware(datetime(2026, 1, 5, 9))


def told(person, **narrowed):
    return list(Notice.objects.filter(person=person, **narrowed).values_list("sentence", flat=True))


def say(world, *people, kind=NoticeKind.REVIEW, occasion="thing 1", **more):
    facts = {"sentence": "Something happened", "path": f"/p/{world.partnership.slug}/", "by": world.manager}
    return tell(
        partnership=world.partnership,
        kind=kind,
        occasion=occasion,
        people=[person.pk for person in people],
        **facts | more,
    )


def with_mail(call):
    mail.outbox = []
    with TestCase.captureOnCommitCallbacks(execute=True):
        call()
    return mail.outbox


def wants(world, person, **frequencies):
    choose(
        partnership=world.partnership,
        frequencies={NoticeKind(kind): MailFrequency(said) for kind, said in frequencies.items()},
        by=person,
    )


@pytest.fixture
def seated(world):
    """Somebody with nothing but a seat, from another partnership."""
    take_seat(board=world.board, person=world.stranger, starts_on=timezone.localdate())
    return world.stranger


# --- Telling -----------------------------------------------------------------------------------------------------
def test_each_is_told_once_and_never_who_did_it(world):
    say(world, world.partner, world.officer, world.manager)
    say(world, world.partner, sentence="Another wording of the same")
    assert told(world.partner) == told(world.officer) == ["Something happened"]
    assert told(world.manager) == []


def test_only_those_are_told_who_may_read_it(world, seated):
    gone = add_member(partnership=world.partnership, name="Gone", role=Role.OBSERVER)
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    say(world, seated, gone)
    assert not Notice.objects.exists()
    say(world, seated, board=world.board, occasion="thing 2")
    assert told(seated) == ["Something happened"]
    kept = log_activity(
        partnership=world.partnership,
        title="Kept apart",
        happened_on=timezone.localdate(),
        visibility=Visibility.AUTHORS,
        by=world.officer,
    )
    say(world, world.partner, world.officer, activity=kept, occasion="thing 3")
    assert told(world.partner) == []
    assert told(world.officer) == ["Something happened"]


def test_what_happened_weeks_ago_is_no_news_and_long_words_are_cut(world):
    say(world, world.partner, at=timezone.now() - timedelta(days=20))
    assert told(world.partner) == []
    say(world, world.partner, sentence="\u202e" + "🌻 \n" * 20_000)
    assert len(told(world.partner)[0]) <= 300
    assert "\n" not in told(world.partner)[0]


def test_who_left_the_board_reads_its_notices_no_longer(world, seated):
    other = add_board(partnership=world.partnership, name="Food board", level=BoardLevel.STRATEGIC)
    take_seat(board=other, person=seated, starts_on=timezone.localdate())
    say(world, seated, board=world.board, sentence="Rent of the hall", kind=NoticeKind.MEETING)
    end_seat(
        seat=Seat.objects.get(board=world.board, person=seated), on=timezone.localdate(), by=world.manager
    )
    Seat.objects.filter(board=world.board, person=seated).update(
        starts_on=timezone.localdate() - timedelta(9), ends_on=timezone.localdate() - timedelta(1)
    )
    assert told(seated) == ["Rent of the hall"]
    assert not notices_in(world.partnership, seated).exists()
    Notice.objects.update(happened_at=timezone.now() - timedelta(days=2))
    assert digests() == []
    assert not Digest.objects.exists()


# --- Occasions ---------------------------------------------------------------------------------------------------
def test_comments_tell_who_is_named_and_whose_record_it_is(world):
    activity = log_activity(
        partnership=world.partnership, title="Walk", happened_on=timezone.localdate(), by=world.officer
    )
    said = write_comment(about=activity, text="Ducks?", by=world.chair, mentions=[world.manager])
    assert told(world.manager) == ["You are named in a comment on “Walk”"]
    assert told(world.officer) == ["New comment on what you logged: “Walk”"]
    assert told(world.chair) == []
    mark_seen(about=activity, by=world.manager)
    assert told(world.manager, seen_at__isnull=True) == []
    delete_comment(comment=said, by=world.chair)
    assert not Notice.objects.exists()


def test_review_is_told_at_once_to_the_authors(world):
    set_review(partnership=world.partnership, wanted=True, by=world.manager)
    activity = log_activity(
        partnership=world.partnership, title="Walk", happened_on=timezone.localdate(), by=world.officer
    )
    submit(activity=activity, by=world.officer)
    sent = with_mail(
        lambda: send_back(activity=activity, expected_version=1, comment="Where?", by=world.chair)
    )
    assert [(one.to, one.subject) for one in sent] == [
        ([world.officer.email], "Sent back, because it lacks something: “Walk”")
    ]
    assert "Where?" not in sent[0].body
    submit(activity=activity, by=world.officer)
    accept(activity=activity, expected_version=1, by=world.chair)
    assert len(told(world.officer)) == 2


def test_meetings_tell_the_board_and_nobody_else(world, seated):
    today = timezone.localdate()
    meeting = plan_meeting(board=world.board, held_on=today + timedelta(30), by=world.officer)
    add_item(meeting=meeting, title="Ducks", by=world.officer)
    add_item(meeting=meeting, title="Geese", by=world.officer)
    paper = attach_document(parent=meeting, file=text_file(), by=world.officer)
    moved = edit_meeting(meeting=meeting, expected_version=1, held_on=today + timedelta(31), by=world.officer)
    edit_meeting(meeting=moved, expected_version=2, where="Library", by=world.officer)
    found = told(seated)
    assert [sentence.split(" of ")[0].split(":")[0] for sentence in found] == [
        "Active Lives Board meeting",
        "Active Lives Board meeting",
        "Paper for Active Lives Board meeting",
        "The agenda",
    ]
    assert told(world.chair) == found
    assert told(world.partner) == told(world.officer) == []
    remove_document(document=paper, by=world.officer)
    assert len(told(seated)) == 3
    cancel_meeting(meeting=Meeting.objects.get(), reason="Snow", by=world.officer)
    assert told(seated)[0].endswith("was cancelled")
    assert "Snow" not in told(seated)[0]


def test_agreed_minutes_are_told(world):
    today = timezone.localdate()
    meeting = plan_meeting(board=world.board, held_on=today, by=world.officer)
    mark_held(meeting=meeting, by=world.officer)
    Meeting.objects.update(minutes="We met.")
    agree_minutes(meeting=meeting, on=today, by=world.officer)
    assert told(world.chair)[0].startswith("The minutes of Active Lives Board meeting")


def text_file():
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("ducks.txt", b"There are eleven.")


# --- Choices -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", [kind for kind in NoticeKind if USUAL[kind] != MailFrequency.AT_ONCE])
@pytest.mark.parametrize("frequency", list(MailFrequency))
def test_every_kind_keeps_to_what_was_chosen(world, kind, frequency):
    wants(world, world.partner, **{kind: frequency})
    sent = with_mail(lambda: say(world, world.partner, kind=kind))
    assert len(sent) == (1 if frequency == MailFrequency.AT_ONCE else 0)
    assert told(world.partner) == ["Something happened"]
    Notice.objects.filter(mailed_at=None).update(happened_at=timezone.now() - timedelta(days=8))
    gathered = {one.frequency for one in Digest.objects.filter(pk__in=digests(only_ids=True))}
    assert gathered == ({frequency} if frequency in ("daily", "weekly") else set())


@pytest.mark.parametrize("frequency", list(MailFrequency))
def test_a_mention_has_its_own_letter_only_at_once(world, frequency):
    wants(world, world.manager, mention=frequency)
    activity = log_activity(
        partnership=world.partnership, title="Walk", happened_on=timezone.localdate(), by=world.officer
    )
    sent = with_mail(
        lambda: write_comment(about=activity, text="Ducks?", by=world.officer, mentions=[world.manager])
    )
    mention = world.manager.mentions.get()
    assert mention.told_at is not None
    assert len(sent) == (frequency == MailFrequency.AT_ONCE)
    notice = Notice.objects.get(person=world.manager)
    assert (notice.mailed_at is not None) == (frequency == MailFrequency.AT_ONCE)
    tell_mentioned(mention.pk)
    send_notices()
    assert len(mail.outbox) == (frequency == MailFrequency.AT_ONCE)
    for letter in sent:
        assert_way_out(letter, world.manager)


def assert_way_out(letter, person):
    link = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert link in letter.body
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = way_out(link.rstrip("/").rpartition("/")[2])
    assert found.person == person.pk
    return reverse("unsubscribe", args=[found.token])


def test_a_letter_that_the_server_refuses_goes_later_and_once(world, monkeypatch):
    def refuse(*arguments, **more):
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", refuse)
        assert with_mail(lambda: say(world, world.partner)) == []
    send_notices()
    send_notices()
    assert [one.to for one in mail.outbox] == [[world.partner.email]]


# --- Digests -----------------------------------------------------------------------------------------------------
def digests(*, now=None, only_ids=False):
    """The clock strikes at noon; who got which digest."""
    mail.outbox = []
    noon = timezone.make_aware(datetime.combine(timezone.localdate(), datetime.min.time())).replace(hour=12)
    before = set(Digest.objects.values_list("pk", flat=True))
    with TestCase.captureOnCommitCallbacks(execute=True):
        ask_for_digests(now=now or noon)
    if only_ids:
        return set(Digest.objects.values_list("pk", flat=True)) - before
    return [(one.to[0], one) for one in mail.outbox]


@pytest.fixture
def yesterday(world):
    """Three things of two kinds, told a day ago; and one in another partnership."""
    give_role(partnership=world.other, person=world.partner, role=Role.OBSERVER)
    for number in (1, 2):
        say(
            world,
            world.partner,
            kind=NoticeKind.MEETING,
            occasion=f"meeting {number}",
            sentence=f"Paper {number}",
            board=world.board,
        )
    say(world, world.partner, kind=NoticeKind.VOICE, occasion="voice 1", sentence="They answered")
    there = SimpleNamespace(partnership=world.other, manager=world.stranger)
    say(there, world.partner, kind=NoticeKind.VOICE, sentence="From next door")
    Notice.objects.update(happened_at=timezone.now() - timedelta(days=1, hours=6))


def test_one_digest_a_day_with_everything_by_partnership_and_kind(world, yesterday, settings):
    ((to, letter),) = digests()
    assert to == world.partner.email
    assert letter.subject == "Throughline: 4 things for you"
    body = letter.body
    order = ["OTHERBOROUGH TOGETHER", "From next door", "TESTBOROUGH TOGETHER", "Agendas, papers", "Paper"]
    assert sorted(order, key=body.index) == order
    assert body.index("Paper 1") < body.rindex("What people said") < body.index("They answered")
    assert f"{settings.BASE_URL}/p/{world.partnership.slug}/me/" in body
    assert_way_out(letter, world.partner)
    assert digests() == []
    assert Notice.objects.filter(mailed_at=None).count() == 0
    for digest in Digest.objects.all():
        send_digest(digest.pk)
    assert mail.outbox == []


def test_nothing_is_sent_before_seven_nor_of_what_was_read_or_is_empty(world, yesterday):
    early = timezone.localtime().replace(hour=6, minute=59)
    assert digests(now=early) == []
    Notice.objects.filter(partnership=world.partnership).update(seen_at=timezone.now())
    ((_, letter),) = digests()
    assert "Paper" not in letter.body
    assert letter.subject == "Otherborough Together: 1 thing for you"
    empty = Digest.objects.create(person=world.chair, frequency="daily", day=timezone.localdate())
    send_digest(empty.pk)
    assert not Digest.objects.filter(pk=empty.pk).exists()


def test_nothing_of_a_partnership_that_was_left(world, yesterday):
    leave(partnership=world.partnership, person=world.partner, by=world.manager)
    world.partner.memberships.filter(partnership=world.partnership).update(
        ends_on=timezone.localdate() - timedelta(1), ended_at=timezone.now()
    )
    ((_, letter),) = digests()
    assert "next door" in letter.body
    assert "Paper" not in letter.body
    assert "answered" not in letter.body


def test_a_digest_that_the_server_refuses_is_tried_again(world, yesterday, monkeypatch):
    def refuse(*arguments, **more):
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", refuse)
        assert digests() == []
    assert Digest.objects.get().sent_at is None
    assert len(digests()) == 1
    assert digests() == []


def test_a_weekly_digest_waits_for_monday_and_is_not_lost_when_the_clock_stood_still(world):
    wants(world, world.partner, review="weekly")
    monday = timezone.make_aware(datetime(2026, 11, 23, 12))
    say(world, world.partner)
    Notice.objects.update(happened_at=monday - timedelta(days=2))
    assert digests(now=monday - timedelta(days=1)) == []
    assert len(digests(now=monday + timedelta(days=1))) == 1
    assert Digest.objects.get().day == monday.date()
    assert digests(now=monday + timedelta(days=2)) == []


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_send_one_digest(world, yesterday):
    mail.outbox = []
    start = threading.Barrier(2)
    noon = timezone.localtime().replace(hour=12)

    def strike():
        start.wait(5)
        try:
            ask_for_digests(now=noon)
        finally:
            connection.close()

    threads = [threading.Thread(target=strike) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(mail.outbox) == 1
    assert Digest.objects.get().notices.count() == 4


def test_the_clock_knows_its_jobs(settings):
    from partnerships import jobs
    from people.jobs import tell_of_unanswered_voices

    asked = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    mine = (
        jobs.ask_for_digests,
        jobs.send_waiting_notices,
        jobs.forget_old_notices,
        tell_of_unanswered_voices,
    )
    assert {job.name for job in mine} <= asked


# --- The way out -------------------------------------------------------------------------------------------------
def test_looking_at_the_link_changes_nothing_and_one_click_needs_no_sign_in(world, yesterday):
    ((_, letter),) = digests()
    address = assert_way_out(letter, world.partner)
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(address)
    assert page.status_code == 200
    assert "no more of the emails that come once a day" in page.content.decode()
    assert not NotificationChoice.objects.exists()
    done = browser.post(address, {"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    daily = [kind for kind in NoticeKind if USUAL[kind] == MailFrequency.DAILY]
    chosen = NotificationChoice.objects.filter(person=world.partner)
    assert set(chosen.values_list("partnership", "kind", "frequency")) == {
        (place.pk, kind, "never") for place in (world.partnership, world.other) for kind in daily
    }
    again = browser.post(address)
    assert "had stopped already" in again.content.decode()
    undone = browser.post(address, {"undo": done.context["undo"]})
    assert "come again" in undone.content.decode()
    assert set(chosen.values_list("frequency", flat=True)) == {"daily"}


def test_the_link_of_one_kind_ends_that_kind_here_only(world):
    way = WayOut(world.officer.pk, partnership=world.partnership.pk, kind=NoticeKind.REVIEW)
    ended = end_mails(way=way_out(way.token))
    assert [(place, kind) for place, kind in ended.kinds] == [(world.partnership, NoticeKind.REVIEW)]
    assert NotificationChoice.objects.get().person == world.officer
    assert with_mail(lambda: say(world, world.officer)) == []


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1], lambda t: t.replace(".", ".9", 1), lambda t: "x", str.upper]
)
def test_a_link_that_we_did_not_make_is_refused_and_guessing_ends(world, spoil, client):
    way = WayOut(world.officer.pk, frequency=MailFrequency.DAILY)
    address = reverse("unsubscribe", args=[spoil(way.token)])
    assert client.post(address).status_code == 404
    assert not NotificationChoice.objects.exists()


def test_too_many_wrong_links_from_one_address(world, client, settings):
    settings.UNSUBSCRIBE_RATE = "2/10m/ip"
    codes = [client.get(reverse("unsubscribe", args=["wrong"])).status_code for _ in range(3)]
    assert codes == [404, 404, 429]


def test_an_undo_of_somebody_else_or_a_made_up_one_changes_nothing(world, client):
    way = WayOut(world.officer.pk, frequency=MailFrequency.DAILY)
    page = client.post(reverse("unsubscribe", args=[way.token]), {"undo": "made-up"})
    assert "too late to undo" in page.content.decode()
    assert not NotificationChoice.objects.exists()


# --- Keeping -----------------------------------------------------------------------------------------------------
def test_everything_read_moves_the_mark_and_keeps_the_one_before(world):
    say(world, world.partner)
    first = timezone.now()
    say(world, world.partner, occasion="thing 2", at=first + timedelta(seconds=30))
    assert mark_all_read(partnership=world.partnership, by=world.partner, until=first) == 1
    assert mark_all_read(partnership=world.partnership, by=world.partner, until=first) == 0
    look = LastLook.objects.get()
    assert (look.looked_at, look.before_at) == (first, None)
    Notice.objects.update(happened_at=first)
    assert mark_all_read(partnership=world.partnership, by=world.partner) == 1
    look.refresh_from_db()
    assert look.before_at == first < look.looked_at


def test_after_a_year_a_notice_goes(world):
    say(world, world.partner)
    say(world, world.officer)
    Notice.objects.filter(person=world.partner).update(happened_at=timezone.now() - timedelta(days=366))
    assert forget_old_notices() == 1
    assert told(world.officer) == ["Something happened"]


def test_a_copy_for_themselves_holds_what_they_were_told_and_chose(world):
    say(world, world.partner)
    wants(world, world.partner, review="weekly")
    held = {table.kind: table.rows for table in everything_about(world.partner).tables}
    assert any("Something happened" in cell for cell in held["Notices"][0])
    assert "Once a week" in held["Notification choices"][0]


def test_who_is_forgotten_leaves_none_and_who_is_merged_keeps_one_of_each(world):
    ours = {"partnership": world.partnership, "role": Role.OBSERVER}
    two = [add_member(**ours, name=name) for name in ("Sam Lock", "Samuel Lock")]
    for person in two:
        say(world, person)
        wants(world, person, review="daily" if person == two[0] else "weekly")
        mark_all_read(partnership=world.partnership, by=person)
        Digest.objects.create(person=person, frequency="daily", day=timezone.localdate())
    say(world, two[1], occasion="only theirs")
    merge_people(
        partnership=world.partnership, kept=two[0], merged=two[1], reason="Same phone", by=world.manager
    )
    assert NotificationChoice.objects.get().frequency == "daily"
    assert {one.person for one in (*LastLook.objects.all(), *Digest.objects.all())} == {two[0]}
    assert Notice.objects.filter(person=two[0]).count() == Notice.objects.count() == 2
    forget(person=two[0], how_asked="by letter", by=world.manager)
    for model in (Notice, NotificationChoice, LastLook, Digest):
        assert not model.objects.exists()
