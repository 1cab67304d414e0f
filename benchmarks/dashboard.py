"""The dashboard at 600,000 observations and at ten times that, beside the bare SQL for its numbers in the same run.

200 places × 50 measures × 60 months (or 600 months). Reported: the page in the server, its queries, the bare SQL of its series, the
ratio, and a single write.

    python3 -m launch services -- .venv/bin/python -m benchmarks.dashboard [--times 1 10]
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")
django.setup()

from django.db import connection, reset_queries  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases  # noqa: E402

from outcomes.actions import setting_up  # noqa: E402
from outcomes.actions.observations import record_observation  # noqa: E402
from outcomes.actions.targets import set_target  # noqa: E402
from outcomes.models import Measure, Observation  # noqa: E402
from partnerships.actions.setting_up import create_partnership  # noqa: E402
from partnerships.models import Place  # noqa: E402
from people.actions.memberships import add_person, give_role  # noqa: E402
from people.permissions import Role  # noqa: E402

PLACES, MEASURES, MONTHS = 200, 50, 60
ROUNDS = 30
BARE = """
SELECT measure_id, period_end, value::float8, lower::float8, upper::float8 FROM outcomes_observation
WHERE place_id = %s AND superseded_at IS NULL AND group_id IS NULL AND period_end > %s ORDER BY measure_id, period_end
"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--times", type=int, nargs="+", default=[1, 10])
    times = arguments.parse_args().times
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        partnership, place, officer, measures = make_world()
        first = None
        for factor in times:
            fill(measures, PLACES * factor)
            page = run(partnership, place, officer, measures, factor)
            first = first or page
            if factor != times[0]:
                print(f"  page beside the smallest data   {page / first:8.2f} times")
    finally:
        teardown_databases(databases, verbosity=0)


def make_world() -> tuple[Any, Place, Any, list[Measure]]:
    places = Place.objects.bulk_create(
        Place(name=f"Place {number}", kind="neighbourhood", is_fictional=True)
        for number in range(PLACES * 10)
    )
    partnership = create_partnership(name="Benchmark", started_on=date(2015, 1, 1), main_place=places[0])
    officer = add_person(name="Officer", email="officer@benchmark.example")
    give_role(partnership=partnership, person=officer, role=Role.OFFICER, starts_on=date(2015, 1, 1))
    outcomes = [
        setting_up.add_outcome(partnership=partnership, title=f"Outcome {number}") for number in range(6)
    ]
    measures = [
        setting_up.add_measure(
            outcome=outcomes[number % 6],
            name=f"Measure {number}",
            unit="%",
            direction="up",
            frequency="month",
        )
        for number in range(MEASURES)
    ]
    for measure in measures[::2]:
        set_target(measure=measure, place=places[0], due_on=date(2030, 1, 1), value=Decimal(60))
    return partnership, places[0], officer, measures


def fill(measures: list[Measure], places: int) -> None:
    """Observations of every measure in the first `places` places for 60 months, where they are not there yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO outcomes_observation (partnership_id, measure_id, place_id, period_start, period_end, period_label,
                value, lower, upper, marker, status, note, source, recorded_at)
            SELECT m.partnership_id, m.id, p.id, s.day, (s.day + interval '1 month - 1 day')::date, to_char(s.day, 'Mon YYYY'),
                round((50 + 10 * random() + p.id %% 7)::numeric, 1), 45, 65, '', 'final', '', 'benchmark', now()
            FROM outcomes_measure m, (SELECT id FROM partnerships_place ORDER BY id LIMIT %s) p,
                (SELECT generate_series('2021-11-01'::date, '2026-10-01', '1 month')::date AS day) s
            ON CONFLICT DO NOTHING
            """,
            [places],
        )
        cursor.execute("VACUUM ANALYZE outcomes_observation")


def run(partnership: Any, place: Place, officer: Any, measures: list[Measure], factor: int) -> float:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/p/{partnership.slug}/outcomes/"
    client.get(address)  # The first request of a session writes down where it is from.
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    queries = len(captured)
    page = median(lambda: client.get(address))
    bare = median(lambda: bare_sql(place))
    write = median(lambda: write_one(measures[0], place, officer))
    print(f"{Observation.objects.count():,} observations ({factor} times)")
    print(f"  dashboard page in the server    {page * 1000:8.1f} ms")
    print(f"  its queries                     {queries:8d}")
    print(f"  bare SQL for its series         {bare * 1000:8.1f} ms")
    print(f"  page beside the bare SQL        {page / bare:8.1f} times")
    print(f"  one observation written         {write * 1000:8.1f} ms")
    return page


def bare_sql(place: Place) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BARE, [place.pk, date(2021, 10, 31)])
        cursor.fetchall()


_values = iter(range(10_000_000))


def write_one(measure: Measure, place: Place, by: Any) -> None:
    """A correction: the costlier of the two ways to record a value."""
    record_observation(
        measure=measure,
        place=place,
        period_start=date(2026, 10, 1),
        period_end=date(2026, 10, 31),
        period_label="Oct 2026",
        value=Decimal(next(_values)) / 1000,
        by=by,
    )


def median(work: Callable[[], Any]) -> float:
    taken = []
    for _ in range(ROUNDS):
        reset_queries()
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
