"""Fixtures that every test may use. A small real world is made by calling the same actions that pages call."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.small_world import Kept, keep, small_world


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Adds a suffix of one's own, so that several test runs on one database server do not meet."""
    suffix = os.environ.get("PYTEST_DB_SUFFIX")
    if suffix:
        database = settings.DATABASES["default"]
        test = database.setdefault("TEST", {})
        test["NAME"] = f"{test.get('NAME') or 'test_' + database['NAME']}_{suffix}"


@pytest.fixture(scope="session")
def kept_world(django_db_setup: None, django_db_blocker: Any) -> Kept:
    with django_db_blocker.unblock():
        return keep(small_world)


@pytest.fixture
def world(db: Any, kept_world: Kept) -> SimpleNamespace:
    """One partnership with a manager, an officer, a chair and the other roles; a second partnership with its own officer."""
    return kept_world.put_back()


@pytest.fixture
def as_(world: SimpleNamespace) -> Any:
    """`as_("officer")` or `as_(person)`: a signed-in test client."""

    def signed_in(who: Any) -> Client:
        client = Client()
        client.force_login(
            getattr(world, who) if isinstance(who, str) else who,
            backend="django.contrib.auth.backends.ModelBackend",
        )
        return client

    return signed_in
