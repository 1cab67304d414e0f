"""Who may import whom, and what imports alone cannot show."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
LADDER = {"partnerships": 0, "people": 1, "outcomes": 1, "learning": 2, "reports": 3}
# The auth user model is named by setting everywhere, so a key to it says nothing about the ladder.
ANYWHERE = {"people.Person", "contenttypes.ContentType", "pghistory.Context"}
CODE = [
    p
    for app in (*LADDER, "config", "launch", "demo")
    for p in (ROOT / app).rglob("*.py")
    if "migrations" not in p.parts
]


def test_import_contracts_hold():
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]


def test_no_contract_is_ignored():
    assert "ignore_imports" not in (ROOT / "pyproject.toml").read_text()


@pytest.mark.parametrize("app", LADDER)
def test_foreign_keys_look_down(app):
    """String references to models are invisible to import contracts."""
    for model in apps.get_app_config(app).get_models():
        if hasattr(model, "pgh_tracked_model"):
            continue
        for field in model._meta.get_fields():
            if not field.is_relation or field.auto_created or field.related_model is None:
                continue
            target = field.related_model._meta
            if target.label in ANYWHERE or target.app_label not in LADDER or target.app_label == app:
                continue
            assert LADDER[target.app_label] < LADDER[app], (
                f"{model.__name__}.{field.name} looks up to {target.label}"
            )


# One settings file is worth more than a short one.
LONG_ON_PURPOSE = {ROOT / "config" / "settings.py"}


@pytest.mark.parametrize(
    "path", sorted(set(CODE) - LONG_ON_PURPOSE), ids=lambda path: str(path.relative_to(ROOT))
)
def test_modules_stay_readable(path):
    assert len(path.read_text().splitlines()) <= 400, "Is there a second noun in this room?"


def test_no_room_is_called_utils():
    assert not [path for path in CODE if re.fullmatch(r"(utils?|helpers?|misc|common)\.py", path.name)]


VIEWS = [p for p in CODE if "views" in p.parts or "api" in p.parts]


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: str(path.relative_to(ROOT)))
def test_view_methods_are_short_and_save_nothing(path):
    tree = ast.parse(path.read_text())
    methods = [
        n
        for c in ast.walk(tree)
        if isinstance(c, ast.ClassDef)
        for n in c.body
        if isinstance(n, ast.FunctionDef)
    ]
    for node in methods:
        length = node.end_lineno - node.lineno + 1
        assert length <= 30, (
            f"{path.name}: {node.name} has {length} lines; rules belong in actions and queries"
        )
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in {
                "bulk_create",
                "bulk_update",
                "get_or_create",
                "update_or_create",
            }, f"{path.name} line {node.lineno}: a page writes only by calling an action"
            is_save = (
                node.func.attr == "save"
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id not in {"self", "super"}
            )
            assert not is_save, f"{path.name} line {node.lineno}: a page writes only by calling an action"


@pytest.mark.parametrize("app", LADDER)
def test_no_rules_in_save(app):
    for path in (ROOT / app / "models").rglob("*.py"):
        assert "def save(" not in path.read_text(), "Rules live in actions and in the database's constraints."


def test_nothing_inline_in_templates():
    """The content security policy allows no inline script, style or handler; a browser would drop them silently."""
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"\sstyle=", text), path
        assert not re.search(r"\son(click|change|submit|load|input|key\w+)=", text), path
        assert "<style" not in text, path
        for tag in re.findall(r"<script[^>]*>", text):
            assert "src=" in tag or 'type="application/json"' in tag, f"{path}: {tag}"
