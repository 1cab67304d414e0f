"""The partner API over a real web server: pages of lists, and the export of 600,000 observations beside psql's own COPY.

The export is the same statement both ways, in the same run, on the same data: through the web server to a client on this
machine, and by psql into a file that is thrown away. Also what a queryset would take, and the memory of the server. It makes a
database of its own and removes it afterwards:

    python3 -m launch services -- .venv/bin/python -m benchmarks.api [--times 1]
"""

from __future__ import annotations

import argparse
import base64
import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")
django.setup()

from django.db import connection  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.dashboard import PLACES, fill, make_world  # noqa: E402
from launch.postgres import binaries  # noqa: E402
from outcomes.actions.setting_up import log_activities_for_outcomes  # noqa: E402
from outcomes.models import Measure, Observation, Outcome  # noqa: E402
from outcomes.queries.observations import Wanted, copy_statement  # noqa: E402
from partnerships.actions.activities import NewActivity  # noqa: E402
from partnerships.models import Partnership  # noqa: E402
from people.actions.api_clients import make_api_client  # noqa: E402
from people.permissions import Scope  # noqa: E402
from reports.renderers.csv import DANGEROUS, csv_lines  # noqa: E402

ROUNDS = 15
EXPORTS = 5
ACTIVITIES = 20_000


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--times", type=int, default=1, help="times 600,000 observations, 10 at most")
    times = arguments.parse_args().times
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        partnership, _, officer, measures = make_world()
        # Half of the measures hide small counts, so that the rule has work to do.
        Measure.objects.filter(pk__in=[m.pk for m in measures[::2]]).update(hide_below=5)
        fill(measures, PLACES * times)
        log_many(partnership, officer)
        made = make_api_client(partnership=partnership, name="Benchmark", scopes=list(Scope), by=officer)
        print(f"{Observation.objects.count():,} observations, {ACTIVITIES:,} activities")
        with server() as (port, worker):
            asking = Asking(port, made.client.client_id, made.secret, partnership.slug)
            pages(asking)
            exports(asking, worker, partnership)
    finally:
        teardown_databases(databases, verbosity=0)


def log_many(partnership: Partnership, officer: Any) -> None:
    outcomes = list(Outcome.objects.filter(partnership=partnership))
    today = timezone.localdate()
    for begin in range(0, ACTIVITIES, 2000):
        entries = [
            (
                NewActivity(
                    title=f"Activity {n}",
                    happened_on=today - timedelta(days=n % 900),
                    what_happened="Partners met and agreed what to do next. " * 5,
                ),
                [outcomes[n % len(outcomes)]],
            )
            for n in range(begin, begin + 2000)
        ]
        log_activities_for_outcomes(partnership=partnership, by=officer, entries=entries)


