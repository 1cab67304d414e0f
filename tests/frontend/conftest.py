"""Templates that refuse undefined variables, and one build of the front end for the tests that look at it."""

from __future__ import annotations

import copy
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import RequestFactory

ROOT = Path(settings.BASE_DIR)


class Refused(str):
    """What a template prints for a variable that nobody gave: it does not print, it fails."""

    def __mod__(self, name: object) -> str:
        raise AssertionError(f"a template used {name}, which its context does not have")


@pytest.fixture
def strict(settings: Any) -> None:
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["OPTIONS"]["string_if_invalid"] = Refused("%s")
    settings.TEMPLATES = templates


@pytest.fixture
def request_for(rf: RequestFactory) -> Any:
    return lambda path="/": rf.get(path)


def build(folder: Path) -> Path:
    if not shutil.which("node") or not (ROOT / "node_modules").is_dir():
        pytest.skip("Node or node_modules is missing, so the front end cannot be built here")
    subprocess.run(["node", "assets/build.mjs", str(folder)], cwd=ROOT, check=True)
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("static") / "build")
