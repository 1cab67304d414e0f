"""Baselines, milestones and targets: set, changed, removed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from config.words import day_words
from outcomes.models import Measure, Target, TargetKind
from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError, EditConflict
from partnerships.models import Place

CALLED = {
    TargetKind.BASELINE: "baseline",
    TargetKind.MILESTONE: "milestone",
    TargetKind.TARGET: "target",
}


@transaction.atomic
def add_target(
    *,
    measure: Measure,
    place: Place,
    due_on: date,
    value: Decimal,
    kind: str = TargetKind.TARGET,
    note: str = "",
    by: Any = None,
    created_at: datetime | None = None,
) -> Target:
    """A baseline, a milestone or a target. Refused where it makes no way from the one to the other."""
    target = Target(
        partnership_id=measure.partnership_id,
        measure=measure,
        place=place,
        due_on=due_on,
        value=value,
        kind=kind,
        note=_one_line(note),
        created_by=by,
        created_at=created_at or timezone.now(),
    )
    _check(target, _others(target))
    target.save(force_insert=True)
    return target


@transaction.atomic
def set_target(*, measure: Measure, place: Place, due_on: date, value: Decimal, **fields: Any) -> Target:
    """The target of a day, whether or not there was one: what is loaded again replaces what it loaded before."""
    found = Target.objects.filter(measure=measure, place=place, due_on=due_on).first()
    if found is None:
        return add_target(measure=measure, place=place, due_on=due_on, value=value, **fields)
    kept = {name: fields[name] for name in ("kind", "note") if name in fields}
    return edit_target(target=found, expected_version=found.version, value=value, by=fields.get("by"), **kept)


@transaction.atomic
def edit_target(*, target: Target, expected_version: int, by: Any, **changes: Any) -> Target:
    """Change its place, day, value, kind or note. Raises EditConflict when somebody saved it since `expected_version`."""
    if "note" in changes:
        changes["note"] = _one_line(changes["note"])
    meant = Target.objects.select_related("measure").get(pk=target.pk)
    before = meant.place_id
    for name, value in changes.items():
        setattr(meant, name, value)
    _check(meant, _others(meant))
    if meant.place_id != before:
        _check_order(list(_others(meant, place=before)))
    return save_edit(target, expected_version=expected_version, changes=changes)


@transaction.atomic
def remove_target(*, target: Target, expected_version: int, by: Any) -> None:
    """It no longer stands. What it said and who removed it stay in the history."""
    others = _others(target)
    found = Target.objects.select_for_update().filter(pk=target.pk).first()
    if found is None:
        return
    if found.version != expected_version:
        raise EditConflict(
            "Somebody changed this since you opened the page. Look at it again before you remove it.",
            current_version=found.version,
        )
    _check_order(list(others))
    found.delete()


def _others(target: Target, place: int | None = None) -> list[Target]:
    """What else is set for the measure in a place. Locks the measure: two that are set at once could contradict each other."""
    Measure.objects.select_for_update(no_key=True).get(pk=target.measure_id)
    rows = Target.objects.filter(measure=target.measure_id, place=place or target.place_id)
    return list(rows.exclude(pk=target.pk).order_by("due_on"))


def _check(target: Target, others: list[Target]) -> None:
    if not target.value.is_finite():
        raise DomainError("Enter a number.", field="value")
    for other in others:
        if other.due_on == target.due_on:
            raise DomainError(
                f"There is already a {CALLED[other.kind]} for {day_words(other.due_on)}. Change that one.",
                field="due_on",
            )
        if other.kind == target.kind == TargetKind.BASELINE:
            raise DomainError(
                f"There is already a baseline, of {day_words(other.due_on)}. Change that one.", field="kind"
            )
    if target.kind == TargetKind.BASELINE and target.due_on > timezone.localdate():
        raise DomainError("A baseline is where we began, so its day can’t be in the future.", field="due_on")
    _check_order([*others, target])


def _check_order(points: list[Target]) -> None:
    """A baseline comes first, and a milestone lies before the last target, if there is one."""
    points = sorted(points, key=lambda point: point.due_on)
    baseline = next((point for point in points if point.kind == TargetKind.BASELINE), None)
    if baseline and points[0] is not baseline:
        first = points[0]
        raise DomainError(
            f"The baseline of {day_words(baseline.due_on)} would lie after the {CALLED[first.kind]} of "
            f"{day_words(first.due_on)}. A baseline comes first.",
            field="due_on",
        )
    targets = [point for point in points if point.kind == TargetKind.TARGET]
    late = [point for point in points if point.kind == TargetKind.MILESTONE]
    if targets and late and late[-1].due_on > targets[-1].due_on:
        raise DomainError(
            f"The milestone of {day_words(late[-1].due_on)} would lie after the last target, of "
            f"{day_words(targets[-1].due_on)}. Milestones lie on the way to a target.",
            field="due_on",
        )


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]
