"""The whole of `make run`, as a newcomer starts it, and what happens when its processes are killed."""

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from launch import postgres, valkey
from launch.guardian import descendants
from launch.paths import CHECKOUT
from launch.problems import Problem
from launch.valkey import free_port
from tests.launch.processes import clean_environment, eventually, is_alive, parent

try:
    postgres.binaries()
    valkey.binary()
except Problem as problem:
    pytest.skip(str(problem), allow_module_level=True)

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc"),
]

SERVERS = {
    "web": "-m granian ",
    "worker": "-m celery -A config worker ",
    "beat": "-m celery -A config beat ",
    "database": "postgres -D ",
    "broker": "valkey-server ",
}


class Running:
    """One `make run` with a data folder and a port of its own."""

    def __init__(self, data: Path) -> None:
        self.data, self.port, self.output = data, free_port(), data.parent / "output.txt"
        self.seen: set[int] = set()
        # Without the demo: what is tried here is the processes, and they start sooner.
        self.environment = clean_environment(data, PORT=str(self.port), THROUGHLINE_DEMO="0")
        with self.output.open("wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "launch", "run"],
                cwd=CHECKOUT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def is_up(self) -> bool:
        return f"is running at http://127.0.0.1:{self.port}" in self.said()

    def processes(self) -> dict[int, str]:
        """Everything below the supervisor. All that was ever seen is remembered, to ask for it after the end."""
        found = {}
        for pid in descendants(self.process.pid):
            try:
                found[pid] = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
        self.seen |= set(found)
        return found

    def left(self) -> list[int]:
        return [pid for pid in self.seen if is_alive(pid)]

    def main_process(self, name: str) -> int | None:
        """The process of that kind which a guardian looks after; those below it look the same."""
        ours = self.processes()
        guardians = {pid for pid, line in ours.items() if "guardian.py" in line}
        for pid, line in ours.items():
            if pid not in guardians and SERVERS[name] in line and parent(pid) in guardians:
                return pid
        return None

    def ask(self, path: str) -> tuple[int, str]:
        # Longer than the application itself waits for a connection to its database.
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            line.request("GET", path)
            answer = line.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            return 0, repr(error)
        finally:
            line.close()

    def becomes_ready(self) -> bool:
        """The clock may have to tick once more, which it does every fifteen seconds."""
        return eventually(lambda: self.ask("/readyz")[0] == 200, 60)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One for all the tests below, which therefore leave it running; the last one may kill it."""
    made = Running(tmp_path_factory.mktemp("run") / "var")
    try:
        assert eventually(lambda: made.is_up() or made.process.poll() is not None, 240), made.said()
        assert made.is_up(), made.said()
        yield made
    finally:
        made.processes()
        if made.process.poll() is None:
            made.process.terminate()
            made.process.wait(60)
        assert eventually(lambda: not made.left(), 30), made.left()


def test_what_is_killed_comes_back_and_the_platform_is_ready_again(running: Running) -> None:
    assert running.ask("/healthz")[0] == 200
    assert running.becomes_ready(), running.ask("/readyz")
    for name in SERVERS:
        before = running.main_process(name)
        assert before is not None, f"no {name} among {running.processes()}"
        os.kill(before, signal.SIGKILL)
        # Bound as a default: the loop's names change before a late call would look at them.
        assert eventually(
            lambda name=name, before=before: running.main_process(name) not in (None, before), 15
        ), name
        told = f"The {name} was ended by SIGKILL: starting it again."
        assert eventually(lambda told=told: told in running.said(), 5)
    assert eventually(lambda: running.ask("/healthz")[0] == 200, 20)
    assert running.becomes_ready(), running.ask("/readyz")


def test_processes_below_the_servers_come_back_too(running: Running) -> None:
    web, worker = running.main_process("web"), running.main_process("worker")
    for pid in (web, worker):
        assert eventually(lambda pid=pid: len(children(pid)) >= 2, 30)
        before = children(pid)
        os.kill(before[0], signal.SIGKILL)
        assert eventually(lambda pid=pid, before=before: replaced(pid, before), 20)
        assert is_alive(pid)
    backend = children(running.main_process("database"))[-1]
    os.kill(backend, signal.SIGKILL)
    assert running.becomes_ready(), running.ask("/readyz")


def children(pid: int | None) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        # It has just ended, and another is about to take its place.
        return []


def replaced(above: int | None, before: list[int]) -> bool:
    now = [pid for pid in children(above) if is_alive(pid)]
    return before[0] not in now and len(now) >= len(before)


def test_a_second_start_in_the_checkout_and_a_command_beside_it(running: Running) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "launch", "run"],
        cwd=CHECKOUT,
        env=running.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert f"already running in this checkout at http://127.0.0.1:{running.port}" in second.stderr
    before = running.main_process("database")
    beside = subprocess.run(
        [sys.executable, "-m", "launch", "services", "--", "sh", "-c", "echo $DATABASE_URL"],
        cwd=CHECKOUT,
        env=running.environment,
        capture_output=True,
        text=True,
    )
    assert beside.returncode == 0
    assert str(running.data).replace("/", "%2F") in beside.stdout or "throughline-" in beside.stdout
    assert running.main_process("database") == before


def test_a_killed_supervisor_leaves_no_process_and_the_next_start_works(running: Running) -> None:
    assert len(running.processes()) > 10
    running.process.kill()
    running.process.wait()
    assert eventually(lambda: not running.left(), 30), running.left()
    again = Running(running.data)
    try:
        assert eventually(again.is_up, 120), again.said()
    finally:
        again.process.terminate()
        assert again.process.wait(60) == 0
    assert "Stopped. Your data is kept." in again.said()
