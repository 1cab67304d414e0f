"""What an invitation does: the letter, its link, what it gives, and what can go wrong with the mail."""

from __future__ import annotations

import json
from datetime import date, timedelta
from smtplib import SMTPServerDisconnected

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.utils import timezone

from partnerships.errors import DomainError
from partnerships.models import Partnership
from people.actions import invitations as actions
from people.actions.memberships import add_member, give_role
from people.models import Invitation, Membership, Person
from people.permissions import Role
from people.queries.invitations import find, hash_of, token_for
from people.tasks.invitations import send_invitation
from tests.people.conftest import link_in


def test_the_letter_says_who_invites_to_what_and_until_when(invited, world, mailoutbox):
    invitation = invited(organisation=world.organisation)
    (letter,) = mailoutbox
    assert letter.to == ["jo@example.org"]
    assert letter.reply_to == [world.manager.email]
    assert letter.subject == "Test partnership manager invites you to Testborough Together"
    last_day = timezone.localtime(invitation.expires_at).date()
    for words in ("Hello Jo Bloggs", "Officer, for Testborough Council", f"{last_day:%B %Y}"):
        assert words in letter.body
    assert find(link_in(letter).strip("/").rpartition("/")[2]) == invitation
    assert invitation.sent_at is not None


def test_neither_the_database_nor_the_broker_holds_the_token(invited, monkeypatch):
    sent = []
    monkeypatch.setattr(actions.send_invitation, "delay", lambda *args: sent.append(args))
    invitation = invited()
    token = token_for(invitation.nonce)
    row = Invitation.objects.filter(pk=invitation.pk).values().get()
    history = list(apps.get_model("people", "InvitationEvent").objects.values())
    assert history
    assert token not in json.dumps([row, history], default=str)
    assert invitation.nonce not in json.dumps(history, default=str)
    assert row["token_hash"] == hash_of(token)
    assert sent == [(invitation.pk,)]


def test_sending_twice_sends_one_letter(invited, mailoutbox):
    invitation = invited()
    send_invitation(invitation.pk)
    assert len(mailoutbox) == 1


def test_a_letter_sent_again_after_a_kill_holds_the_same_link(invited, mailoutbox):
    invitation = invited()
    Invitation.objects.filter(pk=invitation.pk).update(
        sent_at=None
    )  # killed before it could note the sending
    send_invitation(invitation.pk)
    first, second = mailoutbox
    assert link_in(first) == link_in(second)


@pytest.mark.parametrize("error", [SMTPServerDisconnected("gone"), OSError("no route"), TimeoutError()])
def test_a_refused_letter_is_noted_and_the_clock_sends_it_later(invited, mailoutbox, monkeypatch, error):
    def refuse(*args, **kwargs):
        raise error

    with monkeypatch.context() as without_mail:
        without_mail.setattr("people.tasks.invitations.invitation_letter", refuse)
        invitation = invited()
    assert invitation.sent_at is None
    assert invitation.failed_at is not None
    assert mailoutbox == []

    Invitation.objects.update(expires_at=invitation.expires_at - timedelta(minutes=5))
    assert actions.send_waiting_invitations() == 1
    invitation.refresh_from_db()
    assert invitation.sent_at is not None
    assert invitation.failed_at is None
    assert len(mailoutbox) == 1


def test_the_clock_leaves_alone_what_has_just_been_handed_over_and_what_is_too_old(invited, monkeypatch):
    monkeypatch.setattr(actions.send_invitation, "delay", lambda pk: None)
    invitation = invited()
    assert actions.send_waiting_invitations() == 0
    Invitation.objects.update(expires_at=invitation.expires_at - timedelta(days=3))
    assert actions.send_waiting_invitations() == 0


def test_without_a_broker_the_invitation_stands(invited, monkeypatch):
    def broken(pk):
        raise ConnectionError("no broker")

    monkeypatch.setattr(actions.send_invitation, "delay", broken)
    invitation = invited()
    assert invitation.sent_at is None
    assert invitation.is_open


def test_accepting_lets_a_new_person_in(invited, world):
    invitation = invited(organisation=world.organisation, ends_on=date(2099, 1, 1))
    person = invitation.person
    assert not person.memberships.exists()
    assert not person.has_usable_password()

    actions.accept_invitation(invitation=invitation, name="Joanna Bloggs", password="three odd words")

    person.refresh_from_db()
    assert person.name == "Joanna Bloggs"
    assert person.check_password("three odd words")
    address = EmailAddress.objects.get(user=person)
    assert (address.email, address.verified, address.primary) == ("jo@example.org", True, True)
    (held,) = person.memberships.all()
    assert (held.partnership, held.role, held.organisation) == (
        world.partnership,
        "officer",
        world.organisation,
    )
    assert held.ends_on == date(2099, 1, 1)
    assert Partnership.objects.visible_to(person).get() == world.partnership


