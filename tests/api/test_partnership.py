"""The partnership, its organisations and places: with roles and codes, and without people and contacts."""

from __future__ import annotations

from datetime import date

import pytest

from partnerships.actions.contacts import add_contact
from partnerships.actions.local_places import add_place
from partnerships.actions.merging import merge_organisations
from partnerships.actions.organisations import add_part
from partnerships.actions.partnership_page import edit_partnership
from partnerships.actions.rules import add_rule
from partnerships.actions.setting_up import add_organisation
from partnerships.actions.strategies import add_strategy
from partnerships.models import OrganisationRole, Sector
from people.actions.api_clients import make_api_client
from people.permissions import Scope
from tests.api.conftest import read, signed_in

PATHS = ("partnership", "organisations", "places")


@pytest.fixture
def filled(world):
    ours = world.partnership
    edit_partnership(
        partnership=ours,
        expected_version=1,
        by=world.manager,
        vision="All of us move, said Test officer.",
        ethos="",
        reviews_activities=False,
    )
    add_rule(partnership=ours, text="Ask Test chair first", starts_on=date(2025, 1, 1))
    add_strategy(partnership=ours, name="Plan 2040", organisation=world.organisation, themes=["Move"])
    add_contact(
        partnership=ours,
        organisation=world.organisation,
        role="Keys",
        person=world.officer,
        phone="01632 960 001",
    )
    add_place(partnership=ours, name="Hill", kind="neighbourhood", parent=world.place)
    twin = add_organisation(partnership=ours, name="Twin", sector=Sector.COUNCIL)
    add_part(
        partnership=ours,
        organisation=twin,
        role=OrganisationRole.LEAD,
        starts_on=date(2021, 1, 1),
    )
    merge_organisations(
        kept=world.organisation, merged=twin, reason="Same", may_manage=lambda one: True, by=world.manager
    )
    add_organisation(partnership=world.other, name="Their Trust", sector=Sector.SPORT)
    return twin


def test_what_the_partnership_says_of_itself(partner, filled):
    body = partner.get("partnership").json()
    assert body["vision"] == "All of us move, said [name]."
    assert [(rule["text"], rule["cited_by_decisions"]) for rule in body["rules"]] == [("Ask [name] first", 0)]
    (strategy,) = body["strategies"]
    assert (strategy["organisation"], [theme["name"] for theme in strategy["themes"]]) == (
        "Testborough Council",
        ["Move"],
    )


def test_organisations_with_their_parts_and_the_ids_they_had(partner, world, filled):
    (row,) = partner.get("organisations").json()["items"]
    assert (row["id"], row["name"], row["earlier_ids"]) == (
        str(world.organisation.pk),
        "Testborough Council",
        [str(filled.pk)],
    )
    assert {(part["role"], part["ends_on"]) for part in row["roles"]} == {("system", None), ("lead", None)}


def test_places_that_are_covered(partner, filled):
    rows = partner.get("places").json()["items"]
    assert {(row["name"], row["kind"], row["is_main"], row["within"]) for row in rows} == {
        ("Testborough", "local_authority", True, None),
        ("Hill", "neighbourhood", False, "Testborough"),
    }


@pytest.mark.parametrize("path", [*PATHS, "organisations?format=csv", "places?format=csv"])
def test_no_contact_and_no_person_leaves(partner, world, filled, path):
    text = read(partner.get(path))
    for hidden in ("01632", "Keys", world.officer.name, world.chair.name, "Their Trust"):
        assert hidden not in text


@pytest.mark.parametrize("path", PATHS)
def test_only_with_its_scope(world, path):
    made = make_api_client(
        partnership=world.partnership, name="Narrow", scopes=[Scope.ACTIVITIES], by=world.manager
    )
    assert signed_in(made.client, made.secret).get(path).status_code == 403
