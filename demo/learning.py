"""What partners learned, most of it from something in the activity log."""

from __future__ import annotations

from datetime import date
from typing import Any

import pghistory

from demo.chance import texts
from demo.days import A_DAY, working_day
from demo.setting import Setting
from learning.actions.entries import write_entry

WORDS = ("title", "expected", "happened", "why", "what_changes", "verdict", "came_from")


def load_learning(setting: Setting) -> None:
    entries = [(_learned_on(setting, row), row) for row in texts("learning")["entry"]]
    for day, row in sorted(entries, key=lambda pair: (pair[0], pair[1]["title"])):
        by = setting.people[row["by"]]
        with pghistory.context(user=by.pk):
            write_entry(
                partnership=setting.partnership,
                by=by,
                learned_on=day,
                activity=setting.activities.get(row.get("activity", "")),
                outcome=setting.outcomes.get(row.get("outcome", "")),
                owner=setting.people[row["owner"]],
                review_on=day + row["review_in"] * A_DAY if "review_in" in row else None,
                created_at=setting.written(day, "learning", row["title"]),
                **{name: row[name] for name in WORDS},
            )


def _learned_on(setting: Setting, row: dict[str, Any]) -> date:
    """So many days after the activity, or, where that is still to come, in the last days."""
    if "activity" not in row:
        return working_day(setting.ago(row["ago"]))
    activity = setting.activities[row["activity"]]
    day = min(activity.happened_on + row["in"] * A_DAY, setting.ago(1))
    return max(working_day(day), activity.happened_on)
