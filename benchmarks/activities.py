"""Asks the same of an activity log of 1,000 and one of 100,000 entries in one database: every page should cost about the same.

Run it with the database and the broker up; it makes a database of its own and removes it afterwards:

    python3 -m launch services -- .venv/bin/python -m benchmarks.activities [--large 100000] [--plans] [--keep]
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases  # noqa: E402
from django.utils import timezone  # noqa: E402

from outcomes.actions.setting_up import add_outcome, log_activities_for_outcomes  # noqa: E402
from partnerships.actions.activities import NewActivity  # noqa: E402
from partnerships.actions.boards import add_board  # noqa: E402
from partnerships.actions.programmes import add_programme  # noqa: E402
from partnerships.actions.seats import take_seat  # noqa: E402
from partnerships.actions.setting_up import add_organisation, create_partnership  # noqa: E402
from partnerships.models import (  # noqa: E402
    Activity,
    ActivityKind,
    Organisation,
    Partnership,
    Place,
    PlaceKind,
    Sector,
    Visibility,
)
from partnerships.queries.activities import Cursor, places_of  # noqa: E402
from people.actions.memberships import add_person, give_role  # noqa: E402
from people.models import Person  # noqa: E402
from people.permissions import Role  # noqa: E402

ROUNDS = 7
HOST = "127.0.0.1"
WORDS = [
    "path",
    "canal",
    "lights",
    "swimming",
    "residents",
    "walk",
    "volunteers",
    "school",
    "hall",
    "council",
    "bus",
    "route",
    "club",
    "families",
    "café",
    "garden",
    "youth",
    "centre",
    "strength",
    "balance",
    "dance",
    "cycling",
    "trust",
    "paper",
    "board",
    "outdoor",
    "gym",
    "referral",
    "holiday",
    "food",
    "lunch",
    "park",
    "bench",
    "football",
]
TENANTS_BESIDE = 3  # The log of every other partnership lies in the same tables and indexes.


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--large", type=int, default=100_000)
    arguments.add_argument("--plans", action="store_true", help="print how the database finds the rows")
    arguments.add_argument(
        "--keep", action="store_true", help="keep the database, or use the one that was kept"
    )
    chosen = arguments.parse_args()
    connection.settings_dict["TEST"]["NAME"] = "throughline_benchmark_activities"
    databases = setup_databases(verbosity=0, interactive=False, keepdb=chosen.keep, serialized_aliases=[])
    try:
        small, large = make_world("Small", 1_000), make_world("Large", chosen.large)
        for number in range(TENANTS_BESIDE):
            make_world(f"Beside {number}", 5_000)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        compare(small, large)
        if chosen.plans:
            show_plans(large)
    finally:
        teardown_databases(databases, verbosity=0, keepdb=chosen.keep)


# --- The same partnership in two sizes ---------------------------------------------------------------------------
def make_world(name: str, size: int) -> SimpleNamespace:
    kept = Partnership.objects.filter(name=name).first()
    if kept is not None:
        return look_up(kept)
    chance = random.Random(name)
    began = time.perf_counter()
    place = Place.objects.create(name=name, kind=PlaceKind.LOCAL_AUTHORITY)
    partnership = create_partnership(name=name, started_on=date(2010, 1, 1), main_place=place)
    made = SimpleNamespace(size=size, partnership=partnership)
    made.people = [
        add_person(name=f"{name} person {n}", email=f"{n}@{partnership.slug}.example") for n in range(60)
    ]
    for person in made.people:
        give_role(partnership=partnership, person=person, role=Role.OFFICER, starts_on=date(2010, 1, 1))
    made.organisations = [
        add_organisation(
            partnership=partnership, name=f"{name} organisation {n}", sector=chance.choice(Sector.values)
        )
        for n in range(80)
    ]
    made.programmes = [
        add_programme(partnership=partnership, name=f"Programme {n}", kind="other") for n in range(12)
    ]
    made.boards = [add_board(partnership=partnership, name=f"Board {n}", level="steering") for n in range(8)]
    for board in made.boards[:2]:
        take_seat(board=board, person=made.people[0], starts_on=date(2010, 1, 1))
    Partnership.objects.filter(pk=partnership.pk).update(reviews_activities=True)
    made.outcomes = [add_outcome(partnership=partnership, title=f"Outcome {n}") for n in range(6)]
    made.places = [place] + [
        Place.objects.create(name=f"{name} part {n}", kind=PlaceKind.NEIGHBOURHOOD, parent=place)
        for n in range(20)
    ]
    for author in range(10):
        entries = list(make_entries(made, chance, size // 10))
        for start in range(0, len(entries), 5_000):
            log_activities_for_outcomes(
                partnership=partnership, by=made.people[author], entries=entries[start : start + 5_000]
            )
    print(f"made {size:,} activities in {time.perf_counter() - began:.0f} s")
    return made


def look_up(partnership: Partnership) -> SimpleNamespace:
    return SimpleNamespace(
        partnership=partnership,
        size=Activity.objects.filter(partnership=partnership).count(),
        people=list(Person.objects.filter(memberships__partnership=partnership).order_by("pk")),
        organisations=list(Organisation.objects.filter(roles__partnership=partnership).order_by("pk")),
        programmes=list(partnership.programmes.order_by("pk")),
        boards=list(partnership.boards.order_by("pk")),
        outcomes=list(partnership.outcomes.order_by("pk")),
        places=list(places_of(partnership).order_by("pk")),
    )


def make_entries(
    made: SimpleNamespace, chance: random.Random, count: int
) -> Iterator[tuple[NewActivity, list]]:
    today = timezone.localdate()
    for number in range(count):
        rare = "xylophone rehearsal " if number == count // 2 else ""
        yield (
            NewActivity(
                title=(rare + " ".join(chance.choices(WORDS, k=6))).capitalize(),
                happened_on=today - timedelta(chance.randrange(3_650)),
                kind=ActivityKind.SETBACK
                if chance.random() < 0.01
                else chance.choice(ActivityKind.values[:9]),
                minutes=chance.choice([None, 30, 60, 90]),
                what_happened=" ".join(chance.choices(WORDS, k=chance.randrange(120))),
                programme=chance.choice([None, *made.programmes]),
                place=chance.choice(made.places),
                organisations=chance.sample(made.organisations, chance.randrange(4)),
                people=chance.sample(made.people, chance.randrange(4)),
                authors=chance.sample(made.people[:10], 1) if chance.random() < 0.1 else (),
                **audience(made, chance),
                is_complete=chance.random() > 0.01,
            ),
            chance.sample(made.outcomes, chance.randrange(3)),
        )


def audience(made: SimpleNamespace, chance: random.Random) -> dict[str, Any]:
    """Two in a hundred are only for their authors, two only for a board."""
    number, board = chance.random(), chance.choice(made.boards)
    if number < 0.02:
        return {"board": board, "visibility": Visibility.BOARD}
    visibility = Visibility.AUTHORS if number < 0.04 else Visibility.PARTNERSHIP
    return {"board": chance.choice([None, board]), "visibility": visibility}


# --- The same questions of both ----------------------------------------------------------------------------------
def questions(made: SimpleNamespace) -> dict[str, str]:
    log = f"/p/{made.partnership.slug}/activities/"
    rows = Activity.objects.filter(partnership=made.partnership)
    middle = rows[made.size // 2]
    today = timezone.localdate()
    return {
        "first page": log,
        "page in the middle": f"{log}?before={Cursor.at(middle)}",
        "last page": f"{log}?after={Cursor.at(rows.last())}",
        "timeline": f"{log}timeline/",
        "timeline in the middle": f"{log}timeline/?before={Cursor.at(middle)}",
        "timeline: a kind and a word": f"{log}timeline/?kind=setback&q=garden",
        "calendar": f"{log}calendar/",
        "calendar: five years ago": f"{log}calendar/?month={today - timedelta(1_825):%Y-%m}",
        "calendar: a word in most entries": f"{log}calendar/?q=canal",
        "to review": f"{log}?review=submitted",
        "search: a word in most entries": f"{log}?q=canal",
        "search: a word in ten entries": f"{log}?q=xylophone",
        "search: two words": f"{log}?q=xylophone+canal",
        "search: a slip of the keyboard": f"{log}?q=xylphone",
        "search: nothing like it": f"{log}?q=zzzyx",
        "kind: 1 in 100": f"{log}?kind=setback",
        "kind: none at all": f"{log}?kind=other",
        "one month": f"{log}?since={today - timedelta(400)}&until={today - timedelta(370)}",
        "programme": f"{log}?programme={made.programmes[0].pk}",
        "board": f"{log}?board={made.boards[0].pk}",
        "place": f"{log}?place={made.places[5].pk}",
        "organisation": f"{log}?organisation={made.organisations[0].pk}",
        "person": f"{log}?person={made.people[30].pk}",
        "outcome": f"{log}?outcome={made.outcomes[0].pk}",
        "what I logged": f"{log}?mine=on",
        "to finish": f"{log}?mine=on&to_finish=on",
        "programme, kind and a word": f"{log}?programme={made.programmes[1].pk}&kind=setback&q=garden",
        "one activity": f"{log}{middle.pk}/",
        "the form": f"{log}new/",
        "home": f"/p/{made.partnership.slug}/",
    }


def compare(small: SimpleNamespace, large: SimpleNamespace) -> None:
    print(f"\n{'':34}{'1,000':>12}{format(large.size, ','):>14}{'ratio':>8}{'queries':>9}")
    asked = zip(questions(small).items(), questions(large).values(), strict=True)
    for (name, first), second in asked:
        (quick, _), (slow, queries) = measure(small, first), measure(large, second)
        print(f"{name:34}{quick:>9.0f} ms{slow:>11.0f} ms{slow / quick:>8.1f}{queries:>9}")


def measure(made: SimpleNamespace, url: str) -> tuple[float, int]:
    """The median time of the whole page, drawing included, and how many queries it took."""
    client = Client(SERVER_NAME=HOST)
    client.force_login(made.people[0], backend="django.contrib.auth.backends.ModelBackend")
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        answer = client.get(url)
        times.append(1000 * (time.perf_counter() - began))
        assert answer.status_code == 200, (url, answer.status_code)
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return statistics.median(times[1:]), len(captured)


def show_plans(made: SimpleNamespace) -> None:
    client = Client(SERVER_NAME=HOST)
    client.force_login(made.people[0], backend="django.contrib.auth.backends.ModelBackend")
    for name, url in questions(made).items():
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        for query in captured.captured_queries:
            if 'FROM "partnerships_activity"' in query["sql"] and query["sql"].startswith("SELECT"):
                print(f"\n{name}\n{query['sql'][:160]}…\n{explain(query['sql'])}")


def explain(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, TIMING OFF) " + sql)
        return "\n".join(line for (line,) in cursor.fetchall())


if __name__ == "__main__":
    main()
