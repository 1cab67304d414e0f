"""A measure's declared breakdowns and the groups that they consist of, in their order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max

from outcomes.models import Group, Measure, MeasureBreakdown, Observation, ReturnCell, StagedRow
from outcomes.queries.breakdowns import dimensions_of
from partnerships.errors import DomainError, EditConflict

MOST_GROUPS = 60


@dataclass(frozen=True, slots=True)
class Named:
    """One group as somebody wants it: its number where it is known already, and its name."""

    name: str
    pk: int | None = None


@transaction.atomic
def declare_breakdown(
    *, measure: Measure, dimension: str, adds_up: bool, groups: Sequence[str] = (), by: Any
) -> MeasureBreakdown:
    """Ask for a measure by a dimension too. A dimension that the partnership knows keeps its groups; new ones come behind."""
    dimension = _one_line(dimension, 80, "dimension")
    Measure.objects.select_for_update(no_key=True).get(pk=measure.pk)
    known = {name.casefold(): name for name in dimensions_of(measure.partnership_id)}
    dimension = known.get(dimension.casefold(), dimension)
    rows = MeasureBreakdown.objects.filter(measure=measure)
    if rows.filter(dimension=dimension).exists():
        raise DomainError(f"It is asked for by {dimension} already.", field="dimension")
    now = list(Group.objects.filter(partnership=measure.partnership_id, dimension=dimension))
    names = _names([*(group.name for group in now), *groups])
    if not names:
        raise DomainError("Say which groups it consists of.", field="groups")
    _put_groups(measure, dimension, now, [Named(name) for name in names])
    last = rows.aggregate(last=Max("position"))["last"]
    return MeasureBreakdown.objects.create(
        partnership_id=measure.partnership_id,
        measure=measure,
        dimension=dimension,
        adds_up=adds_up,
        position=0 if last is None else last + 1,
    )


@transaction.atomic
def change_breakdown(
    *,
    breakdown: MeasureBreakdown,
    dimension: str,
    adds_up: bool,
    groups: Sequence[Named],
    seen: Collection[int],
    by: Any,
) -> MeasureBreakdown:
    """Rename it, and rename, order, add and remove its groups, for every measure that is asked for by this dimension.

    `seen` are the groups that somebody saw: when others have come or gone since, nothing is changed.
    """
    dimension = _one_line(dimension, 80, "dimension")
    measure, before = breakdown.measure, breakdown.dimension
    rows = Group.objects.select_for_update().filter(partnership=measure.partnership_id, dimension=before)
    now = list(rows.order_by("pk"))
    if {group.pk for group in now} != set(seen):
        raise EditConflict(
            "Somebody else changed these groups since you opened the page. Open it again to see them.",
            current_version=0,
        )
    others = [name for name in dimensions_of(measure.partnership_id) if name != before]
    if dimension.casefold() in {name.casefold() for name in others}:
        raise DomainError("There is already a breakdown of this name.", field="dimension")
    if not groups:
        raise DomainError("A breakdown has at least one group.", field="groups")
    _names([group.name for group in groups], once=True)
    _remove(now, kept={group.pk for group in groups})
    _put_groups(measure, dimension, now, groups)
    MeasureBreakdown.objects.filter(partnership=measure.partnership_id, dimension=before).update(
        dimension=dimension
    )
    MeasureBreakdown.objects.filter(pk=breakdown.pk).update(adds_up=adds_up)
    breakdown.refresh_from_db()
    return breakdown


@transaction.atomic
def end_breakdown(*, breakdown: MeasureBreakdown, by: Any) -> None:
    """It is no longer asked for. Its groups and the figures that were told stay."""
    MeasureBreakdown.objects.filter(pk=breakdown.pk).delete()


@transaction.atomic
def move_breakdown(*, breakdown: MeasureBreakdown, way: str, by: Any) -> None:
    """One place up or down among the measure's breakdowns."""
    rows = list(MeasureBreakdown.objects.select_for_update().filter(measure=breakdown.measure_id))
    place = next(n for n, one in enumerate(rows) if one.pk == breakdown.pk)
    other = place + (-1 if way == "up" else 1)
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    for position, one in enumerate(rows):
        if one.position != position:
            MeasureBreakdown.objects.filter(pk=one.pk).update(position=position)


def _put_groups(measure: Measure, dimension: str, now: Sequence[Group], wanted: Sequence[Named]) -> None:
    by_pk = {group.pk: group for group in now}
    by_name = {group.name.casefold(): group for group in now}
    rows, new = [], []
    for position, named in enumerate(wanted):
        if named.pk is not None and named.pk not in by_pk:
            raise DomainError("Choose groups of this breakdown.", field="groups")
        name = _one_line(named.name, 120, "groups")
        group = by_pk.get(named.pk) if named.pk else by_name.get(name.casefold())
        if group is None:
            new.append(
                Group(
                    partnership_id=measure.partnership_id, dimension=dimension, name=name, position=position
                )
            )
        else:
            rows.append((group, name, position))
    # Names that two groups swap would meet on the way, so all step aside first.
    for group, name, _ in rows:
        if group.name != name:
            Group.objects.filter(pk=group.pk).update(name=f"\u2060{group.pk}")
    for group, name, position in rows:
        Group.objects.filter(pk=group.pk).update(dimension=dimension, name=name, position=position)
    Group.objects.bulk_create(new)


def _remove(now: Sequence[Group], kept: set[int | None]) -> None:
    gone = [group for group in now if group.pk not in kept]
    for group in gone:
        for model in (Observation, ReturnCell, StagedRow):
            if model.objects.filter(group=group).exists():
                raise DomainError(
                    f"“{group.name}” has figures, so it can’t be removed. Rename it instead.", field="groups"
                )
    Group.objects.filter(pk__in=[group.pk for group in gone]).delete()


def _names(names: Sequence[str], *, once: bool = False) -> list[str]:
    """Each name once, in order. With `once`, a list in which one is there twice is refused."""
    found: dict[str, str] = {}
    for name in names:
        name = _one_line(name, 120, "groups")
        if once and name.casefold() in found:
            raise DomainError(f"“{name}” is there twice.", field="groups")
        found.setdefault(name.casefold(), name)
    if len(found) > MOST_GROUPS:
        raise DomainError(f"A breakdown has at most {MOST_GROUPS} groups.", field="groups")
    return list(found.values())


def _one_line(text: str, limit: int, field: str) -> str:
    text = " ".join(text.replace("\x00", "").split())
    if not text:
        raise DomainError("Enter a name.", field=field)
    if len(text) > limit:
        raise DomainError(f"A name has at most {limit} characters: {text[:40]}…", field=field)
    return text
