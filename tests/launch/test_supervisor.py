import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from launch.paths import CHECKOUT
from launch.supervisor import LOG_LIMIT, ending, rotate, tail
from tests.launch.processes import eventually, is_alive, pids_in

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")

# Writes its own number and that of a child with a session of its own, and sleeps.
CHILD = textwrap.dedent(
    """
    import os, sys, time
    if os.fork() == 0:
        os.setsid()
    open(sys.argv[1], "a").write(f"{os.getpid()}\\n")
    print("started", flush=True)
    time.sleep(600)
    """
)
SUPERVISOR = textwrap.dedent(
    """
    import sys, time
    from pathlib import Path
    from launch.supervisor import Child, Supervisor
    folder = Path(sys.argv[1])
    supervisor = Supervisor(say=lambda sentence: print(sentence, flush=True))
    for name in ("one", "two"):
        command = [sys.executable, str(folder / "child.py"), str(folder / name)]
        supervisor.start(Child(name, command, folder / f"{name}.log", grace=2))
    while not (folder / "stop").exists():
        supervisor.step()
        time.sleep(0.05)
    supervisor.stop()
    """
)


@pytest.fixture
def supervisor(tmp_path: Path):
    (tmp_path / "child.py").write_text(CHILD)
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(tmp_path)], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    )
    assert eventually(lambda: len(all_pids(tmp_path)) == 4)
    yield process
    process.kill()
    process.wait()
    assert eventually(lambda: not any(map(is_alive, all_pids(tmp_path))))


def all_pids(folder: Path) -> list[int]:
    return pids_in(folder / "one") + pids_in(folder / "two")


def guardians(process: subprocess.Popen[str]) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


@pytest.mark.faults
def test_a_killed_child_is_started_again_and_leaves_nothing(supervisor, tmp_path: Path) -> None:
    first = pids_in(tmp_path / "one")
    others = pids_in(tmp_path / "two")
    os.kill(first[-1], signal.SIGKILL)
    os.kill(first[0], signal.SIGKILL)
    assert eventually(lambda: len(pids_in(tmp_path / "one")) == 4)
    assert not any(map(is_alive, first))
    assert all(map(is_alive, pids_in(tmp_path / "one")[2:]))
    assert all(map(is_alive, others))


@pytest.mark.faults
def test_a_killed_guardian_takes_its_branch_along_and_a_new_one_starts(supervisor, tmp_path: Path) -> None:
    first = pids_in(tmp_path / "one")
    others = pids_in(tmp_path / "two")
    os.kill(guardians(supervisor)[0], signal.SIGKILL)
    assert eventually(lambda: len(pids_in(tmp_path / "one")) == 4)
    assert not any(map(is_alive, first))
    assert all(map(is_alive, others))


@pytest.mark.faults
def test_a_killed_supervisor_leaves_no_process(supervisor, tmp_path: Path) -> None:
    pids = all_pids(tmp_path) + guardians(supervisor)
    assert all(map(is_alive, pids))
    supervisor.kill()
    assert eventually(lambda: not any(map(is_alive, pids)))


@pytest.mark.faults
def test_stop_ends_everything(supervisor, tmp_path: Path) -> None:
    pids = all_pids(tmp_path) + guardians(supervisor)
    (tmp_path / "stop").touch()
    assert supervisor.wait(15) == 0
    assert not any(map(is_alive, pids))


@pytest.mark.faults
def test_a_child_that_keeps_dying_is_not_started_in_a_mad_rush(tmp_path: Path) -> None:
    code = SUPERVISOR.replace("child.py", "dying.py")
    (tmp_path / "dying.py").write_text("print('tried', flush=True); raise SystemExit(3)")
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    )
    time.sleep(4)
    (tmp_path / "stop").touch()
    said, _ = process.communicate(timeout=15)
    tries = (tmp_path / "one.log").read_text().count("tried")
    assert 3 <= tries <= 6
    assert "The one ended with code 3: starting it again." in said


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (1, "ended with code 1"),
        (137, "was ended by SIGKILL"),
        (-9, "was ended by SIGKILL"),
        (127, "ended with code 127"),
    ],
)
def test_an_end_is_told_in_words(code: int, text: str) -> None:
    assert ending(code) == text


def test_a_long_log_is_cut_without_losing_its_writer(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    with log.open("ab") as writer:
        writer.write(b"x" * (LOG_LIMIT + 1))
        writer.flush()
        rotate(log)
        writer.write(b"after\n")
    assert log.read_bytes() == b"after\n"
    assert (tmp_path / "web.log.1").stat().st_size == LOG_LIMIT + 1


def test_a_short_log_is_left_alone(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_text("one\ntwo\nthree\n")
    rotate(log)
    assert tail(log, 2) == "two\nthree"
    assert not (tmp_path / "web.log.1").exists()
