"""`make lock`: exact versions with hashes, and not one address, whatever index or mirror they came from."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from launch import bootstrap, frontend
from launch.paths import CHECKOUT, Data
from launch.problems import Problem
from launch.terminal import explain, quietly, say, step

GROUPS: dict[str, list[str]] = {
    "production": [],
    "embedded": ["--group", "embedded"],
    "dev": ["--group", "dev"],
}
HOW = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate"]


def main(data: Data, upgrade: bool) -> int:
    bootstrap.set_up_python(data, "embedded")
    log = data.log / "setup.log"
    uv = bootstrap.find_uv(log)
    if uv is None:
        raise Problem(f"Locking needs uv and it could not be installed: see {log}.")
    for name, group in GROUPS.items():
        compile_lock(uv, [CHECKOUT / "pyproject.toml", *group], f"{name}.txt", upgrade, log)
    with tempfile.TemporaryDirectory() as folder:
        wish = Path(folder) / "uv.in"
        wish.write_text("uv\n")
        compile_lock(uv, [wish], "uv.txt", upgrade, log)
    with step("Locking package-lock.json"):
        node = frontend.node_of_machine() or frontend.node_of_wheel()
        how = [
            "--package-lock-only",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--omit-lockfile-registry-resolved",
        ]
        said = quietly([*node.npm, "update" if upgrade else "install", *how], log)
        if said is not None:
            raise Problem(explain("package-lock.json could not be made", said, log))
    must_hold_no_address(CHECKOUT / "package-lock.json", '"resolved"')
    say("The locks are up to date.")
    return 0


def compile_lock(uv: Path, what: Sequence[str | Path], name: str, upgrade: bool, log: Path) -> None:
    file = bootstrap.REQUIREMENTS / name
    with step(f"Locking requirements/{name}"):
        command = [
            uv,
            "pip",
            "compile",
            *what,
            *HOW,
            *(["--upgrade"] if upgrade else []),
            "--quiet",
            "-o",
            file,
        ]
        said = quietly(command, log, {**os.environ, **bootstrap.mirrors()})
        if said is not None:
            raise Problem(explain(f"requirements/{name} could not be made", said, log))
    must_hold_no_address(file, "://")


def must_hold_no_address(file: Path, sign: str) -> None:
    if any(sign in line for line in file.read_text().splitlines()):
        raise Problem(
            f"{file.name} holds an address ({sign}): take out what brought it in, and run `make lock` again."
        )
