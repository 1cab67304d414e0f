"""More of the breakdowns, and what people said of measures: notes pinned to their points and a discussion."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pghistory

from demo.chance import texts
from demo.setting import INVENTED, Setting
from outcomes.actions.observations import NewObservation, record_observations
from outcomes.actions.remarks import Pin, write_remark
from outcomes.actions.setting_up import add_group
from outcomes.models import Group, Measure, Observation
from outcomes.statistics.intervals import proportion
from people.models import Person

# By how many percentage points women's share lies below everybody's, and how many of all are women.
BELOW, WOMEN = 1.7, 0.51
BY_SEX = ("active_adults", "inactive_adults")


def load_sexes(setting: Setting) -> None:
    """Published measures by sex: two parts whose counts make the total that is there already."""
    women, men = (
        add_group(partnership=setting.partnership, dimension="Sex", name=name, position=position)
        for position, name in enumerate(("Women", "Men"), 1)
    )
    for key in BY_SEX:
        measure = setting.measures[key]
        rows = list(_by_sex(setting, measure, women, men))
        record_observations(measure=measure, rows=rows, by=setting.people["ockley"])


def _by_sex(setting: Setting, measure: Measure, women: Group, men: Group) -> Iterator[NewObservation]:
    totals = Observation.objects.filter(
        measure=measure, place=setting.borough, group__isnull=True, superseded_at__isnull=True
    )
    below = BELOW if measure.direction == "up" else -BELOW
    for total in totals.order_by("period_end"):
        dice = setting.chance.dice("sex", measure.slug, total.period_label)
        count, everybody = int(total.numerator or 0), int(total.denominator or 0)
        of = round(everybody * WOMEN)
        share = 100 * count / everybody - below + dice.gauss(0, 0.3)
        hers = min(of, max(0, round(of * share / 100)))
        for group, top, bottom in ((women, hers, of), (men, count - hers, everybody - of)):
            interval = proportion(top, bottom, per=100)
            yield NewObservation(
                place=setting.borough,
                period_start=total.period_start,
                period_end=total.period_end,
                period_label=total.period_label,
                value=Decimal(100) * top / bottom,
                group=group,
                numerator=Decimal(top),
                denominator=Decimal(bottom),
                lower=Decimal(repr(interval.lower)),
                upper=Decimal(repr(interval.upper)),
                source=INVENTED,
                recorded_at=total.recorded_at,
            )


def load_remarks(setting: Setting) -> None:
    for row in texts("remarks")["remark"]:
        measure = setting.measures[row["measure"]]
        said_at = _said_at(setting, row, row["measure"])
        pinned = "period" in row or "back" in row
        pin = _pin(setting, measure, row, said_at) if pinned else None
        if pinned and pin is None:
            continue
        with pghistory.context(user=_who(setting, row).pk):
            remark = write_remark(
                measure=measure, text=row["text"], by=_who(setting, row), pin=pin, written_at=said_at
            )
        for answer in row.get("answer", ()):
            by = _who(setting, answer)
            with pghistory.context(user=by.pk):
                write_remark(
                    measure=measure,
                    text=answer["text"],
                    by=by,
                    reply_to=remark,
                    written_at=_said_at(setting, answer, row["measure"]),
                )


def _who(setting: Setting, row: dict[str, Any]) -> Person:
    return (
        setting.accounts["chair@brackenford.example"] if row["by"] == "chair" else setting.people[row["by"]]
    )


def _said_at(setting: Setting, row: dict[str, Any], key: str) -> datetime:
    return setting.written(setting.ago(row["ago"]), "remark", key, row["ago"], within=0)


def _pin(setting: Setting, measure: Measure, row: dict[str, Any], said_at: datetime) -> Pin | None:
    """The period that a note is about; None where it was not known yet when the note was written."""
    known = list(
        Observation.objects.filter(
            measure=measure,
            place=setting.borough,
            group__isnull=True,
            organisation__isnull=True,
            superseded_at__isnull=True,
            period_end__lt=said_at.date(),
        ).order_by("period_end")
    )
    if "period" in row:
        known = [one for one in known if one.period_label == row["period"]]
        back = 1
    else:
        back = row["back"]
    if len(known) < back:
        return None
    one = known[-back]
    return Pin(one.place, one.period_start, one.period_end)
