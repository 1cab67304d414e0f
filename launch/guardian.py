"""Stands between the supervisor and one child, so that no process outlives the supervisor.

    guardian.py STOP_SIGNAL GRACE_SECONDS COMMAND...

Standard input is a pipe from the supervisor. When it closes, because the supervisor wants the child stopped or because the
supervisor was killed, the child gets STOP_SIGNAL, and after GRACE_SECONDS everything below it is killed. When the child dies
by itself, what it left behind is killed before the guardian leaves with the child's exit code, so that a restart finds its port
and files free. A pipe works on every Unix; the Linux calls are a second net under it.
"""

import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def guarded(command: Sequence[str], stop_signal: int, grace: float) -> list[str]:
    """The command line that runs a command under a guardian, with nothing of the person's Python set-up in it."""
    return [sys.executable, "-I", "-S", __file__, str(int(stop_signal)), str(grace), *command]


def linux(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def become_subreaper() -> None:
    """Orphans among our descendants become our children, so that none gets away."""
    linux(PR_SET_CHILD_SUBREAPER, 1)


def parents() -> dict[int, int]:
    """The parent of every live process."""
    found: dict[int, int] = {}
    if sys.platform != "linux":
        table = subprocess.run(["/bin/ps", "-axo", "pid=,ppid=,stat="], capture_output=True, text=True).stdout
        for line in table.splitlines():
            pid, parent, state = line.split()[:3]
            if not state.startswith("Z"):
                found[int(pid)] = int(parent)
        return found
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    # The program's name may hold spaces and brackets: what follows the last bracket is safe to split.
                    state, parent = file.read().rpartition(b")")[2].split()[:2]
            except (OSError, ValueError):
                continue
            if state != b"Z":
                found[int(name)] = int(parent)
    return found


def descendants(root: int, leave: frozenset[int] = frozenset()) -> list[int]:
    """Everything below a process, parents first, without the branches in `leave`."""
    below: dict[int, list[int]] = {}
    for pid, parent in parents().items():
        below.setdefault(parent, []).append(pid)
    found: list[int] = []
    queue = [root]
    while queue:
        for pid in below.get(queue.pop(0), []):
            if pid not in leave and pid not in found:
                found.append(pid)
                queue.append(pid)
    return found


def kill(pids: list[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def start(command: list[str]) -> int:
    guardian = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    try:
        linux(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != guardian:
            os._exit(1)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.execvp(command[0], command)  # noqa: S606
    except BaseException as error:
        os.write(2, f"{command[0]} cannot be started: {error}\n".encode())
    os._exit(127)


def reap(child: int) -> int | None:
    """Collects the dead; the child's exit code if it was among them."""
    code = None
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return code
        if pid == 0:
            return code
        if pid == child:
            code = os.waitstatus_to_exitcode(status)


def clear() -> None:
    """Kills until nothing is left below us: orphans arrive one generation at a time."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        reap(0)
        left = descendants(os.getpid())
        if not left:
            return
        kill(left)
        time.sleep(0.02)


def main(arguments: list[str]) -> int:
    stop_signal, grace, command = int(arguments[0]), float(arguments[1]), arguments[2:]
    become_subreaper()
    wake, waker = os.pipe()
    os.set_blocking(waker, False)
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    asked = False

    def ask(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True

    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, ask)

    child = start(command)
    code: int | None = None
    deadline: float | None = None
    watched = [0, wake]
    while code is None:
        ready, _, _ = select.select(watched, [], [], 1.0)
        if wake in ready:
            os.read(wake, 4096)
        if 0 in ready and not os.read(0, 4096):
            watched.remove(0)
            asked = True
        code = reap(child)
        if code is None and asked and deadline is None:
            deadline = time.monotonic() + grace
            os.kill(child, stop_signal)
        if code is None and deadline is not None and time.monotonic() > deadline:
            # The whole tree is listed before its root dies: where there is no subreaper, orphans could not be found again.
            kill(descendants(os.getpid()))
    clear()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
