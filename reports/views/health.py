"""For whatever watches the software: `/healthz` says the process answers, `/readyz` that everything behind it does."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from reports.queries.heartbeat import HEARTBEAT

# Beat ticks every 15 seconds and a worker writes it down, so a minute without a tick means one of them is gone.
STALE_AFTER = 60


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when all is well, 503 with the name of what is not. Says nothing about versions, hosts or people."""
    results = {name: _answers(check) for name, check in CHECKS.items()}
    return JsonResponse(
        {name: "ok" if well else "failing" for name, well in results.items()},
        status=200 if all(results.values()) else 503,
    )


def _answers(check: Callable[[], bool]) -> bool:
    # Whatever goes wrong in a check means that the thing is not ready; the log says what it was.
    try:
        return check()
    except Exception:
        import structlog

        structlog.get_logger(__name__).exception("readiness check failed", check=check.__name__)
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _migrations() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _broker() -> bool:
    cache.set("readyz", 1, timeout=5)
    return cache.get("readyz") == 1


def _clock() -> bool:
    beat = cache.get(HEARTBEAT)
    return beat is not None and time.time() - beat < STALE_AFTER


CHECKS = {"database": _database, "migrations": _migrations, "broker": _broker, "clock_and_worker": _clock}
