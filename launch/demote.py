"""PostgreSQL refuses to run as root. Where everything is root, it gets another face or another number, but no account is made."""

import os
import shutil
import subprocess
from pathlib import Path

from launch.problems import Problem

NOBODY = 65534
MAPPED = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]


def prefix(folders: list[Path], programs: Path) -> list[str]:
    """What stands before a PostgreSQL command. `folders` exist and are PostgreSQL's own; the first holds the data.

    Nothing above them is touched: a capability opens closed parents to this process alone.
    """
    if os.geteuid() != 0:
        return []
    owner = folders[0].stat().st_uid
    if owner == 0 and reaches(MAPPED, [*folders, programs]):
        return MAPPED
    owner = owner or NOBODY
    for folder in folders:
        give(folder, owner)
    other = ["setpriv", f"--reuid={owner}", f"--regid={owner}", "--clear-groups"]
    # PostgreSQL looks at its own files with access(2), which forgets capabilities unless this bit is set.
    through_closed_parents = [
        *other,
        "--securebits=+no_setuid_fixup",
        "--inh-caps=+dac_override",
        "--ambient-caps=+dac_override",
    ]
    for way in (through_closed_parents, other):
        if reaches(way, [*folders, programs]):
            return way
    raise Problem(
        "PostgreSQL does not run as root, and this machine lets root become nobody else: "
        "run the same command as an ordinary user, or name a running server in DATABASE_URL."
    )


def reaches(way: list[str], folders: list[Path]) -> bool:
    """Whether the kernel allows this (many containers forbid some of it), and whether the folders can then be entered."""
    if not shutil.which(way[0]):
        return False
    look = 'for folder; do test -x "$folder" || exit 1; done'
    command = [*way, "sh", "-c", look, "look", *map(str, folders)]
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def give(folder: Path, owner: int) -> None:
    if folder.stat().st_uid == owner:
        return
    for path, folders, files in os.walk(folder, topdown=False):
        for name in [*folders, *files]:
            os.chown(Path(path) / name, owner, owner, follow_symlinks=False)
    os.chown(folder, owner, owner)
