"""Sign-in with an organisation's own account (OpenID Connect), against a small provider of our own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from people.actions.invitations import revoke_invitation
from people.actions.memberships import add_person, give_role
from people.models import Person
from people.permissions import Role
from tests.small_world import PASSWORD


class Provider:
    """Says of whoever comes what `claims` holds."""

    def __init__(self) -> None:
        self.claims: dict[str, object] = {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if "openid-configuration" in self.path:
                    names = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
                    self.answer(
                        {"issuer": provider.url, **{name: f"{provider.url}/{name}" for name in names}}
                    )
                else:
                    self.answer(provider.claims)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.answer({"access_token": "a-token", "token_type": "Bearer"})

            def answer(self, body: dict) -> None:
                sent = json.dumps(body).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def provider(settings):
    made = Provider()
    settings.OIDC_SERVER_URL = made.url
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "organisation",
                    "name": "Testborough Council",
                    "client_id": "throughline",
                    "secret": "shared",
                    "settings": {"server_url": made.url, "verified_email": ["vouched.example"]},
                }
            ],
        }
    }
    yield made
    made.server.shutdown()
    made.server.server_close()


def come_in(provider, client=None, **claims):
    """From the button to where one ends: the client and the last answer."""
    provider.claims = {"sub": "somebody", "email_verified": True, **claims}
    client = client or Client()
    leaving = client.post("/account/oidc/organisation/login/?process=login&next=/account/")
    asked = urlsplit(leaving["Location"])
    assert f"{asked.scheme}://{asked.netloc}" == provider.url
    query = parse_qs(asked.query)
    assert query["code_challenge_method"] == ["S256"]
    return client, client.get(f"/account/oidc/organisation/login/callback/?code=x&state={query['state'][0]}")


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_there_is_no_button_where_no_provider_is_set(db):
    assert "Continue with" not in Client().get("/account/login/").content.decode()


def test_there_is_a_button_where_one_is_set(provider, db):
    page = Client().get("/account/login/").content.decode()
    assert "Continue with Testborough Council" in page


def test_a_known_person_with_a_verified_address_comes_in(provider, world):
    client, done = come_in(provider, email="Officer@testborough.example")
    assert done["Location"] == "/account/"
    assert client.session["_auth_user_id"] == str(world.officer.pk)
    world.officer.refresh_from_db()
    assert world.officer.check_password(PASSWORD)
    assert "Your organisation’s account" in client.get("/account/").content.decode()
    assert client.get("/account/3rdparty/").status_code == 200
    again, _ = come_in(provider, email="renamed@testborough.example")
    assert again.session["_auth_user_id"] == str(world.officer.pk)


def test_an_address_that_is_not_verified_lets_nobody_in(provider, world):
    client, refused = come_in(provider, email=world.officer.email, email_verified=False)
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()
    assert (
        "You join by invitation"
        in client.get(
            refused["Location"] if refused.status_code == 302 else "/account/signup/"
        ).content.decode()
    )


def test_an_address_the_provider_vouches_for_by_its_domain_counts(provider, world):
    Person.objects.filter(pk=world.officer.pk).update(email="officer@vouched.example")
    world.officer.emailaddress_set.update(email="officer@vouched.example")
    client, _ = come_in(provider, email="officer@vouched.example", email_verified=None)
    assert is_signed_in(client)


def test_an_unknown_address_opens_no_account(provider, world):
    before = Person.objects.count()
    client, _ = come_in(provider, email="nobody@testborough.example")
    assert not is_signed_in(client)
    assert Person.objects.count() == before


def test_somebody_who_was_never_let_in_stays_out(provider, world):
    ada = add_person(name="Ada Lowe", email="ada@example.org")
    give_role(partnership=world.partnership, person=ada, role=Role.RESIDENT)
    client, refused = come_in(provider, email="ada@example.org")
    assert not is_signed_in(client)
    assert "You need an invitation" in refused.content.decode()


def test_somebody_invited_comes_in_and_accepts(provider, world, invited):
    invitation = invited()
    client, _ = come_in(provider, email="jo@example.org")
    page = reverse("invitation-mine", args=[invitation.pk])
    assert is_signed_in(client)
    assert client.post(page).status_code == 302
    assert client.get(reverse("people-list", args=[world.partnership.slug])).status_code == 200


def test_a_stopped_person_stays_out(provider, world):
    Person.objects.filter(pk=world.officer.pk).update(is_active=False)
    client, _ = come_in(provider, email=world.officer.email)
    assert not is_signed_in(client)


def test_a_provider_that_is_away_is_said(provider, world):
    provider.server.shutdown()
    provider.server.server_close()
    answer = Client().post("/account/oidc/organisation/login/?process=login")
    assert answer.status_code == 503
    assert "Your organisation’s sign-in did not work" in answer.content.decode()


def test_stopping_at_the_provider_is_said(provider, world):
    client = Client()
    leaving = client.post("/account/oidc/organisation/login/?process=login")
    state = parse_qs(urlsplit(leaving["Location"]).query)["state"][0]
    callback = f"/account/oidc/organisation/login/callback/?error=access_denied&state={state}"
    assert "You are not signed in" in client.get(callback, follow=True).content.decode()
    forged = client.get("/account/oidc/organisation/login/callback/?code=x&state=made-up", follow=True)
    assert "Your organisation’s sign-in did not work" in forged.content.decode()


def test_a_withdrawn_invitation_lets_nobody_in_this_way(provider, world, invited):
    revoke_invitation(invitation=invited(), by=world.manager)
    client, refused = come_in(provider, email="jo@example.org")
    assert not is_signed_in(client)
    assert "You need an invitation" in refused.content.decode()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ["[]", "'self'"]),
        (
            {"OIDC_SERVER_URL": "https://login.example.org/tenant/v2.0", "OIDC_CLIENT_ID": "us"},
            ["organisation", "https://login.example.org"],
        ),
    ],
)
def test_settings_switch_it_on(given, expected):
    asked = (
        "from config import settings as s; print(s.SOCIALACCOUNT_PROVIDERS['openid_connect']['APPS'], "
        "s.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'])"
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OIDC_")} | given
    done = subprocess.run(
        [sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True
    )
    assert all(words in done.stdout for words in expected)
    assert ("login.example.org" in done.stdout) is bool(given)


def test_a_server_without_a_client_is_refused_at_start():
    environment = {**os.environ, "OIDC_SERVER_URL": "https://login.example.org"}
    environment.pop("OIDC_CLIENT_ID", None)
    done = subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode
    assert "OIDC_CLIENT_ID is not set" in done.stderr
