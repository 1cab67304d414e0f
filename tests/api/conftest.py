"""A partner's system with every scope, and a small world to read: figures with hidden counts, activities, a report."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from outcomes.actions.commentaries import write_commentary
from outcomes.actions.observations import NewObservation, record_observations
from outcomes.actions.setting_up import (
    add_group,
    add_measure,
    add_outcome,
    log_activity_for_outcomes,
)
from outcomes.actions.targets import set_target
from partnerships.models import ActivityKind, Place, PlaceKind, Visibility
from people.actions.api_clients import make_api_client
from people.actions.memberships import add_person
from people.permissions import Scope
from reports.actions.reports import ask_for_report, define_report
from reports.models import Report
from reports.queries.periods import Period
from reports.tasks import make_report

EARLY = datetime(2025, 6, 1, 12, tzinfo=UTC)
LATE = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_limits_used() -> None:
    cache.clear()


@pytest.fixture
def partner(world: SimpleNamespace) -> SimpleNamespace:
    """A sign-in with every scope, and `partner.get(path)` with its token."""
    made = make_api_client(
        partnership=world.partnership,
        name="Leisure trust warehouse",
        scopes=list(Scope),
        organisation=world.organisation,
        by=world.manager,
    )
    return signed_in(made.client, made.secret)


def signed_in(client: Any, secret: str, scope: str = "") -> SimpleNamespace:
    token = ask_for_token(client.client_id, secret, scope=scope).json()["access_token"]
    browser = Client(headers={"authorization": f"Bearer {token}"})
    root = f"/api/v1/p/{client.partnership.slug}/"

    def get(path: str = "", **parameters: Any) -> Any:
        headers = parameters.pop("headers", None)
        return browser.get(path if path.startswith("/") else root + path, parameters, headers=headers)

    return SimpleNamespace(client=client, secret=secret, token=token, browser=browser, root=root, get=get)


def ask_for_token(client_id: str, secret: str, **form: str) -> Any:
    basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    given = {name: value for name, value in form.items() if value}
    # As a system asks, which has no cookie and no form token.
    asking = Client(headers={"authorization": f"Basic {basic}"}, enforce_csrf_checks=True)
    return asking.post("/api/token", {"grant_type": "client_credentials", **given})


def read(response: Any) -> str:
    """The text of an answer that must have gone well, also of one that is streamed."""
    assert response.status_code == 200, response.content[:500]
    return (response.getvalue() if response.streaming else response.content).decode()


def figure(place: Place, year: int, value: float | None, **said: Any) -> NewObservation:
    return NewObservation(
        place=place,
        period_start=date(year, 1, 1),
        period_end=date(year, 12, 31),
        period_label=str(year),
        value=None if value is None else Decimal(str(value)),
        **said,
    )


@pytest.fixture
def figures(world: SimpleNamespace) -> SimpleNamespace:
    """Two measures: a percentage of everybody, and a count that hides small numbers, with a breakdown."""
    ours = world.partnership
    ward = Place.objects.create(
        name="Mill ward", kind=PlaceKind.WARD, code="E05099999", parent=world.place, is_fictional=True
    )
    outcome = add_outcome(partnership=ours, title="More people are active", created_at=EARLY)
    active = add_measure(
        outcome=outcome,
        name="Adults who are active",
        unit="%",
        decimals=1,
        direction="up",
        frequency="year",
        source="Active Lives",
        created_at=EARLY,
    )
    children = add_measure(
        outcome=outcome,
        name="=Children at the club",
        unit="children",
        decimals=0,
        direction="up",
        frequency="year",
        kind="performance",
        programme=world.programme,
        hide_below=5,
        created_at=EARLY,
    )
    girls, boys = (add_group(partnership=ours, dimension="sex", name=name) for name in ("girls", "boys"))
    young, old = (add_group(partnership=ours, dimension="age", name=name) for name in ("5 to 7", "8 to 11"))
    record_observations(
        measure=active,
        by=world.officer,
        recorded_at=EARLY,
        rows=[
            figure(world.place, 2022, 59.5, lower=Decimal("57.1"), upper=Decimal("61.9")),
            figure(world.place, 2023, 61.25),
            figure(world.place, 2024, None, marker="x"),
            figure(ward, 2023, 12),
        ],
    )
    record_observations(
        measure=children,
        by=world.officer,
        recorded_at=EARLY,
        rows=[
            figure(world.place, 2022, 3),
            figure(world.place, 2023, 20),
            figure(world.place, 2023, 17, group=girls),
            figure(world.place, 2023, 3, group=boys),
            figure(world.place, 2023, 12, group=young),
            figure(world.place, 2023, 8, group=old),
            figure(ward, 2023, 0),
        ],
    )
    record_observations(
        measure=active, by=world.officer, recorded_at=LATE, rows=[figure(world.place, 2023, 62.5)]
    )
    set_target(measure=active, place=world.place, due_on=date(2030, 3, 31), value=Decimal("68"))
    return SimpleNamespace(outcome=outcome, active=active, children=children, ward=ward)


NAMED = "Priya  Shah"  # as somebody typed it, with a space too many


@pytest.fixture
def activities(world: SimpleNamespace, figures: SimpleNamespace) -> SimpleNamespace:
    """A shared activity that names people in its fields and in its text, one only for its author, one of another partnership."""
    priya = add_person(name="Priya Shah")
    shared = log_activity_for_outcomes(
        partnership=world.partnership,
        by=world.officer,
        outcomes=[figures.outcome],
        title=f"Walk with {NAMED}",
        happened_on=date(2026, 3, 2),
        kind=ActivityKind.EVENT,
        minutes=90,
        what_happened="PRIYA SHAH and Test chair walked. Priyanka did not.",
        next_step="Ring priya shah",
        next_step_on=date(2026, 3, 20),
        programme=world.programme,
        board=world.board,
        place=figures.ward,
        organisations=[world.organisation],
        people=[priya, world.chair],
    )
    private = log_activity_for_outcomes(
        partnership=world.partnership,
        by=world.officer,
        title="Not ready",
        happened_on=date(2026, 3, 3),
        visibility=Visibility.AUTHORS,
    )
    elsewhere = log_activity_for_outcomes(
        partnership=world.other, by=world.stranger, title="Theirs", happened_on=date(2026, 3, 3)
    )
    return SimpleNamespace(shared=shared, private=private, elsewhere=elsewhere, priya=priya)


@pytest.fixture
def report(world: SimpleNamespace, activities: SimpleNamespace, figures: SimpleNamespace) -> Report:
    """The first quarter's report, made, with a story and an open step in it."""
    write_commentary(
        measure=figures.active, story="The pool reopened.", by=world.chair, written_on=date(2026, 3, 5)
    )
    definition = define_report(
        partnership=world.partnership, name="Quarterly report", frequency="quarter", recipients=[world.chair]
    )
    asked, _ = ask_for_report(
        definition=definition, period=Period(date(2026, 1, 1), date(2026, 3, 31)), by=world.manager
    )
    make_report(asked.pk)
    asked.refresh_from_db()
    return asked
