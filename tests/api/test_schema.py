"""The schema is valid, says all that there is, and the API does as it says, whatever is asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
import yaml
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.urls import get_resolver
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, given, settings
from schemathesis.generation.modes import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from config.wsgi import application
from outcomes.models import Return
from people.actions.opening import open_influence
from people.partner_access.schema import TAGS
from people.permissions import Scope
from tests.outcomes.returns_world import make_returns

SCHEMA = "/api/v1/schema"
TEXTS = ("summary", "description")


@pytest.fixture
def schema(client, db) -> dict[str, Any]:
    return json.loads(client.get(SCHEMA, {"format": "json"}).content)


# All that a partner's system can change.
WRITES = {("observations", "post"), ("returns/{id}", "put")}


def operations(schema) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            tail = path.partition("{partnership}/")[2]
            assert method == "get" or (tail, method) in WRITES, "What else may be written stands here."
            yield path, operation


def test_it_is_valid_and_open_to_all(schema):
    validate_schema(schema)
    assert schema["openapi"].startswith("3.")


def test_it_comes_as_json_and_as_yaml(client, schema):
    in_yaml = client.get(SCHEMA)
    assert in_yaml["Content-Type"].startswith("application/vnd.oai.openapi")
    assert yaml.safe_load(in_yaml.content) == schema
    by_header = client.get(SCHEMA, headers={"accept": "application/json"})
    assert json.loads(by_header.content) == schema


def test_no_endpoint_is_left_out(schema):
    below = {
        route
        for route in routes(get_resolver().url_patterns)
        if route.startswith("api/v1/p/") and "rest" not in route
    }
    assert {path.lstrip("/").replace("{", "<").replace("}", ">") for path, _ in operations(schema)} == below


def routes(patterns, before="") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern).replace("slug:", "").replace("int:pk", "id")
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def test_each_operation_is_explained(schema):
    known = {tag for path, operation in operations(schema) for tag in operation["tags"]}
    assert known == {tag["name"] for tag in TAGS}
    for path, operation in operations(schema):
        assert all(operation.get(text) for text in TEXTS), path
        done = "201" if "201" in operation["responses"] else "200"
        assert {done, "400", "401", "404", "406", "429"} <= operation["responses"].keys(), path
        scopes = operation["security"][0]["partner"]
        assert bool(scopes) == ("403" in operation["responses"]), path
        if not path.endswith(".pdf"):
            (first, *_) = operation["responses"][done]["content"].values()
            assert first["examples"], path
        for parameter in operation["parameters"]:
            assert (
                parameter["in"] == "path"
                or parameter.get("description")
                or parameter["name"] in {"format", "kind"}
            )


def test_the_sign_in_is_described(schema, partner):
    scheme = schema["components"]["securitySchemes"]["partner"]
    flow = scheme["flows"]["clientCredentials"]
    assert flow["scopes"].keys() == {scope.value for scope in Scope}
    assert flow["tokenUrl"].endswith("/api/token")
    assert schema["components"]["responses"]["Scope"]["headers"]["WWW-Authenticate"]


def test_examples_have_the_members_that_the_schema_names(schema):
    for path, operation in operations(schema):
        done = operation["responses"].get("200") or operation["responses"]["201"]
        sent = operation.get("requestBody", {"content": {}})
        for media, content in [*done["content"].items(), *sent["content"].items()]:
            if media != "application/json":
                continue
            shape = plain(schema, content["schema"])
            for shown in content["examples"].values():
                matches(schema, shape, shown["value"], path)


def plain(schema, shape):
    if "$ref" in shape:
        return plain(schema, schema["components"]["schemas"][shape["$ref"].rpartition("/")[2]])
    return plain(schema, shape["allOf"][0]) if "allOf" in shape else shape


def matches(schema, shape, value, where):
    shape = plain(schema, shape)
    if isinstance(value, dict):
        assert value.keys() <= shape["properties"].keys(), where
        assert set(shape.get("required", ())) <= value.keys(), where
        for name, member in value.items():
            matches(schema, shape["properties"][name], member, f"{where} {name}")
    elif isinstance(value, list):
        for member in value:
            matches(schema, shape["items"], member, where)


# --- The API held to its schema ------------------------------------------------------------------------------------
PATHS = (
    "",
    "activities",
    "activities/{id}",
    "commitments",
    "outcomes",
    "measures",
    "observations",
    "observations.csv",
    "programmes",
    "returns",
    "returns/{id}",
    "reports",
    "reports/{id}",
    "reports/{id}/report.pdf",
    "links",
    "channels",
)
CHECKED = settings(
    max_examples=20, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture
def owed(world) -> Any:
    """A return that the partner's own organisation owes."""
    made = make_returns(world)
    found = made.of(made.summer, made.trust)
    Return.objects.filter(pk=found.pk).update(organisation=world.organisation)
    return found


@pytest.fixture
def api(partner, world, activities, report, owed) -> Iterator[Any]:
    """The schema as schemathesis reads it, over a world with something of everything, and all of it open.

    Requests come through WSGI itself, which closes connections between them; here they share the test's transaction.
    """
    ours = world.partnership
    open_influence(partnership=ours, is_open=True, expected_version=ours.version, by=world.manager)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    loaded = schemathesis.openapi.from_wsgi(f"{SCHEMA}?format=json", application)
    yield loaded
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def operation_of(api, path, method="GET"):
    return api[f"/api/v1/p/{{partnership}}/{path}"][method]


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("path", PATHS)
def test_it_does_as_it_says(api, partner, activities, report, owed, path, mode):
    """At a right address, with parameters that the schema allows or forbids: what the schema says comes back."""
    ids = {"activities": activities.shared.pk, "reports": report.pk, "returns": owed.pk}

    @CHECKED
    @given(case=operation_of(api, path).as_strategy(generation_mode=mode))
    def check(case):
        cache.clear()
        case.path_parameters["partnership"] = partner.client.partnership.slug
        if "id" in case.path_parameters:
            case.path_parameters["id"] = ids[path.partition("/")[0]]
        response = case.call(headers={"Authorization": f"Bearer {partner.token}"})
        # A well-formed name that leads nowhere is refused on purpose; this one check takes that for a mistake.
        case.validate_response(response, excluded_checks=[positive_data_acceptance])
        assert response.status_code in {200, 400, 406}

    check()


@pytest.mark.parametrize("path", PATHS)
def test_made_up_addresses_and_tokens_lead_nowhere(api, partner, path):
    @settings(CHECKED, max_examples=5)
    @given(case=operation_of(api, path).as_strategy())
    def check(case):
        cache.clear()
        assert case.call(headers={"Authorization": f"Bearer {partner.token}"}).status_code == 404
        assert case.call(headers={"Authorization": "Bearer made-up"}).status_code == 401

    check()


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize(("path", "method"), sorted(WRITES))
def test_writing_does_as_it_says(api, partner, owed, path, method, mode):
    """Whatever is sent: it is done, or there is a problem that says why, and never a failure."""

    @CHECKED
    @given(case=operation_of(api, path, method.upper()).as_strategy(generation_mode=mode))
    def check(case):
        cache.clear()
        case.path_parameters["partnership"] = partner.client.partnership.slug
        if "id" in case.path_parameters:
            case.path_parameters["id"] = owed.pk
        response = case.call(headers={"Authorization": f"Bearer {partner.token}"})
        case.validate_response(response, excluded_checks=[positive_data_acceptance])
        assert response.status_code in {200, 201, 400, 406, 409, 422}

    check()
