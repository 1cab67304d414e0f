"""Starts children, restarts what dies, and leaves nothing behind."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from launch import guardian
from launch.paths import cannot_write
from launch.problems import Problem

FIRST_DELAY = 0.2
LONGEST_DELAY = 10.0
STEADY_AFTER = 10.0
LOG_LIMIT = 10 * 1024 * 1024


@dataclass(frozen=True)
class Child:
    name: str
    command: Sequence[str]
    log: Path
    environment: Callable[[], Mapping[str, str]] = lambda: os.environ
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 10.0
    # Called before each start, the first as well: puts right what a killed predecessor left.
    prepare: Callable[[], object] = lambda: None


@dataclass
class State:
    child: Child
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    delay: float = 0.0
    due: float = 0.0
    starts: int = 0


@dataclass
class Supervisor:
    """Used from one thread: `start`, then `step` again and again, then `stop`."""

    say: Callable[[str], None] = lambda sentence: None
    states: dict[str, State] = field(default_factory=dict)
    rotated: float = 0.0

    def __post_init__(self) -> None:
        guardian.become_subreaper()

    def start(self, child: Child) -> None:
        state = self.states[child.name] = State(child)
        self._start(state)

    def _start(self, state: State) -> None:
        child = state.child
        child.prepare()
        try:
            rotate(child.log)
            with child.log.open("ab") as log:
                state.process = subprocess.Popen(
                    guardian.guarded(child.command, child.stop_signal, child.grace),
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=log,
                    env=dict(child.environment()),
                    start_new_session=True,
                )
        except OSError as error:
            raise Problem(cannot_write(child.log, error)) from error
        state.started = time.monotonic()
        state.starts += 1

    def step(self) -> None:
        """Restarts what died. A child that keeps dying waits longer each time; one that was steady starts again at once."""
        now = time.monotonic()
        for state in self.states.values():
            if state.process is not None and state.process.poll() is not None:
                self._bury(state)
                steady = now - state.started > STEADY_AFTER
                if steady:
                    state.delay = 0.0
                state.due = now + state.delay
                where = "" if steady else f" Its log is {state.child.log}."
                self.say(
                    f"The {state.child.name} {ending(state.process.returncode)}: starting it again.{where}"
                )
                state.process = None
                state.delay = min(max(state.delay * 2, FIRST_DELAY), LONGEST_DELAY)
            if state.process is None and now >= state.due:
                try:
                    self._start(state)
                except Problem as problem:
                    state.due = now + state.delay
                    state.delay = min(max(state.delay * 2, FIRST_DELAY), LONGEST_DELAY)
                    self.say(str(problem))
        if now - self.rotated > 10:
            self.rotated = now
            for state in self.states.values():
                rotate(state.child.log)

    def _bury(self, state: State) -> None:
        """If the guardian itself was killed, what it guarded is ours to clear: by its group, and on Linux as our orphans."""
        if state.process is None:
            return
        if state.process.stdin:
            state.process.stdin.close()
        if state.process.returncode >= 0:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(state.process.pid, signal.SIGKILL)
        for _ in range(50):
            guarded = frozenset(
                other.process.pid for other in self.states.values() if other.process is not None
            )
            orphans = guardian.descendants(os.getpid(), leave=guarded)
            if not orphans:
                return
            guardian.kill(orphans)
            for pid in orphans:
                try:
                    os.waitpid(pid, os.WNOHANG)
                except ChildProcessError:
                    continue
            time.sleep(0.02)

    def restart(self, name: str) -> None:
        state = self.states[name]
        self._stop([state])
        self._start(state)

    def running(self, name: str) -> bool:
        state = self.states.get(name)
        return state is not None and state.process is not None and state.process.poll() is None

    def stop(self, *names: str) -> None:
        """Stops the named children together, or all of them in the opposite order of their start."""
        if names:
            self._stop([self.states[name] for name in names if name in self.states])
        else:
            for state in reversed(list(self.states.values())):
                self._stop([state])
        for name in names or list(self.states):
            self.states.pop(name, None)

    def _stop(self, states: list[State]) -> None:
        for state in states:
            if state.process is not None and state.process.stdin:
                state.process.stdin.close()
        for state in states:
            if state.process is not None:
                try:
                    state.process.wait(state.child.grace + 12)
                except subprocess.TimeoutExpired:
                    state.process.kill()
                    state.process.wait()
                self._bury(state)
                state.process = None


def ending(code: int) -> str:
    """A guardian tells of a signal as shells do, as 128 and its number; a minus is the guardian's own death."""
    number = -code if code < 0 else code - 128
    try:
        return f"was ended by {signal.Signals(number).name}"
    except ValueError:
        return f"ended with code {code}"


def rotate(log: Path) -> None:
    """Copied and cut, not renamed: the writers append, and go on in the same file."""
    try:
        if log.stat().st_size > LOG_LIMIT:
            shutil.copyfile(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)
    except OSError:
        return


def tail(log: Path, lines: int = 12) -> str:
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 16384))
            return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
