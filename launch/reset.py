"""`make reset`: clears the data folder, after asking."""

import contextlib
import fcntl
import shutil
import sys
import time
from pathlib import Path
from typing import IO

from launch import services
from launch.paths import Data, cannot_write
from launch.problems import Problem
from launch.terminal import say

# By name, so that a data folder that was chosen badly loses nothing else.
OURS = ("postgres", "postgres.new", "valkey", "media", "mail", "log", "test", "secret_key", "run")


def main(data: Data, yes: bool) -> int:
    there = [data.root / name for name in OURS if (data.root / name).exists()]
    if not there:
        say(f"There is nothing to clear in {data.root}.")
        return 0
    data.make()
    # A holder of the services that has lost its last user lingers for a few seconds: it is waited for.
    with contextlib.ExitStack() as locks:
        for name, patience in (("run.lock", 0.0), ("holder.lock", 15.0), ("users.lock", 0.0)):
            locks.enter_context(taken(data.run / name, patience))
        if not yes and not agreed(data):
            say("Nothing was cleared.")
            return 1
        for path in there:
            remove(path)
    say(f"Cleared {data.root}. `make run` begins anew.")
    return 0


def taken(path: Path, patience: float) -> IO[bytes]:
    deadline = time.monotonic() + patience
    while True:
        lock = services.locked(path, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if lock:
            return lock
        if time.monotonic() >= deadline:
            raise Problem(
                "Throughline or one of its commands is running in this checkout: stop it first, then reset."
            )
        time.sleep(0.1)


def agreed(data: Data) -> bool:
    if not sys.stdin.isatty():
        raise Problem("There is nobody to ask: say `make reset YES=1` to clear the data without a question.")
    say(f"This deletes the database, uploads, mails and logs in {data.root}.")
    return input("Type yes to go on: ").strip().lower() == "yes"


def remove(path: Path) -> None:
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise Problem(cannot_write(path, error)) from error
