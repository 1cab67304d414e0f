"""PostgreSQL refuses to run as root. On a machine where everything is root, it is given another face, not another owner."""

import os
import shutil
import subprocess
from pathlib import Path

from launch.problems import Problem

NOBODY = 65534


MAPPED = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]


def reached_when_mapped(folders: list[Path]) -> bool:
    """Whether the kernel lets us see ourselves as an ordinary user (many container engines forbid it), and whether the
    folders can then be entered: the mapping takes root's right to walk through other people's."""
    if not shutil.which("unshare"):
        return False
    look = 'for folder; do test -x "$folder" || exit 1; done'
    command = [*MAPPED, "sh", "-c", look, "look", *map(str, folders)]
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def prefix(folders: list[Path], programs: Path) -> list[str]:
    """What stands before a PostgreSQL command. `folders` exist and are PostgreSQL's own; the first holds the data.

    Nothing above them is touched: where a parent is closed to others, the capability below opens it to this process alone.
    """
    if os.geteuid() != 0:
        return []
    owner = folders[0].stat().st_uid
    if owner == 0 and reached_when_mapped([*folders, programs]):
        return MAPPED
    if not shutil.which("setpriv"):
        raise Problem(
            "PostgreSQL does not run as root and this machine has neither unshare nor setpriv: "
            "run the same command as an ordinary user, or install the package util-linux."
        )
    owner = owner or NOBODY
    for folder in folders:
        give(folder, owner)
    return [
        "setpriv",
        f"--reuid={owner}",
        f"--regid={owner}",
        "--clear-groups",
        "--inh-caps=+dac_override",
        "--ambient-caps=+dac_override",
    ]


def give(folder: Path, owner: int) -> None:
    if folder.stat().st_uid == owner:
        return
    for path, folders, files in os.walk(folder, topdown=False):
        for name in [*folders, *files]:
            os.chown(Path(path) / name, owner, owner, follow_symlinks=False)
    os.chown(folder, owner, owner)
