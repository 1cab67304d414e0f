"""Outcomes, measures with their figures and targets, and the story behind them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django.utils import timezone

from demo.chance import texts
from demo.days import months_back, working_day
from demo.facts import source_of
from demo.figures import Cell, Figures, Telling
from demo.published import published_rows
from demo.setting import INVENTED, Setting
from outcomes.actions.commentaries import write_commentary
from outcomes.actions.framework_links import copy_item
from outcomes.actions.observations import NewObservation, record_observations
from outcomes.actions.setting_up import add_group, add_measure, add_outcome
from outcomes.actions.targets import set_target
from outcomes.models import Direction, FrameworkItem, Frequency, Group, Measure, MeasureKind

FIELDS = (
    "name", "definition", "quadrant", "unit", "decimals", "rule", "ownership", "due_after_days", "hide_below", "direction",
    "frequency",
)  # fmt: skip
IN_THE_MORNING = time(10, 15)


def load_outcomes(setting: Setting) -> None:
    for row in texts("outcomes")["outcome"]:
        facts = {
            "partnership": setting.partnership,
            "title": row["title"],
            "description": row["description"],
            "by": setting.manager,
            "created_at": set_up_at(setting),
        }
        if "copied_from" in row:
            item = FrameworkItem.objects.get(code=row["copied_from"], framework__shared_by=None)
            setting.outcomes[row["key"]] = copy_item(item=item, **facts)
        else:
            setting.outcomes[row["key"]] = add_outcome(**facts)


def set_up_at(setting: Setting) -> datetime:
    """When the partnership said what it wants and how it counts."""
    return timezone.make_aware(datetime.combine(working_day(setting.settled_on), time(9, 0)))


def load_measures(setting: Setting) -> None:
    for row in texts("outcomes")["measure"]:
        measure = setting.measures[row["key"]] = _measure(setting, row, set_up_at(setting))
        _targets(setting, measure, row)
        record_observations(measure=measure, rows=list(_rows(setting, row)), by=setting.people[_keeper(row)])
    _elsewhere(setting)


def load_commentaries(setting: Setting) -> None:
    for row in texts("commentaries")["commentary"]:
        day = working_day(setting.ago(row["ago"]))
        write_commentary(
            measure=setting.measures[row["measure"]],
            story=row["story"],
            what_we_propose=row.get("propose", ""),
            by=setting.people[row["by"]],
            written_on=day,
            created_at=setting.written(day, "commentary", row["measure"], row["ago"], within=0),
        )


def _measure(setting: Setting, row: dict[str, Any], made_at: datetime) -> Measure:
    programme = setting.programmes.get(row.get("programme", ""))
    published = source_of(row["published"]) if "published" in row else None
    return add_measure(
        outcome=setting.outcomes[row["outcome"]],
        by=setting.manager,
        created_at=made_at,
        programme=programme,
        kind=MeasureKind.PERFORMANCE if programme else MeasureKind.INDICATOR,
        is_headline=row.get("headline", False),
        source=published.source if published else row["source"],
        source_url=published.source_url if published else "",
        licence=published.licence if published else "",
        **{name: row[name] for name in FIELDS if name in row},
    )


def _targets(setting: Setting, measure: Measure, row: dict[str, Any]) -> None:
    """Due at the end of a month, so many months from now."""
    for months, value in row.get("targets", ()):
        set_target(
            measure=measure,
            place=setting.borough,
            due_on=months_back(setting.today, -months - 1) - (setting.today - setting.ago(1)),
            value=Decimal(str(value)),
            by=setting.manager,
            created_at=setting.written(working_day(setting.ago(400)), "target", row["key"]),
        )


def _keeper(row: dict[str, Any]) -> str:
    """Who brings in the figures: the person whose work they are about."""
    by_outcome = {"holidays": "wolak", "connected": "aslam", "included": "chowdhury"}
    return by_outcome.get(row["outcome"], "ockley")


def _rows(setting: Setting, row: dict[str, Any]) -> Iterator[NewObservation]:
    groups = _groups(setting, row)
    if "published" in row:
        yield from published_rows(row, setting, groups)
        return
    figures = Figures(row, today=setting.today, chance=setting.chance, weights=setting.neighbourhoods)
    for telling in figures.tellings():
        known_at = timezone.make_aware(datetime.combine(max(telling.day, setting.settled_on), IN_THE_MORNING))
        if telling.unavailable:
            yield _observation(setting, telling, known_at, value=None, marker="x", note=telling.unavailable)
        for cell in telling.cells:
            yield _observation(
                setting,
                telling,
                known_at,
                place=setting.places.get(cell.neighbourhood, setting.borough),
                group=groups.get(cell.group),
                **_numbers(cell, interval=row.get("interval", False)),
            )


def _observation(setting: Setting, telling: Telling, known_at: datetime, **said: Any) -> NewObservation:
    window = telling.window
    return NewObservation(
        **{"place": setting.borough} | said,
        period_start=window.start,
        period_end=window.end,
        period_label=window.label,
        status=telling.status,
        source=INVENTED,
        recorded_at=known_at,
    )


def _numbers(cell: Cell, *, interval: bool) -> dict[str, Decimal]:
    found = {"value": cell.value}
    if cell.of is not None:
        found |= {"numerator": Decimal(cell.count), "denominator": Decimal(cell.of)}
        if interval:
            found["lower"], found["upper"] = cell.interval
    return found


def _groups(setting: Setting, row: dict[str, Any]) -> dict[str, Group]:
    breakdown = row.get("groups")
    if not breakdown:
        return {}
    return {
        name: add_group(
            partnership=setting.partnership, dimension=breakdown["dimension"], name=name, position=position
        )
        for position, (name, _) in enumerate(breakdown["parts"], 1)
    }


def _elsewhere(setting: Setting) -> None:
    """The neighbouring partnership has one outcome and a measure without figures yet."""
    by = setting.people["sandall"]
    made_at = setting.written(working_day(setting.ago(290)), "elsewhere", within=0)
    outcome = add_outcome(
        partnership=setting.neighbour,
        title="More people in Thornmere are outdoors every week",
        by=by,
        created_at=made_at,
    )
    add_measure(
        outcome=outcome,
        name="Adults who visit a park at least once a week",
        by=by,
        created_at=made_at,
        unit="%",
        direction=Direction.UP,
        frequency=Frequency.YEAR,
        source="Thornmere residents' survey",
        is_headline=True,
    )
