"""Ways in: password, emailed code, forgotten password; by invitation only, with limits, and back to where one was."""

from __future__ import annotations

from smtplib import SMTPServerDisconnected

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse

from people.actions.memberships import add_member, add_person, give_role
from people.models import Person
from people.permissions import Role
from tests.people.conftest import code_in, link_in
from tests.small_world import PASSWORD

LOGIN = "/account/login/"


def sign_in(client, email, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": email, "password": password, **more})


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_password_leads_to_where_one_wanted_to_go(world):
    client = Client()
    page = reverse("people-list", args=[world.partnership.slug])
    asked = client.get(f"{page}?q=chair", follow=True)
    assert asked.redirect_chain[0][0].startswith(LOGIN)
    done = sign_in(client, "Officer@Testborough.example", next=f"{page}?q=chair")
    assert done["Location"] == f"{page}?q=chair"
    assert client.get(page).status_code == 200


def test_nobody_is_sent_to_another_site(world):
    assert sign_in(Client(), world.officer.email, next="https://elsewhere.example/")["Location"] == "/"


@pytest.mark.parametrize(("remember", "at_close"), [({}, True), ({"remember": "on"}, False)])
def test_the_session_ends_with_the_browser_unless_one_asks_otherwise(world, remember, at_close):
    client = Client()
    sign_in(client, world.officer.email, **remember)
    assert client.session.get_expire_at_browser_close() is at_close


def test_a_wrong_password_and_an_unknown_address_hear_the_same(world):
    known = sign_in(Client(), world.officer.email, "wrong-password").content.decode()
    unknown = sign_in(Client(), "nobody@testborough.example", "wrong-password").content.decode()
    for page in (known, unknown):
        assert "The email address, sign-in name or password is wrong." in page
        assert "Error: Sign in" in page


def test_guessing_is_stopped(world):
    client = Client()
    for _ in range(6):
        page = sign_in(client, world.officer.email, "wrong-password").content.decode()
    assert "too many tries" in page
    assert "too many tries" in sign_in(client, world.officer.email).content.decode()
    assert not is_signed_in(client)


def test_too_many_requests_get_a_page_of_ours(world, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client = Client()
    sign_in(client, world.officer.email, "wrong-password")
    refused = sign_in(client, world.officer.email, "wrong-password")
    assert refused.status_code == 429
    assert "Too many tries" in refused.content.decode()


def test_a_code_by_email_lets_in_and_back(world, mailoutbox):
    client = Client()
    asked = client.post("/account/login/code/", {"email": world.officer.email, "next": "/account/"})
    assert asked.status_code == 302
    code = code_in(mailoutbox[0])
    wrong = client.post(asked["Location"], {"code": "WRONG"})
    assert "The code is wrong" in wrong.content.decode()
    done = client.post("/account/login/code/confirm/", {"code": code.lower(), "next": "/account/"})
    assert done["Location"] == "/account/"
    assert is_signed_in(client)


def test_a_code_that_was_asked_for_again_replaces_the_first(world, mailoutbox):
    client = Client()
    client.post("/account/login/code/", {"email": world.officer.email})
    client.post("/account/login/code/confirm/", {"action": "resend"})
    first, second = map(code_in, mailoutbox)
    client.post("/account/login/code/confirm/", {"code": first})
    assert not is_signed_in(client)
    client.post("/account/login/code/confirm/", {"code": second})
    assert is_signed_in(client)


def test_a_code_is_refused_after_three_wrong_ones(world, mailoutbox):
    client = Client()
    client.post("/account/login/code/", {"email": world.officer.email})
    for _ in range(3):
        client.post("/account/login/code/confirm/", {"code": "WRONG"})
    client.post("/account/login/code/confirm/", {"code": code_in(mailoutbox[0])})
    assert not is_signed_in(client)


@pytest.mark.parametrize("page", ["/account/login/code/", "/account/password/reset/"])
def test_an_unknown_address_looks_like_a_known_one(world, mailoutbox, page):
    known = Client().post(page, {"email": world.officer.email})
    unknown = Client().post(page, {"email": "nobody@testborough.example"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert "ask the manager of your partnership for an invitation" in " ".join(mailoutbox[1].body.split())


@pytest.mark.parametrize("page", ["/account/login/code/", "/account/password/reset/"])
def test_somebody_who_was_never_let_in_cannot_let_themselves_in(world, mailoutbox, page):
    """A seat holder of whom the partnership knows an address: it is theirs, and still nobody has invited them."""
    ada = add_person(name="Ada Lowe", email="ada@example.org")
    give_role(partnership=world.partnership, person=ada, role=Role.RESIDENT)
    Client().post(page, {"email": "ada@example.org"})
    (letter,) = mailoutbox
    assert "Nobody with this address has been let in" in letter.body


def test_whichever_way_they_come_the_uninvited_are_stopped(world):
    """The last guard, for ways in that know nothing of invitations."""
    from allauth.account.utils import perform_login
    from allauth.core.context import request_context
    from django.contrib.sessions.backends.db import SessionStore
    from django.test import RequestFactory

    ada = add_person(name="Ada Lowe", email="ada@example.org")
    request = RequestFactory().get("/")
    request.session, request.user = SessionStore(), None
    with request_context(request):
        answer = perform_login(request, ada)
    assert answer.status_code == 403
    assert "You need an invitation" in answer.content.decode()
    assert "_auth_user_id" not in request.session


def test_an_invitation_that_waits_is_found_without_the_letter(invited, world, mailoutbox):
    invitation = invited()
    client = Client()
    client.post("/account/login/code/", {"email": "jo@example.org"})
    done = client.post("/account/login/code/confirm/", {"code": code_in(mailoutbox[-1])})
    assert done["Location"] == reverse("invitation-mine", args=[invitation.pk])
    assert "Join Testborough Together" in client.get(done["Location"]).content.decode()
    assert "You are invited to Testborough Together" in client.get("/account/").content.decode()
    assert client.post(done["Location"]).status_code == 302
    assert client.get(reverse("people-list", args=[world.partnership.slug])).status_code == 200


def test_a_stopped_person_cannot_sign_in(world):
    Person.objects.filter(pk=world.officer.pk).update(is_active=False)
    client = Client()
    sign_in(client, world.officer.email)
    assert not is_signed_in(client)


def test_a_stopped_person_is_out_at_once(world, as_):
    client = as_("officer")
    assert client.get("/account/").status_code == 200
    Person.objects.filter(pk=world.officer.pk).update(is_active=False)
    assert client.get("/account/").status_code == 302


def test_a_forgotten_password(world, mailoutbox):
    client = Client()
    client.post("/account/password/reset/", {"email": world.officer.email})
    link = link_in(mailoutbox[0])
    form = client.get(link, follow=True)
    page = form.redirect_chain[-1][0]
    weak = client.post(page, {"password1": "password12", "password2": "password12"})
    assert "too common" in weak.content.decode()
    client.post(page, {"password1": "a brand new secret", "password2": "a brand new secret"})
    assert mailoutbox[-1].subject == "Your password was changed"
    sign_in(client, world.officer.email, "a brand new secret")
    assert is_signed_in(client)
    assert "This link does not work" in Client().get(link).content.decode()


def test_a_changed_address_is_confirmed_first_and_the_old_one_is_told(world, mailoutbox):
    client = Client()
    sign_in(client, world.officer.email)
    asked = client.post("/account/email/", {"email": "new@testborough.example", "action_add": ""})
    assert asked["Location"].startswith("/account/reauthenticate/")
    again = client.post(asked["Location"], {"password": PASSWORD, "next": "/account/email/"})
    assert again["Location"] == reverse("account_email_verification_sent")
    world.officer.refresh_from_db()
    assert world.officer.email == "officer@testborough.example"
    client.post(again["Location"], {"code": code_in(mailoutbox[0])})
    world.officer.refresh_from_db()
    assert world.officer.email == "new@testborough.example"
    told = next(letter for letter in mailoutbox if letter.subject == "Your email address was changed")
    assert told.to == ["officer@testborough.example"]
    assert EmailAddress.objects.get(user=world.officer).email == "new@testborough.example"


def test_nobody_opens_an_account(world):
    client = Client()
    for answer in (
        client.get("/account/signup/"),
        client.post("/account/signup/", {"email": "me@example.org", "password1": "three odd words"}),
    ):
        assert "You join by invitation" in answer.content.decode()
    assert not Person.objects.filter(email="me@example.org").exists()


def test_sessions_are_listed_and_ended_elsewhere(world, settings):
    # allauth looks at one session after another; a person has few.
    settings.ZEAL_ALLOWLIST = [*settings.ZEAL_ALLOWLIST, {"model": "people.Person", "field": "get*"}]
    here, there = Client(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux) Firefox/140"), Client()
    sign_in(here, world.officer.email)
    sign_in(there, world.officer.email)
    page = here.get("/account/sessions/").content.decode()
    assert "Firefox on Linux" in page
    assert "Sign out everywhere else" in page
    here.post("/account/sessions/")
    assert there.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200


def test_being_seen_is_written_every_few_minutes_and_not_for_every_page(as_, django_assert_num_queries):
    client = as_("officer")
    client.get("/account/")
    seen = UserSession.objects.get().last_seen_at
    client.get("/account/")
    assert UserSession.objects.get().last_seen_at == seen
    session = client.session
    session["seen_at"] -= 301
    session.save()
    client.get("/account/")
    assert UserSession.objects.get().last_seen_at > seen


def test_a_mail_that_cannot_go_is_said_and_nothing_is_half_done(world, monkeypatch):
    def refuse(self, messages):
        raise SMTPServerDisconnected("gone")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    client = Client()
    refused = client.post("/account/login/code/", {"email": world.officer.email})
    assert refused.status_code == 503
    assert "We could not send the email" in refused.content.decode()
    assert client.get("/account/login/code/confirm/").status_code == 302


def test_a_notice_that_cannot_go_undoes_nothing(world, as_, monkeypatch):
    def refuse(self, messages):
        raise OSError("no route")

    client = as_("officer")
    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    answers = {"oldpassword": PASSWORD, "password1": "a brand new secret", "password2": "a brand new secret"}
    assert client.post("/account/password/change/", answers).status_code == 302
    world.officer.refresh_from_db()
    assert world.officer.check_password("a brand new secret")


def test_a_superuser_can_be_made_and_signs_in(db, mailoutbox, monkeypatch):
    from django.core.management import call_command

    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", email="root@example.org", name="Root", interactive=False, verbosity=0)
    client = Client()
    asked = sign_in(client, "root@example.org")
    client.post(asked["Location"], {"code": code_in(mailoutbox[0])})
    assert is_signed_in(client)


def test_a_member_without_an_address_cannot_be_found_by_an_empty_one(world, mailoutbox):
    add_member(partnership=world.partnership, name="Ada", role=Role.RESIDENT)
    assert "Enter email address" in Client().post("/account/login/code/", {"email": ""}).content.decode()
    assert mailoutbox == []
