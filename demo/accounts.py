"""Who may sign in to the demo, and with which password."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings

from demo.chance import TEXTS, texts
from demo.people import OURS, THEIRS
from people.models import Person
from people.permissions import Role


def password_file() -> Path:
    return settings.DATA_DIR / "demo-password"


def password() -> str | None:
    """The demo's password in this data folder; None before the demo is loaded."""
    try:
        return password_file().read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def new_password() -> str:
    """Four words, made once for each data folder, so that no two demos share it. Only the owner may read the file."""
    words = (TEXTS / "words.txt").read_text(encoding="utf-8").split()
    made = "-".join(secrets.choice(words) for _ in range(4))
    file = password_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(made + "\n")
    return made


def addresses() -> dict[str, str]:
    """What each account is, by its address, in the order in which they are shown."""
    text = texts("people")
    ours = {f"{row['account']}@{OURS}": Role(row["role"]).label for row in text["person"] if "account" in row}
    return ours | {
        f"officer@{THEIRS}": "Officer of another partnership",
        f"seat@{THEIRS}": "Seat on one of our boards",
    }


def lines() -> list[str]:
    """For the terminal: who may sign in, and how. Empty where the demo is not loaded."""
    known, secret = addresses(), password()
    names = dict(Person.objects.filter(email__in=known).values_list("email", "name"))
    if not names or secret is None:
        return []
    rows = [(known[email], email, names[email]) for email in known if email in names]
    roles, emails = (max(len(row[column]) for row in rows) for column in (0, 1))
    return [
        f"Sign in to the demo with one of these addresses and the password  {secret}",
        *(f"  {role:<{roles}}  {email:<{emails}}  {name}" for role, email, name in rows),
    ]
