"""Boards from a residents' forum to the region, and who sat on them when."""

from __future__ import annotations

from typing import Any

from demo.chance import texts
from demo.setting import Setting
from partnerships.actions.boards import add_board, take_seat
from partnerships.models import Partnership
from people.actions.opening import open_influence
from people.actions.wanted_links import want_link


def load_boards(setting: Setting) -> None:
    text = texts("boards")
    for row in text["board"]:
        _board(setting, setting.partnership, row)
    for row in text["elsewhere"]:
        _board(setting, setting.neighbour, row)
    for one, other, since, why in text["wanted"]:
        want_link(
            partnership=setting.partnership,
            one=setting.boards[one],
            other=setting.boards[other],
            why=why,
            since=setting.from_month(since, f"{one}:{other}"),
            by=setting.manager,
        )
    # Brackenford shows other bodies which boards are linked, and so its quarterly report tells of it.
    setting.partnership = open_influence(
        partnership=setting.partnership,
        is_open=True,
        expected_version=setting.partnership.version,
        by=setting.manager,
    )


def _board(setting: Setting, partnership: Partnership, row: dict[str, Any]) -> None:
    key = row["key"]
    by = setting.manager if partnership == setting.partnership else setting.people["sandall"]
    board = setting.boards[key] = add_board(
        partnership=partnership,
        name=row["name"],
        level=row["level"],
        purpose=row["purpose"],
        meets=row["meets"],
        place=setting.places.get(row.get("place", "")),
        host=setting.organisations.get(row.get("host", "")),
        reports_to=setting.boards.get(row.get("reports_to", "")),
        by=by,
    )
    for person, kind, since, until in row["seats"]:
        take_seat(
            board=board,
            person=setting.people[person],
            kind=kind,
            organisation=setting.employers.get(person),
            starts_on=setting.from_month(since, f"{key}:{person}:{kind}"),
            ends_on=setting.to_month(until, f"{key}:{person}:{kind}"),
            by=by,
        )
