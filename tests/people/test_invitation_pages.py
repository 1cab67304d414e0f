"""Inviting and accepting, as both sides see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.actions.memberships import add_member
from people.models import Invitation, Membership, Person
from people.permissions import Role
from tests.people.conftest import link_in
from tests.small_world import PASSWORD

NEW = {"name": "Robin Vale", "email": "Robin@Example.org", "role": "partner"}


@pytest.fixture
def pages(world):
    return lambda name, *more: reverse(name, args=[world.partnership.slug, *more])


def test_a_manager_invites_and_sees_the_letter_go(
    world, as_, pages, mailoutbox, django_capture_on_commit_callbacks
):
    client = as_("manager")
    with django_capture_on_commit_callbacks() as waiting:
        done = client.post(pages("invitation-new"), NEW)
    assert done["Location"] == pages("invitation-list")
    page = client.get(done["Location"]).content.decode()
    assert "An invitation is on its way to robin@example.org" in page
    assert "Being sent" in page
    assert "data-poll-url" in page
    for send in waiting:
        send()
    alone = client.get(done["Location"], headers={"X-Requested-With": "fetch"}).content.decode()
    assert "<html" not in alone
    assert "data-poll-url" not in alone
    assert "Sent on" in alone
    assert mailoutbox[0].to == ["robin@example.org"]


def test_a_manager_is_told_that_a_letter_could_not_go(world, as_, pages, invited):
    Invitation.objects.filter(pk=invited().pk).update(sent_at=None, failed_at=timezone.now())
    page = as_("manager").get(pages("invitation-list")).content.decode()
    assert "1 invitation could not be sent" in page
    assert "Not sent" in page
    assert "1 invitation could not be sent" in as_("manager").get(pages("people-list")).content.decode()
    assert "could not be sent" not in as_("officer").get(pages("people-list")).content.decode()


def test_what_is_wrong_is_said_and_what_was_typed_stays(as_, pages):
    page = (
        as_("manager").post(pages("invitation-new"), {**NEW, "email": "robin", "role": ""}).content.decode()
    )
    assert "Enter an email address like name@example.org" in page
    assert "Select role" in page
    assert 'value="Robin Vale"' in page
    page = as_("manager").post(pages("invitation-new"), {**NEW, "role": "system"}).content.decode()
    assert "Select a valid choice" in page


def test_somebody_without_sign_in_is_invited_from_their_page(world, as_, pages):
    ada = add_member(
        partnership=world.partnership, name="Ada Lowe", role=Role.RESIDENT, organisation=world.organisation
    )
    new = f"{pages('invitation-new')}?person={ada.pk}"
    shown = as_("manager").get(new)
    assert 'value="Ada Lowe"' in shown.content.decode()
    as_("manager").post(new, {**NEW, "name": "Ada Lowe"})
    assert Invitation.objects.get().person == ada
    assert as_("manager").get(f"{pages('invitation-new')}?person={world.stranger.pk}").status_code == 404


def test_sending_again_and_withdrawing(
    world, as_, pages, invited, mailoutbox, django_capture_on_commit_callbacks
):
    invitation, client = invited(), as_("manager")
    first = link_in(mailoutbox[0])
    with django_capture_on_commit_callbacks(execute=True):
        client.post(pages("invitation-resend", invitation.pk))
    second = link_in(mailoutbox[1])
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200
    client.post(pages("invitation-revoke", invitation.pk))
    refused = Client().get(second)
    assert refused.status_code == 410
    assert "It was withdrawn" in refused.content.decode()
    assert client.get(pages("invitation-revoke", invitation.pk)).status_code == 404
    assert "No invitation is open" in client.get(pages("invitation-list")).content.decode()


def test_a_new_person_accepts_and_is_in(world, pages, invited, mailoutbox):
    invited(organisation=world.organisation)
    link, client = link_in(mailoutbox[0]), Client()
    page = client.get(link).content.decode()
    for words in (
        "Join Testborough Together",
        "Test partnership manager",
        "Testborough Council",
        "jo@example.org",
    ):
        assert words in page
    weak = client.post(link, {"name": "Jo Bloggs", "password": "jobloggs12"}).content.decode()
    assert "too similar" in weak
    assert not Person.objects.get(email="jo@example.org").has_usable_password()
    done = client.post(link, {"name": "Jo Bloggs", "password": "three odd words"})
    assert done["Location"] == reverse("home", args=[world.partnership.slug])
    assert client.get(pages("people-list")).status_code == 200
    used = Client().get(link)
    assert used.status_code == 410
    assert "accepted already" in used.content.decode()
    assert Client().post(link, {"name": "Eve", "password": "three odd words"}).status_code == 410


def test_somebody_known_signs_in_first_and_keeps_their_password(world, pages, invited, mailoutbox):
    invited(world.stranger.email, role=Role.CHAIR)
    link, client = link_in(mailoutbox[0]), Client()
    asked = client.get(link).content.decode()
    assert "Sign in to accept" in asked
    assert "password" not in asked
    client.post(link, {"name": "Eve", "password": "three odd words"})
    assert not Membership.objects.filter(person=world.stranger, partnership=world.partnership).exists()
    back = client.post("/account/login/", {"login": world.stranger.email, "password": PASSWORD, "next": link})
    assert back["Location"] == link
    assert client.post(link).status_code == 302
    assert client.get(pages("people-list")).status_code == 200
    world.stranger.refresh_from_db()
    assert world.stranger.check_password(PASSWORD)


def test_somebody_else_cannot_accept(world, as_, invited, mailoutbox):
    invitation = invited()
    link, client = link_in(mailoutbox[0]), as_("chair")
    page = client.get(link)
    assert page.status_code == 403
    assert "You are signed in as somebody else" in page.content.decode()
    client.post(link, {"name": "Eve", "password": "three odd words"})
    assert client.get(reverse("invitation-mine", args=[invitation.pk])).status_code == 404
    invitation.refresh_from_db()
    assert invitation.is_open
    assert Client().get(reverse("invitation-mine", args=[invitation.pk])).status_code == 302


def test_an_expired_link_says_until_when_and_whom_to_ask(invited, mailoutbox):
    Invitation.objects.filter(pk=invited().pk).update(expires_at=timezone.now() - timedelta(days=1))
    page = Client().get(link_in(mailoutbox[0]))
    assert page.status_code == 410
    assert "It stopped working on" in page.content.decode()
    assert "Ask Test partnership manager to send it again" in page.content.decode()


def test_a_made_up_link_tells_nothing(world):
    page = Client().get(reverse("invitation-accept", args=["x" * 43]))
    assert page.status_code == 410
    assert "not one that we sent" in page.content.decode()
    assert "Testborough" not in page.content.decode()


def test_the_page_behind_the_link_is_not_kept_by_browsers_and_proxies(invited, mailoutbox):
    invited()
    assert "no-store" in Client().get(link_in(mailoutbox[0]))["Cache-Control"]
