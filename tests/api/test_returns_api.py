"""Partners' systems fill in and send returns and write figures: their organisation's only, once for a key."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from outcomes.actions.observations import record_observation
from outcomes.models import Observation, Return
from outcomes.queries.returns import grid_of
from people.actions.api_clients import change_api_client
from people.actions.api_requests import forget_old_requests
from people.models import IdempotentRequest
from people.permissions import Scope
from tests.api.conftest import read, signed_in
from tests.api.test_door import is_problem
from tests.outcomes.returns_world import make_returns


@pytest.fixture
def made(world, partner) -> SimpleNamespace:
    made = make_returns(world)
    change_api_client(
        client=partner.client,
        expected_version=partner.client.version,
        name=partner.client.name,
        scopes=list(Scope),
        organisation=made.trust,
    )
    made.found = made.of(made.summer, made.trust)
    made.other = made.of(made.summer, made.club)
    return made


def body(made, **changed):
    """A complete return."""
    return {
        "version": 1,
        "cells": [
            {"measure": made.children.slug, "value": 30},
            {"measure": made.sessions.slug, "value": 12},
            {"measure": made.attended.slug, "numerator": 30, "denominator": 60},
            {"measure": made.wellbeing.slug, "value": 7.5, "denominator": 30},
            {"measure": made.so_far.slug, "marker": "x"},
        ],
        "got_in_the_way": "Nothing",
        "way_forward": "Go on",
        "send": True,
    } | changed


def put(partner, found, data, key="k1"):
    headers = {"Idempotency-Key": key} if key is not None else None
    text = data if isinstance(data, str) else json.dumps(data)
    return partner.browser.put(
        f"{partner.root}returns/{found.pk}", text, content_type="application/json", headers=headers
    )


def post(partner, data, key="k1"):
    return partner.browser.post(
        f"{partner.root}observations",
        json.dumps(data),
        content_type="application/json",
        headers={"Idempotency-Key": key},
    )


def test_only_its_own_returns_are_listed_and_opened(made, partner):
    items = partner.get("returns").json()["items"]
    assert {item["period"] for item in items} == {"Spring", "Summer"}
    assert len(items) == 2
    assert len(partner.get("returns", status="accepted").json()["items"]) == 0
    whole = partner.get(f"returns/{made.found.pk}").json()
    assert whole["cells"][0]["needs"] == ["value"]
    assert len(whole["cells"]) == 9
    is_problem(partner.get(f"returns/{made.other.pk}"), 404, "not-found")
    is_problem(put(partner, made.other, body(made)), 404, "not-found")


def test_it_is_filled_in_and_sent(made, partner):
    answer = put(partner, made.found, body(made))
    assert answer.status_code == 200, answer.content
    assert answer.json()["status"] == "submitted"
    found = Return.objects.get(pk=made.found.pk)
    assert found.submitted_by == partner.client.service_person
    assert grid_of(found).said[(made.sessions.pk, None)].value == 12


def test_a_draft_leaves_it_open_and_empties_what_is_left_out(made, partner):
    put(partner, made.found, body(made, send=False), key="a")
    answer = put(partner, made.found, body(made, version=2, cells=[], send=False), key="b")
    assert answer.json()["status"] == "owed"
    assert grid_of(made.found).cells == {}


def test_the_same_key_does_it_once_and_answers_the_same(made, partner):
    first, again = put(partner, made.found, body(made)), put(partner, made.found, body(made))
    assert again.status_code == 200
    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert Return.objects.get(pk=made.found.pk).version == 3


def test_the_same_key_with_another_request_is_refused(made, partner):
    put(partner, made.found, body(made))
    is_problem(put(partner, made.found, body(made, way_forward="Other")), 422, "key-reused")


def test_what_was_refused_may_come_again_with_the_same_key(made, partner):
    refused = put(partner, made.found, body(made, way_forward=""))
    assert is_problem(refused, 422, "refused")["errors"][0]["parameter"] == "way_forward"
    assert Return.objects.get(pk=made.found.pk).version == 1, "All of it, or nothing."
    assert put(partner, made.found, body(made)).status_code == 200


def test_an_old_version_is_a_conflict(made, partner):
    put(partner, made.found, body(made, send=False), key="a")
    is_problem(put(partner, made.found, body(made), key="b"), 409, "conflict")


@pytest.mark.parametrize("key", [None, "", "a b", "é", "a" * 256])
def test_a_key_is_needed(made, partner, key):
    problem = is_problem(put(partner, made.found, body(made), key=key), 400, "parameter")
    assert problem["errors"][0]["parameter"] == "Idempotency-Key"


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"version": None}, "version"),
        ({"cells": [{"measure": "a", "value": "many"}]}, "cells[0].value"),
        ({"cells": [{"value": 1}]}, "cells[0].measure"),
        ({"cells": [{"measure": "a", "marker": "c"}]}, "cells[0].marker"),
        ({"cells": [{"measure": "a", "valu": 1}]}, "cells[0].valu"),
        ({"sent": True}, "sent"),
        ({"way_forward": "\x00"}, "way_forward"),
        ({"way_forward": "a" * 20_000}, "way_forward"),
    ],
)
def test_mistakes_are_named_by_member(made, partner, changed, where):
    problem = is_problem(put(partner, made.found, body(made, **changed)), 400, "parameter")
    assert where in {error["parameter"] for error in problem["errors"]}


@pytest.mark.parametrize("text", ["{", "[]", "null", '{"version": NaN}'])
def test_a_body_that_is_no_object_is_a_problem(made, partner, text):
    is_problem(put(partner, made.found, text), 400, "request")


def test_cells_that_the_form_has_not(made, partner):
    cells = [{"measure": made.sessions.slug, "group_id": str(made.primary.pk), "value": 1}]
    problem = is_problem(put(partner, made.found, body(made, cells=cells)), 422, "refused")
    assert problem["errors"][0]["parameter"] == "cells[0].measure"


def test_writing_needs_its_own_scope_and_an_organisation(made, partner):
    reader = signed_in(partner.client, partner.secret, scope="programmes:read observations:read")
    assert reader.get(f"returns/{made.found.pk}").status_code == 200
    assert is_problem(put(reader, made.found, body(made)), 403, "scope")["scope"] == "returns:write"
    assert is_problem(post(reader, {}), 403, "scope")["scope"] == "observations:write"
    partner.client.refresh_from_db()
    change_api_client(
        client=partner.client,
        expected_version=partner.client.version,
        name=partner.client.name,
        scopes=list(Scope),
    )
    is_problem(partner.get("returns"), 403, "forbidden")
    is_problem(put(partner, made.found, body(made)), 403, "forbidden")


# --- Figures -----------------------------------------------------------------------------------------------------
def figures(made, **changed):
    row = {
        "period_start": "2025-01-01",
        "period_end": "2025-01-31",
        "period_label": "January 2025",
        "value": 42,
    }
    return {"measure": made.sessions.slug, "observations": [row | changed]}


def test_figures_are_its_organisations_part(made, partner, world):
    answer = post(partner, figures(made))
    assert answer.status_code == 201, answer.content
    row = Observation.objects.get(pk=answer.json()["observations"][0]["id"])
    assert (row.organisation, row.place, row.value, row.status) == (
        made.trust,
        world.place,
        42,
        "provisional",
    )
    again = post(partner, figures(made), key="k2")
    assert again.json() == answer.json(), "The same again changes nothing."
    assert post(partner, figures(made, value=43), key="k3").status_code == 201
    row.refresh_from_db()
    assert row.superseded_at is not None


def test_figures_of_a_period_that_owes_a_return_go_there(made, partner):
    summer = {
        "period_start": str(made.summer.starts_on),
        "period_end": str(made.summer.ends_on),
        "period_label": "Summer",
    }
    problem = is_problem(post(partner, figures(made, **summer)), 422, "refused")
    assert problem["errors"][0]["parameter"] == "observations[0].period_start"


def test_figures_of_another_period_that_ends_on_the_same_day_are_refused(made, partner):
    assert post(partner, figures(made)).status_code == 201
    year = figures(made, period_start="2024-02-01", period_label="Year to January 2025", value=500)
    problem = is_problem(post(partner, year, key="k2"), 422, "refused")
    assert problem["errors"][0]["parameter"] == "period_end"
    assert "ends on the same day as January 2025" in str(problem["errors"])
    assert Observation.objects.count() == 1


def test_figures_of_programmes_that_are_not_its_own(made, partner, world):
    world.programme.partners.remove(made.trust)
    is_problem(post(partner, figures(made)), 422, "refused")


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"place": "E09999999"}, 400),
        ({"place_id": "999999999"}, 400),
        ({"group_id": "999999999"}, 400),
        ({"group_name": "primary"}, 400),
        ({"group_dimension": "school", "group_name": ""}, 400),
        ({"period_start": "2025-02-30"}, 400),
        ({"period_end": "2024-01-01"}, 422),
        ({"value": None}, 422),
        ({"marker": "x"}, 422),
        ({"organisation": "1"}, 400),
    ],
)
def test_wrong_figures_are_refused_in_words(made, partner, changed, status):
    answer = post(partner, figures(made, **changed))
    is_problem(answer, status, "parameter" if status == 400 else "refused")
    assert not Observation.objects.exists()


def test_a_group_goes_by_its_names_or_its_id(made, partner):
    named = figures(made, group_dimension="School", group_name="PRIMARY")
    assert post(partner, named).status_code == 201
    row = Observation.objects.get()
    assert (row.group, row.organisation, row.value) == (made.primary, made.trust, 42)
    by_id = figures(made, group_id=str(made.primary.pk))
    assert post(partner, by_id, key="k2").json()["observations"][0]["id"] == str(row.pk)


@pytest.mark.parametrize(
    ("changed", "where", "says"),
    [
        ({"group_dimension": "school", "group_name": "nursery"}, "group_name", "It has: primary, secondary."),
        ({"group_dimension": "age", "group_name": "primary"}, "group_dimension", "no such breakdown"),
        ({"group_dimension": "school"}, "group_name", "Send both"),
        ({"group_dimension": "school", "group_name": "primary", "group_id": "1"}, "group_id", "not by both"),
    ],
)
def test_a_group_that_is_not_known_is_refused_with_those_that_are(made, partner, changed, where, says):
    problem = is_problem(post(partner, figures(made, **changed)), 400, "parameter")
    (error,) = problem["errors"]
    assert error["parameter"] == f"observations[0].{where}"
    assert says in str(error)


def test_keys_are_forgotten_after_two_days(made, partner):
    post(partner, figures(made))
    assert forget_old_requests() == 0
    IdempotentRequest.objects.update(created_at=timezone.now() - timedelta(hours=49))
    assert forget_old_requests() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_does_it_and_both_get_its_answer(world, partner):
    made = make_returns(world)
    change_api_client(
        client=partner.client,
        expected_version=partner.client.version,
        name=partner.client.name,
        scopes=list(Scope),
        organisation=made.trust,
    )
    begin, answers = threading.Barrier(2), []

    def ask():
        own = SimpleNamespace(
            browser=Client(headers={"authorization": f"Bearer {partner.token}"}), root=partner.root
        )
        begin.wait()
        answers.append(post(own, figures(made)))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert sorted("Idempotency-Replayed" in answer for answer in answers) == [False, True]
    assert Observation.objects.count() == 1


def test_partners_parts_are_named_and_hidden_together(made, partner, world):
    made.sessions.hide_below = 5
    made.sessions.save()
    for organisation, value in ((made.trust, 3), (made.club, 20)):
        record_observation(
            measure=made.sessions,
            by=world.officer,
            place=world.place,
            organisation=organisation,
            period_start=made.spring.starts_on,
            period_end=made.spring.ends_on,
            period_label="Spring",
            value=Decimal(value),
        )
    items = partner.get("observations", measure=made.sessions.slug).json()["items"]
    assert {(i["organisation_name"], i["value"], i["hidden"]) for i in items} == {
        ("Leisure Trust", None, True),
        ("Saints Club", None, True),
    }
    exported = read(partner.get("observations.csv", measure=made.sessions.slug))
    assert "Saints Club" in exported
    assert ",20," not in exported
