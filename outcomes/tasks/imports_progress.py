"""How far a long check has come, told by the worker and asked by the page. Lost without harm: it is only shown."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass

from django.core.cache import cache
from redis.exceptions import RedisError

KEPT_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Progress:
    """`fraction` is from 0 to 1; `at` is when it was told, in seconds."""

    fraction: float
    rows: int
    at: float

    @property
    def age(self) -> float:
        return time.time() - self.at


def _key(batch_id: int, attempt: int) -> str:
    return f"import-progress:{batch_id}:{attempt}"


def tell(batch_id: int, attempt: int, fraction: float, rows: int) -> None:
    with suppress(RedisError):
        cache.set(_key(batch_id, attempt), (fraction, rows, time.time()), KEPT_SECONDS)


def told(batch_id: int, attempt: int) -> Progress | None:
    with suppress(RedisError):
        found = cache.get(_key(batch_id, attempt))
        return Progress(*found) if found else None
    return None
