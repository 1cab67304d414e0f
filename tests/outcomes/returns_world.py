"""A programme whose partners send figures: two partners, two periods that began, measures of each shape."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from outcomes.actions.returns import NewCell, fill_in, open_returns
from outcomes.actions.returns_deciding import submit
from outcomes.actions.setting_up import add_group, add_measure, add_outcome
from outcomes.models import MeasureBreakdown, Return
from partnerships.actions.setting_up import add_organisation
from partnerships.models import ProgrammePeriod, Sector


def make_returns(world: SimpleNamespace) -> SimpleNamespace:
    ours, programme = world.partnership, world.programme
    today = timezone.localdate()
    trust = add_organisation(partnership=ours, name="Leisure Trust", sector=Sector.LEISURE)
    club = add_organisation(partnership=ours, name="Saints Club", sector=Sector.SPORT)
    programme.calendar = "holiday"
    programme.save()
    programme.partners.set([trust, club])

    def period(name: str, start: date, days: int, due: date) -> ProgrammePeriod:
        return ProgrammePeriod.objects.create(
            partnership=ours,
            programme=programme,
            name=name,
            starts_on=start,
            ends_on=start + timedelta(days),
            returns_due_on=due,
        )

    spring = period("Spring", today - timedelta(120), 14, today - timedelta(90))
    summer = period("Summer", today - timedelta(40), 30, today + timedelta(10))
    winter = period("Winter", today + timedelta(30), 14, today + timedelta(60))
    outcome = add_outcome(partnership=ours, title="Children have good holidays")

    def measure(name: str, position: int, **said: Any) -> Any:
        facts = {"unit": "children", "decimals": 0, "direction": "up", "rule": "sum"} | said
        return add_measure(
            outcome=outcome,
            name=name,
            kind="performance",
            programme=programme,
            frequency="period",
            position=position,
            **facts,
        )

    children = measure("Unique children", 1, rule="unique_count")
    sessions = measure("Sessions offered", 2, unit="sessions")
    attended = measure(
        "Places taken up",
        3,
        unit="%",
        decimals=1,
        rule="ratio_of_sums",
        numerator_name="places taken",
        denominator_name="places offered",
        hide_below=5,
    )
    wellbeing = measure("Wellbeing", 4, unit="points", decimals=1, rule="weighted_mean")
    so_far = measure("Volunteers so far this year", 5, unit="people", is_running_total=True)
    groups = {}
    for position, name in enumerate(["primary", "secondary"], 1):
        groups[name] = add_group(partnership=ours, dimension="school", name=name, position=position)
    for one in (children, attended):
        MeasureBreakdown.objects.create(partnership=ours, measure=one, dimension="school")
    made = {
        (one.period_id, one.organisation_id): one
        for one in open_returns(programme=programme, by=world.manager)
    }
    return SimpleNamespace(
        trust=trust,
        club=club,
        spring=spring,
        summer=summer,
        winter=winter,
        children=children,
        sessions=sessions,
        attended=attended,
        wellbeing=wellbeing,
        so_far=so_far,
        primary=groups["primary"],
        secondary=groups["secondary"],
        of=lambda period, organisation: made[(period.pk, organisation.pk)],
        outcome=outcome,
    )


def cells_of(made: SimpleNamespace, children: int = 30, sessions: int = 12, **said: Any) -> dict[Any, Any]:
    """A complete form."""
    half = children // 2
    found = {
        (made.children.pk, None): NewCell(value=Decimal(children)),
        (made.children.pk, made.primary.pk): NewCell(value=Decimal(half)),
        (made.children.pk, made.secondary.pk): NewCell(value=Decimal(children - half)),
        (made.sessions.pk, None): NewCell(value=Decimal(sessions)),
        (made.attended.pk, None): NewCell(numerator=Decimal(children), denominator=Decimal(2 * children)),
        (made.wellbeing.pk, None): NewCell(value=Decimal("7.5"), denominator=Decimal(children)),
        (made.so_far.pk, None): NewCell(value=Decimal(sessions)),
    }
    return found | said.get("changed", {})


def filled(found: Return, made: SimpleNamespace, by: Any, **said: Any) -> Return:
    found.refresh_from_db()
    return fill_in(
        found=found,
        expected_version=found.version,
        by=by,
        cells=cells_of(made, **said),
        got_in_the_way="Nothing",
        way_forward="Go on",
    )


def sent(found: Return, made: SimpleNamespace, by: Any, **said: Any) -> Return:
    found = filled(found, made, by, **said)
    return submit(found=found, expected_version=found.version, by=by)
