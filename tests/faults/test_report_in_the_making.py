"""A worker or the broker is killed while a report is in the making: one report, one mail each, and nothing committed is lost.

A lock held from outside stops the worker at its last step, with everything made and nothing committed, so that each kill
strikes at the worst moment and not by chance.
"""

from __future__ import annotations

import email
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from email.message import Message

import psycopg
import pytest

from launch import services
from launch.paths import CHECKOUT, Data
from tests.launch.processes import eventually
from tests.launch.test_run import Running

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc"),
]

# What is there before: committed by actions, in a process of its own.
WORLD = """
from datetime import date
from partnerships.actions import setting_up
from partnerships.actions.activities import log_activity
from partnerships.models import Place, PlaceKind, ReportFrequency
from people.actions.memberships import add_person, give_role
from people.permissions import Role
from reports.actions.reports import define_report
place = Place.objects.create(name="Testborough", kind=PlaceKind.LOCAL_AUTHORITY, is_fictional=True)
ours = setting_up.create_partnership(name="Testborough Together", started_on=date(2020, 1, 1), main_place=place)
people = [add_person(name=f"Reader {n}", email=f"reader{n}@testborough.example") for n in range(3)]
for person in people:
    give_role(partnership=ours, person=person, role=Role.OFFICER, starts_on=date(2020, 1, 1))
log_activity(partnership=ours, by=people[0], title="Walk", happened_on=date(2024, 1, 2))
definition = define_report(partnership=ours, name="Report", frequency=ReportFrequency.MONTH, recipients=people)
definition.is_active = False
definition.save(update_fields=["is_active"])
"""
ASK = """
from reports.actions.reports import ask_for_report
from reports.models import ReportDefinition
from reports.queries.periods import last_complete
from datetime import date
ask_for_report(definition=ReportDefinition.objects.get(), period=last_complete("month", date({year}, 6, 1)))
"""


class Product:
    """A running product of its own, with a look into its database and its mail."""

    def __init__(self, running: Running) -> None:
        self.running = running

    def do(self, code: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "launch", "manage", "shell", "-c", code],
            cwd=CHECKOUT,
            env=self.running.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def database(self) -> psycopg.Connection:
        found = services.addresses(Data(self.running.data))
        assert found
        return psycopg.connect(found["DATABASE_URL"])

    def ask(self, sql: str, *given: object) -> list[tuple]:
        with self.database() as connection:
            return connection.execute(sql, given).fetchall()

    def is_at_its_last_step(self) -> bool:
        waits = "SELECT count(*) FROM pg_locks WHERE relation = 'reports_delivery'::regclass AND NOT granted"
        return self.ask(waits) != [(0,)]

    def let_the_clock_ask_again(self) -> None:
        """It asks for what has waited two minutes; nobody wants to wait so long here."""
        with self.database() as connection:
            connection.execute(
                "UPDATE reports_report SET asked_at = asked_at - interval '5 minutes' WHERE status = 'waiting'"
            )

    def letters(self) -> Counter[str]:
        return Counter(str(letter["To"]) for letter in self.mail())

    def mail(self) -> Iterator[Message]:
        for file in sorted((self.running.data / "mail").glob("*")):
            for part in file.read_text().split("-" * 79):
                if part.strip():
                    yield email.message_from_string(part.strip())


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    running = Running(tmp_path_factory.mktemp("faults") / "var")
    try:
        assert eventually(lambda: running.is_up() or running.process.poll() is not None, 240), running.said()
        assert running.is_up(), running.said()
        made = Product(running)
        made.do(WORLD)
        yield made
    finally:
        running.processes()
        if running.process.poll() is None:
            running.process.terminate()
            running.process.wait(60)
        assert eventually(lambda: not running.left(), 30), running.left()


@pytest.mark.parametrize(("killed", "year"), [("worker", 2024), ("broker", 2025)])
def test_one_report_and_one_letter_each_whatever_is_killed(product: Product, killed: str, year: int) -> None:
    before = product.letters()
    with product.database() as holding:
        holding.execute("LOCK TABLE reports_delivery IN SHARE MODE")
        product.do(ASK.format(year=year))
        assert eventually(product.is_at_its_last_step, 60)
        was = product.running.main_process(killed)
        assert was
        os.kill(was, signal.SIGKILL)
        assert eventually(lambda: product.running.main_process(killed) not in (None, was), 30)
        # What was committed when the report was asked for is there; what was only made is not.
        assert product.ask(
            "SELECT status, document IS NULL FROM reports_report WHERE period_start = %s",
            f"{year}-05-01",
        ) == [("waiting", True)]
        holding.rollback()
    product.let_the_clock_ask_again()

    def is_told() -> bool:
        counted = "SELECT count(*), count(sent_at) FROM reports_delivery d JOIN reports_report r ON r.id = d.report_id"
        return product.ask(f"{counted} WHERE r.status = 'made' AND r.period_start = %s", f"{year}-05-01") == [
            (3, 3)
        ]

    assert eventually(is_told, 150), product.ask("SELECT status, problem FROM reports_report")
    assert product.ask(
        "SELECT count(*), min(length(pdf)) > 1000 FROM reports_report WHERE period_start = %s",
        f"{year}-05-01",
    ) == [(1, True)]
    # A message that comes once more, from before the kill, makes nothing twice.
    product.do(ASK.format(year=year))
    assert product.running.becomes_ready(), product.running.ask("/readyz")
    sent = product.letters() - before
    assert sent == Counter({f"reader{n}@testborough.example": 1 for n in range(3)})
    assert product.ask("SELECT count(*) FROM partnerships_activity") == [(1,)]


def test_readyz_names_what_is_gone_until_it_is_back(product: Product) -> None:
    """Whoever brings things back is held still meanwhile, so that there is time to look."""
    running = product.running
    assert running.becomes_ready()
    holders = [
        pid
        for pid, line in running.processes().items()
        if "launch hold" in line and "guardian.py" not in line
    ]
    broker = running.main_process("broker")
    assert broker
    for pid in holders:
        os.kill(pid, signal.SIGSTOP)
    try:
        os.kill(broker, signal.SIGKILL)
        assert eventually(lambda: running.ask("/readyz")[0] == 503, 20)
        assert '"broker": "failing"' in running.ask("/readyz")[1]
        assert '"database": "ok"' in running.ask("/readyz")[1]
        assert running.ask("/healthz")[0] == 200
    finally:
        for pid in holders:
            os.kill(pid, signal.SIGCONT)
    assert running.becomes_ready(), running.ask("/readyz")
