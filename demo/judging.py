"""How the demo's measures are judged, and how what partners do should lead to one of its outcomes."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.utils import timezone

from demo.chance import texts
from demo.days import month_end, months_back, working_day
from demo.outcomes import set_up_at
from demo.setting import Setting
from outcomes.actions.commentaries import Period, write_commentary
from outcomes.actions.contribution import (
    add_contribution,
    add_evidence,
    add_explanation,
    add_stone,
    look_at_stone,
)
from outcomes.actions.evidence import check_evidence, start_with_common_standards
from outcomes.actions.rebases import rebase
from outcomes.models import Observation, SteppingStone
from partnerships.models import Commitment


def load_judging(setting: Setting) -> None:
    told = texts("judging")
    for row in told["rebase"]:
        _rebase(setting, row)
    standards = start_with_common_standards(
        partnership=setting.partnership, by=setting.manager, created_at=set_up_at(setting)
    )
    for row in told["check"]:
        check_evidence(
            measure=setting.measures[row["measure"]],
            answers={
                standard.pk: (answer[0], answer[1] if len(answer) > 1 else "")
                for standard, answer in zip(standards, row["found"], strict=True)
            },
            by=setting.people[row["by"]],
            at=_at(setting, row["ago"]),
        )
    for row in told["story"]:
        _story(setting, row)
    _map(setting, told["map"])


def _at(setting: Setting, ago: int) -> datetime:
    return timezone.make_aware(datetime.combine(working_day(setting.ago(ago)), time(15, 20)))


def _rebase(setting: Setting, row: dict[str, Any]) -> None:
    rebase(
        measure=setting.measures[row["measure"]],
        place=setting.borough,
        period_end=month_end(months_back(setting.today, row["months"])),
        cause=row["cause"],
        reason=row["reason"],
        activity=setting.activities.get(row.get("activity", "")),
        by=setting.people[row["by"]],
        created_at=_at(setting, row["ago"]),
    )


def _story(setting: Setting, row: dict[str, Any]) -> None:
    measure = setting.measures[row["measure"]]
    newest = (
        Observation.objects.filter(measure=measure, place=setting.borough, group=None, superseded_at=None)
        .order_by("-period_end")
        .first()
    )
    day = working_day(setting.ago(row["ago"]))
    write_commentary(
        measure=measure,
        period=Period(newest.period_start, newest.period_end, newest.period_label),
        story=row["story"],
        what_works=row["what_works"],
        what_we_propose=row["propose"],
        partners=[(setting.organisations[key], part) for key, part in row["partners"]],
        for_board=setting.boards[row["board"]],
        by=setting.people[row["by"]],
        written_on=day,
        created_at=_at(setting, row["ago"]),
    )


def _map(setting: Setting, told: dict[str, Any]) -> None:
    outcome, by, at = setting.outcomes[told["outcome"]], setting.people[told["by"]], _at(setting, told["ago"])
    promised = {one.what: one for one in Commitment.objects.filter(partnership=setting.partnership)}
    stones: dict[str, SteppingStone] = {}
    for row in told["stone"]:
        stone = stones[row["key"]] = add_stone(
            outcome=outcome,
            title=row["title"],
            expected=row["expected"],
            leads_to=stones.get(row.get("to", "")),
            by=by,
            created_at=at,
        )
        for help_ in row.get("helps", ()):
            what = promised.get(help_.get("commitment", "")) or (
                setting.activities.get(help_.get("activity", ""))
                or setting.programmes[help_.get("programme", "")]
            )
            add_contribution(
                stone=stone, what=what, how=help_["how"], strength=help_["strength"], by=by, created_at=at
            )
        for shown in row.get("evidence", ()):
            add_evidence(
                stone=stone,
                what_it_shows=shown["shows"],
                points=shown["points"],
                strength=shown["strength"],
                measure=setting.measures.get(shown.get("measure", "")),
                by=by,
                created_at=at,
            )
        for what, weight, known in row.get("explanations", ()):
            add_explanation(
                outcome=outcome,
                stone=stone,
                what=what,
                weight=weight,
                what_we_know=known,
                by=by,
                created_at=at,
            )
        for ago, progress, confidence, note in row["looks"]:
            look_at_stone(
                stone=stone,
                progress=progress,
                confidence=confidence,
                note=note,
                on=setting.ago(ago),
                by=by,
                at=_at(setting, ago),
            )
