"""The database and the broker of one data folder, shared by everything that runs in it.

One *holder* runs them: it owns `run/holder.lock` and writes their addresses to `run/env.json` once both answer. Everyone who uses
them keeps a shared lock on `run/users.lock`; the holder stops when it can take that lock for itself. The kernel gives locks back
when a process dies, however it dies, so nothing has to be tidied up after a kill.
"""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import IO

from launch.paths import CHECKOUT, Data, cannot_write
from launch.postgres import Postgres, short_folder, wait
from launch.problems import Problem
from launch.supervisor import Supervisor, tail
from launch.valkey import Valkey, private

PATIENCE = 120.0


def locked(path: Path, how: int) -> IO[bytes] | None:
    """The open file that carries the lock, or nothing where `how` says not to wait and another has it."""
    try:
        file = path.open("ab")
    except OSError as error:
        raise Problem(cannot_write(path, error)) from error
    try:
        fcntl.flock(file, how)
    except BlockingIOError:
        file.close()
        return None
    return file


def provided() -> bool:
    """Whether the person brought a database and a broker of their own."""
    return bool(os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))


def addresses(data: Data) -> dict[str, str] | None:
    try:
        found: dict[str, str] = json.loads(data.addresses.read_text())
    except (OSError, ValueError):
        return None
    return found


def held(data: Data) -> bool:
    """Whether a holder lives. If none does, what a killed one said is taken away before it misleads."""
    lock = locked(data.run / "holder.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
    if lock is None:
        return True
    with lock:
        data.addresses.unlink(missing_ok=True)
        (data.run / "failed").unlink(missing_ok=True)
    return False


def hold(data: Data, *, wait_for_turn: bool, throwaway: bool = False, linger: float = 0.0) -> int:
    """Runs the services until told to stop, or until nobody has used them for `linger` seconds."""
    data.make()
    when_asked_to_stop(lambda: sys.exit(0))
    lock = locked(data.run / "holder.lock", fcntl.LOCK_EX | (0 if wait_for_turn else fcntl.LOCK_NB))
    if lock is None:
        return 0
    leaving = contextlib.ExitStack()
    supervisor = Supervisor(say=noted)
    try:
        found = bring_up(data, supervisor, throwaway)
        private(data.addresses, json.dumps(found))
        unused_since = time.monotonic()
        while True:
            supervisor.step()
            time.sleep(0.1)
            alone = locked(data.run / "users.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
            if alone is None:
                unused_since = time.monotonic()
            elif time.monotonic() - unused_since < linger:
                alone.close()
            else:
                # Kept until we are gone: whoever comes now waits, and then finds no holder rather than a leaving one.
                leaving.enter_context(alone)
                return 0
    except Problem as problem:
        private(data.run / "failed", str(problem))
        noted(str(problem))
        return 1
    finally:
        when_asked_to_stop(None)
        with leaving:
            data.addresses.unlink(missing_ok=True)
            supervisor.stop()
            # Outside the data folder nobody else would tidy up; what is not ours or not empty stays.
            with contextlib.suppress(OSError):
                short_folder(data).rmdir()


def noted(sentence: str) -> None:
    print(time.strftime("%Y-%m-%d %H:%M:%S"), sentence, flush=True)


def when_asked_to_stop(do: Callable[[], object] | None) -> None:
    """What Ctrl-C and the system's requests to end shall do; nothing while tidying up. `nohup` stays in force."""

    def asked(number: int, frame: FrameType | None) -> None:
        if do:
            do()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, asked)


def bring_up(data: Data, supervisor: Supervisor, throwaway: bool) -> dict[str, str]:
    found: dict[str, str] = {}
    postgres = valkey = None
    if not os.environ.get("DATABASE_URL"):
        postgres = Postgres(data, throwaway)
        postgres.make()
        supervisor.start(postgres.child())
        found["DATABASE_URL"] = postgres.url
    if not os.environ.get("REDIS_URL"):
        valkey = Valkey(data, throwaway)
        supervisor.start(valkey.child())
        found["REDIS_URL"] = valkey.url

    def up(name: str) -> bool:
        # Recovery after a hard stop may take a while; a server that dies at once will not come up by waiting.
        if supervisor.states[name].starts > 3:
            log = supervisor.states[name].child.log
            raise Problem(f"The {name} does not start; the reason stands at the end of {log}:\n{tail(log)}")
        supervisor.step()
        return (postgres if name == "database" else valkey).answers()  # type: ignore[union-attr]

    for name in list(supervisor.states):
        if not wait(lambda name=name: up(name), PATIENCE):  # type: ignore[misc]
            raise Problem(
                f"The {name} did not answer within {PATIENCE:.0f} seconds: see {supervisor.states[name].child.log}."
            )
    if postgres:
        postgres.furnish()
    return found


@contextlib.contextmanager
def used(data: Data, *, linger: float = 2.0) -> Iterator[tuple[dict[str, str], list[int]]]:
    """The addresses of the services, started if nobody runs them, and the file that keeps them up for a child that inherits it."""
    if provided():
        yield {}, []
        return
    data.make()
    lock = locked(data.run / "users.lock", fcntl.LOCK_SH)
    assert lock is not None
    with lock:
        if not held(data):
            start_holder(data, linger)
        yield wait_for_addresses(data), [lock.fileno()]


def holder_environment(data: Data) -> Callable[[], dict[str, str]]:
    return lambda: {**os.environ, "THROUGHLINE_DATA": str(data.root)}


def start_holder(data: Data, linger: float) -> None:
    """Detached: it outlives the command that started it if another came to use it meanwhile."""
    with (data.log / "services.log").open("ab") as log:
        subprocess.Popen(
            [sys.executable, "-m", "launch", "hold", f"--linger={linger}"],
            cwd=CHECKOUT,
            env=holder_environment(data)(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def wait_for_addresses(data: Data, each: Callable[[], object] = lambda: None) -> dict[str, str]:
    def ready() -> bool:
        failed = data.run / "failed"
        if failed.exists():
            raise Problem(failed.read_text())
        each()
        return addresses(data) is not None

    if not wait(ready, PATIENCE + 30):
        raise Problem(f"The database and the broker did not start: see {data.log / 'services.log'}.")
    found = addresses(data)
    if found is None:
        raise Problem("The database and the broker stopped while starting: try the same command again.")
    return found
