"""Links between boards: closed until the partnership opens them, then numbers and never a name."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.actions.boards import add_board, take_seat
from partnerships.errors import EditConflict
from partnerships.models import BoardLevel, SeatKind
from people.actions.api_clients import make_api_client
from people.actions.memberships import add_person
from people.actions.opening import open_influence
from people.models import Audience, Message, Voice, Way
from people.permissions import Scope
from tests.api.conftest import signed_in
from tests.api.test_door import is_problem

pytestmark = pytest.mark.django_db
BEGAN = date(2024, 4, 1)
ENDED = date(2025, 9, 30)
BOTH = ("links", "channels?from=1&to=2")


def opened(world, *, is_open=True):
    world.partnership.refresh_from_db()
    return open_influence(
        partnership=world.partnership,
        is_open=is_open,
        expected_version=world.partnership.version,
        by=world.manager,
    )


@pytest.fixture
def linked(world):
    """A forum linked to the board by two people, one of whom left in 2025; named in the name of the forum itself."""
    world.robin = add_person(name="Robin Practitioner")
    world.kim = add_person(name="Kim Lead")
    world.forum = add_board(
        partnership=world.partnership, name="Robin Practitioner’s forum", level=BoardLevel.HYPER_LOCAL
    )
    for board in (world.forum, world.board):
        take_seat(board=board, person=world.robin, kind=SeatKind.MEMBER, starts_on=BEGAN)
        take_seat(board=board, person=world.kim, kind=SeatKind.MEMBER, starts_on=BEGAN, ends_on=ENDED)
    voice = Voice.objects.create(
        partnership=world.partnership,
        theme="Somewhere to sit",
        words="There is nowhere to sit.",
        said_on=date(2025, 5, 1),
        said_as="A resident",
        board=world.forum,
        audience=Audience.FORUM,
    )
    Message.objects.create(
        partnership=world.partnership,
        voice=voice,
        carried_on=date(2025, 6, 1),
        way=Way.PAPER,
        to_board=world.board,
        carried_by=world.robin,
    )
    return world


@pytest.mark.parametrize("path", BOTH)
def test_closed_until_it_is_opened_and_closed_again_at_once(partner, linked, path):
    body = is_problem(partner.get(path), 403, "closed")
    assert "manager" in body["what_to_do"]
    opened(linked)
    assert partner.get(path).status_code in (200, 400)
    opened(linked, is_open=False)
    is_problem(partner.get(path), 403, "closed")


@pytest.mark.parametrize("path", BOTH)
def test_opening_it_gives_it_to_nobody_without_the_scope(world, path):
    opened(world)
    made = make_api_client(
        partnership=world.partnership,
        name="Narrow",
        scopes=[scope for scope in Scope if scope is not Scope.INFLUENCE],
        by=world.manager,
    )
    narrow = signed_in(made.client, made.secret)
    is_problem(narrow.get(path), 403, "scope")
    is_problem(narrow.get(f"/api/v1/p/otherborough-together/{path}"), 404, "not-found")


def test_links_are_numbers_of_the_day(partner, linked):
    opened(linked)
    pair = {"one": str(linked.board.pk), "other": str(linked.forum.pk)}
    then = partner.get("links", on="2025-09-30").json()
    assert then["on"] == "2025-09-30"
    assert then["links"] == [pair | {"people": 2, "carried": 1}]
    assert partner.get("links", on="2025-10-01").json()["links"] == [pair | {"people": 1, "carried": 1}]
    assert partner.get("links", on="2026-07-01").json()["links"] == [pair | {"people": 1, "carried": 0}]
    assert partner.get("links", on="2024-03-31").json()["links"] == []
    assert [board["level"] for board in then["boards"] if board["id"] == pair["other"]] == [0]


def test_channels_are_found_on_a_day_and_in_a_direction(partner, linked):
    opened(linked)
    forum, board = str(linked.forum.pk), str(linked.board.pk)
    found = partner.get("channels", **{"from": forum, "to": board, "on": "2025-09-30"}).json()
    step = {"from": forum, "to": board, "people": 2, "carried": 1}
    assert found["channels"] == [{"used": True, "steps": [step]}]
    assert found["from"] == {"id": forum, "name": "[name]’s forum"}
    back = partner.get("channels", **{"from": board, "to": forum, "on": "2025-09-30"}).json()
    assert back["channels"][0]["used"] is False
    assert (
        partner.get("channels", **{"from": forum, "to": board, "on": "2023-01-01"}).json()["channels"] == []
    )


def test_nobody_is_named_and_nothing_said(partner, linked):
    opened(linked)
    ends = {"from": linked.forum.pk, "to": linked.board.pk}
    for response in (partner.get("links"), partner.get("channels", **ends, on="2025-09-30")):
        text = response.content.decode()
        for hidden in ("Robin", "Kim", "nowhere to sit", "Somewhere to sit", linked.chair.name):
            assert hidden not in text, hidden


def test_what_leads_nowhere_is_400(partner, linked):
    opened(linked)
    theirs = add_board(partnership=linked.other, name="Theirs", level=BoardLevel.STRATEGIC)
    here = linked.board.pk
    for wrong, asked in (
        ("to", {"from": here, "to": theirs.pk}),
        ("from", {"from": "x", "to": here}),
        ("to", {"from": here, "to": "9" * 30}),
        ("to", {"from": here, "to": here}),
        ("to", {"from": here}),
        ("on", {"from": here, "to": linked.forum.pk, "on": "soon"}),
    ):
        body = is_problem(partner.get("channels", **asked), 400, "parameter")
        assert {error["parameter"] for error in body["errors"]} == {wrong}
    is_problem(partner.get("links", on="2026-02-30"), 400, "parameter")


def test_the_start_says_whether_it_is_open(partner, linked):
    def allowed():
        return {row["name"]: row["allowed"] for row in partner.get().json()["resources"]}

    assert (allowed()["links"], allowed()["channels"], allowed()["boards"]) == (False, False, True)
    opened(linked)
    assert allowed()["links"]


def test_more_boards_ask_the_database_no_more_often(partner, linked):
    opened(linked)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert partner.get("links").status_code == 200
        return len(queries)

    before = asked()
    for number in range(5):
        board = add_board(partnership=linked.partnership, name=f"Board {number}", level=BoardLevel.STEERING)
        take_seat(board=board, person=linked.robin, kind=SeatKind.MEMBER, starts_on=BEGAN)
    assert asked() == before


# --- The page that opens it ------------------------------------------------------------------------------------------
def test_a_manager_opens_it_knowing_what_is_read(as_, linked):
    page = reverse("influence-opening", args=[linked.partnership.slug])
    assert as_("officer").get(page).status_code == 403
    assert as_("stranger").get(page).status_code == 404
    shown = as_("manager").get(page).content.decode()
    assert "Robin Practitioner’s forum" in shown
    assert (
        "Closed"
        in as_("manager").get(reverse("api-clients", args=[linked.partnership.slug])).content.decode()
    )
    sent = as_("manager").post(page, {"is_open": "yes", "version": linked.partnership.version})
    assert sent.status_code == 302
    linked.partnership.refresh_from_db()
    assert linked.partnership.opens_influence
    late = as_("manager").post(page, {"is_open": "no", "version": linked.partnership.version - 1})
    assert "Somebody else saved this" in late.content.decode()


def test_two_who_open_and_close_at_once(world):
    version = world.partnership.version
    open_influence(partnership=world.partnership, is_open=True, expected_version=version, by=world.manager)
    with pytest.raises(EditConflict):
        open_influence(
            partnership=world.partnership, is_open=False, expected_version=version, by=world.manager
        )
