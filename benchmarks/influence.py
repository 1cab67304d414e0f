"""The map of boards with 300 boards, 3,000 seats today and ten years of seats before, beside the bare query for the seats.

python3 -m launch services -- .venv/bin/python -m benchmarks.influence
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases  # noqa: E402

from partnerships.actions.setting_up import create_partnership  # noqa: E402
from partnerships.models import Board, BoardLevel, Place, Seat, SeatKind  # noqa: E402
from people.actions.memberships import add_person, give_role  # noqa: E402
from people.models import Message, Person, Voice, Way  # noqa: E402
from people.permissions import Role  # noqa: E402

BOARDS, SEATS, PEOPLE, YEARS, MESSAGES, ROUNDS = 300, 3_000, 1_300, 10, 600, 7
TODAY = date.today()
BARE = """
SELECT id, board_id, person_id, kind, starts_on, ends_on FROM partnerships_seat
WHERE partnership_id = %s AND starts_on <= %s AND (ends_on IS NULL OR ends_on >= %s)
"""


def main() -> None:
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        partnership, officer, boards = make_world()
        run(partnership, officer, boards)
    finally:
        teardown_databases(databases, verbosity=0)


def make_world() -> tuple[Any, Any, list[Board]]:
    """Most people sit on one or two boards of their own neighbourhood, a few on many: as it is where partners meet."""
    chance = random.Random(4)
    place = Place.objects.create(name="Benchmark", kind="neighbourhood", is_fictional=True)
    partnership = create_partnership(name="Benchmark", started_on=date(2015, 1, 1), main_place=place)
    officer = add_person(name="Officer", email="officer@benchmark.example")
    give_role(partnership=partnership, person=officer, role=Role.OFFICER, starts_on=date(2015, 1, 1))
    levels = list(BoardLevel)
    shares = (170, 80, 30, 15, 5)
    boards = Board.objects.bulk_create(
        Board(partnership=partnership, name=f"{level.label} board {number:03}", level=level, place=place)
        for level, share in zip(levels, shares, strict=True)
        for number in range(share)
    )
    people = Person.objects.bulk_create(Person(name=f"Person {number:04}") for number in range(PEOPLE))
    seats = []
    for generation in range(YEARS // 2 + 1):
        starts = TODAY - timedelta(days=730 * generation + 400)
        ends = None if generation == 0 else starts + timedelta(days=729)
        taken: set[tuple[int, int]] = set()
        while len(taken) < SEATS:
            who = min(int(chance.expovariate(1 / 430)), PEOPLE - 1)
            home = who * BOARDS // PEOPLE
            board = (
                (home + int(chance.gauss(0, 9))) % BOARDS
                if chance.random() < 0.85
                else chance.randrange(BOARDS)
            )
            if (who, board) not in taken:
                taken.add((who, board))
                kind = chance.choice(list(SeatKind))
                seat = Seat(partnership=partnership, board=boards[board], person=people[who], kind=kind)
                seat.starts_on, seat.ends_on = starts, ends
                seats.append(seat)
    Seat.objects.bulk_create(seats, batch_size=2_000)
    voices = Voice.objects.bulk_create(
        Voice(
            partnership=partnership,
            theme=f"Theme {number}",
            words="There is nowhere to sit.",
            said_on=TODAY - timedelta(days=number % 700),
            said_as="A resident",
            board=boards[number % 170],
            audience="partnership",
        )
        for number in range(MESSAGES)
    )
    Message.objects.bulk_create(
        Message(
            partnership=partnership,
            voice=voice,
            carried_on=voice.said_on,
            way=Way.PAPER,
            to_board=boards[170 + number % 130],
        )
        for number, voice in enumerate(voices)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return partnership, officer, boards


def run(partnership: Any, officer: Any, boards: list[Board]) -> None:
    client = Client(SERVER_NAME="localhost")
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    page = f"/p/{partnership.slug}/influence/"
    last_year = (TODAY - timedelta(days=500)).isoformat()

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(BARE, [partnership.pk, TODAY, TODAY])
            cursor.fetchall()

    database = timed(bare)[0]
    print(f"{Seat.objects.count():,} seats, {SEATS:,} of them today, on {BOARDS} boards")
    print(f"  bare query for the seats        {database * 1000:8.1f} ms")
    for label, path in (
        ("map and tables", page),
        ("map, compared with an earlier day", f"{page}?since={last_year}"),
        ("map around one board", f"{page}?around={boards[0].pk}"),
        ("channels between two boards", f"{page}channels/?start={boards[0].pk}&end={boards[299].pk}"),
    ):
        asked = lambda path=path: get(client, path)  # noqa: E731
        spent, cpu = timed(asked)
        with CaptureQueriesContext(connection) as queries:
            size = len(get(client, path))
        print(
            f"  {label:<34}{spent * 1000:8.0f} ms  {cpu * 1000:6.0f} ms CPU  {len(queries):3} queries  {size / 1024:6.0f} kB"
        )


def get(client: Client, path: str) -> bytes:
    response = client.get(path)
    assert response.status_code == 200, response
    return response.content


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """The median of some rounds after one to warm up: elapsed, and spent by this process."""
    work()
    elapsed, spent = [], []
    for _ in range(ROUNDS):
        begun, cpu = time.perf_counter(), time.process_time()
        work()
        elapsed.append(time.perf_counter() - begun)
        spent.append(time.process_time() - cpu)
    return statistics.median(elapsed), statistics.median(spent)


if __name__ == "__main__":
    main()
