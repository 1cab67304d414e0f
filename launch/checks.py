"""`make check`: everything that can be said about the code without running it."""

import subprocess

from launch import bootstrap, services
from launch.environment import environment
from launch.paths import CHECKOUT, Data
from launch.terminal import say

PYTHON = str(bootstrap.PYTHON)
CHECKS = (
    ("Lint", [PYTHON, "-m", "ruff", "check", "."]),
    ("Format", [PYTHON, "-m", "ruff", "format", "--check", "."]),
    ("Types", [PYTHON, "-m", "mypy", "outcomes/statistics", "launch"]),
    ("Who may import whom", [PYTHON, str(bootstrap.PYTHON.parent / "lint-imports")]),
    ("Migrations", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]),
    ("Django", [PYTHON, "manage.py", "check", "--fail-level", "WARNING"]),
)


def main(data: Data) -> int:
    bootstrap.set_up(data, "dev")
    failed = []
    with services.used(data) as (addresses, _):
        environ = environment(data, addresses)
        for name, command in CHECKS:
            say(f"— {name}")
            if subprocess.run(command, cwd=CHECKOUT, env=environ).returncode != 0:
                failed.append(name)
    say(f"Not clean: {', '.join(failed)}." if failed else "All clean.")
    return 1 if failed else 0
