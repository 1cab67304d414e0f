"""Keeps the list of places where somebody is signed in."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse

SEEN = "seen_at"
EVERY = 5 * 60


class SessionTracking:
    """Notes when a session was last used, every few minutes: once a request would be a write for each page that is read.

    Writing the session also moves its end, so that it ends after hours without use and not in the middle of work.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session = request.session
        if session.session_key and request.user.is_authenticated:
            now = time.time()
            if now - session.get(SEEN, 0) >= EVERY:
                session[SEEN] = now
                UserSession.objects.create_from_request(request)
        return self.get_response(request)
