"""Signing in: who gets a token, for how long, and what ends it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.idp.oidc.models import Client as OAuthClient
from allauth.idp.oidc.models import Token
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from people.actions.api_clients import (
    change_api_client,
    clear_expired_tokens,
    end_api_client,
    make_api_client,
    renew_secret,
)
from people.models import ApiClient
from people.permissions import Scope
from tests.api.conftest import ask_for_token, signed_in


def test_a_token_works_for_an_hour_and_is_kept_hashed(partner):
    response = ask_for_token(partner.client.client_id, partner.secret)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    given = response.json()
    assert given["token_type"] == "Bearer"
    assert given["expires_in"] == 3600
    assert set(given["scope"].split()) == {scope.value for scope in Scope}
    assert partner.get().status_code == 200
    assert not Token.objects.filter(hash__contains=given["access_token"]).exists()
    assert partner.secret not in OAuthClient.objects.get(pk=partner.client.client_id).secret
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert partner.get().status_code == 401


def test_the_secret_may_stand_in_the_form_instead(partner):
    form = {
        "grant_type": "client_credentials",
        "client_id": partner.client.client_id,
        "client_secret": partner.secret,
    }
    assert Client().post("/api/token", form).status_code == 200
    assert Client().post("/api/token", form | {"client_secret": "tl_wrong"}).status_code == 401


@pytest.mark.parametrize("client_id", ["", "nobody", "a\x00b", "x" * 5000])
def test_who_is_unknown_gets_a_challenge(db, client_id):
    response = ask_for_token(client_id, "secret")
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Basic realm=")
    assert response.json()["error"] == "invalid_client"


def test_a_wrong_secret_gets_no_token(partner):
    assert ask_for_token(partner.client.client_id, partner.secret + "x").status_code == 401


@pytest.mark.parametrize(
    "grant",
    ["", "password", "refresh_token", "authorization_code", "urn:ietf:params:oauth:grant-type:device_code"],
)
def test_no_other_grant_is_offered(partner, grant):
    response = ask_for_token(partner.client.client_id, partner.secret, grant_type=grant or " ")
    assert response.status_code == 400
    assert response.json()["error"] == "unsupported_grant_type"


def test_a_token_for_another_service_is_refused(partner):
    response = ask_for_token(partner.client.client_id, partner.secret, resource="not an address")
    assert (response.status_code, response.json()["error"]) == (400, "invalid_target")


def test_a_token_is_asked_for_with_post(partner):
    assert Client().get("/api/token").status_code == 405


def test_a_token_has_the_scopes_that_were_asked_for_and_no_other(partner):
    narrow = signed_in(partner.client, partner.secret, scope="reports:read")
    assert narrow.get("reports").status_code == 200
    assert narrow.get("activities").status_code == 403
    refused = ask_for_token(partner.client.client_id, partner.secret, scope="everything:write")
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_scope")
    assert ask_for_token(partner.client.client_id, partner.secret, scope="a\x00b").status_code == 400


def test_a_scope_taken_away_is_gone_from_tokens_in_use(partner, world):
    change_api_client(
        client=partner.client, expected_version=1, name="Narrower", scopes=[Scope.REPORTS], by=world.manager
    )
    assert partner.get("activities").status_code == 403
    assert partner.get("reports").status_code == 200
    given = ask_for_token(partner.client.client_id, partner.secret).json()
    assert given["scope"] == "reports:read"


def test_an_expired_sign_in_gets_no_token_and_its_tokens_stop(partner):
    yesterday = timezone.localdate() - timedelta(days=1)
    ApiClient.objects.update(expires_on=yesterday)
    assert partner.get().status_code == 401
    response = ask_for_token(partner.client.client_id, partner.secret)
    assert response.status_code == 401
    assert response["WWW-Authenticate"]
    ApiClient.objects.update(expires_on=timezone.localdate())
    assert partner.get().status_code == 200, "The last day counts."


def test_an_ended_sign_in_stops_at_once_and_for_good(partner, world):
    end_api_client(client=partner.client, by=world.manager)
    assert partner.get().status_code == 401
    assert ask_for_token(partner.client.client_id, partner.secret).status_code == 401
    assert not Token.objects.exists()


def test_a_sign_in_whose_person_is_closed_stops(partner):
    type(partner.client.service_person).objects.filter(pk=partner.client.service_person_id).update(
        is_active=False
    )
    assert partner.get().status_code == 401


def test_a_renewed_secret_ends_the_old_one_and_its_tokens(partner, world):
    renewed = renew_secret(client=partner.client, expected_version=1, by=world.manager)
    assert renewed.secret != partner.secret
    assert partner.get().status_code == 401
    assert ask_for_token(partner.client.client_id, partner.secret).status_code == 401
    assert signed_in(renewed.client, renewed.secret).get().status_code == 200


def test_a_token_can_be_given_back(partner):
    other = signed_in(partner.client, partner.secret)
    response = Client(enforce_csrf_checks=True).post(
        "/api/token/revoke",
        {"token": partner.token, "client_id": partner.client.client_id, "client_secret": partner.secret},
    )
    assert response.status_code == 200
    assert partner.get().status_code == 401
    assert other.get().status_code == 200
    assert Client().post("/api/token/revoke", {"token": other.token, "client_id": "no"}).status_code == 401
    assert other.get().status_code == 200


def test_signing_in_is_noted_for_the_manager(partner):
    ApiClient.objects.update(last_token_at=None)
    ask_for_token(partner.client.client_id, "wrong")
    assert ApiClient.objects.get().last_token_at is None
    ask_for_token(partner.client.client_id, partner.secret)
    assert ApiClient.objects.get().last_token_at is not None


def test_expired_tokens_are_cleared(partner):
    live = signed_in(partner.client, partner.secret)
    Token.objects.order_by("pk").first().delete()
    assert clear_expired_tokens() == 0
    assert live.get().status_code == 200
    Token.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert clear_expired_tokens() == 1


def test_a_client_id_may_ask_so_often(partner, settings):
    settings.API_TOKEN_RATES = {"address": "100/min", "client": "3/min"}
    cache.clear()
    answers = [ask_for_token(partner.client.client_id, "wrong").status_code for _ in range(3)]
    assert answers == [401, 401, 401]
    refused = ask_for_token(partner.client.client_id, partner.secret)
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused.json()["error"] == "temporarily_unavailable"


def test_an_address_may_ask_so_often_whatever_the_client(partner, settings):
    settings.API_TOKEN_RATES = {"address": "3/min", "client": "100/min"}
    cache.clear()
    assert [ask_for_token(f"guess-{n}", "x").status_code for n in range(4)] == [401, 401, 401, 429]
    assert ask_for_token(partner.client.client_id, partner.secret).status_code == 429


def test_without_the_cache_signing_in_goes_on(partner, monkeypatch):
    from redis.exceptions import ConnectionError

    def gone(*args, **kwargs):
        raise ConnectionError("no broker")

    monkeypatch.setattr("people.partner_access.throttling.cache.add", gone)
    assert ask_for_token(partner.client.client_id, partner.secret).status_code == 200


def test_a_sign_in_sees_its_own_partnership_only(partner, world):
    theirs = make_api_client(partnership=world.other, name="Theirs", scopes=list(Scope), by=world.stranger)
    assert partner.get("/api/v1/p/otherborough-together/").status_code == 404
    assert signed_in(theirs.client, theirs.secret).get("/api/v1/p/testborough-together/").status_code == 404
