"""A fictional framework in two editions, how the outcomes stand to it, who shares them, and the way to some targets."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from demo.chance import texts
from demo.days import months_back, working_day
from demo.setting import Setting
from outcomes.actions.adoptions import adopt_outcome, end_adoption
from outcomes.actions.breakdowns import declare_breakdown
from outcomes.actions.framework_links import link_outcome
from outcomes.actions.frameworks import load_framework
from outcomes.actions.setting_up import add_measure
from outcomes.actions.targets import add_target
from outcomes.imports.frameworks import read_items
from outcomes.models import Framework, FrameworkItem

FILES = Path(__file__).parent / "texts" / "frameworks"


def load_national_framework(setting: Setting) -> None:
    """Its first edition, before the partnership says what it wants: one outcome begins as a copy."""
    _edition("first", "first edition")


def load_frameworks(setting: Setting) -> None:
    """The rest, once outcomes and measures are there. Its second edition says of one item something else."""
    said = texts("frameworks")
    items = {item.code: item for item in FrameworkItem.objects.filter(framework=_framework())}
    for key, code in said["links"].items():
        link_outcome(outcome=setting.outcomes[key], item=items[code], by=setting.manager)
    _edition("second", "second edition")
    _adoptions(setting)
    _paths(setting)
    for row in said["wanted"]:
        facts = {name: row[name] for name in ("name", "definition", "unit", "direction")}
        add_measure(
            outcome=setting.outcomes[row["outcome"]],
            frequency="year",
            is_in_development=True,
            owner=setting.people[row["owner"]],
            by=setting.manager,
            created_at=setting.written(working_day(setting.ago(400)), "wanted", row["name"]),
            **facts,
        )
    for row in said["breakdown"]:
        declare_breakdown(
            measure=setting.measures[row["measure"]],
            dimension=row["dimension"],
            adds_up=True,
            by=setting.manager,
        )


def _framework() -> Framework:
    return Framework.objects.get(name=texts("frameworks")["name"], shared_by__isnull=True)


def _edition(file: str, edition: str) -> None:
    said = texts("frameworks")
    with (FILES / f"{file}.csv").open("rb") as rows:
        load_framework(
            name=said["name"],
            publisher=said["publisher"],
            licence=said["licence"],
            edition=edition,
            items=read_items(rows),
        )


def _adoptions(setting: Setting) -> None:
    for row in texts("frameworks")["adoption"]:
        made = adopt_outcome(
            outcome=setting.outcomes[row["outcome"]],
            organisation=setting.organisations[row["organisation"]],
            adopted_on=max(working_day(setting.ago(row["ago"])), setting.settled_on),
            words=row.get("words", ""),
            where=row.get("where", ""),
            by=setting.manager,
        )
        if "ended" in row:
            end_adoption(
                adoption=made, expected_version=1, ended_on=setting.ago(row["ended"]), by=setting.manager
            )


def _paths(setting: Setting) -> None:
    """Each point is due at the end of a month, so many months from now."""
    for row in texts("frameworks")["path"]:
        add_target(
            measure=setting.measures[row["measure"]],
            place=setting.borough,
            kind=row["kind"],
            due_on=months_back(setting.today, -row["months"] - 1) - (setting.today - setting.ago(1)),
            value=Decimal(str(row["value"])),
            note=row.get("note", ""),
            by=setting.manager,
            created_at=setting.written(working_day(setting.ago(400)), "path", row["measure"], row["kind"]),
        )
