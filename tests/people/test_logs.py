"""No log line holds what lets somebody in, or what somebody looked for."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from tests.people.conftest import link_in


@pytest.fixture
def lines(caplog):
    """What was logged of requests."""
    caplog.set_level(logging.INFO, logger="django_structlog")
    return lambda: [record.msg for record in caplog.records if record.name.startswith("django_structlog")]


def test_the_token_of_an_invitation_is_not_logged(invited, mailoutbox, lines):
    invited()
    link = link_in(mailoutbox[0])
    assert Client().get(link).status_code == 200
    assert {line["request"] for line in lines()} == {"GET /invitations/<str:token>/"}
    assert link.strip("/").rpartition("/")[2] not in str(lines())


def test_the_words_of_a_search_are_not_logged(world, as_, lines):
    as_("manager").get(f"/p/{world.partnership.slug}/people/?q=ada+lowe")
    assert {line["request"] for line in lines()} == {"GET /p/<slug:partnership>/people/"}
    assert "lowe" not in str(lines())


def test_an_address_that_leads_nowhere_is_not_logged(db, lines):
    Client().get("/somebody@example.org/")
    assert {line["request"] for line in lines()} == {"GET (no such address)"}
    assert "somebody" not in str(lines())
