"""Mails about commitments: to whom, when, and each once."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import TestCase
from django.utils import timezone

from partnerships.actions.boards import take_seat
from partnerships.actions.commitment_reminders import ask_for_commitment_reminders
from partnerships.actions.commitments import edit_commitment
from partnerships.emails import commitments as letters
from partnerships.jobs.commitments import remind_of_commitments
from partnerships.models import CommitmentReminder
from partnerships.tasks.commitments import send_commitment_reminder
from people.actions.memberships import add_member, end_membership
from people.models import Membership
from people.permissions import Role
from tests.partnerships.commitments_world import close, day, promise


def promised(world, *, due, ago=60, **facts):
    """Promised `ago` days ago, due in `due` days."""
    when = timezone.now() - timedelta(days=ago)
    return promise(world, created_at=when, due_on=day(due), **{"owner": world.partner} | facts)


def remind(ahead=0):
    """The clock strikes on a day; what was sent, to whom."""
    mail.outbox = []
    with TestCase.captureOnCommitCallbacks(execute=True):
        ask_for_commitment_reminders(today=day(ahead))
    return sorted((one.to[0], one.subject.split(":")[0].split(" ")[0]) for one in mail.outbox)


PARTNER, CHAIR = "partner@testborough.example", "chair@testborough.example"


def test_its_owner_is_reminded_a_week_before_and_once(world, settings):
    promised(world, due=8, accountable=world.chair)
    assert remind() == []
    assert remind(1) == [(PARTNER, "Due")]
    assert remind(1) == []
    assert remind(8) == []
    settings.COMMITMENT_REMINDER_DAYS = 30
    promised(world, what="Another", due=25)
    assert remind() == [(PARTNER, "Due")]


def test_overdue_it_is_said_the_day_after_then_weekly_four_times_to_both(world):
    promised(world, due=0, accountable=world.chair)
    remind()
    both = [(CHAIR, "Overdue"), (PARTNER, "Overdue")]
    told = {ahead: remind(ahead) for ahead in range(1, 60)}
    assert {ahead: sent for ahead, sent in told.items() if sent} == {1: both, 8: both, 15: both, 22: both}


def test_one_that_owns_it_and_answers_for_it_gets_one_mail(world):
    promised(world, due=-1, accountable=world.partner)
    assert remind() == [(PARTNER, "Overdue")]


def test_nobody_owns_it_so_who_answers_is_told(world):
    promised(world, due=-1, owner=None, accountable=world.chair)
    assert remind() == [(CHAIR, "Overdue")]
    assert "nobody owns it yet" in mail.outbox[0].body


def test_after_weeks_of_silence_only_the_newest_mail_goes(world):
    promised(world, due=-16)
    assert remind() == [(PARTNER, "Overdue")]
    assert CommitmentReminder.objects.get().number == 3


def test_another_due_date_begins_anew(world):
    made = promised(world, due=-1)
    assert remind() == [(PARTNER, "Overdue")]
    edit_commitment(commitment=made, expected_version=1, by=world.officer, due_on=day(3))
    assert remind() == [(PARTNER, "Due")]


def test_what_is_closed_or_was_promised_today_is_not_reminded_of(world):
    close(promised(world, due=-3), by=world.partner)
    promise(world, owner=world.partner, due_on=day(2))
    assert remind() == []


def test_no_mail_to_those_without_an_address_or_without_access(world):
    silent = add_member(
        partnership=world.partnership, name="A resident", role=Role.RESIDENT, organisation=world.organisation
    )
    promised(world, due=-1, owner=silent)
    promised(world, due=-1, owner=world.officer, accountable=world.resident)
    end_membership(membership=Membership.objects.get(person=world.officer), by=world.manager)
    world.resident.is_active = False
    world.resident.save(update_fields=["is_active"])
    assert remind() == []


def test_closed_between_asking_and_sending_no_mail_goes(world):
    made = promised(world, due=-1)
    reminder = CommitmentReminder.objects.create(
        partnership=world.partnership, commitment=made, person=world.partner, kind="after", due_on=made.due_on
    )
    close(made, by=world.partner)
    send_commitment_reminder(reminder.pk)
    assert mail.outbox == []


def test_it_says_what_who_when_and_where(world, settings):
    made = promised(world, due=-2, what="Ask for\n lights", accountable=world.chair)
    remind()
    to_chair, to_owner = sorted(mail.outbox, key=lambda one: one.to)
    assert f"/commitments/{made.pk}/" in to_owner.body
    assert settings.BASE_URL in to_owner.body
    assert "you have promised:\n\n    Ask for lights\n" in to_owner.body
    assert "2 days ago" in to_owner.body
    assert "Test partner has promised" in to_chair.body
    assert "You receive this because you answer for" in to_chair.body
    assert "\n" not in to_owner.subject


def test_somebody_with_nothing_but_a_seat_is_led_to_what_they_may_read(world):
    take_seat(board=world.board, person=world.stranger, starts_on=day(-90))
    given = {"due": -2, "owner": world.stranger}
    promised(world, what="For the board", board=world.board, **given)
    promised(world, what="For nobody", **given)
    remind()
    links = {one.subject.split(": ")[1]: one.body.split("http")[1].split()[0] for one in mail.outbox}
    slug = world.partnership.slug
    assert links["For the board"].endswith(f"/p/{slug}/boards/{world.board.pk}/")
    assert links["For nobody"].endswith(f"/p/{slug}/")


def test_what_the_mail_server_refuses_is_tried_again(world, monkeypatch):
    promised(world, due=-1)

    def refuse(*args, **kwargs):
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr(letters.EmailMessage, "send", refuse)
        assert remind() == []
    assert CommitmentReminder.objects.get().sent_at is None
    assert remind() == [(PARTNER, "Overdue")]
    assert remind() == []


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_send_one_mail(world):
    promised(world, due=-1)
    mail.outbox = []
    start = threading.Barrier(2)

    def strike():
        start.wait(5)
        try:
            remind_of_commitments()
        finally:
            connection.close()

    threads = [threading.Thread(target=strike) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(mail.outbox) == 1
    assert CommitmentReminder.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_another_worker_is_sending_is_left_to_it(world):
    made = promised(world, due=-1)
    reminder = CommitmentReminder.objects.create(
        partnership=world.partnership, commitment=made, person=world.partner, kind="after", due_on=made.due_on
    )
    mail.outbox = []

    def send():
        try:
            send_commitment_reminder(reminder.pk)
        finally:
            connection.close()

    with transaction.atomic():
        CommitmentReminder.objects.select_for_update().get(pk=reminder.pk)
        other = threading.Thread(target=send)
        other.start()
        other.join(10)
        assert not other.is_alive()
    assert mail.outbox == []
    send_commitment_reminder(reminder.pk)
    assert len(mail.outbox) == 1


def test_the_clock_knows_it(settings):
    assert settings.CELERY_BEAT_SCHEDULE["remind-of-commitments"]["task"] == remind_of_commitments.name
