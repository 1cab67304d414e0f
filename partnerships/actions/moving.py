"""Two records of the same thing become one: what points at the one that goes is made to point at the one that stays."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, models, transaction
from psycopg.errors import ExclusionViolation, UniqueViolation

from partnerships.errors import DomainError
from partnerships.queries.references import pointing_at

# What happens to a row that stands in the way of another: it is given the row and the field, and sees to it alone.
Clash = Callable[[models.Model, models.ForeignKey, models.Model], None]


@dataclass(slots=True)
class Moved:
    """How many rows of which model were moved, and how many were there already under the record that is kept."""

    moved: dict[str, int] = field(default_factory=dict)
    joined: dict[str, int] = field(default_factory=dict)

    def count(self, model: type[models.Model], number: int = 1, *, joined: bool = False) -> None:
        rows = self.joined if joined else self.moved
        if number:
            rows[model._meta.label] = rows.get(model._meta.label, 0) + number


def move_references(
    *,
    source: models.Model,
    target: models.Model,
    clashes: Mapping[str, Clash] | None = None,
    leave: Collection[str] = (),
) -> Moved:
    """Make everything that points at `source` point at `target`. Must run in a transaction that holds both rows.

    Where that would break a rule of the database that forbids a thing twice, `clashes` says what to do, by "app.Model"; without
    an entry the row becomes one with the row of `target` that is in its way. Rows of the models in `leave` stay as they are.
    Raises DomainError where a record names both in a way that one alone cannot stand for, such as an introduction of the one
    to the other.
    """
    done = Moved()
    for key in pointing_at(type(source)):
        if key.model._meta.label in leave or f"{key.model._meta.label}.{key.name}" in leave:
            continue
        rows = key.model._base_manager.filter(**{key.name: source})
        if not key.model._meta.auto_created and (number := _move_all(rows, key, target)) is not None:
            done.count(key.model, number)
            continue
        clash = (clashes or {}).get(key.model._meta.label, _absorb)
        for row in rows.order_by("pk").select_for_update(of=("self",)):
            # An earlier clash may have taken this one along.
            if rows.filter(pk=row.pk).exists():
                done.count(key.model, joined=not _move(row, key, target, clash))
    return done


def _move_all(rows: models.QuerySet, key: models.ForeignKey, target: models.Model) -> int | None:
    """All in one go, which is quick where there are many; None where some of them are in each other's way."""
    try:
        with transaction.atomic():
            return rows.update(**{key.name: target})
    except IntegrityError:
        return None


def _move(row: Any, key: models.ForeignKey, target: Any, clash: Clash) -> bool:
    """Whether the row was moved; else `clash` saw to it."""
    model = key.model
    try:
        with transaction.atomic():
            if model._meta.auto_created:
                _link_anew(row, key, target)
            else:
                model._base_manager.filter(pk=row.pk).update(**{key.name: target})
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation | ExclusionViolation):
            raise DomainError(
                f"Both are named in the same {model._meta.verbose_name}, “{str(row)[:80]}”, so they can't become one. "
                "Correct that record first."
            ) from None
        clash(row, key, target)
        return False
    return True


def _link_anew(row: Any, key: models.ForeignKey, target: Any) -> None:
    """A link is made and the old one taken away, so that the history of links says so."""
    links = key.model._base_manager
    other = {
        f.attname: getattr(row, f.attname)
        for f in key.model._meta.concrete_fields
        if not f.primary_key and f != key
    }
    links.create(**other, **{key.name: target})
    links.filter(pk=row.pk).delete()


def _absorb(row: models.Model, key: models.ForeignKey, target: models.Model) -> None:
    """What points at the row points at the one in its way afterwards, and the row goes. History keeps it."""
    twin = _twin(row, key, target)
    if twin is None:
        raise DomainError(
            f"A record stands in the way: {row._meta.verbose_name} “{str(row)[:80]}”. Change it first, then try again."
        )
    move_references(source=row, target=twin)
    type(row)._base_manager.filter(pk=row.pk).delete()


def _twin(row: models.Model, key: models.ForeignKey, target: models.Model) -> models.Model | None:
    """The row with which a moved one would collide: the same in every other field of a rule that forbids a thing twice."""
    model = type(row)
    rules = [(list(names), None) for names in model._meta.unique_together]
    rules += [
        (list(rule.fields), rule.condition)
        for rule in model._meta.constraints
        if isinstance(rule, models.UniqueConstraint) and rule.fields
    ]
    rules += [([key.name], None)] if key.unique else []
    for names, condition in rules:
        if key.name not in names:
            continue
        others = [model._meta.get_field(name) for name in names if name != key.name]
        same = models.Q()
        for other in others:
            value = getattr(row, other.attname)
            same &= (
                models.Q(**{f"{other.name}__isnull": True})
                if value is None
                else models.Q(**{other.attname: value})
            )
        found = model._base_manager.filter(same, **{key.name: target}).exclude(pk=row.pk)
        twin = (found.filter(condition) if condition is not None else found).first()
        if twin is not None:
            return twin
    return None


def join_periods(
    row: Any,
    key: models.ForeignKey,
    target: Any,
    *,
    alike: Collection[str],
    among: models.Q | None = None,
) -> None:
    """Two overlapping periods of the same thing become one that covers both; the latest under the record that is kept stays.

    Rows have `starts_on` and `ends_on`. `alike` names the fields in which they must agree, and `among` what else must hold, for
    the database to count them as the same thing.
    """
    rows = type(row)._base_manager
    found = rows.filter(among) if among is not None else rows.all()
    found = found.filter(**{name: getattr(row, name) for name in alike}, **{key.name: target}).filter(
        models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=row.starts_on)
    )
    if row.ends_on is not None:
        found = found.filter(starts_on__lte=row.ends_on)
    overlapping = list(found.select_for_update(of=("self",)).order_by("starts_on", "pk"))
    kept = overlapping.pop()
    covered = [row, kept, *overlapping]
    starts_on = min(one.starts_on for one in covered)
    ends_on = None if any(one.ends_on is None for one in covered) else max(one.ends_on for one in covered)
    for gone in (row, *overlapping):
        # Such as a vacancy that it filled.
        move_references(source=gone, target=kept)
        rows.filter(pk=gone.pk).delete()
    rows.filter(pk=kept.pk).update(starts_on=starts_on, ends_on=ends_on)
