"""The programmes that partners run."""

from __future__ import annotations

from typing import Any

from demo.chance import texts
from demo.setting import Setting
from partnerships.actions.programmes import add_programme
from partnerships.models import Partnership


def load_programmes(setting: Setting) -> None:
    text = texts("programmes")
    for row in text["programme"]:
        _programme(setting, setting.partnership, row)
    for row in text["elsewhere"]:
        _programme(setting, setting.neighbour, row)


def _programme(setting: Setting, partnership: Partnership, row: dict[str, Any]) -> None:
    setting.programmes[row["key"]] = add_programme(
        partnership=partnership,
        name=row["name"],
        kind=row["kind"],
        summary=row["summary"],
        provider=setting.organisations[row["provider"]],
        starts_on=setting.from_month(row["since"], row["key"]),
        by=setting.manager if partnership == setting.partnership else setting.people["sandall"],
    )
