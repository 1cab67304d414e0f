"""No log line holds what lets somebody in, or what somebody looked for."""

from __future__ import annotations

import pytest
from django.test import Client
from structlog.contextvars import get_contextvars

from tests.people.conftest import link_in


@pytest.fixture
def logged(monkeypatch):
    """Every line that the request middleware writes, with what is bound to it."""
    from django_structlog.middlewares import request as module

    lines = []

    class Writer:
        def log(self, level, event, **more):
            lines.append({"event": event, **more, **get_contextvars()})

        def __getattr__(self, name):
            return lambda event, **more: lines.append({"event": event, **more, **get_contextvars()})

    monkeypatch.setattr(module, "logger", Writer())
    return lines


def test_the_token_of_an_invitation_is_not_logged(invited, mailoutbox, logged):
    invited()
    link = link_in(mailoutbox[0])
    assert Client().get(link).status_code == 200
    assert {line["request"] for line in logged} == {"GET /invitations/<str:token>/"}
    assert link.strip("/").rpartition("/")[2] not in str(logged)


def test_the_words_of_a_search_are_not_logged(world, as_, logged):
    as_("manager").get(f"/p/{world.partnership.slug}/people/?q=ada+lowe")
    assert logged
    assert "ada" not in str(logged)
    assert "GET /p/<slug:partnership>/people/" in str(logged)


def test_an_address_that_leads_nowhere_is_not_logged(db, logged):
    Client().get("/somebody@example.org/")
    assert "somebody" not in str(logged)
