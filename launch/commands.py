"""The commands of `python3 -m launch`. The Makefile calls them; `make` alone lists what there is."""

import argparse
import contextlib
import io
import subprocess
import sys

from launch import application, bootstrap, checks, lock, reset, services, testing
from launch.environment import environment
from launch.paths import CHECKOUT, Data
from launch.problems import Problem


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(prog="python3 -m launch", description=__doc__)
    commands = whole.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="start everything")
    run.add_argument(
        "--with-parent", action="store_true", help="stop when the process that started this one ends"
    )
    for name, about in (
        ("test", "run the tests; arguments go to pytest"),
        ("services", "run a command with the database and the broker up"),
        ("manage", "run a command of manage.py with the database and the broker up"),
    ):
        commands.add_parser(name, help=about, prefix_chars="\0").add_argument("rest", nargs="*")
    commands.add_parser("check", help="check style, types, imports and migrations")
    commands.add_parser("reset", help="delete all data").add_argument("--yes", action="store_true")
    commands.add_parser("lock", help="write the lock files").add_argument("--upgrade", action="store_true")
    holder = commands.add_parser("hold")
    holder.add_argument("--linger", type=float, default=0.0)
    holder.add_argument("--wait-for-turn", action="store_true")
    holder.add_argument("--throwaway", action="store_true")
    return whole


def main(arguments: list[str]) -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that cannot show a tick shows a question mark, rather than end everything.
        sys.stdout.reconfigure(errors="replace")
    chosen = parser().parse_args(arguments)
    try:
        return answer(chosen)
    except Problem as problem:
        print(problem, file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 130


def answer(chosen: argparse.Namespace) -> int:
    data = Data.of_checkout()
    match chosen.command:
        case "run":
            return application.main(data, chosen.with_parent)
        case "test":
            return testing.main(plain(chosen.rest))
        case "check":
            return checks.main(data)
        case "services":
            return with_services(data, plain(chosen.rest))
        case "manage":
            bootstrap.set_up_python(data, "embedded")
            return with_services(data, [str(bootstrap.PYTHON), "manage.py", *plain(chosen.rest)])
        case "reset":
            return reset.main(data, chosen.yes)
        case "lock":
            return lock.main(data, chosen.upgrade)
    return services.hold(
        data, wait_for_turn=chosen.wait_for_turn, throwaway=chosen.throwaway, linger=chosen.linger
    )


def plain(rest: list[str]) -> list[str]:
    return rest[1:] if rest[:1] == ["--"] else rest


def with_services(data: Data, command: list[str]) -> int:
    if not command:
        raise Problem(
            "Say what to run, as in `python3 -m launch services -- .venv/bin/python manage.py shell`."
        )
    with services.used(data, linger=5.0) as (addresses, keep):
        try:
            process = subprocess.Popen(command, cwd=CHECKOUT, env=environment(data, addresses), pass_fds=keep)
        except OSError as error:
            raise Problem(f"{command[0]} cannot be run ({error.strerror}): check its name.") from error
        while True:
            # The terminal's Ctrl-C reaches the command as well, and the command decides what it means.
            with contextlib.suppress(KeyboardInterrupt):
                return process.wait()
