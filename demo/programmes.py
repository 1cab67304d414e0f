"""The programmes that partners run, made from templates, with their periods, money, turns, and what spread from them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from demo.chance import texts
from demo.days import months_back, season
from demo.outcomes import set_up_at
from demo.setting import Setting
from outcomes.actions.programme_templates import use_template
from outcomes.blueprints import BUILT_IN
from partnerships.actions.money import add_money_line
from partnerships.actions.periods import NewPeriod, add_periods
from partnerships.actions.programmes import add_programme, change_status, edit_programme
from partnerships.actions.spread import record_adoption
from partnerships.models import Calendar, Programme
from partnerships.queries.periods import proposed

HOLIDAYS = ("easter", "summer", "christmas")
DUE_AFTER = {Calendar.HOLIDAY: 21, Calendar.MONTH: 15, Calendar.TERM: 28}


def load_programmes(setting: Setting) -> None:
    text = texts("programmes")
    for row in text["programme"]:
        _programme(setting, row)
    for row in text["adoption"]:
        _adoption(setting, row)
    for row in text["elsewhere"]:
        setting.programmes[row["key"]] = add_programme(
            partnership=setting.neighbour,
            name=row["name"],
            kind=row["kind"],
            summary=row["summary"],
            provider=setting.organisations[row["provider"]],
            starts_on=setting.from_month(row["since"], row["key"]),
            by=setting.people["sandall"],
        )


def _programme(setting: Setting, row: dict[str, Any]) -> None:
    """Its periods come after it, so that returns of holidays long past are asked for only where the demo fills them in."""
    named = setting.organisations
    programme = use_template(
        partnership=setting.partnership,
        template=BUILT_IN[row["template"]],
        name=row["name"],
        measures=row.get("only"),
        summary=row["summary"],
        provider=named[row["provider"]],
        commissioner=named[row["commissioner"]],
        partners=[named[key] for key in row["partners"]],
        places=[setting.places[key] for key in row["places"]],
        outcome=setting.outcomes[row["outcome"]],
        how=row["how"],
        starts_on=setting.from_month(row["since"], row["key"]),
        created_at=set_up_at(setting),
        by=setting.manager,
    )
    setting.programmes[row["key"]] = edit_programme(
        programme=programme,
        expected_version=programme.version,
        by=setting.manager,
        theory_of_change=row["theory"],
        co_design=row["co_design"],
        co_design_change=row["change"],
    )
    add_periods(programme=programme, periods=list(_periods(setting, programme)), by=setting.manager)
    for ago, status, reason, context in row.get("status", ()):
        programme.refresh_from_db()
        change_status(
            programme=programme,
            expected_version=programme.version,
            status=status,
            changed_on=setting.ago(ago),
            reason=reason,
            context=context,
            by=setting.manager,
        )
    _money(setting, programme, row["money"])


def _periods(setting: Setting, programme: Programme) -> list[NewPeriod]:
    """From two years back until some months ahead."""
    today, later = setting.today, timedelta(days=DUE_AFTER[Calendar(programme.calendar)])
    if programme.calendar == Calendar.HOLIDAY:
        spans = [
            (f"{name.capitalize()} {year}", *season(name, year))
            for year in (today.year - 1, today.year)
            for name in HOLIDAYS
        ]
        return [NewPeriod(name, first, last, last + later) for name, first, last in spans]
    back = months_back(today, 12)
    found = proposed(programme.calendar, back, today + timedelta(days=90))
    return [NewPeriod(one.name, one.starts_on, one.ends_on, one.ends_on + later) for one in found]


def _money(setting: Setting, programme: Programme, rows: list[list[Any]]) -> None:
    """For this financial year."""
    today = setting.today
    begins = date(today.year - (today.month < 4), 4, 1)
    for kind, heading, description, amount, funder, back in rows:
        first = begins.replace(year=begins.year - back)
        add_money_line(
            programme=programme,
            kind=kind,
            heading=heading,
            description=description,
            amount=Decimal(amount),
            funder=setting.organisations[funder],
            starts_on=first,
            ends_on=first.replace(year=first.year + 1) - timedelta(days=1),
            by=setting.manager,
        )


def _adoption(setting: Setting, row: dict[str, Any]) -> None:
    day = date(setting.today.year - row["ago"], 3, 1)
    record_adoption(
        partnership=setting.partnership,
        practice=row["practice"],
        programme=setting.programmes[row["programme"]],
        from_organisation=setting.organisations[row["from"]],
        from_place=setting.borough,
        to_organisation=setting.organisations[row["to_organisation"]],
        to_place=None,
        to_wider_system=row.get("wider", ""),
        adopted_on=day if row["precision"] != "year" else day.replace(month=1),
        precision=row["precision"],
        adapted_how=row["adapted"],
        what_came_of_it=row["came"],
        by=setting.manager,
    )
