"""A measure's breakdowns: each group's series beside the total, protected so that no hidden part can be worked out, and the gap.

Where a measure hides small counts and the parts of a breakdown make its total, one hidden part would be the total less the
others. So others are hidden with it (`outcomes.queries.protection`), and a percentage is hidden with the
count on top of it. That percentages do not make the whole's says nothing of the counts on top of them, so those are always
protected. What is worked out afterwards, gaps and slopes, is worked out from what may be shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import Q

from outcomes.models import CalculationRule, Group, Measure, MeasureBreakdown, Observation
from outcomes.queries.gaps import Gaps, gaps_of
from outcomes.queries.parts import PeriodParts, Whole, wholes
from outcomes.queries.protection import Cell, hide, to_hide
from outcomes.queries.series import Figure, Series, figure_of, of_parts, series_for
from outcomes.statistics.folding import Part
from outcomes.statistics.ladder import Step, in_order, is_known, is_ladder
from partnerships.models import Place

Period = tuple[date, date]
_HALF = """
SELECT measure_id, group_id, organisation_id, period_start, period_end, period_label, value::float8, lower::float8,
  upper::float8, marker, status, numerator::float8, denominator::float8, recorded_at
FROM outcomes_observation
WHERE place_id = %(place)s AND measure_id = ANY(%(measures)s) AND group_id IS NOT NULL AND recorded_at <= %(as_of)s AND {stood}
"""
# Each half is answered by a partial index.
_ROWS = (
    f"{_HALF.format(stood='superseded_at IS NULL')} UNION ALL {_HALF.format(stood='superseded_at > %(as_of)s')} "
    "ORDER BY measure_id, group_id, period_end, period_start"
)


@dataclass(frozen=True, slots=True)
class GroupSeries:
    """One part of a breakdown."""

    group: Group
    series: Series

    @property
    def is_known(self) -> bool:
        """False for the part of those who did not say."""
        return is_known(self.group.name, self.group.dimension)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A measure by one dimension in one place: its groups in their order and the total that they belong to."""

    measure: Measure
    dimension: str
    groups: tuple[GroupSeries, ...]
    total: Series | None
    adds_up: bool
    gaps: Gaps

    @property
    def is_in_order(self) -> bool:
        return is_ladder(self.dimension)

    @property
    def key(self) -> int:
        """What stands for the dimension in an address: the id of its first group."""
        return self.groups[0].group.pk

    @property
    def name(self) -> str:
        """The dimension within a sentence: small but for a word in capitals, such as SEND."""
        shouts = self.dimension[1:2].isupper()
        return self.dimension if shouts else f"{self.dimension[:1].lower()}{self.dimension[1:]}"

    @property
    def is_hiding(self) -> bool:
        return any(figure.hidden for one in self.groups for figure in one.series.figures)

    @property
    def periods(self) -> tuple[tuple[Period, str], ...]:
        """Every period in which a group has a figure, oldest first, with its label."""
        found = {
            (figure.period_start, figure.period_end): figure.period_label
            for one in self.groups
            for figure in one.series.figures
        }
        return tuple(sorted(found.items(), key=lambda item: (item[0][1], item[0][0])))


def compares(measure: Measure) -> bool:
    """Whether groups' figures may be held against each other: shares and rates may, counts follow the size of a group."""
    rule = measure.rule_across_groups or measure.rule
    return rule not in (CalculationRule.SUM, CalculationRule.NOT_ADDABLE)


