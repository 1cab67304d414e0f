"""`make reset`: clears the data folder, after asking."""

import fcntl
import shutil
import sys
from pathlib import Path

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
    running = services.locked(data.run / "run.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
    users = services.locked(data.run / "users.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
    if running is None or users is None:
        raise Problem(
            "Throughline or one of its commands is running in this checkout: stop it first, then reset."
        )
    # A holder that lingers after its last user is about to end; it is waited for.
    with running, users, services.turn(data):
        if not yes and not agreed(data):
            say("Nothing was cleared.")
            return 1
        for path in there:
            remove(path)
    say(f"Cleared {data.root}. `make run` begins anew.")
    return 0


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
