"""What every process of the project is told by environment variables."""

import os
from collections.abc import Mapping

from launch.paths import VENV, Data


def environment(data: Data, addresses: Mapping[str, str], port: int = 8000) -> dict[str, str]:
    """What the person set stays; the rest is filled in."""
    defaults = {
        **addresses,
        "SECRET_KEY": data.secret_key(),
        "THROUGHLINE_ENV": "development",
        "THROUGHLINE_BASE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
    }
    chosen = {name: os.environ.get(name) or value for name, value in defaults.items()}
    path = os.pathsep.join([str(VENV / "bin"), os.environ.get("PATH", os.defpath)])
    fixed = {
        "THROUGHLINE_DATA": str(data.root),
        "PATH": path,
        "VIRTUAL_ENV": str(VENV),
        "PYTHONUNBUFFERED": "1",
    }
    # Another project's settings, exported in the person's shell, would be taken for ours.
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return {**kept, **chosen, **fixed}
