"""All of allauth's pages and mails are in our frame and our words: a new one that nobody looked at fails here."""

from __future__ import annotations

import re
from pathlib import Path

import allauth
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.template.loader import get_template
from django.test import Client
from django.urls import get_resolver, reverse

from tests.small_world import PASSWORD

THEIRS = Path(allauth.__file__).parent / "templates"
OURS = Path(settings.BASE_DIR) / "templates"
# Parts of allauth that are switched off, so that no address leads to their pages.
OFF = ("phone", "account/confirm_password_reset_code", "account/signup_by_passkey", "account/email.html")
OFF += (
    "account/email_confirm.html",
    "mfa/trust",
    "mfa/webauthn/signup_form",
    "account/email/password_reset_code",
)
# Pieces that only pages of theirs include, and bases that hand on to our layouts.
PIECES = ("snippets/", "/base", "login_redirect")


def templates(*kinds):
    for folder in ("account", "mfa", "socialaccount", "usersessions"):
        for path in sorted((THEIRS / folder).rglob("*")):
            name = str(path.relative_to(THEIRS))
            if path.suffix in kinds and not any(part in name for part in (*OFF, *PIECES)):
                yield name


@pytest.mark.parametrize("name", templates(".html", ".txt"))
def test_every_template_is_ours(name):
    assert Path(get_template(name).origin.name).is_relative_to(OURS)


@pytest.mark.parametrize(
    "name", [name for name in templates(".txt") if "/email/" in name and "base_" not in name]
)
def test_mails_speak_plainly(name):
    text = (OURS / name).read_text()
    assert not re.search(
        r"authenticat(e|ion)|third.party|login|log in|account connect|click", text, re.IGNORECASE
    )


def addresses():
    """The pages of sign-in that need no record, by name."""
    skipped = {"mfa_download_recovery_codes", "openid_connect_login", "openid_connect_callback"}
    skipped |= {"mfa_edit_webauthn", "mfa_remove_webauthn"}

    def walk(patterns, inside=False):
        for entry in patterns:
            below = inside or str(entry.pattern) == "account/"
            if hasattr(entry, "url_patterns"):
                yield from walk(entry.url_patterns, below)
            elif inside and entry.name and not entry.pattern.converters and entry.name not in skipped:
                yield entry.name

    return sorted(
        name for name in walk(get_resolver().url_patterns) if "from_key" not in name or "done" in name
    )


def is_ours(page):
    text = page.content.decode()
    assert '<html lang="en-GB" class="govuk-template">' in text
    title = re.search(r"<title>(.*?)</title>", text, re.DOTALL).group(1)
    assert re.fullmatch(r"\S.+ – Throughline", title), title
    assert text.count("<h1") == 1
    assert "placeholder=" not in text.replace('placeholder="Search"', "")
    main = text[text.index("<main") : text.index("</main>")]
    assert not re.search(
        r"two-factor|third-party|authenticat(e|ion)|log(ged)? ?in\b", re.sub("<[^>]*>", " ", main), re.I
    )
    return True


def test_there_are_pages_to_walk():
    assert len(addresses()) >= 25


@pytest.mark.parametrize("name", addresses())
def test_every_page_is_in_our_frame(world, name):
    """As a visitor, as somebody who has just signed in, and as somebody with a second step."""
    visitor, person = Client(), Client()
    person.post("/account/login/", {"login": world.officer.email, "password": PASSWORD})
    if name != "account_logout":
        person.post("/account/reauthenticate/", {"password": PASSWORD})
    seen = 0
    for client in (visitor, person):
        page = client.get(reverse(name))
        if page.status_code in (200, 401):
            seen += is_ours(page)
        else:
            assert page.status_code in (302, 404), page.status_code
    TOTP.activate(world.officer, generate_totp_secret())
    page = person.get(reverse(name))
    if page.status_code in (200, 401):
        seen += is_ours(page)
    unreachable = {"account_confirm_login_code", "account_email_verification_sent", "mfa_authenticate"}
    unreachable |= {
        "account_set_password",
        "socialaccount_signup",
        "mfa_login_webauthn",
        "mfa_view_recovery_codes",
    }
    unreachable |= {"mfa_reauthenticate_webauthn"}  # these need a sign-in half way, a passkey or no password
    assert seen or name in unreachable, "No visitor saw this page."


def test_a_person_without_a_password_can_set_one(world):
    client = Client()
    client.force_login(world.officer, backend="django.contrib.auth.backends.ModelBackend")
    world.officer.set_unusable_password()
    world.officer.save()
    client.force_login(world.officer, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/account/password/change/")["Location"] == reverse("account_set_password")
    assert is_ours(client.get(reverse("account_set_password")))
    client.post(
        reverse("account_set_password"), {"password1": "three odd words", "password2": "three odd words"}
    )
    world.officer.refresh_from_db()
    assert world.officer.check_password("three odd words")


def test_recovery_codes_can_be_seen_made_anew_and_downloaded(world):
    client = Client()
    client.post("/account/login/", {"login": world.officer.email, "password": PASSWORD})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    TOTP.activate(world.officer, generate_totp_secret())
    client.post("/account/2fa/recovery-codes/generate/")
    page = client.get("/account/2fa/recovery-codes/")
    assert is_ours(page)
    codes = page.context["unused_codes"]
    assert len(codes) == 10
    file = client.get("/account/2fa/recovery-codes/download/")
    assert file["Content-Type"].startswith("text/plain")
    assert all(code in file.content.decode() for code in codes)
    client.post("/account/2fa/recovery-codes/generate/")
    assert client.get("/account/2fa/recovery-codes/").context["unused_codes"] != codes


def test_turning_the_app_off_tells_by_mail(world, mailoutbox):
    client = Client()
    client.post("/account/login/", {"login": world.officer.email, "password": PASSWORD})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    TOTP.activate(world.officer, generate_totp_secret())
    client.post("/account/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert mailoutbox[-1].subject == "Your authenticator app was turned off"
    assert "tell the manager of your partnership" in " ".join(mailoutbox[-1].body.split())
