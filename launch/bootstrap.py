"""Sets the checkout up: a virtual environment from the hashed locks, and the built front end. Does nothing twice."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from launch import frontend
from launch.paths import CHECKOUT, VENV, Data
from launch.problems import Problem
from launch.supervisor import rotate
from launch.terminal import abandon, explain, quietly, say, step

PYTHON = VENV / "bin" / "python"
REQUIREMENTS = CHECKOUT / "requirements"
STAMP = VENV / ".throughline-installed"


def digest(*files: Path) -> str:
    total = hashlib.sha256()
    for file in files:
        total.update(str(file.name).encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


@contextmanager
def alone() -> Iterator[None]:
    """One set-up at a time in a checkout: the lock is on the folder itself, so it needs no file."""
    folder = os.open(CHECKOUT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another command is setting this checkout up; waiting for it.")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def set_up_python(data: Data, lock: str) -> None:
    """`lock` is "embedded" or "dev"."""
    with alone():
        install(log_of(data), lock)


def log_of(data: Data) -> Path:
    data.make()
    log = data.log / "setup.log"
    rotate(log)
    return log


def set_up(data: Data, lock: str, *, when_python_is_ready: Callable[[], None] = lambda: None) -> None:
    """Python and the front end, side by side where the machine has Node."""
    log = log_of(data)
    # One each: what went wrong is read from the end.
    beside_log = log.with_name("frontend.log")
    with alone():
        node = frontend.node_of_machine()
        failures: list[BaseException] = []

        def build(node: frontend.Node) -> None:
            try:
                frontend.build(beside_log, node)
            except BaseException as error:
                failures.append(error)

        beside = threading.Thread(target=build, args=[node]) if node and frontend.is_stale() else None
        if beside:
            beside.start()
        try:
            install(log, lock)
            when_python_is_ready()
        except BaseException:
            abandon()
            raise
        finally:
            if beside:
                beside.join()
        if failures:
            raise failures[0]
        if frontend.is_stale():
            frontend.build(beside_log, node or frontend.node_of_wheel())
        frontend.make_fonts(beside_log, PYTHON)


def installed() -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return found


def is_installed(lock: str) -> bool:
    """The developers' lock holds everything that the embedded one does, at the same versions."""
    enough = {lock, "dev"}
    return any(installed().get(name) == digest(REQUIREMENTS / f"{name}.txt") for name in enough)


def works() -> bool:
    """A virtual environment breaks when the Python it was made with is removed."""
    if not PYTHON.exists():
        return False
    trial = subprocess.run(
        [PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"], capture_output=True
    )
    return trial.returncode == 0


def install(log: Path, lock: str) -> None:
    file = REQUIREMENTS / f"{lock}.txt"
    if is_installed(lock) and works():
        return
    with step("Installing the Python packages"):
        if not works():
            make_venv(log)
        install_lock(log, file)
        STAMP.write_text(json.dumps({**installed(), lock: digest(file)}))


def make_venv(log: Path) -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    said = quietly([sys.executable, "-m", "venv", VENV], log)
    if said is None:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    # Some distributions take pip out of the venv module; uv needs neither.
    if shutil.which("uv") and quietly(["uv", "venv", "--python", sys.executable, VENV], log) is None:
        return
    if "ensurepip" in said:
        raise Problem(
            "This Python cannot make virtual environments: install the package that adds it "
            "(on Debian and Ubuntu `apt-get install python3-venv`), then start again."
        )
    raise Problem(explain("The virtual environment could not be made", said, log))


def install_lock(log: Path, file: Path) -> None:
    """By uv, which is many times faster; by pip itself where uv cannot be had. Both check every hash."""
    uv = find_uv(log)
    if uv:
        # Compiled now, on all cores, rather than by each of the processes that start together a moment later.
        how = ["--compile-bytecode", "--require-hashes", "-r", str(file)]
        command: list[str | Path] = [uv, "pip", "install", "--python", PYTHON, *how]
        if quietly(command, log, {**os.environ, **mirrors()}) is None:
            return
    said = quietly(pip_install(file), log)
    if said is not None:
        raise Problem(explain("The Python packages could not be installed", said, log))


def pip_install(file: Path) -> list[str | Path]:
    return [PYTHON, "-m", "pip", "install", "--retries=2", "--require-hashes", "-r", file]


def find_uv(log: Path) -> Path | None:
    own = VENV / "bin" / "uv"
    if own.exists():
        return own
    if quietly([PYTHON, "-m", "pip", "--version"], log) is not None:
        quietly([PYTHON, "-m", "ensurepip"], log)
    if quietly(pip_install(REQUIREMENTS / "uv.txt"), log) is None and own.exists():
        return own
    elsewhere = shutil.which("uv")
    return Path(elsewhere) if elsewhere else None


def mirrors() -> dict[str, str]:
    """uv does not read pip's settings; a mirror named for pip is meant for it too."""
    found = {}
    for pips, uvs in (("PIP_INDEX_URL", "UV_DEFAULT_INDEX"), ("PIP_EXTRA_INDEX_URL", "UV_INDEX")):
        if os.environ.get(pips) and not os.environ.get(uvs):
            found[uvs] = os.environ[pips]
    return found
