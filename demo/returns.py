"""The returns of the demo's programmes: most are accepted; some wait, were sent back, are owed or overdue."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from demo.chance import moment, share_out, some_of
from demo.days import working_day
from demo.setting import Setting
from outcomes.actions.returns import NewCell, fill_in, open_returns
from outcomes.actions.returns_deciding import accept, send_back, submit, to_settle
from outcomes.models import Return
from outcomes.queries.returns import Grid, grid_of
from outcomes.statistics.return_checks import Asked, Box, CellKey, Shape
from people.models import Membership, Person

# How far back figures came as returns; before that they were sheets of paper.
FIRST = {"haf": 330, "connectors": 190, "inclusion": 330}
# What is not accepted, by programme, organisation and how many periods back from the newest that has ended.
STATES = {
    ("haf", "kitchen", 0): "submitted",
    ("haf", "leisure", 0): "sent_back",
    ("haf", "open_gate", 0): "owed",
    ("connectors", "pcn", 0): "submitted",
    ("inclusion", "open_gate", 0): "owed",
}
# A partner's usual figure by the line of the template: from, to; for pairs the share of the second number.
COUNTS = {
    "haf_providers": (1, 3),
    "haf_locations": (1, 4),
    "sp_sessions": (140, 190),
    "sp_connections": (60, 90),
}
SHARES = {
    "haf_better_off": (40, 90, 0.82),
    "haf_easier": (30, 60, 0.88),
    "haf_other_children": (8_000, 16_000, 0.09),
    "haf_administration": (8_000, 16_000, 0.07),
    "send_reviews": (40, 80, 0.71),
    "send_absence": (9_000, 14_000, 0.082),
    "send_suspensions": (600, 900, 0.04),
}
MEAN_SCORES = {
    "ons4_satisfied_start": 5.1,
    "ons4_satisfied_end": 6.4,
    "ucla3_loneliness_start": 6.3,
    "ucla3_loneliness_end": 5.2,
}
WORDS = {
    "haf": (
        "Two venues could not open in the first week, and late bookings meant that some meals were ordered by guess.",
        "We book venues by the end of term and ask families the day before. We need one number for the minibus.",
    ),
    "connectors": (
        "One link worker was away for two weeks, and the walking group has no wet-weather route.",
        "Cover from the neighbouring practice is agreed. We need an indoor place on Thursdays.",
    ),
    "inclusion": (
        "Reports from two services came after the review meetings.",
        "Dates of reviews go out a term ahead from now on.",
    ),
}
FEEDBACK = "The children on free school meals are more than last summer’s whole number. Did you count bookings or children?"
EXPLAINED = "Checked with the register: it is right."


def load_returns(setting: Setting) -> None:
    for key, days in FIRST.items():
        programme = setting.programmes[key]
        open_returns(programme=programme, by=setting.manager, today=setting.today, due_from=setting.ago(days))
        ended = programme.periods.filter(ends_on__lt=setting.today).order_by("-ends_on")
        backwards = {period.pk: number for number, period in enumerate(ended)}
        rows = Return.objects.filter(programme=programme, period__in=backwards)
        for found in rows.select_related("period", "organisation", "programme").order_by(
            "period__ends_on", "organisation__name"
        ):
            _fill(setting, key, found, backwards[found.period_id])


def _fill(setting: Setting, key: str, found: Return, back: int) -> None:
    organisation = next(name for name, one in setting.organisations.items() if one == found.organisation)
    state = STATES.get((key, organisation, back), "accepted")
    dice = setting.chance.dice("return", key, organisation, str(found.period))
    # A return that stands for "not yet" must look so on whatever day the demo is loaded.
    sent_at = _later(setting, found.period.ends_on, 6, dice)
    decided_at = max(_later(setting, found.period.ends_on, 11, dice), sent_at + timedelta(minutes=30))
    if state == "owed" or decided_at > _now(setting):
        return
    by, officer = _sender(setting, found), setting.people["wolak"]
    grid = grid_of(found)
    got_in_the_way, way_forward = WORDS[key]
    filled = fill_in(
        found=found,
        expected_version=1,
        by=by,
        cells=cells(grid, dice),
        got_in_the_way=got_in_the_way,
        way_forward=way_forward,
    )
    filled = _explained(filled, by)
    sent = submit(found=filled, expected_version=filled.version, by=by, at=sent_at)
    if state == "accepted":
        accept(found=sent, expected_version=sent.version, by=officer, at=decided_at)
    if state == "sent_back":
        send_back(found=sent, expected_version=sent.version, by=officer, feedback=FEEDBACK, at=decided_at)


def _explained(found: Return, by: Any) -> Return:
    grid = grid_of(found)
    odd = {finding.cell for finding in to_settle(grid).unexplained}
    if not odd:
        return found
    said = {
        key: NewCell(cell.value, cell.numerator, cell.denominator, cell.marker, EXPLAINED)
        for key, cell in grid.cells.items()
        if key in odd
    }
    return fill_in(found=found, expected_version=found.version, by=by, cells=said)


def _later(setting: Setting, day: date, days: int, dice: Random) -> datetime:
    return moment(working_day(day + timedelta(days=days + dice.randint(0, 2))), dice)


def _now(setting: Setting) -> datetime:
    return moment(setting.ago(1), setting.chance.dice("now"), first_hour=17, last_hour=18)


def _sender(setting: Setting, found: Return) -> Person:
    """Somebody of the organisation that owes it; an officer where it has nobody here."""
    own = Membership.objects.current(setting.today).filter(
        partnership=setting.partnership, organisation=found.organisation, role="partner"
    )
    member = own.select_related("person").order_by("person__name").first()
    return member.person if member else setting.people["wolak"]


def cells(grid: Grid, dice: Random) -> dict[CellKey, NewCell]:
    """A form filled in so that its lines fit each other."""
    summer = "Summer" in str(grid.found.period)
    linked = _linked(summer, dice)
    said: dict[CellKey, NewCell] = {}
    for measure, line in zip(grid.measures, grid.asked, strict=True):
        key = measure.template_key
        total = linked.get(key) or _drawn(key, line, dice)
        said[(line.measure, None)] = _cell(line, total)
        for breakdown in line.breakdowns:
            groups = [group for group, _ in breakdown.groups]
            said |= _groups(line, groups, total, dice)
    return said


def _linked(summer: bool, dice: Random) -> dict[str, tuple[int, int]]:
    """Lines that say something about each other: a count and 0, or a pair."""
    children = dice.randint(60, 110) if summer else dice.randint(35, 70)
    days = 16 if summer else 4
    offered = (children + dice.randint(15, 30)) * days
    attended = some_of(offered, 0.78, dice)
    connections, went = dice.randint(60, 90), dice.randint(35, 50)
    # The same people answer at the start and at the end.
    pairs = dice.randint(34, 52)
    scores = {
        key: (round(pairs * mean * dice.uniform(0.96, 1.04)), pairs) for key, mean in MEAN_SCORES.items()
    }
    return scores | {
        "haf_children": (children, 0),
        "haf_funded": (some_of(children, 0.9, dice), 0),
        "haf_families": (some_of(children, 0.66, dice), 0),
        "haf_places_offered": (offered, 0),
        "haf_places_attended": (attended, 0),
        "haf_meals": (attended, 0),
        "haf_take_up": (attended, offered),
        "haf_days": (days, 0),
        "haf_weeks": (4 if summer else 1, 0),
        "haf_hours": (days * 5, days),
        "sp_connections": (connections, 0),
        "sp_connections_attended": (went, 0),
        "sp_went": (went, connections),
    }


def _drawn(key: str, line: Asked, dice: Random) -> tuple[int, int]:
    if line.shape is Shape.COUNT:
        return (dice.randint(*COUNTS.get(key, (5, 20))), 0)
    low, high, share = SHARES.get(key, (40, 80, 0.7))
    of = dice.randint(int(low), int(high))
    return (round(of * share * dice.uniform(0.94, 1.06)), of)


def _cell(line: Asked, numbers: tuple[int, int]) -> NewCell:
    count, of = (Decimal(number) for number in numbers)
    if line.shape is Shape.PAIR:
        return NewCell(numerator=min(count, of) if line.is_share else count, denominator=of)
    return NewCell(value=count, denominator=of if Box.DENOMINATOR in line.boxes else None)


def _groups(line: Asked, groups: list[int], total: tuple[int, int], dice: Random) -> dict[CellKey, NewCell]:
    weights = [dice.uniform(0.6, 1.4) for _ in groups]
    tops = share_out(total[0], weights, dice)
    bottoms = share_out(total[1], weights, dice) if total[1] else [0] * len(groups)
    return {
        (line.measure, group): _cell(line, (min(top, bottom) if total[1] else top, bottom))
        for group, top, bottom in zip(groups, tops, bottoms, strict=True)
    }
