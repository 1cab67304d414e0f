"""`make test`: its own database and broker, thrown away afterwards, so that several can run at once."""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from launch import bootstrap, services
from launch.environment import environment
from launch.paths import CHECKOUT, Data
from launch.supervisor import Child, Supervisor
from launch.terminal import say, step

NOTHING_COLLECTED = 5
# Browsers and killed processes need the machine to themselves; everything else shares both cores.
PASSES = (
    ["-n", "2", "--dist", "loadgroup", "-m", "not browser and not faults"],
    ["-m", "browser or faults"],
)


@dataclass
class Tally:
    counts: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    broken: bool = False

    def add(self, report: Path, code: int) -> None:
        """A run that ends badly without a failed test (a crash, a mistake while collecting) is a failure too."""
        self.broken |= code not in (0, NOTHING_COLLECTED)
        if not report.exists():
            self.broken |= code != NOTHING_COLLECTED
            return
        # Written by our own pytest a moment ago.
        for case in ET.parse(report).getroot().iter("testcase"):  # noqa: S314
            kinds = {child.tag: child for child in case}
            if kinds.keys() & {"failure", "error"}:
                self.counts["failed"] += 1
            elif "skipped" in kinds:
                self.counts["skipped"] += 1
                self.skipped[kinds["skipped"].get("message") or "no reason given"] += 1
            else:
                self.counts["passed"] += 1

    @property
    def good(self) -> bool:
        return not self.broken and not self.counts["failed"] and self.counts["passed"] > 0

    def summary(self) -> str:
        lines = [f"Skipped {count}: {reason}" for reason, count in sorted(self.skipped.items())]
        if self.broken and not self.counts["failed"]:
            lines.append("A test run broke off: see above.")
        lines.append(
            "Tests: {passed} passed, {failed} failed, {skipped} skipped".format_map(Counter(self.counts))
        )
        return "\n".join(lines)


def main(arguments: list[str]) -> int:
    shared = Data.of_checkout()
    bootstrap.set_up(shared, "dev")
    sweep(shared.root / "test")
    data = Data(shared.root / "test" / str(os.getpid()))
    # Of an earlier process with our number, if anybody's.
    shutil.rmtree(data.root, ignore_errors=True)
    data.make()
    alive = services.locked(data.root / "alive.lock", fcntl.LOCK_EX)
    services.when_asked_to_stop(stop)
    try:
        with running_services(data) as environ:
            return run(data, environ, arguments)
    except KeyboardInterrupt:
        say("Stopped before the end.")
        return 130
    finally:
        services.when_asked_to_stop(None)
        shutil.rmtree(data.root, ignore_errors=True)
        if alive:
            alive.close()


def stop() -> None:
    raise KeyboardInterrupt


def is_running(name: str) -> bool:
    try:
        os.kill(int(name), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def sweep(folder: Path) -> None:
    """Removes what killed test runs left. A living run holds a lock in its folder, or is just about to."""
    for left in folder.iterdir() if folder.is_dir() else ():
        if is_running(left.name):
            continue
        with contextlib.suppress(OSError):
            lock = services.locked(left / "alive.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
            if lock:
                shutil.rmtree(left, ignore_errors=True)
                lock.close()


@contextlib.contextmanager
def running_services(data: Data) -> Iterator[dict[str, str]]:
    if services.provided():
        yield environment(data, {})
        return
    supervisor = Supervisor(say=say)
    use = services.locked(data.run / "users.lock", fcntl.LOCK_SH)
    command = [sys.executable, "-m", "launch", "hold", "--throwaway"]
    log = data.log / "services.log"
    try:
        with step("Starting a database and a broker for the tests"):
            supervisor.start(Child("services", command, log, services.holder_environment(data), grace=20))
            addresses = services.wait_for_addresses(data)
        yield environment(data, addresses)
    finally:
        supervisor.stop()
        if use:
            use.close()


def run(data: Data, environ: dict[str, str], arguments: list[str]) -> int:
    tally = Tally()
    report = data.run / "report.xml"
    for options in [arguments] if arguments else PASSES:
        report.unlink(missing_ok=True)
        command = [str(bootstrap.PYTHON), "-m", "pytest", f"--junitxml={report}", *options]
        tally.add(report, call(command, environ))
    say(tally.summary())
    return 0 if tally.good else 1


def call(command: list[str], environ: dict[str, str]) -> int:
    """In the foreground, so that a debugger can be used; the terminal's Ctrl-C reaches pytest itself."""
    process = subprocess.Popen(command, cwd=CHECKOUT, env=environ)
    try:
        return process.wait()
    except KeyboardInterrupt:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
        killer = threading.Timer(20, process.kill)
        killer.start()
        process.wait()
        killer.cancel()
        raise
