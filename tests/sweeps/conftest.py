"""The demo for all sweeps, and everybody who may come to a page of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from unittest import mock

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from people import middleware
from tests.demo_place import DemoPlace, demo_place
from tests.sweeps.reading import read_only

# Kept in memory, so that a database which may only be read is no matter to them.
SESSIONS = "django.contrib.sessions.backends.cache"


@pytest.fixture(scope="package")
def held_demo(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DemoPlace]:
    with (
        django_db_blocker.unblock(),
        override_settings(SESSION_ENGINE=SESSIONS),
        # When a session was last used is written every few minutes; on a slow machine that would be in the middle.
        mock.patch.object(middleware, "EVERY", 24 * 60 * 60),
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


@dataclass(frozen=True, slots=True)
class Read:
    """What was answered to somebody who only read."""

    status_code: int
    content_type: str
    location: str
    content: bytes

    @property
    def is_page(self) -> bool:
        return self.status_code == 200 and self.content_type.startswith("text/html")

    @property
    def html(self) -> str:
        return self.content.decode()


@pytest.fixture(scope="package")
def already_read() -> dict[tuple[str, str], Read]:
    return {}


@pytest.fixture
def read(visit: Any, already_read: dict[tuple[str, str], Read]) -> Any:
    """`read("chair", path)`: what they are shown there. Reading changes nothing, so one reading serves all tests."""

    def once(who: str, path: str) -> Read:
        if (who, path) not in already_read:
            with read_only():
                found = visit(who).get(path)
                content = b"".join(found.streaming_content) if found.streaming else found.content
            already_read[who, path] = Read(
                found.status_code, found.get("Content-Type", ""), found.get("Location", ""), content
            )
        return already_read[who, path]

    return once


@pytest.fixture
def demo(held_demo: DemoPlace, signed_in: Any, db: Any) -> DemoPlace:
    """Each test has a transaction of its own inside."""
    return held_demo


@pytest.fixture
def visit(signed_in: dict[str, Client], demo: DemoPlace) -> Any:
    """`visit("chair")`: a signed-in browser; `visit("anonymous")` one that is not."""
    return signed_in.__getitem__


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They share one demo and what was read of it, so one worker does them all."""
    for item in items:
        if "tests/sweeps/" in item.nodeid:
            item.add_marker(pytest.mark.xdist_group("sweeps"))
