"""Everything held about a person, whichever room it is kept in: what a copy for themselves holds.

Found by walking every key that points at a person, so that a room made tomorrow is in it. Other people are left out: a key to
somebody else reads "somebody else", and their full names are taken out of text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pghistory.models
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from partnerships.models import Activity, Contact, Seat, Visibility
from partnerships.queries.references import pointing_at
from people.models import Membership, Person, PersonMerge, RealName
from people.queries.held import kind_in_words
from people.queries.names import Names

# What opens a door, or is no fact about the person.
SECRET = {
    "password",
    "nonce",
    "token_hash",
    "code_hash",
    "session_key",
    "data",
    "hash",
    "document",
    "version",
}
MOST = 5000
HIDDEN = "an activity that only some may read"


@dataclass(frozen=True, slots=True)
class Table:
    """Records of one kind: what the columns are called, and the rows as text. `left_out` counts those beyond the most."""

    kind: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    name: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]


def everything_about(person: Person) -> Held:
    ids = {person.pk, *PersonMerge.objects.filter(kept=person).values_list("merged", flat=True)}
    others = _other_names(ids)
    keys: dict[type[models.Model], list[models.ForeignKey]] = defaultdict(list)
    for key in pointing_at(Person):
        keys[key.model].append(key)
    tables = [_table(model, found, ids, others) for model, found in keys.items()]
    tables.append(_before(ids))
    return Held(
        person.name,
        _facts(person, ids),
        tuple(sorted((table for table in tables if table.rows), key=lambda table: table.kind)),
    )


def _facts(person: Person, ids: set[int]) -> tuple[tuple[str, str], ...]:
    done = pghistory.models.Context.objects.filter(metadata__user__in=list(ids)).count()
    return (
        ("Name that others see", person.name),
        ("Job title", person.job_title),
        ("Email address", person.email or ""),
        ("Sign-in name", person.sign_in_name or ""),
        ("Recorded on", _text(person.joined_at)),
        ("Last signed in", _text(person.last_login) if person.last_login else ""),
        ("Requests with which you changed something, by number and time only", str(done)),
    )


def _table(model: type[models.Model], keys: list[models.ForeignKey], ids: set[int], others: Names) -> Table:
    mine = Q()
    for key in keys:
        mine |= Q(**{f"{key.name}__in": ids})
    fields = [field for field in model._meta.concrete_fields if _is_told(field)]
    links = [field.name for field in fields if field.is_relation]
    found = model._base_manager.filter(mine).order_by("pk")
    rows = [
        tuple(_cell(field, row, ids, others) for field in fields)
        for row in (found.select_related(*links) if links else found)[:MOST]
    ]
    left_out = found.count() - MOST if len(rows) == MOST else 0
    columns = tuple(str(field.verbose_name) for field in fields)
    return Table(kind_in_words(model), columns, tuple(rows), left_out)


def _is_told(field: models.Field) -> bool:
    quiet = isinstance(field, models.BinaryField | models.GeneratedField | SearchVectorField)
    return not quiet and not field.primary_key and field.name not in SECRET


def _cell(field: models.Field, row: models.Model, ids: set[int], others: Names) -> str:
    value = getattr(row, field.attname)
    if value is None or value == "":
        return ""
    if field.is_relation:
        if field.related_model is Person:
            return "you" if value in ids else "somebody else"
        linked = getattr(row, field.name)
        hidden = isinstance(linked, Activity) and not _is_readable(linked, ids)
        return HIDDEN if hidden else others.removed_from(str(linked))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return others.removed_from(_text(value))


def _is_readable(activity: Activity, ids: set[int]) -> bool:
    return activity.visibility == Visibility.PARTNERSHIP or activity.created_by_id in ids


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def _before(ids: Iterable[int]) -> Table:
    """What the record of the person said at earlier times."""
    events = Person.pgh_event_model.objects.filter(pgh_obj__in=ids).order_by("pgh_id")
    rows = [(_text(e.pgh_created_at), e.name, e.job_title, e.email or "") for e in events]
    columns = ("Since", "Name", "Job title", "Email address")
    return Table("What your record said, and when", columns, tuple(rows))


def _other_names(ids: set[int]) -> Names:
    """The full names of everybody else in the person's partnerships."""
    here = {
        pk
        for model in (Membership, Seat, Contact)
        for pk in model.objects.filter(person__in=ids).values_list("partnership", flat=True)
    }
    known = Q()
    for model in (Membership, Seat, Contact):
        known |= Q(pk__in=model.objects.filter(partnership__in=here).values("person"))
    people = Person.objects.filter(known, is_system=False).exclude(pk__in=ids)
    real = RealName.objects.filter(partnership__in=here).exclude(person__in=ids)
    return Names([*people.values_list("name", flat=True), *real.values_list("name", flat=True)])
