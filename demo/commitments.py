"""What people promised over the year, and what became of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pghistory

from demo.chance import texts
from demo.days import A_DAY, working_day
from demo.setting import Setting
from outcomes.actions.commitments import close_commitment_for_outcomes, make_commitment_for_outcomes
from partnerships.actions.commitments_closing import Successor, close_commitment, verify_commitment
from partnerships.models import Commitment, CommitmentStatus

PEOPLE = ("owner", "accountable", "enabler")


def load_commitments(setting: Setting) -> None:
    for number, row in enumerate(texts("commitments")["commitment"]):
        source = setting.activities.get(row.get("from", ""))
        day = source.happened_on if source else working_day(setting.ago(row["ago"]))
        by = setting.people[row["by"]]
        with pghistory.context(user=by.pk):
            made = make_commitment_for_outcomes(
                partnership=setting.partnership,
                by=by,
                what=row["what"],
                due_on=day + row["due"] * A_DAY,
                board=setting.boards.get(row.get("board", "")),
                activity=source,
                programme=setting.programmes.get(row.get("for", "")),
                outcomes=[setting.outcomes[key] for key in row["helps"]],
                created_at=setting.written(day, "commitment", number),
                **{name: setting.people[row[name]] for name in PEOPLE if name in row},
            )
        _close(setting, made, row, day)


def _close(setting: Setting, made: Commitment, row: dict[str, Any], day: date) -> None:
    """Only what lies before the day of loading has happened yet."""
    on = _day(setting, day, row, "closed")
    if on is None:
        return
    by = setting.people[row.get("owner", row["by"])]
    status = CommitmentStatus(row["status"])
    into = Successor(row["into"], on + row["into_due"] * A_DAY) if "into" in row else None
    with pghistory.context(user=by.pk):
        closed = close_commitment_for_outcomes(
            commitment=made,
            expected_version=made.version,
            by=by,
            status=status,
            reason=row["reason"],
            on=on,
            into=into,
            created_at=setting.written(on, "changed", made.what),
        )
        ended = _day(setting, on, row, "into_closed")
        if into is not None and ended is not None:
            close_commitment(
                commitment=closed.changed_into,
                expected_version=closed.changed_into.version,
                by=by,
                status=CommitmentStatus.KEPT,
                reason=row["into_reason"],
                on=max(ended, closed.changed_into.created_at.date()),
            )
    seen = _day(setting, day, row, "seen")
    if seen is None:
        return
    verifier = setting.people[row["seen_by"]]
    with pghistory.context(user=verifier.pk):
        verify_commitment(
            commitment=closed,
            expected_version=closed.version,
            by=verifier,
            verdict=row["verdict"],
            note=row["note"],
            on=seen,
        )


def _day(setting: Setting, first: date, row: dict[str, Any], name: str) -> date | None:
    day = first + row[name] * A_DAY if name in row else None
    return day if day is not None and day < setting.today else None
