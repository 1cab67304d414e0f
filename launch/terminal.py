"""What the person at the terminal sees while something works, and how a program is run out of sight."""

import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from launch.guardian import guarded
from launch.paths import CHECKOUT, cannot_write
from launch.problems import Problem

_one_at_a_time = threading.Lock()
_quiet: set[subprocess.Popen[bytes]] = set()
REMINDER = 10.0


def say(sentence: str = "") -> None:
    with _one_at_a_time:
        print(sentence, flush=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Says what begins, every ten seconds that it goes on, and how long it took."""
    began = time.monotonic()
    over = threading.Event()

    def remind() -> None:
        while not over.wait(REMINDER):
            say(f"  … {what}, {time.monotonic() - began:.0f} s so far")

    say(f"  … {what}")
    reminder = threading.Thread(target=remind, daemon=True)
    reminder.start()
    try:
        yield
    finally:
        over.set()
        reminder.join()
    say(f"  ✓ {what} ({time.monotonic() - began:.1f} s)")


def quietly(
    command: Sequence[str | Path], log: Path, environment: Mapping[str, str] | None = None
) -> str | None:
    """Runs a program with its output in a log. Nothing is returned when it went well, else what it said."""
    words = [str(word) for word in command]
    try:
        with log.open("ab") as stream:
            stream.write(f"$ {' '.join(words)}\n".encode())
            stream.flush()
            begin = stream.tell()
            process = subprocess.Popen(
                guarded(words, signal.SIGTERM, 2),
                cwd=CHECKOUT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=stream,
                stderr=stream,
                start_new_session=True,
            )
        _quiet.add(process)
        try:
            code = process.wait()
        finally:
            end(process)
            _quiet.discard(process)
        if code == 0:
            return None
        with log.open("rb") as stream:
            stream.seek(begin)
            return stream.read().decode(errors="replace") or f"It ended with code {code}."
    except OSError as error:
        raise Problem(cannot_write(log, error)) from error


def end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin:
        process.stdin.close()
    process.wait()


def abandon() -> None:
    """Ends what other threads are still running quietly."""
    for process in list(_quiet):
        end(process)


def explain(failed: str, said: str, log: Path, *, fetches: bool = True) -> str:
    """One sentence with what to do, out of what a program said; only one that `fetches` can have lacked the network."""
    lowered = said.lower()
    if "no space left" in lowered or "enospc" in lowered or "disk quota" in lowered:
        return f"{failed}: the disk is full. Free some space and start again."
    network = (
        "name resolution",
        "dns error",
        "failed to lookup",
        "getaddrinfo",
        "enotfound",
        "eai_again",
        "econnrefused",
        "connection refused",
        "network is unreachable",
        "etimedout",
        "timed out",
        "failed to fetch",
        "error sending request",
        "connection error",
        "max retries exceeded",
    )
    if fetches and any(sign in lowered for sign in network):
        return (
            f"{failed}: the package index could not be reached. "
            f"Check the network connection, or name your mirror as pip and npm are used to, and start again; see {log}."
        )
    return f"{failed}: see the end of {log} for the reason, and start again once it is removed."
