"""The demo for all sweeps, and everybody who may come to a page of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from tests.demo_place import DemoPlace, demo_place

# Kept in memory, so that a database which may only be read is no matter to them.
SESSIONS = "django.contrib.sessions.backends.cache"


@pytest.fixture(scope="package")
def held_demo(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DemoPlace]:
    with (
        django_db_blocker.unblock(),
        override_settings(SESSION_ENGINE=SESSIONS),
        demo_place(tmp_path_factory.mktemp("data")) as made,
    ):
        cache.clear()
        yield made


@pytest.fixture(scope="package")
def signed_in(held_demo: DemoPlace) -> dict[str, Client]:
    found = {"anonymous": Client()}
    for who, person in held_demo.people.items():
        found[who] = Client()
        found[who].force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        # The first request of a session writes down where it is from; that is not the page's doing.
        found[who].get("/healthz")
    return found


@pytest.fixture
def demo(held_demo: DemoPlace, signed_in: Any, db: Any) -> DemoPlace:
    """Each test has a transaction of its own inside."""
    return held_demo


@pytest.fixture
def visit(signed_in: dict[str, Client], demo: DemoPlace) -> Any:
    """`visit("chair")`: a signed-in browser; `visit("anonymous")` one that is not."""
    return signed_in.__getitem__
