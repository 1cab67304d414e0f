"""Fixtures that every test may use. A small real world is made by calling the same actions that pages call."""

from __future__ import annotations

import os
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

PASSWORD = "quiet-harbour-lantern"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Adds a suffix of one's own, so that several test runs on one database server do not meet."""
    suffix = os.environ.get("PYTEST_DB_SUFFIX")
    if suffix:
        database = settings.DATABASES["default"]
        test = database.setdefault("TEST", {})
        test["NAME"] = f"{test.get('NAME') or 'test_' + database['NAME']}_{suffix}"


@pytest.fixture
def world(db: Any) -> SimpleNamespace:
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


@pytest.fixture
def as_(world: SimpleNamespace) -> Any:
    """`as_("officer")` or `as_(person)`: a signed-in test client."""

    def signed_in(who: Any) -> Client:
        client = Client()
        client.force_login(
            getattr(world, who) if isinstance(who, str) else who,
            backend="django.contrib.auth.backends.ModelBackend",
        )
        return client

    return signed_in
