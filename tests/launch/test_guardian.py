"""No process outlives its guardian, and no guardian outlives its supervisor."""

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from launch.guardian import guarded
from tests.launch.processes import eventually, is_alive, pids_in

# A parent with two descendants; the last one leaves the process group and the session, as PostgreSQL's do.
FAMILY = textwrap.dedent(
    """
    import os, signal, sys, time
    {ignore}
    for leaves in (False, True):
        if os.fork() == 0:
            if leaves:
                os.setsid()
            open(sys.argv[1], "a").write(f"{{os.getpid()}}\\n")
            time.sleep(600)
    open(sys.argv[1], "a").write(f"{{os.getpid()}}\\n")
    {end}
    """
)


def start(
    tmp_path: Path, *, ignore: str = "", end: str = "time.sleep(600)", grace: float = 5.0
) -> subprocess.Popen[bytes]:
    script = tmp_path / "family.py"
    script.write_text(FAMILY.format(ignore=ignore, end=end))
    command = guarded([sys.executable, str(script), str(tmp_path / "pids")], signal.SIGTERM, grace)
    return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)


def family(tmp_path: Path) -> list[int]:
    assert eventually(lambda: len(pids_in(tmp_path / "pids")) == 3)
    return pids_in(tmp_path / "pids")


def test_when_the_pipe_closes_the_whole_tree_ends(tmp_path: Path) -> None:
    guardian = start(tmp_path)
    pids = family(tmp_path)
    assert all(map(is_alive, pids))
    guardian.stdin.close()
    assert guardian.wait(10) == 128 + signal.SIGTERM
    assert not any(map(is_alive, pids))


def test_who_does_not_listen_is_killed_after_the_grace(tmp_path: Path) -> None:
    guardian = start(tmp_path, ignore="signal.signal(signal.SIGTERM, signal.SIG_IGN)", grace=0.5)
    pids = family(tmp_path)
    guardian.stdin.close()
    assert guardian.wait(10) == 128 + signal.SIGKILL
    assert not any(map(is_alive, pids))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux hands orphans to the guardian")
def test_what_a_dead_child_leaves_is_cleared_before_the_guardian_tells(tmp_path: Path) -> None:
    guardian = start(tmp_path, end="os._exit(7)")
    assert guardian.wait(10) == 7
    assert not any(map(is_alive, pids_in(tmp_path / "pids")))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux kills a child with its parent")
def test_a_child_does_not_outlive_a_killed_guardian(tmp_path: Path) -> None:
    guardian = start(tmp_path)
    *_, child = family(tmp_path)
    children = Path(f"/proc/{guardian.pid}/task/{guardian.pid}/children")
    child = int(children.read_text().split()[0])
    guardian.kill()
    guardian.wait()
    assert eventually(lambda: not is_alive(child))
    for pid in pids_in(tmp_path / "pids"):
        if is_alive(pid):
            subprocess.run(["kill", "-9", str(pid)], check=False)


def test_a_missing_program_is_named(tmp_path: Path) -> None:
    command = guarded([str(tmp_path / "nothing-here")], signal.SIGTERM, 1)
    done = subprocess.run(command, stdin=subprocess.PIPE, capture_output=True, text=True)
    assert done.returncode == 127
    assert "nothing-here cannot be started" in done.stderr