def test_accepting_does_not_touch_the_password_of_somebody_known(invited, world):
    invitation = invited(world.stranger.email, role=Role.CHAIR)
    assert invitation.person == world.stranger
    actions.accept_invitation(invitation=invitation, name="Changed", password="changed by the link")
    world.stranger.refresh_from_db()
    assert world.stranger.name == "Other officer"
    assert not world.stranger.check_password("changed by the link")
    assert (
        world.stranger.memberships.current().filter(partnership=world.partnership, role=Role.CHAIR).exists()
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"accepted_at": timezone.now()}, "accepted already"),
        ({"revoked_at": timezone.now()}, "withdrawn"),
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "expired"),
        ({"ends_on": date(2020, 1, 1)}, "has ended"),
    ],
)
def test_what_no_longer_counts_gives_nothing(invited, change, words):
    invitation = invited()
    Invitation.objects.filter(pk=invitation.pk).update(**change)
    with pytest.raises(DomainError, match=words):
        actions.accept_invitation(invitation=invitation, name="Jo", password="three odd words")
    person = Person.objects.get(pk=invitation.person_id)
    assert not person.has_usable_password()
    assert not Membership.objects.filter(person=person).exists()


def test_sending_again_ends_the_link_before(invited, mailoutbox, world, django_capture_on_commit_callbacks):
    invitation = invited()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):
        actions.resend_invitation(invitation=invitation, by=world.manager)
    before, after = (link_in(letter).strip("/").rpartition("/")[2] for letter in mailoutbox)
    assert before != after
    assert find(before) is None
    assert find(after) == invitation
    assert not find(after).has_expired


def test_a_withdrawn_invitation_cannot_be_sent_or_withdrawn_again(invited, world):
    invitation = invited()
    actions.revoke_invitation(invitation=invitation, by=world.manager)
    for action in (actions.resend_invitation, actions.revoke_invitation):
        with pytest.raises(DomainError, match="withdrawn"):
            action(invitation=invitation, by=world.manager)


def test_somebody_known_elsewhere_is_not_named_before_they_accept(invited, world):
    invitation = invited(world.stranger.email.upper(), name="A guess", role=Role.CHAIR)
    assert invitation.person == world.stranger
    assert invitation.name == "A guess"
    world.stranger.refresh_from_db()
    assert world.stranger.name == "Other officer"


def test_a_person_without_sign_in_is_invited_as_themselves(invited, world):
    ada = add_member(partnership=world.partnership, name="Ada Lowe", role=Role.RESIDENT)
    invitation = invited("ada@example.org", person=ada, role=Role.PARTNER, name="Ada Lowe")
    assert invitation.person == ada
    ada.refresh_from_db()
    assert ada.email == "ada@example.org"


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"name": " "}, "name", "name"),
        ({"email": ""}, "email", "email address"),
        ({"role": Role.SYSTEM}, "role", "a person can hold"),
        ({"ends_on": date(2020, 1, 1)}, "ends_on", "today or later"),
        ({"email": "officer@testborough.example"}, "role", "already has this role"),
    ],
)
def test_what_is_refused_says_which_answer_is_wrong(invited, given, field, words):
    with pytest.raises(DomainError, match=words) as refused:
        invited(given.pop("email", "jo@example.org"), **given)
    assert refused.value.field == field


def test_the_same_role_is_offered_once(invited):
    invited()
    with pytest.raises(DomainError, match="invited to this role already"):
        invited()
    assert invited(role=Role.CHAIR).is_open


def test_an_address_of_somebody_else_is_refused(invited, world):
    ada = add_member(partnership=world.partnership, name="Ada Lowe", role=Role.RESIDENT)
    with pytest.raises(DomainError, match="Somebody else has this email address"):
        invited(world.officer.email, person=ada, role=Role.CHAIR)
    with pytest.raises(DomainError, match="signs in with another address"):
        invited("new@example.org", person=world.officer, role=Role.CHAIR)


def test_an_organisation_of_another_partnership_is_refused(invited, world):
    with pytest.raises(DomainError, match="organisation of this partnership") as refused:
        invited(partnership=world.other, organisation=world.organisation)
    assert refused.value.field == "organisation"


def test_who_has_the_role_by_now_keeps_it(invited, world):
    invitation = invited(world.stranger.email, role=Role.CHAIR)
    held = give_role(partnership=world.partnership, person=world.stranger, role=Role.CHAIR)
    assert actions.accept_invitation(invitation=invitation) == held
