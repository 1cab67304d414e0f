"""The commands of `python3 -m launch`."""

import argparse
import subprocess
import sys

from launch import services
from launch.environment import environment
from launch.paths import Data
from launch.problems import Problem


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python3 -m launch", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    with_services = commands.add_parser("services", help="run a command with the database and the broker up")
    with_services.add_argument("rest", nargs=argparse.REMAINDER)
    holder = commands.add_parser("hold")
    holder.add_argument("--linger", type=float, default=0.0)
    holder.add_argument("--wait-for-turn", action="store_true")
    holder.add_argument("--throwaway", action="store_true")
    chosen = parser.parse_args(arguments)
    data = Data.of_checkout()
    try:
        match chosen.command:
            case "services":
                return run_with_services(data, chosen.rest[1:] if chosen.rest[:1] == ["--"] else chosen.rest)
            case "hold":
                return services.hold(
                    data, wait_for_turn=chosen.wait_for_turn, throwaway=chosen.throwaway, linger=chosen.linger
                )
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 2


def run_with_services(data: Data, command: list[str]) -> int:
    if not command:
        raise Problem(
            "Say what to run, as in `python3 -m launch services -- .venv/bin/python manage.py shell`."
        )
    with services.used(data, linger=5.0) as (addresses, keep):
        done = subprocess.Popen(command, env=environment(data, addresses), pass_fds=keep)
        while True:
            try:
                return done.wait()
            except KeyboardInterrupt:
                # The terminal told the command as well; it decides when it ends.
                continue
