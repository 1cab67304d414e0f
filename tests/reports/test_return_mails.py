"""Mails about returns: to whom, when, once, and none where it has lost its sense."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import TestCase
from django.utils import timezone

from outcomes.actions.returns_deciding import send_back
from outcomes.models import Return, ReturnMail
from people.models import Membership
from reports.actions.returns import ask_for_return_mails
from reports.tasks.returns import send_return_mails
from tests.outcomes.returns_world import make_returns, sent


@pytest.fixture
def made(world):
    made = make_returns(world)
    Membership.objects.filter(person=world.partner).update(organisation=made.trust)
    Return.objects.exclude(period=made.summer).delete()
    return made


def clock(today=None):
    with TestCase.captureOnCommitCallbacks(execute=True):
        made = ask_for_return_mails(today=today)
    return made


def told(kind):
    return set(ReturnMail.objects.filter(kind=kind).values_list("person__email", flat=True))


def test_the_partners_people_are_asked_and_officers_where_there_are_none(made, world):
    clock()
    trust = ReturnMail.objects.filter(returned_in=made.of(made.summer, made.trust))
    assert {one.person for one in trust} == {world.partner}
    club = ReturnMail.objects.filter(returned_in=made.of(made.summer, made.club))
    assert {one.person for one in club} == {world.officer, world.manager}
    assert len(mail.outbox) == 3
    letter = next(one for one in mail.outbox if one.to == [world.partner.email])
    assert "Leisure Trust: figures for Holiday club, Summer are asked for by" in letter.subject
    assert f"/returns/{made.of(made.summer, made.trust).pk}/" in letter.body


def test_each_mail_once_however_often_the_clock_runs(made):
    clock()
    assert clock() == 0
    send_return_mails()
    assert len(mail.outbox) == 3


@pytest.mark.parametrize(
    ("days", "kind", "occasions"),
    [
        (-8, "open", 1),
        (-7, "due", 1),
        (0, "due", 1),
        (1, "overdue", 1),
        (7, "overdue", 1),
        (8, "overdue", 1),
        (28, "overdue", 1),
        (29, "overdue", 0),
    ],
)
def test_when(made, days, kind, occasions):
    clock(today=made.summer.returns_due_on + timedelta(days))
    found = ReturnMail.objects.filter(returned_in=made.of(made.summer, made.trust))
    assert [one.kind for one in found] == [kind] * occasions


def test_overdue_weekly_four_times(made):
    due = made.summer.returns_due_on
    for day in range(1, 60):
        clock(today=due + timedelta(day))
    found = ReturnMail.objects.filter(returned_in=made.of(made.summer, made.trust), kind="overdue")
    assert found.count() == 4


def test_what_was_sent_is_asked_for_no_more(made, world):
    sent(made.of(made.summer, made.trust), made, world.partner)
    clock(today=made.summer.returns_due_on + timedelta(1))
    assert world.partner.email not in told("overdue")


def test_a_mail_that_lost_its_sense_is_dropped(made, world):
    ask_for_return_mails()
    sent(made.of(made.summer, made.trust), made, world.partner)
    send_return_mails()
    assert all(letter.to != [world.partner.email] for letter in mail.outbox)
    assert not ReturnMail.objects.filter(person=world.partner).exists()


def test_sent_back_is_told_each_time(made, world):
    found = made.of(made.summer, made.trust)
    for number in (1, 2):
        found = sent(found, made, world.partner)
        found = send_back(
            found=found, expected_version=found.version, feedback=f"Look {number}", by=world.officer
        )
        clock(today=timezone.localdate())
        assert ReturnMail.objects.filter(kind="sent_back", person=world.partner).count() == number
    assert "Look" not in mail.outbox[-1].body


def test_a_server_that_refuses_is_asked_again(made, monkeypatch):
    def refuse(letter):
        raise OSError

    monkeypatch.setattr("reports.tasks.returns.return_letter", refuse)
    clock()
    assert ReturnMail.objects.filter(sent_at__isnull=True).count() == 3
    monkeypatch.undo()
    clock()
    assert len(mail.outbox) == 3
