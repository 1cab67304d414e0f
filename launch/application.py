"""`make run`: everything, from set-up to the address, and then looking after it until Ctrl-C."""

import fcntl
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from launch import bootstrap, services
from launch.environment import environment
from launch.paths import CHECKOUT, Data
from launch.postgres import wait
from launch.problems import Problem
from launch.supervisor import Child, Supervisor, rotate, tail
from launch.terminal import explain, quietly, say, step
from launch.valkey import is_free, private

FIRST_PORT = 8000
PYTHON = str(bootstrap.PYTHON)


class Stopped(BaseException):
    """The person or the system asked us to end."""


def reserve(port: int) -> socket.socket | None:
    """Holds a port from its choice until we end: the web server binds it only seconds later, and lets others share it.

    The reservation is the datagram port of the same number, which nobody shares and which a kill gives back at once.
    """
    reservation = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        reservation.bind(("127.0.0.1", port))
    except OSError:
        reservation.close()
        return None
    if is_free(port):
        return reservation
    reservation.close()
    return None


def choose_port() -> tuple[int, socket.socket]:
    named = os.environ.get("PORT")
    if named:
        if not named.isdigit() or not 1 <= int(named) <= 65535:
            raise Problem(f"PORT is {named!r}: write a number between 1024 and 65535.")
        if int(named) < 1024 and os.geteuid() != 0:
            raise Problem(
                f"Port {named} is reserved for the system: choose one above 1023, as in `make run PORT=8080`."
            )
        reservation = reserve(int(named))
        if reservation is None:
            raise Problem(
                f"Port {named} is taken: choose another, as in `make run PORT={int(named) + 1}`, or none."
            )
        return int(named), reservation
    for port in range(FIRST_PORT, FIRST_PORT + 200):
        reservation = reserve(port)
        if reservation:
            if port != FIRST_PORT:
                say(f"Port {FIRST_PORT} is taken, so this runs on port {port}.")
            return port, reservation
    raise Problem(
        f"No port from {FIRST_PORT} to {FIRST_PORT + 199} is free: name one, as in `make run PORT=9000`."
    )


