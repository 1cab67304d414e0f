"""What the tests of people share: letters, codes and a running world with a signed-in browser."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache

from people.actions.invitations import invite
from people.models import Invitation
from people.permissions import Role


@pytest.fixture(autouse=True)
def no_limits_left_over() -> None:
    """Rate limits are counted in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def invited(
    world: Any, mailoutbox: list, django_capture_on_commit_callbacks: Any
) -> Callable[..., Invitation]:
    """`invited("jo@example.org")`: an invitation whose letter has gone out."""

    def make(email: str = "jo@example.org", **changes: Any) -> Invitation:
        given = {
            "name": "Jo Bloggs",
            "role": Role.OFFICER,
            "by": world.manager,
            "partnership": world.partnership,
        }
        with django_capture_on_commit_callbacks(execute=True):
            invitation = invite(email=email, **{**given, **changes})
        invitation.refresh_from_db()
        return invitation

    return make


def link_in(letter: Any) -> str:
    """The path of the link in a mail."""
    found = re.search(r"https?://[^/\s]+(/\S+)", letter.body)
    assert found, letter.body
    return found.group(1)


def code_in(letter: Any) -> str:
    found = re.search(r"^([A-Z]{4}-[A-Z]{4})$", letter.body, re.MULTILINE)
    assert found, letter.body
    return found.group(1)


def app_code(secret: str) -> str:
    """What an authenticator app shows for this secret now (RFC 6238), worked out without the product's code."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"
