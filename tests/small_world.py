"""The small world of most tests: made once by the product's own actions, then put back row by row for each test."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

PASSWORD = "quiet-harbour-lantern"


def small_world() -> SimpleNamespace:
    """One partnership with a manager, an officer, a chair and the other roles; a second partnership with its own officer."""
    from partnerships.actions import boards, programmes, setting_up
    from partnerships.models import BoardLevel, Place, PlaceKind, ProgrammeKind, SeatKind, Sector
    from people.actions.memberships import add_person, give_role
    from people.permissions import HUMAN_ROLES, Role

    place = Place.objects.create(name="Testborough", kind=PlaceKind.LOCAL_AUTHORITY, is_fictional=True)
    elsewhere = Place.objects.create(name="Otherborough", kind=PlaceKind.LOCAL_AUTHORITY, is_fictional=True)
    ours = setting_up.create_partnership(
        name="Testborough Together", started_on=date(2020, 1, 1), main_place=place
    )
    theirs = setting_up.create_partnership(
        name="Otherborough Together", started_on=date(2020, 1, 1), main_place=elsewhere
    )
    made = SimpleNamespace(partnership=ours, other=theirs, place=place, elsewhere=elsewhere, people={})
    made.organisation = setting_up.add_organisation(
        partnership=ours, name="Testborough Council", sector=Sector.COUNCIL
    )
    for role in HUMAN_ROLES:
        person = add_person(name=f"Test {role.label.lower()}", email=f"{role.value}@testborough.example")
        person.set_password(PASSWORD)
        person.save()
        _verify(person)
        give_role(
            partnership=ours,
            person=person,
            role=role,
            organisation=made.organisation,
            starts_on=date(2020, 1, 1),
        )
        made.people[role] = person
        setattr(made, role.value, person)
    made.stranger = add_person(name="Other officer", email="officer@otherborough.example")
    made.stranger.set_password(PASSWORD)
    made.stranger.save()
    _verify(made.stranger)
    give_role(partnership=theirs, person=made.stranger, role=Role.OFFICER, starts_on=date(2020, 1, 1))
    made.board = boards.add_board(partnership=ours, name="Active Lives Board", level=BoardLevel.STRATEGIC)
    boards.take_seat(board=made.board, person=made.chair, kind=SeatKind.CHAIR, starts_on=date(2020, 1, 1))
    made.programme = programmes.add_programme(partnership=ours, name="Holiday club", kind=ProgrammeKind.HAF)
    return made


def _verify(person: Any) -> None:
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)


@dataclass(frozen=True, slots=True)
class Kept:
    """What stood in the database after something was made: a statement and its rows for each table that got any."""

    statements: tuple[tuple[str, str], ...]
    told: bytes

    def put_back(self) -> Any:
        """The rows again, in the test's own transaction, and what the making returned. Triggers write history as usual."""
        # In one transaction, since a table may point to one that is filled after it.
        with transaction.atomic(), connection.cursor() as cursor:
            for statement, rows in self.statements:
                cursor.execute(statement, [rows])
        return pickle.loads(self.told)


class _Undo(Exception):
    pass


def keep(make: Any) -> Kept:
    """Makes it and takes it back, remembering the rows. Their numbers stay taken, so nothing made later meets them."""
    try:
        with transaction.atomic():
            before = {model: _newest(model) for model in _tables()}
            told = pickle.dumps(make())
            statements = tuple(found for model in _tables() if (found := _rows(model, before[model])))
            raise _Undo
    except _Undo:
        return Kept(statements, told)


def _tables() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not hasattr(model, "pgh_tracked_model")
        and model._meta.app_label != "pghistory"
    ]


def _newest(model: type[models.Model]) -> Any:
    return model._base_manager.aggregate(newest=models.Max("pk"))["newest"]


def _rows(model: type[models.Model], newest: Any) -> tuple[str, str] | None:
    table = connection.ops.quote_name(model._meta.db_table)
    pk = connection.ops.quote_name(model._meta.pk.column)
    where = "" if newest is None else f"WHERE {pk} > %s"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT json_agg(t)::text FROM {table} t {where}",
            [] if newest is None else [newest],
        )
        (rows,) = cursor.fetchone()
    if rows is None:
        return None
    columns = ", ".join(
        connection.ops.quote_name(field.column)
        for field in model._meta.local_concrete_fields
        if not field.generated
    )
    return (
        f"INSERT INTO {table} ({columns}) SELECT {columns} FROM json_populate_recordset(null::{table}, %s)",
        rows,
    )