def group_series_for(
    measures: Collection[Measure],
    place: Place,
    *,
    as_of: datetime,
    totals: Mapping[int, Series] | None = None,
) -> dict[int, tuple[Breakdown, ...]]:
    """The breakdowns of these measures in a place as known at `as_of`, by measure id; one without any has no key.

    Three queries, however many measures, two more where partners' parts are folded or a group may be missing, and those of
    `series_for` where no `totals` (by measure id) are given.
    """
    by_id = {measure.pk: measure for measure in measures}
    rows = _rows(by_id, place, as_of)
    if not rows:
        return {}
    declared = {
        (one.measure_id, one.dimension): one for one in MeasureBreakdown.objects.filter(measure__in=by_id)
    }
    here = Group.objects.filter(pk__in={row[1] for row in rows})
    beside = Group.objects.filter(
        partnership__in=here.values("partnership"), dimension__in=here.values("dimension")
    )
    groups = {group.pk: group for group in beside}
    without = _without(by_id, rows, groups, declared, as_of)
    folded = _folded(by_id, rows, place, as_of)
    if totals is None:
        found = series_for(measures, [place.pk], as_of=as_of)
        totals = {measure_id: series for (measure_id, _), series in found.items()}
    made: dict[int, list[tuple[int, Breakdown]]] = {}
    for measure_id, mine in groupby(rows, key=lambda row: row[0]):
        by_dimension: dict[str, list[tuple[Group, list[_Told]]]] = {}
        for group_id, cells in groupby(mine, key=lambda row: row[1]):
            group = groups[group_id]
            told = _told(by_id[measure_id], cells, folded.get((measure_id, place.pk, group_id), {}))
            by_dimension.setdefault(group.dimension, []).append((group, told))
        for dimension, parts in by_dimension.items():
            said = declared.get((measure_id, dimension))
            breakdown = _breakdown(
                by_id[measure_id], dimension, parts, totals.get(measure_id), place, as_of,
                adds_up=said.adds_up if said else True, without=without.get((measure_id, dimension), ()),
            )  # fmt: skip
            made.setdefault(measure_id, []).append((said.position if said else 1000, breakdown))
    return {
        pk: tuple(one for _, one in sorted(all_, key=lambda pair: (pair[0], pair[1].dimension)))
        for pk, all_ in made.items()
    }


@dataclass(frozen=True, slots=True)
class _Told:
    """A group's figure of one period, and the count of people behind it, which must not leave this module."""

    figure: Figure
    count: float | None
    is_share: bool = False

    @property
    def period(self) -> Period:
        return self.figure.period_start, self.figure.period_end


def _rows(by_id: Mapping[int, Measure], place: Place, as_of: datetime) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {"place": place.pk, "measures": list(by_id), "as_of": as_of})
        return cursor.fetchall()


def _without(
    by_id: Mapping[int, Measure],
    rows: Iterable[tuple[Any, ...]],
    groups: Mapping[int, Group],
    declared: Mapping[tuple[int, str], MeasureBreakdown],
    as_of: datetime,
) -> dict[tuple[int, str], list[Group]]:
    """The groups that lack any figure here and yet belong to a breakdown, by measure and dimension: every group of one that is
    declared and stands in an order, and every group of which the measure has figures somewhere else."""
    told = {(row[0], row[1]) for row in rows}
    lacking = [
        (measure_id, group)
        for measure_id, dimension in {(measure_id, groups[pk].dimension) for measure_id, pk in told}
        for group in groups.values()
        if group.dimension == dimension
        and group.partnership_id == by_id[measure_id].partnership_id
        and (measure_id, group.pk) not in told
        and is_known(group.name, dimension)
    ]
    belong = {
        (measure_id, group.pk)
        for measure_id, group in lacking
        if is_ladder(group.dimension) and (measure_id, group.dimension) in declared
    }
    unsure = [(measure_id, group.pk) for measure_id, group in lacking if (measure_id, group.pk) not in belong]
    if unsure:
        stood = Observation.objects.filter(
            Q(superseded_at=None) | Q(superseded_at__gt=as_of),
            measure__in={measure_id for measure_id, _ in unsure},
            group__in={pk for _, pk in unsure},
            recorded_at__lte=as_of,
        )
        belong |= set(stood.order_by().values_list("measure_id", "group_id").distinct())
    found: dict[tuple[int, str], list[Group]] = {}
    for measure_id, group in lacking:
        if (measure_id, group.pk) in belong:
            found.setdefault((measure_id, group.dimension), []).append(group)
    return found


