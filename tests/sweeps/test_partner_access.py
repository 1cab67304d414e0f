"""Every address of the partner API: nothing without a token, without the scope, or for another partnership."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.test import Client

from people.actions.api_clients import make_api_client
from people.partner_access.endpoints import PartnerEndpoint
from people.permissions import Scope
from tests.sweeps.addresses import of_partners_systems, of_partnerships, paths
from tests.sweeps.reading import read_only

pytestmark = pytest.mark.django_db
ENDPOINTS = of_partners_systems()


def system(client_id: str, secret: str) -> Client:
    basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    asked = Client(headers={"authorization": f"Basic {basic}"}).post(
        "/api/token", {"grant_type": "client_credentials"}
    )
    assert asked.status_code == 200, asked.content
    return Client(headers={"authorization": f"Bearer {asked.json()['access_token']}"})


@pytest.fixture(autouse=True)
def tokens_may_be_asked_for(settings):
    """So many tests in a minute are more than anybody may ask for."""
    settings.API_TOKEN_RATES = {"address": "9999/min", "client": "9999/min"}


@pytest.fixture
def ours(demo):
    return system(demo.ours.client.client_id, demo.ours.secret)


@pytest.fixture
def theirs(demo):
    return system(demo.theirs.client.client_id, demo.theirs.secret)


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize("address", ENDPOINTS, ids=str)
def test_only_a_token_of_this_partnership_reads_it_and_reading_changes_nothing(
    address, demo, ours, theirs, visit
):
    assert issubclass(address.view, PartnerEndpoint)
    for path in paths(address, demo.ours):
        with read_only():
            assert visit("anonymous").get(path).status_code == 401
            # Being signed in to the pages is no sign-in to the API.
            assert visit("manager").get(path).status_code == 401
            assert theirs.get(path).status_code == 404
            found = ours.get(path)
            assert found.status_code == 200, found
            assert body(found)
            # What can be written to as well says what is wrong with nothing at all.
            assert ours.post(path).status_code == (400 if "post" in address.view.http_method_names else 405)


@pytest.mark.parametrize("address", [a for a in ENDPOINTS if a.view.scope], ids=str)
def test_a_token_without_the_scope_gets_nothing(address, demo):
    others = [scope for scope in Scope if scope != address.view.scope]
    made = make_api_client(
        partnership=demo.ours.partnership, name="Narrow", scopes=others, by=demo.people["manager"]
    )
    narrow = system(made.client.client_id, made.secret)
    for path in paths(address, demo.ours):
        assert narrow.get(path).status_code == 403


@pytest.mark.parametrize("address", [a for a in ENDPOINTS if "pk" in a.arguments], ids=str)
def test_nothing_of_another_partnership_below_our_address(address, demo, ours):
    for path in paths(address, demo.theirs, below=demo.ours):
        assert ours.get(path).status_code == 404


def test_a_token_opens_no_page(demo, ours):
    for address in of_partnerships():
        for path in paths(address, demo.ours)[:1]:
            assert ours.get(path).status_code in (302, 401), path
