"""The whole of `make run`, as a newcomer starts it, and what happens when its processes are killed."""

import http.client
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from launch import postgres, valkey
from launch.paths import CHECKOUT
from launch.problems import Problem
from launch.valkey import free_port
from tests.launch.processes import clean_environment, eventually, is_alive

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

    def is_ready(self) -> bool:
        return self.status("/readyz") == 200

    def processes(self) -> dict[int, str]:
        """Everything that carries our data folder in its environment, apart from the supervisor itself."""
        mark = f"THROUGHLINE_DATA={self.data}".encode()
        found = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == self.process.pid:
                continue
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0") and is_alive(int(entry.name)):
                    found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
        return found

    def main_process(self, name: str) -> int | None:
        """The oldest process of that kind that is not its guardian."""
        ours = self.processes()
        pids = [pid for pid, line in ours.items() if SERVERS[name] in line and "guardian.py" not in line]
        return min(pids, default=None)

    def status(self, path: str) -> int:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            line.request("GET", path)
            return line.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            line.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One for all the tests below, which therefore leave it running; the last one may kill it."""
    made = Running(tmp_path_factory.mktemp("run") / "var")
    try:
        assert eventually(lambda: made.is_up() or made.process.poll() is not None, 240), made.said()
        assert made.is_up(), made.said()
        yield made
    finally:
        if made.process.poll() is None:
            made.process.terminate()
            made.process.wait(60)
        assert eventually(lambda: not made.processes(), 30), made.processes()


def test_what_is_killed_comes_back_and_the_platform_is_ready_again(running: Running) -> None:
    assert running.status("/healthz") == 200
    assert eventually(running.is_ready, 60)
    for name in SERVERS:
        before = running.main_process(name)
        assert before is not None, f"no {name} among {running.processes()}"
        os.kill(before, signal.SIGKILL)
        # Bound as a default: the loop's names change before a late call would look at them.
        assert eventually(
            lambda name=name, before=before: running.main_process(name) not in (None, before), 15
        ), name
        assert re.search(rf"The {name} was ended by SIGKILL: starting it again\.", running.said())
    assert eventually(lambda: running.status("/healthz") == 200, 20)
    assert eventually(running.is_ready, 60)


def test_processes_below_the_servers_come_back_too(running: Running) -> None:
    web, worker = running.main_process("web"), running.main_process("worker")
    for parent in (web, worker):
        before = children(parent)
        assert before
        os.kill(before[0], signal.SIGKILL)
        assert eventually(lambda parent=parent, before=before: replaced(parent, before), 20)
        assert is_alive(parent)
    backend = children(running.main_process("database"))[-1]
    os.kill(backend, signal.SIGKILL)
    assert eventually(running.is_ready, 60)


def children(pid: int | None) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def replaced(parent: int | None, before: list[int]) -> bool:
    now = [pid for pid in children(parent) if is_alive(pid)]
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
    assert eventually(lambda: not running.processes(), 30), running.processes()
    again = Running(running.data)
    try:
        assert eventually(again.is_up, 120), again.said()
    finally:
        again.process.terminate()
        assert again.process.wait(60) == 0
    assert "Stopped. Your data is kept." in again.said()
