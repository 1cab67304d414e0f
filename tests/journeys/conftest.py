"""A running product with the demo in it, and browsers that notice whatever goes wrong on a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.core.cache import cache
from django.test import Client

from tests.browser import browser_type_launch_args
from tests.demo_place import DemoPlace, demo_place
from tests.journeys.server import Server

__all__ = ["browser_type_launch_args"]  # a fixture, used by its name
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


@pytest.fixture(scope="package")
def held_demo(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory, browser: Any
) -> Iterator[DemoPlace]:
    if not (Path(project.BASE_DIR) / "static" / "build" / "throughline.js").exists():
        pytest.skip("the front end has not been built")
    with django_db_blocker.unblock(), demo_place(tmp_path_factory.mktemp("data")) as made:
        yield made


@pytest.fixture(scope="package")
def server(held_demo: DemoPlace, django_db_blocker: Any) -> Iterator[Server]:
    made = Server()
    yield made
    made.stop()


@pytest.fixture
def demo(held_demo: DemoPlace, db: Any) -> DemoPlace:
    """Each test has a transaction of its own inside."""
    cache.clear()
    return held_demo


@dataclass
class Site:
    """Where the product is, and doors into it. Look at the database only inside `quiet`, between two requests."""

    server: Server
    demo: DemoPlace
    opened: Callable[..., Any]
    wrong: list[str]

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def place(self) -> str:
        return f"{self.url}/p/{self.demo.slug}/"

    @contextmanager
    def quiet(self) -> Iterator[None]:
        with self.server.busy:
            yield

    def page_for(self, who: str | None = None, *, size: dict[str, int] = DESK, **options: Any) -> Any:
        """A page in a browser of its own, signed in as somebody of the demo."""
        context = self.opened(viewport=size, base_url=self.url, locale="en-GB", **options)
        if who:
            self.sign_in(context, who)
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    def sign_in(self, context: Any, who: str) -> None:
        client = Client()
        with self.quiet():
            client.force_login(self.demo.people[who], backend="django.contrib.auth.backends.ModelBackend")
        name = project.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.url}])


def noticing(context: Any, wrong: list[str]) -> None:
    """Scripts that fail and policies that are broken fail the test."""
    context.on("weberror", lambda error: wrong.append(str(error.error)))

    def said(message: Any) -> None:
        # A refused form answers 4xx, which the console repeats; a server error is noticed by the server itself.
        if message.type == "error" and "Failed to load resource" not in message.text:
            wrong.append(message.text)

    context.on("console", said)


@pytest.fixture
def site(server: Server, demo: DemoPlace, browser: Any) -> Iterator[Site]:
    contexts: list[Any] = []
    wrong: list[str] = []

    def opened(**options: Any) -> Any:
        context = browser.new_context(**options)
        noticing(context, wrong)
        contexts.append(context)
        return context

    server.broken.clear()
    yield Site(server, demo, opened, wrong)
    for context in contexts:
        context.close()
    with server.busy:  # Whatever a closing page still sent has been dealt with.
        assert wrong + server.broken == []