@contextmanager
def server() -> Iterator[tuple[int, int]]:
    """The web server as `make run` starts it, with one worker, on this benchmark's database: its port and its worker."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = re.sub(r"/[^/?]+(\?|$)", rf"/{connection.settings_dict['NAME']}\1", os.environ["DATABASE_URL"])
    settings = {"DATABASE_URL": url, "API_RATE": "1000000/min", "API_EXPORT_RATE": "1000000/min"}
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    process = subprocess.Popen(
        [*command, "--port", str(port), "--workers", "1", "config.wsgi:application"],
        env={**os.environ, **settings, "LOG_LEVEL": "ERROR"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 60
        while not answers(port):
            if time.monotonic() > until or process.poll() is not None:
                raise SystemExit("The web server did not start.")
            time.sleep(0.2)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        yield port, int(children[0])
    finally:
        process.terminate()
        process.wait(20)


def answers(port: int) -> bool:
    try:
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        asked.request("GET", "/healthz")
        return asked.getresponse().status == 200
    except OSError:
        return False


class Asking:
    def __init__(self, port: int, client_id: str, secret: str, slug: str) -> None:
        self.port = port
        self.root = f"/api/v1/p/{slug}/"
        basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        asked = http.client.HTTPConnection("127.0.0.1", port)
        headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
        asked.request("POST", "/api/token", "grant_type=client_credentials", headers)
        self.headers = {"Authorization": f"Bearer {json.load(asked.getresponse())['access_token']}"}

    def open(self, path: str) -> http.client.HTTPResponse:
        asked = http.client.HTTPConnection("127.0.0.1", self.port)
        asked.request("GET", path if path.startswith("/") else self.root + path, headers=self.headers)
        response = asked.getresponse()
        assert response.status == 200, (path, response.status, response.read()[:300])
        return response

    def get(self, path: str) -> Any:
        return json.load(self.open(path))


def pages(asking: Asking) -> None:
    print("pages, median of", ROUNDS)
    highest = Observation.objects.order_by("-pk").values_list("pk", flat=True)[0]
    for name, path in (
        ("100 activities, the first", "activities"),
        ("100 activities, in the middle", f"activities?cursor={cursor_at(ACTIVITIES // 2)}"),
        ("100 activities of one kind", "activities?kind=meeting&from=2026-01-01"),
        ("50 measures", "measures"),
        ("100 observations, the first", "observations"),
        ("1,000 observations, the first", "observations?page_size=1000"),
        ("1,000 observations, the last", f"observations?page_size=1000&cursor={cursor_at(highest - 1001)}"),
        ("1,000 observations of one measure", "observations?page_size=1000&measure=measure-7"),
        ("1,000 as they were a year ago", "observations?page_size=1000&as_of=2025-11-22"),
    ):
        seconds = median(lambda path=path: asking.open(path).read(), ROUNDS)
        print(f"  {name:<36}{seconds * 1000:9.1f} ms")


def cursor_at(last_id: int) -> str:
    from people.partner_access.endpoints import cursor

    return cursor(last_id)


def exports(asking: Asking, worker: int, partnership: Partnership) -> None:
    wanted = Wanted(
        partnership,
        tuple(Measure.objects.values_list("pk", flat=True)),
        timezone.now() + timedelta(seconds=1),
    )
    statement = copy_statement(wanted, dangerous=DANGEROUS)
    before = memory(worker)
    taken: dict[str, list[float]] = {"web": [], "psql": [], "table": []}
    size = 0
    for _ in range(EXPORTS):
        # One after the other in each round, so that what else the machine does meets them alike.
        seconds, size = timed(lambda: drained(asking))
        taken["web"].append(seconds)
        taken["psql"].append(timed(lambda: psql(statement))[0])
        taken["table"].append(timed(lambda: psql("COPY outcomes_observation TO STDOUT"))[0])
    rows = Observation.objects.count()
    web, by_psql, table = (statistics.median(taken[name]) for name in ("web", "psql", "table"))
    print(f"export of {rows:,} observations, {size / 1e6:.0f} MB, median of {EXPORTS}")
    for name, seconds in (
        ("through the web server", web),
        ("psql, the same COPY", by_psql),
        ("psql, COPY of the bare table", table),
    ):
        print(f"  {name:<36}{seconds:9.2f} s{rows / seconds:14,.0f} rows/s")
    print(f"  {'web server / psql':<36}{web / by_psql:9.2f} times its time")
    iterated, _ = timed(lambda: queryset(rows))
    print(
        f"  {'a queryset iterator would take':<36}{iterated:9.2f} s{iterated / by_psql:14.1f} times psql's time"
    )
    first, _ = timed(lambda: asking.open("observations.csv").read(1))
    print(f"  {'first byte after':<36}{first * 1000:9.0f} ms")
    print(f"  {'memory of the web server':<36}{memory(worker):9.0f} MB, {before:.0f} MB before the exports")
    given_up(asking)
    print(f"  {'after 20 given up half way':<36}{memory(worker):9.0f} MB, and it answers")


def drained(asking: Asking) -> int:
    response, size = asking.open("observations.csv"), 0
    while block := response.read(1 << 16):
        size += len(block)
    return size


def given_up(asking: Asking) -> None:
    """Clients that go away in the middle leave room for the next: at most two exports run at once."""
    for _ in range(20):
        until = time.monotonic() + 30
        while True:
            try:
                response = asking.open("observations.csv")
                break
            except AssertionError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
        response.read(1 << 20)
        response.close()
    asking.get("observations?page_size=1")


def psql(statement: str) -> int:
    url = re.sub(r"/[^/?]+(\?|$)", rf"/{connection.settings_dict['NAME']}\1", os.environ["DATABASE_URL"])
    subprocess.run(
        [str(binaries() / "psql"), url, "--quiet", "--no-psqlrc", "--file", "-"],
        input=f"{statement};".encode(),
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return 0


def queryset(rows: int) -> int:
    found = Observation.objects.select_related("measure", "place", "group").iterator(chunk_size=2000)
    lines = csv_lines(
        ["id"],
        (
            [
                o.pk,
                o.measure.slug,
                o.measure.name,
                o.measure.unit,
                o.place.code,
                o.place.name,
                o.period_start,
                o.period_end,
                o.period_label,
                o.value,
                o.lower,
                o.upper,
                o.marker,
                o.status,
                o.recorded_at,
            ]
            for o in found
        ),
    )
    return sum(len(block) for block in lines)


def memory(pid: int) -> float:
    """The most that the process has held so far."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def timed(work: Callable[[], int]) -> tuple[float, int]:
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def median(work: Callable[[], Any], rounds: int) -> float:
    work()
    return statistics.median(timed(work)[0] for _ in range(rounds))


if __name__ == "__main__":
    main()
