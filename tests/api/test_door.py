"""What the API answers when it gives nothing, and how its lists are walked."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client

from outcomes.actions.setting_up import log_activity_for_outcomes
from partnerships.actions.programmes import add_programme
from partnerships.models import ProgrammeKind
from people.partner_access import endpoints
from people.partner_access.problems import PROBLEMS
from people.permissions import Scope
from tests.api.conftest import read, signed_in

ENDPOINTS = {
    "": None,
    "activities": Scope.ACTIVITIES,
    "boards": Scope.COMMITMENTS,
    "meetings": Scope.COMMITMENTS,
    "decisions": Scope.COMMITMENTS,
    "commitments": Scope.COMMITMENTS,
    "outcomes": Scope.OBSERVATIONS,
    "measures": Scope.OBSERVATIONS,
    "observations": Scope.OBSERVATIONS,
    "observations.csv": Scope.OBSERVATIONS,
    "programmes": Scope.PROGRAMMES,
    "returns": Scope.PROGRAMMES,
    "partnership": Scope.ORGANISATIONS,
    "organisations": Scope.ORGANISATIONS,
    "places": Scope.ORGANISATIONS,
    "reports": Scope.REPORTS,
}
LISTS = (
    "activities",
    "commitments",
    "boards",
    "meetings",
    "decisions",
    "outcomes",
    "measures",
    "observations",
    "programmes",
    "returns",
    "organisations",
    "places",
    "reports",
)


def is_problem(response, status, name):
    assert response.status_code == status, response.content[:400]
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert {"type", "title", "status", "detail", "what_to_do"} <= body.keys()
    assert body["status"] == status
    assert body["type"].endswith(f"/api/#problem-{name}")
    return body


@pytest.mark.parametrize("path", ENDPOINTS)
def test_no_token_gets_401(partner, path):
    response = Client().get(partner.root + path)
    is_problem(response, 401, "token")
    assert response["WWW-Authenticate"] == 'Bearer realm="Throughline partner API"'


@pytest.mark.parametrize("header", ["Bearer wrong", "Bearer", "Bearer  ", "Basic abc", "bearer a\x01b"])
def test_no_other_token_gets_in(partner, header):
    response = Client(headers={"authorization": header}).get(partner.root)
    is_problem(response, 401, "token")
    if header.startswith("Bearer w"):
        assert 'error="invalid_token"' in response["WWW-Authenticate"]


def test_a_session_is_no_token(partner, as_):
    is_problem(as_("manager").get(partner.root), 401, "token")


@pytest.mark.parametrize(("path", "scope"), [(path, scope) for path, scope in ENDPOINTS.items() if scope])
def test_without_the_scope_there_is_403(partner, path, scope):
    others = " ".join(other.value for other in Scope if other is not scope)
    response = signed_in(partner.client, partner.secret, scope=others).get(path)
    assert is_problem(response, 403, "scope")["scope"] == scope.value
    assert response["WWW-Authenticate"] == f'Bearer error="insufficient_scope", scope="{scope.value}"'


@pytest.mark.parametrize("path", ENDPOINTS)
@pytest.mark.parametrize("slug", ["otherborough-together", "nowhere"])
def test_another_partnership_is_not_found_whatever_the_scope(partner, path, slug):
    narrow = signed_in(partner.client, partner.secret, scope="reports:read")
    for who in (partner, narrow):
        is_problem(who.get(f"/api/v1/p/{slug}/{path}"), 404, "not-found")


@pytest.mark.parametrize(
    "path", [*ENDPOINTS, "activities/1", "commitments/1", "reports/1", "reports/1/report.pdf"]
)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_nothing_else_can_be_written(partner, path, method):
    """Figures and returns can, which have tests of their own."""
    if (path, method) == ("observations", "post"):
        return
    response = getattr(partner.browser, method)(partner.root + path, "{", content_type="application/json")
    is_problem(response, 405, "method")
    assert response["Allow"] == ("GET, HEAD, POST" if path == "observations" else "GET, HEAD")


@pytest.mark.parametrize("path", ENDPOINTS)
def test_head_says_what_get_would(partner, figures, path):
    response = partner.browser.head(partner.root + path)
    assert response.status_code == 200
    assert not response.content


@pytest.mark.parametrize("path", ENDPOINTS)
def test_nobody_else_s_page_may_read_answers(partner, path):
    response = partner.get(path, headers={"origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in response
    assert {"Authorization", "Accept"} <= {name.strip() for name in response["Vary"].split(",")}


@pytest.mark.parametrize("path", ENDPOINTS)
def test_unknown_parameters_are_named(partner, path):
    body = is_problem(partner.get(path, wibble="1", wobble="2"), 400, "parameter")
    assert {error["parameter"] for error in body["errors"]} == {"wibble", "wobble"}
    assert "wibble" in body["detail"]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page_size", "0"),
        ("page_size", "1001"),
        ("page_size", "99999999999999999999"),
        ("page_size", "-1"),
        ("page_size", "ten"),
        ("page_size", ""),
        ("page_size", "1\x00"),
        ("cursor", ""),
        ("cursor", "wrong"),
        ("cursor", "!"),
        ("cursor", "a\x00b"),
        ("cursor", "YWZ0ZXI6LTE"),  # after:-1
        ("cursor", "YWZ0ZXI6OTk5OTk5OTk5OTk5OTk5OTk5OTk"),  # after:99999999999999999999
        ("cursor", "A" * 4000),
        ("changed_since", "yesterday"),
        ("changed_since", "2026-13-01"),
        ("changed_since", "\x00"),
        ("format", "xml"),
        ("format", ""),
    ],
)
def test_wrong_values_are_400_and_named(partner, path, name, value):
    body = is_problem(partner.get(path, **{name: value}), 400, "parameter")
    assert {error["parameter"] for error in body["errors"]} == {name}


def test_a_parameter_given_twice_is_400(partner):
    body = is_problem(partner.get("activities?kind=event&kind=call"), 400, "parameter")
    assert body["errors"][0]["parameter"] == "kind"


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ("activities", "kind", "party"),
        ("activities", "programme", "999999"),
        ("activities", "programme", "0"),
        ("activities", "programme", "9" * 30),
        ("activities", "place", "E99999999"),
        ("activities", "place", "e08000012"),
        ("activities", "from", "01/02/2026"),
        ("measures", "outcome", "999999"),
        ("measures", "programme", "x"),
        ("measures", "kind", "event"),
        ("observations", "measure", "no-such"),
        ("observations", "measure", "a\x00b"),
        ("observations", "place", "Testborough"),
        ("observations", "place_id", "999999999999999999"),
        ("observations", "as_of", "soon"),
        ("observations", "as_of", "2026-02-30"),
        ("observations.csv", "page_size", "10"),
        ("observations.csv", "as_of", "soon"),
        ("reports", "to", "2026"),
    ],
)
def test_what_leads_nowhere_is_400(partner, figures, path, name, value):
    body = is_problem(partner.get(path, **{name: value}), 400, "parameter")
    assert {error["parameter"] for error in body["errors"]} == {name}


def test_names_of_another_partnership_lead_nowhere(partner, world):
    theirs = add_programme(partnership=world.other, name="Theirs", kind=ProgrammeKind.OTHER)
    assert partner.get("activities", programme=theirs.pk).status_code == 400
    assert partner.get("measures", programme=theirs.pk).status_code == 400


def test_no_other_format_is_offered(partner):
    is_problem(partner.get("activities", headers={"accept": "application/xml"}), 406, "format")
    assert partner.get("activities", headers={"accept": "*/*"})["Content-Type"] == "application/json"
    assert partner.get("activities", headers={"accept": "text/csv"})["Content-Type"].startswith("text/csv")


@pytest.mark.parametrize("path", ["/api/v1/", "/api/v1/nowhere", "/api/v1/p/testborough-together/people"])
def test_other_addresses_are_problems_too(partner, path):
    is_problem(partner.get(path), 404, "not-found")
    is_problem(Client().get(path), 404, "not-found")


def test_too_many_requests_are_told_when_to_come_back(partner, monkeypatch):
    from people.partner_access.throttling import PartnerThrottle

    monkeypatch.setattr(
        PartnerThrottle, "THROTTLE_RATES", {"partner-api": "2/min", "partner-export": "1/min"}
    )
    cache.clear()
    assert [partner.get().status_code for _ in range(2)] == [200, 200]
    refused = partner.get("activities")
    is_problem(refused, 429, "too-often")
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert read(partner.get("observations.csv")), "Exports are counted apart."
    assert partner.get("observations.csv").status_code == 429


def test_without_the_cache_requests_go_on(partner, monkeypatch):
    from redis.exceptions import ConnectionError

    def gone(*args, **kwargs):
        raise ConnectionError("no broker")

    monkeypatch.setattr("rest_framework.throttling.SimpleRateThrottle.cache.get", gone)
    assert partner.get().status_code == 200


def test_what_nobody_foresaw_shows_nothing_of_its_inside(partner, monkeypatch):
    def broken(*args):
        raise RuntimeError("secret inside")

    monkeypatch.setattr("reports.api.start.Start.resource", broken)
    partner.browser.raise_request_exception = False
    response = partner.get()
    is_problem(response, 500, "failed")
    assert b"secret inside" not in response.content


def test_every_problem_is_explained_on_the_page(client, db):
    text = client.get("/api/").content.decode()
    for problem in PROBLEMS:
        assert f'id="problem-{problem.name}"' in text


# --- Walking a list ----------------------------------------------------------------------------------------------
def log(world, number):
    return [
        log_activity_for_outcomes(
            partnership=world.partnership,
            by=world.officer,
            title=f"Activity {n}",
            happened_on=date(2026, 1, 1),
        )
        for n in range(number)
    ]


def test_a_walk_meets_each_item_once_whatever_is_written_meanwhile(partner, world):
    made = log(world, 7)
    page = partner.get("activities", page_size=3)
    assert page["Link"] == f'<{page.json()["next"]}>; rel="next"'
    met = [item["id"] for item in page.json()["items"]]
    made[0].delete()
    made[5].delete()
    type(made[1]).objects.filter(pk=made[1].pk).update(happened_on=date(2026, 6, 1))
    late = log(world, 2)
    address = page.json()["next"]
    while address:
        page = partner.browser.get(address)
        met += [item["id"] for item in page.json()["items"]]
        address = page.json()["next"]
    assert "Link" not in page
    # The first page was read before its first activity went.
    kept = [made[0], made[1], made[2], made[3], made[4], made[6], *late]
    assert met == [str(pk) for pk in pks_of(kept, first=int(met[0]))]


def pks_of(kept, first):
    """Their ids; Django forgets the id of what was deleted."""
    return [first if activity.pk is None else activity.pk for activity in kept]


def test_the_next_address_keeps_what_was_asked(partner, world):
    log(world, 3)
    following = partner.get("activities", page_size=2, kind="meeting", format="csv")
    assert "kind=meeting" in following["Link"]
    assert "format=csv" in following["Link"]
    assert "page_size=2" in following["Link"]


def test_a_page_that_is_just_full_is_the_last(partner, world):
    log(world, 2)
    assert partner.get("activities", page_size=2).json()["next"] is None


def test_cursors_read_what_they_write():
    for number in (0, 1, 12345, 10**17):
        assert endpoints.after(endpoints.cursor(number)) == number


def test_what_has_not_changed_is_not_sent_again(partner, figures):
    first = partner.get("measures")
    again = partner.get("measures", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert not again.content
    assert first["Cache-Control"] == "private, no-cache"
    is_problem(partner.get("measures", x="1", headers={"if-none-match": "*"}), 400, "parameter")


def test_the_start_says_what_is_there(partner, world, django_assert_num_queries):
    narrow = signed_in(partner.client, partner.secret, scope="reports:read")
    body = narrow.get().json()
    assert body["partnership"] == {"slug": "testborough-together", "name": "Testborough Together"}
    assert body["sign_in"]["scopes"] == ["reports:read"]
    assert body["sign_in"]["name"] == "Leisure trust warehouse"
    assert {row["name"]: row["allowed"] for row in body["resources"]} == {
        "activities": False,
        "channels": False,
        "links": False,
        "boards": False,
        "meetings": False,
        "decisions": False,
        "commitments": False,
        "outcomes": False,
        "measures": False,
        "observations": False,
        "observations.csv": False,
        "programmes": False,
        "returns": False,
        "partnership": False,
        "organisations": False,
        "places": False,
        "reports": True,
    }
    resources = partner.get().json()["resources"]
    assert [row["name"] for row in resources if not row["allowed"]] == ["links", "channels"]  # not opened yet
    for row in resources:
        if row["allowed"]:
            assert read(partner.browser.get(row["url"]))
    with django_assert_num_queries(4):
        partner.get()
