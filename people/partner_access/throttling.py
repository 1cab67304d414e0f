"""How often a partner's system may ask. Where the cache is away, requests go through: limits protect, they do not guard."""

from __future__ import annotations

import hashlib
import time
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import ScopedRateThrottle

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
log = structlog.get_logger(__name__)


class PartnerThrottle(ScopedRateThrottle):
    """So many requests a sign-in, by the `throttle_scope` of the endpoint."""

    def allow_request(self, request: Request, view: Any) -> bool:
        try:
            return super().allow_request(request, view)
        except RedisError as error:
            log.warning("limits_off", reason=type(error).__name__)
            return True


def seconds_to_wait(**asked_by: str) -> int:
    """Counts a request for a token; 0 where it may go on, otherwise how long until it may.

    Takes who asks, by the names in `API_TOKEN_RATES`: `seconds_to_wait(address="192.0.2.7", client="3f2a…")`.
    """
    try:
        return max((_counted(kind, who) for kind, who in asked_by.items() if who), default=0)
    except RedisError as error:
        log.warning("limits_off", reason=type(error).__name__)
        return 0


def _counted(kind: str, who: str) -> int:
    number, _, unit = settings.API_TOKEN_RATES[kind].partition("/")
    seconds = UNITS[unit[0]]
    window, gone = divmod(int(time.time()), seconds)
    key = f"partner-token:{kind}:{hashlib.sha256(who.encode()).hexdigest()}:{window}"
    cache.add(key, 0, timeout=2 * seconds)
    return seconds - gone if cache.incr(key) > int(number) else 0