def _folded(
    by_id: Mapping[int, Measure], rows: Iterable[tuple[Any, ...]], place: Place, as_of: datetime
) -> dict[tuple[int, int, int], dict[Period, Whole]]:
    """What partners' parts make, by the rules of totals, by measure, place, group and period."""
    found: dict[tuple[int, int, int], dict[Period, PeriodParts]] = {}
    for row in rows:
        if row[2] is not None:
            periods = found.setdefault((row[0], place.pk, row[1]), {})
            kept = periods.setdefault((row[3], row[4]), PeriodParts(row[5]))
            kept.by_partner[row[2]] = Part(
                row[6], row[11], row[12], row[7], row[8], row[9], row[13].timestamp()
            )
            kept.provisional |= row[10] == "provisional"
    if not found:
        return {}
    return {
        key: {one.period: one for one in folded} for key, folded in wholes(by_id, found, as_of=as_of).items()
    }


def _told(measure: Measure, cells: Iterable[tuple[Any, ...]], folded: Mapping[Period, Whole]) -> list[_Told]:
    """One figure a period: what somebody said of the whole group, else what partners' parts make by the measure's rule."""
    found = []
    for (start, end), same in groupby(cells, key=lambda row: (row[3], row[4])):
        rows = list(same)
        whole = next((row for row in rows if row[2] is None), None)
        if whole is not None:
            _, _, _, _, _, label, value, lower, upper, marker, status, numerator, denominator, _ = whole
            figure = figure_of(
                measure, start, end, label, value, lower, upper, marker, status, numerator, denominator
            )
        else:
            figure = of_parts(measure, folded[start, end])
            part = folded[start, end].part
            value, numerator = (part.value, part.numerator) if part else (None, None)
        count = numerator if numerator is not None else value
        found.append(_Told(figure, count, is_share=numerator is not None))
    return found


def _breakdown(
    measure: Measure,
    dimension: str,
    parts: list[tuple[Group, list[_Told]]],
    total: Series | None,
    place: Place,
    as_of: datetime,
    *,
    adds_up: bool,
    without: Sequence[Group],
) -> Breakdown:
    order, is_told = _order([group for group, _ in parts] + list(without), dimension)
    parts = sorted(parts, key=lambda part: order[part[0].pk])
    counted = adds_up or any(one.is_share for _, told in parts for one in told)
    shut = _to_hide(measure, parts, total) if measure.hide_below and counted else set()
    groups = tuple(
        GroupSeries(
            group,
            Series(
                measure.pk,
                place.pk,
                tuple(hide(one.figure) if (group.pk, one.period) in shut else one.figure for one in told),
                as_of,
            ),
        )
        for group, told in parts
    )
    nothing = [GroupSeries(group, Series(measure.pk, place.pk, (), as_of)) for group in without]
    in_gap = sorted((one for one in (*groups, *nothing) if one.is_known), key=lambda one: order[one.group.pk])
    named = [(one.group.name, one.series) for one in in_gap]
    gaps = gaps_of(measure, named, in_order=is_told) if compares(measure) else Gaps()
    return Breakdown(measure, dimension, groups, total, adds_up, gaps)


def _order(groups: Sequence[Group], dimension: str) -> tuple[dict[int, int], bool]:
    """Each group's place in the row, and whether the row is one that a slope can follow."""
    groups = sorted(groups, key=lambda group: (group.position, group.name))
    known = [group for group in groups if is_known(group.name, dimension)]
    steps = in_order([Step(group.name, group.position) for group in known]) if is_ladder(dimension) else None
    if steps is not None:
        silent = [group for group in groups if group not in known]
        groups = [*(known[number] for number in steps), *silent]
    return {group.pk: number for number, group in enumerate(groups)}, steps is not None


def _to_hide(
    measure: Measure, parts: list[tuple[Group, list[_Told]]], total: Series | None
) -> set[tuple[int, Period]]:
    """What must be hidden beside the small counts, by group and period."""
    by_period: dict[Period, dict[int, _Told]] = {}
    for group, told in parts:
        for one in told:
            by_period.setdefault(one.period, {})[group.pk] = one
    totals = {(f.period_start, f.period_end): f for f in total.figures} if total else {}
    return {
        (pk, period)
        for period, cells in by_period.items()
        for pk in to_hide(
            {pk: Cell(one.count, one.figure.hidden) for pk, one in cells.items()},
            threshold=measure.hide_below or 0,
            total_hidden=period in totals and totals[period].hidden,
        )
    }
