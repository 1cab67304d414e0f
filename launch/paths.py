"""Where things lie: the checkout, and the one folder that holds all data."""

import errno
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from launch.problems import Problem

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
MEGABYTE = 1024 * 1024
LEAST_ROOM = 200 * MEGABYTE


@dataclass(frozen=True)
class Data:
    """The data folder. Everything that `make reset` clears lies below `root`."""

    root: Path

    @classmethod
    def of_checkout(cls) -> "Data":
        return cls(Path(os.environ.get("THROUGHLINE_DATA") or CHECKOUT / "var").absolute())

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        return self.root / "valkey"

    @property
    def media(self) -> Path:
        return self.root / "media"

    @property
    def mail(self) -> Path:
        return self.root / "mail"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def addresses(self) -> Path:
        """Written by whoever runs the database and the broker, once both answer; removed when they stop."""
        return self.run / "env.json"

    def make(self) -> None:
        try:
            for folder in (self.root, self.media, self.mail, self.log, self.run):
                folder.mkdir(parents=True, exist_ok=True)
            self.run.chmod(0o700)
            free = shutil.disk_usage(self.root).free
        except OSError as error:
            raise Problem(cannot_write(self.root, error)) from error
        if free < LEAST_ROOM:
            # Said before anything is half written: on a full disk not even the reason of a failure can be kept.
            raise Problem(
                f"The disk that holds {self.root} has {free // MEGABYTE} MB left and the database needs "
                f"{LEAST_ROOM // MEGABYTE} MB: free some space, or name another folder with THROUGHLINE_DATA=/some/folder."
            )

    def secret_key(self) -> str:
        """Made once, so that sessions survive a restart."""
        path = self.root / "secret_key"
        try:
            if not path.exists():
                draft = self.run / f"secret_key.{os.getpid()}"
                draft.touch(mode=0o600)
                draft.write_text(secrets.token_urlsafe(50))
                try:
                    # A link, not a rename: of two first starts at once, the second must not replace the first's key.
                    os.link(draft, path)
                except FileExistsError:
                    pass
                finally:
                    draft.unlink()
            return path.read_text().strip()
        except OSError as error:
            raise Problem(cannot_write(path, error)) from error


def cannot_write(path: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk that holds {path} is full: free some space and start again."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"You may not write {path}: give your user that folder, or name another with THROUGHLINE_DATA=/some/folder."
    return f"{path} cannot be written ({error.strerror}): name another folder with THROUGHLINE_DATA=/some/folder."
