"""Looking at real processes from a test."""

import os
import time
from collections.abc import Callable
from pathlib import Path


def is_alive(pid: int) -> bool:
    """A zombie is dead: it only waits to be read."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] != b"Z"
    except OSError:
        if os.path.isdir("/proc/self"):
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def parent(pid: int) -> int:
    """Nobody's, if the process has just gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[1])
    except OSError:
        return 0


def eventually(condition: Callable[[], object], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return bool(condition())


def pids_in(file: Path) -> list[int]:
    return [int(word) for word in file.read_text().split()] if file.exists() else []


def clean_environment(data: Path, **more: str) -> dict[str, str]:
    """Without the services of the test run itself, so that the launcher starts its own."""
    unwanted = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PORT", "MAKEFLAGS", "MAKELEVEL", "ALLOWED_HOSTS"}
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    kept = {name: value for name, value in kept.items() if not name.startswith("THROUGHLINE_")}
    return {**kept, "THROUGHLINE_DATA": str(data), "PYTHONUNBUFFERED": "1", **more}