@dataclass
class Application:
    data: Data
    with_parent: bool = False
    port: int = 0
    supervisor: Supervisor = field(default_factory=lambda: Supervisor(say=noted))
    addresses: dict[str, str] = field(default_factory=dict)
    read_to: int = 0
    # Open as long as we use the services.
    use: IO[bytes] | None = None

    def environment(self) -> dict[str, str]:
        return environment(self.data, self.addresses, self.port)

    def children(self) -> list[Child]:
        def child(name: str, *command: str, grace: float = 10.0) -> Child:
            log = self.data.log / f"{name}.log"
            return Child(name, [PYTHON, "-m", *command], log, environment=self.environment, grace=grace)

        address = ["--host", "127.0.0.1", "--port", str(self.port)]
        healing = ["--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "5"]
        web = [
            "granian",
            "--interface",
            "wsgi",
            *address,
            "--workers",
            "2",
            *healing,
            "config.wsgi:application",
        ]
        worker = [
            "worker",
            "--concurrency",
            "2",
            "--without-gossip",
            "--without-mingle",
            "--loglevel",
            "INFO",
        ]
        beat = [
            "beat",
            "--schedule",
            str(self.data.run / "beat-schedule"),
            "--pidfile=",
            "--loglevel",
            "INFO",
        ]
        return [
            child("web", *web),
            child("worker", "celery", "-A", "config", *worker, grace=15.0),
            child("beat", "celery", "-A", "config", *beat, grace=5.0),
        ]

    def start_services(self) -> None:
        if services.provided():
            return
        self.use = services.locked(self.data.run / "users.lock", fcntl.LOCK_SH)
        log = self.data.log / "services.log"
        rotate(log)
        self.read_to = log.stat().st_size if log.exists() else 0
        services.held(self.data)
        # It waits for its turn: if another command of this checkout holds the services, they are used, and taken over
        # when that holder ends, however it ends.
        command = [sys.executable, "-m", "launch", "hold", "--wait-for-turn"]
        self.supervisor.start(
            Child("services", command, log, services.holder_environment(self.data), grace=30)
        )

    def manage(self, what: str, *arguments: str) -> None:
        log = self.data.log / "setup.log"
        with step(what):
            said = quietly([PYTHON, "manage.py", *arguments], log, self.environment())
        # THROUGHLINE_DEMO=0 leaves the demo out, and its command with it.
        if said is not None and "Unknown command: 'load_demo'" not in said:
            last = said.strip().splitlines()[-1:]
            why = last[0].strip() if last else "no output"
            raise Problem(explain(f"{what} failed ({why})", said, log, fetches=False))

    def wait_a_moment(self) -> None:
        self.supervisor.step()
        if self.supervisor.states["services"].starts > 4:
            log = self.data.log / "services.log"
            raise Problem(
                f"The database and the broker do not start; the reason stands at the end of {log}:\n{tail(log)}"
            )

    def wait_for_web(self) -> None:
        def answers() -> bool:
            self.supervisor.step()
            if self.supervisor.states["web"].starts > 4:
                log = self.data.log / "web.log"
                raise Problem(
                    f"The web server does not start; the reason stands at the end of {log}:\n{tail(log)}"
                )
            return responds(self.port)

        if not wait(answers, 90, pause=0.1):
            raise Problem(
                f"The web server did not answer within 90 seconds: see {self.data.log / 'web.log'}."
            )

    def follow(self) -> None:
        """Until somebody stops us. What the holder of the services says is passed on, and its addresses are watched."""
        parent = os.getppid()
        log = self.data.log / "services.log"
        while True:
            self.supervisor.step()
            if self.with_parent and os.getppid() != parent:
                raise Stopped
            self.read_to = pass_on(log, self.read_to)
            found = services.addresses(self.data)
            if found and not services.provided() and found != self.addresses:
                say("The database and the broker have new addresses: restarting the application with them.")
                self.addresses = found
                for child in self.children():
                    self.supervisor.restart(child.name)
            time.sleep(0.2)


def noted(sentence: str) -> None:
    say(f"{time.strftime('%H:%M:%S')} {sentence}")


def pass_on(log: Path, read_to: int) -> int:
    try:
        if log.stat().st_size <= read_to:
            return log.stat().st_size
        with log.open("rb") as file:
            file.seek(read_to)
            for line in file.read().decode(errors="replace").splitlines():
                # "2026-01-31 09:00:00 database ended …": the day is known.
                say(line.partition(" ")[2])
            return file.tell()
    except OSError:
        return read_to


def responds(port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def only_one(data: Data) -> IO[bytes]:
    data.make()
    lock = services.locked(data.run / "run.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
    if lock is None:
        try:
            where = f" at {json.loads((data.run / 'run.json').read_text())['address']}"
        except (OSError, ValueError, KeyError):
            where = ""
        raise Problem(
            f"Throughline is already running in this checkout{where}: use that one, or stop it with Ctrl-C first."
        )
    return lock


def stop() -> None:
    raise Stopped


def main(data: Data, with_parent: bool) -> int:
    services.when_asked_to_stop(stop)
    began = time.monotonic()
    try:
        with only_one(data):
            application = Application(data, with_parent)
            quiet = False
            try:
                application.port, reservation = choose_port()
                with reservation:
                    start(application, began)
                    application.follow()
            except Problem:
                quiet = True
                raise
            finally:
                # Once is enough: a second Ctrl-C must not break off the tidying up.
                services.when_asked_to_stop(None)
                (data.run / "run.json").unlink(missing_ok=True)
                say("" if quiet else "\nStopping…")
                application.supervisor.stop("web", "worker", "beat")
                application.supervisor.stop()
                if not quiet:
                    say("Stopped. Your data is kept.")
    except Stopped:
        return 0
    return 0


def start(application: Application, began: float) -> None:
    data = application.data
    say("Starting Throughline")
    bootstrap.set_up(data, "embedded", when_python_is_ready=application.start_services)
    if not services.provided():
        with step("Starting the database and the broker"):
            application.addresses = services.wait_for_addresses(data, each=application.wait_a_moment)
    application.manage("Bringing the database up to date", "migrate", "--no-input")
    for child in application.children():
        application.supervisor.start(child)
    application.manage("Loading the demo where there is no data yet", "load_demo", "--if-empty")
    with step("Starting the web server, the worker and the clock"):
        asked = ask_for_accounts(application)
        application.wait_for_web()
        accounts, _ = asked.communicate()
    address = f"http://127.0.0.1:{application.port}"
    private(data.run / "run.json", json.dumps({"address": address, "pid": os.getpid()}))
    say(f"\nThroughline is running at {address} (ready after {time.monotonic() - began:.0f} s)\n")
    if asked.returncode == 0 and accounts.strip():
        say(accounts.rstrip() + "\n")
    say(f"Logs    {shown(data.log)}/\nMails   {shown(data.mail)}/\nStop    Ctrl-C\n")


def ask_for_accounts(application: Application) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [PYTHON, "manage.py", "load_demo", "--accounts"],
        cwd=CHECKOUT,
        env=application.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def shown(path: Path) -> str:
    """Short where it lies in the checkout, which is where the person is."""
    return str(path.relative_to(CHECKOUT) if path.is_relative_to(CHECKOUT) else path)
