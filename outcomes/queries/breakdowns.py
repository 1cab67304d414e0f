"""Which breakdowns measures are asked for, and the groups of each dimension."""

from __future__ import annotations

from dataclasses import dataclass

from outcomes.models import Group, Measure, MeasureBreakdown, Observation


def dimensions_of(partnership_id: int) -> list[str]:
    """Every dimension that the partnership knows groups of."""
    rows = Group.objects.filter(partnership=partnership_id).order_by("dimension")
    return list(rows.values_list("dimension", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class Declared:
    """A breakdown with its groups in order, and how many other measures are asked for by the same dimension."""

    breakdown: MeasureBreakdown
    groups: tuple[Group, ...]
    others: int


def declared_for(measure: Measure) -> list[Declared]:
    """A measure's breakdowns in their order. Three queries."""
    rows = list(MeasureBreakdown.objects.filter(measure=measure))
    dimensions = {row.dimension for row in rows}
    groups: dict[str, list[Group]] = {}
    for group in Group.objects.filter(partnership=measure.partnership_id, dimension__in=dimensions):
        groups.setdefault(group.dimension, []).append(group)
    others = list(
        MeasureBreakdown.objects.filter(partnership=measure.partnership_id, dimension__in=dimensions)
        .exclude(measure=measure)
        .values_list("dimension", flat=True)
    )
    return [Declared(row, tuple(groups.get(row.dimension, ())), others.count(row.dimension)) for row in rows]


def groups_of(breakdown: MeasureBreakdown) -> list[Group]:
    rows = Group.objects.filter(partnership=breakdown.partnership_id, dimension=breakdown.dimension)
    return list(rows.order_by("position", "name"))


def groups_with_figures(groups: list[Group]) -> set[int]:
    """Those that cannot be removed, since somebody told figures of them."""
    told = Observation.objects.filter(group__in=groups).order_by().values_list("group", flat=True)
    return set(told.distinct())


def is_split(measure: Measure) -> bool:
    """Whether somebody told figures of its groups, anywhere."""
    return measure.observations.filter(group__isnull=False).exists()
