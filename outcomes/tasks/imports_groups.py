"""The groups and breakdowns that an import brings with it."""

from __future__ import annotations

from typing import Any

from django.db.models import Max

from outcomes.models import Group, ImportBatch, MeasureBreakdown, Observation, RowVerdict
from outcomes.statistics.ladder import Step, joined
from outcomes.tasks.imports_staging import measure_facts

WRITTEN = (RowVerdict.NEW, RowVerdict.CHANGED, RowVerdict.UNCHANGED)


def make_groups(batch: ImportBatch) -> dict[int, int]:
    """Makes what is missing of the groups that the batch has figures of. Returns the true number for each as it was staged."""
    wanted = [group for group in batch.groups if any(group.get(verdict) for verdict in WRITTEN)]
    if not wanted:
        return {}
    dimensions = list(dict.fromkeys(one["dimension"] for one in wanted))
    for dimension in dimensions:
        _join(batch, dimension, [one["name"] for one in wanted if one["dimension"] == dimension])
    made = Group.objects.filter(partnership=batch.partnership, dimension__in=dimensions)
    numbers = {(group.dimension, group.name): group.pk for group in made}
    return {one["number"]: numbers[one["dimension"], one["name"]] for one in wanted}


def _join(batch: ImportBatch, dimension: str, names: list[str]) -> None:
    """Adds the groups that a dimension lacks, each where it belongs among those that it has."""
    now = {
        group.name: group
        for group in Group.objects.filter(partnership=batch.partnership, dimension=dimension)
    }
    new = [name for name in names if name not in now]
    if not new:
        return
    positions = joined([Step(group.name, group.position) for group in now.values()], new, dimension)
    for name, group in now.items():
        if group.position != positions[name]:
            Group.objects.filter(pk=group.pk).update(position=positions[name])
    Group.objects.bulk_create(
        (
            Group(partnership=batch.partnership, dimension=dimension, name=name, position=positions[name])
            for name in new
        ),
        ignore_conflicts=True,
    )


def declare_breakdowns(batch: ImportBatch) -> list[dict[str, Any]]:
    """Declares the breakdowns that the measure lacks. Returns the batch's groups, marked where it was this import that did."""
    dimensions = list(dict.fromkeys(
        one["dimension"] for one in batch.groups if any(one.get(verdict) for verdict in WRITTEN)
    ))  # fmt: skip
    if not dimensions:
        return batch.groups
    known = MeasureBreakdown.objects.filter(measure=batch.measure)
    declared = set(known.values_list("dimension", flat=True))
    missing = [dimension for dimension in dimensions if dimension not in declared]
    last = known.aggregate(last=Max("position"))["last"]
    # Percentages of the parts do not make the whole's.
    adds_up = not measure_facts(batch.measure).is_percentage
    MeasureBreakdown.objects.bulk_create(
        (
            MeasureBreakdown(
                partnership=batch.partnership,
                measure=batch.measure,
                dimension=dimension,
                adds_up=adds_up,
                position=position,
            )
            for position, dimension in enumerate(missing, 0 if last is None else last + 1)
        ),
        ignore_conflicts=True,
    )
    return [one | {"declared": True} if one["dimension"] in missing else one for one in batch.groups]


def take_back_breakdowns(batch: ImportBatch) -> None:
    """The breakdowns that this import declared, where the measure has no figure of theirs any more. The groups stay: an
    earlier day's figures are theirs."""
    declared = {one["dimension"] for one in batch.groups if one.get("declared")}
    if declared:
        standing = Observation.objects.filter(
            measure=batch.measure, superseded_at=None, group__dimension__in=declared
        )
        kept = set(standing.order_by().values_list("group__dimension", flat=True).distinct())
        MeasureBreakdown.objects.filter(measure=batch.measure, dimension__in=declared - kept).delete()
