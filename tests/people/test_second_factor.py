"""The second step: secrets encrypted, keys that can be changed, and roles that must have one."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.access import KEPT_FORM
from people.actions.memberships import ask_for_second_factor, end_membership
from people.adapters import MFAAdapter
from people.models import Membership
from people.permissions import Role
from tests.people.conftest import app_code
from tests.small_world import PASSWORD

ACTIVATE = "/account/2fa/totp/activate/"


def sign_in(person):
    client = Client()
    client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    return client


def set_up_app(client):
    """Sets up an authenticator app as a person does; gives its secret."""
    client.get(ACTIVATE)
    client.post(f"/account/reauthenticate/?next={ACTIVATE}", {"password": PASSWORD})
    secret = client.get(ACTIVATE).context["form"].secret
    assert client.post(ACTIVATE, {"code": app_code(secret)}).status_code == 302
    return secret


@pytest.fixture
def required(world):
    """The partnership asks officers for a second step."""
    ask_for_second_factor(
        partnership=world.partnership, roles=[Role.OFFICER], expected_version=1, by=world.manager
    )
    return reverse("people-list", args=[world.partnership.slug])


def test_the_stored_row_does_not_hold_the_secret(world):
    client = sign_in(world.officer)
    secret = set_up_app(client)
    kept = Authenticator.objects.get(user=world.officer, type=Authenticator.Type.TOTP)
    assert secret not in json.dumps(kept.data)
    assert MFAAdapter().decrypt(kept.data["secret"]) == secret
    codes = Authenticator.objects.get(user=world.officer, type=Authenticator.Type.RECOVERY_CODES)
    assert MFAAdapter().decrypt(codes.data["seed"]) not in json.dumps(codes.data)
    for session in Session.objects.all():
        assert secret not in json.dumps(session.get_decoded())


def test_sign_in_asks_for_the_code_and_takes_each_once(world):
    secret = set_up_app(sign_in(world.officer))
    client = Client()
    asked = client.post(
        "/account/login/?next=/account/", {"login": world.officer.email, "password": PASSWORD}
    )
    assert asked["Location"] == reverse("mfa_authenticate")
    assert client.get("/account/").status_code == 302
    page = client.post(asked["Location"], {"code": "000000"}).content.decode()
    assert "The code is wrong" in page
    code = app_code(secret)
    assert client.post(asked["Location"], {"code": code})["Location"] == "/account/"
    other = Client()
    other.post("/account/login/", {"login": world.officer.email, "password": PASSWORD})
    assert (
        "The code is wrong or was used before"
        in other.post(asked["Location"], {"code": code}).content.decode()
    )


def test_a_recovery_code_lets_in_once(world):
    set_up_app(sign_in(world.officer))
    code = RecoveryCodes(
        Authenticator.objects.get(user=world.officer, type=Authenticator.Type.RECOVERY_CODES)
    ).get_unused_codes()[0]
    answers = []
    for _ in range(2):
        client = Client()
        client.post("/account/login/", {"login": world.officer.email, "password": PASSWORD})
        answers.append(client.post(reverse("mfa_authenticate"), {"code": code}).status_code)
    assert answers == [302, 200]


def test_secrets_survive_a_new_secret_key(world, settings, capsys):
    secret = generate_totp_secret()
    TOTP.activate(world.officer, secret)
    RecoveryCodes.activate(world.officer)
    before = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).generate_codes()

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key " * 6
    kept = Authenticator.objects.get(type="totp")
    assert MFAAdapter().decrypt(kept.data["secret"]) == secret

    call_command("rotate_second_factor_secrets")
    assert "2 encrypted with the newest key" in capsys.readouterr().out
    settings.SECRET_KEY_FALLBACKS = []
    kept.refresh_from_db()
    assert MFAAdapter().decrypt(kept.data["secret"]) == secret
    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).generate_codes() == before


def test_a_secret_whose_key_is_lost_is_said_and_not_a_crash(world, settings):
    set_up_app(sign_in(world.officer))
    settings.SECRET_KEY = "a new key " * 6
    with pytest.raises(ValidationError, match="no longer has"):
        MFAAdapter().decrypt(Authenticator.objects.get(type="totp").data["secret"])
    client = Client()
    client.post("/account/login/", {"login": world.officer.email, "password": PASSWORD})
    page = client.post(reverse("mfa_authenticate"), {"code": "123456"})
    assert "under a secret key that the service no longer has" in page.content.decode()
    with pytest.raises(CommandError, match="SECRET_KEY_FALLBACKS"):
        call_command("rotate_second_factor_secrets")


def test_somebody_who_lost_everything_is_let_in_by_the_command_line(world):
    set_up_app(sign_in(world.officer))
    call_command("remove_second_factor", world.officer.email.upper())
    assert sign_in(world.officer).get("/account/").status_code == 200
    with pytest.raises(CommandError, match="no second step"):
        call_command("remove_second_factor", world.officer.email)
    with pytest.raises(CommandError, match="Nobody signs in"):
        call_command("remove_second_factor", "nobody@example.org")


def test_a_role_that_needs_it_is_told_why_and_comes_back(world, required):
    client = sign_in(world.officer)
    asked = client.get(f"{required}?q=chair")
    assert asked["Location"] == reverse("mfa_index")
    page = client.get(asked["Location"]).content.decode()
    assert "Testborough Together asks people in your role for a second step at sign-in" in page
    assert "Set up one of these" in page
    set_up_app(client)
    page = client.get("/account/2fa/recovery-codes/").content.decode()
    assert f'href="{required}?q=chair"' in page
    assert client.get(f"{required}?q=chair").status_code == 200
    assert "Go on to where you were" not in client.get("/account/2fa/").content.decode()


def test_what_was_typed_is_kept_meanwhile(world, required):
    client = sign_in(world.officer)
    client.post(required, {"title": "Kept words"})
    assert client.session[KEPT_FORM]["fields"] == {"title": ["Kept words"]}


def test_other_roles_and_other_partnerships_are_left_alone(world, required, as_):
    assert as_("chair").get(required).status_code == 200
    theirs = reverse("people-list", args=[world.other.slug])
    assert as_(world.stranger).get(theirs).status_code == 200


def test_a_role_of_the_past_asks_for_nothing(world, required, as_):
    today = timezone.localdate()
    held = Membership.objects.get(person=world.officer)
    Membership.objects.filter(pk=held.pk).update(role=Role.CHAIR)
    Membership.objects.create(
        partnership=world.partnership,
        person=world.officer,
        role=Role.OFFICER,
        starts_on=today - timedelta(days=90),
        ends_on=today - timedelta(days=30),
    )
    assert as_("officer").get(required).status_code == 200


def test_a_role_that_was_taken_away_today_asks_for_nothing(world, required, as_):
    held = Membership.objects.get(person=world.officer)
    Membership.objects.create(
        partnership=world.partnership, person=world.officer, role=Role.CHAIR, starts_on=timezone.localdate()
    )
    end_membership(membership=held)
    assert as_("officer").get(required).status_code == 200


def test_recovery_codes_alone_are_no_second_step(world, required, as_):
    RecoveryCodes.activate(world.officer)
    assert as_("officer").get(required).status_code == 302


def test_a_manager_chooses_the_roles(world, as_):
    client = as_("manager")
    page = reverse("second-factor", args=[world.partnership.slug])
    shown = client.get(page)
    assert "1 of 1 without" in shown.content.decode()
    answers = {"roles": ["officer", "chair"], "version": shown.context["form"]["version"].value()}
    assert client.post(page, answers)["Location"] == page
    world.partnership.refresh_from_db()
    assert world.partnership.second_factor_roles == ["officer", "chair"]
    refused = client.post(page, answers).content.decode()
    assert "Somebody else saved this while you were editing" in refused
