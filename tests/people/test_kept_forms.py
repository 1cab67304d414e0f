"""Nothing typed is lost: not when the session ends, and not when the form's proof of origin is stale."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from people.access import KEPT_FORM, KEPT_SECONDS
from people.models import Invitation
from tests.people.conftest import code_in
from tests.small_world import PASSWORD

TYPED = {
    "name": "Robin Vale",
    "email": "robin@example.org",
    "role": "partner",
    "ends_on_day": "1",
    "ends_on_month": "4",
    "ends_on_year": "2099",
}


@pytest.fixture
def form(world):
    return reverse("invitation-new", args=[world.partnership.slug])


def test_a_form_sent_after_the_session_ended_comes_back_after_sign_in(world, form):
    client = Client()
    sent = client.post(f"{form}?from=list", TYPED)
    assert sent["Location"].startswith(reverse("account_login"))
    page = client.get(sent["Location"])
    assert "What you typed is kept" in page.content.decode()
    back = client.post(sent["Location"], {"login": world.manager.email, "password": PASSWORD})
    assert back["Location"] == f"{form}?from=list"
    shown = client.get(back["Location"]).content.decode()
    assert "It is not saved yet" in shown
    for words in ('value="Robin Vale"', 'value="robin@example.org"', 'value="2099"'):
        assert words in shown
    assert not Invitation.objects.exists()
    assert 'value="Robin Vale"' not in client.get(form).content.decode()


def test_it_survives_a_sign_in_by_code(world, form, mailoutbox):
    client = Client()
    client.post(form, TYPED)
    client.post("/account/login/code/", {"email": world.manager.email, "next": form})
    done = client.post("/account/login/code/confirm/", {"code": code_in(mailoutbox[0]), "next": form})
    assert 'value="Robin Vale"' in client.get(done["Location"]).content.decode()


def test_what_is_kept_can_be_wrong_and_is_said_to_be(world, form):
    client = Client()
    client.post(form, {**TYPED, "ends_on_month": "13"})
    client.post("/account/login/", {"login": world.manager.email, "password": PASSWORD})
    shown = client.get(form).content.decode()
    assert 'value="Robin Vale"' in shown
    assert "Enter a real date" in shown


def test_a_password_is_not_kept(form):
    client = Client()
    client.post(form, {**TYPED, "password": "secret words", "csrfmiddlewaretoken": "x"})
    assert set(client.session[KEPT_FORM]["fields"]) == set(TYPED)


def test_it_is_dropped_after_a_while(world, form):
    """On a shared computer somebody else may be the next to sign in."""
    client = Client()
    client.post(form, TYPED)
    session = client.session
    session[KEPT_FORM] = {**session[KEPT_FORM], "at": session[KEPT_FORM]["at"] - KEPT_SECONDS}
    session.save()
    client.post("/account/login/", {"login": world.manager.email, "password": PASSWORD})
    assert 'value="Robin Vale"' not in client.get(form).content.decode()


def test_it_belongs_to_one_page(world, form):
    client = Client()
    client.post(form, TYPED)
    client.post("/account/login/", {"login": world.manager.email, "password": PASSWORD})
    other = reverse("person-add", args=[world.partnership.slug])
    assert 'value="Robin Vale"' not in client.get(other).content.decode()
    assert 'value="Robin Vale"' in client.get(form).content.decode()


def test_it_is_gone_after_signing_out(world, form):
    client = Client()
    client.post(form, TYPED)
    client.post("/account/login/", {"login": world.manager.email, "password": PASSWORD})
    client.post("/account/logout/")
    assert KEPT_FORM not in client.session


def stale(world, form, answers):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.manager, backend="django.contrib.auth.backends.ModelBackend")
    client.get(form)
    return client.post(form, {**answers, "csrfmiddlewaretoken": "x" * 64})


def test_a_stale_page_shows_what_was_typed_and_the_way_back(world, form):
    refused = stale(
        world, f"{form}?from=list", {**TYPED, "note": "First line\nSecond line", "password": "hidden words"}
    )
    assert refused.status_code == 403
    page = refused.content.decode()
    assert "First line\nSecond line</textarea>" in page
    assert "readonly>Robin Vale</textarea>" in page
    assert f'href="{form}?from=list"' in page
    assert "hidden words" not in page
    assert "x" * 64 not in page


def test_what_another_site_sends_is_shown_as_text_and_kept_nowhere(world, form):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.manager, backend="django.contrib.auth.backends.ModelBackend")
    refused = client.post(
        form, {"name": "<script>alert(1)</script>"}, HTTP_ORIGIN="https://elsewhere.example"
    )
    assert refused.status_code == 403
    assert "<script>alert" not in refused.content.decode()
    assert "&lt;script&gt;alert" in refused.content.decode()
    assert KEPT_FORM not in client.session


def test_a_stale_page_without_words_says_what_to_do(world):
    client = Client(enforce_csrf_checks=True)
    refused = client.post("/account/logout/")
    assert refused.status_code == 403
    assert "This page was open too long" in refused.content.decode()
    assert "What you typed" not in refused.content.decode()
