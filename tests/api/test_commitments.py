"""Commitments: what was promised and what became of it, without the people."""

from __future__ import annotations

import pytest

from outcomes.actions.commitments import make_commitment_for_outcomes
from partnerships.actions.activities import log_activity
from partnerships.actions.boards import add_board
from partnerships.actions.commitments import edit_commitment
from partnerships.actions.commitments_closing import Successor, verify_commitment
from partnerships.models import BoardLevel, Commitment, Decision, Visibility
from people.models import Person
from tests.api.conftest import read, signed_in
from tests.partnerships.commitments_world import close, day, meeting_of, promise


def items(partner, **asked):
    return partner.get("commitments", **asked).json()["items"]


def test_everything_but_people_is_there(partner, world, figures):
    held = meeting_of(world.board, on=day(-3))
    decision = Decision.objects.create(
        partnership=world.partnership, meeting=held, what="Test chair lights the path"
    )
    made = make_commitment_for_outcomes(
        partnership=world.partnership,
        by=world.officer,
        what="Ask Test partner for lamps",
        detail="Test chair knows whom",
        owner=world.partner,
        accountable=world.chair,
        due_on=day(9),
        decision=decision,
        programme=world.programme,
        outcomes=[figures.outcome],
    )
    closed = close(made, by=world.partner, reason="Test officer paid")
    verify_commitment(
        commitment=closed,
        expected_version=2,
        by=world.chair,
        verdict="adequate",
        note="Test partner showed me",
    )
    (row,) = items(partner)
    assert (row["what"], row["detail"]) == ("Ask [name] for lamps", "[name] knows whom")
    assert (row["reason"], row["verification"]) == ("[name] paid", "[name] showed me")
    assert row["decision"] == "[name] lights the path"
    assert (row["status"], row["verdict"], row["is_owned"], row["is_overdue"]) == (
        "kept",
        "adequate",
        True,
        False,
    )
    assert (row["organisation"], row["board"], row["programme"]) == (
        "Testborough Council",
        "Active Lives Board",
        "Holiday club",
    )
    assert (row["due_on"], row["closed_on"], row["meeting_on"]) == (
        day(9).isoformat(),
        day().isoformat(),
        day(-3).isoformat(),
    )
    assert row["outcomes"] == [{"id": str(figures.outcome.pk), "title": "More people are active"}]
    assert partner.get(f"commitments/{made.pk}").json() == row
    text = read(partner.get("commitments", format="csv"))
    for person in Person.objects.filter(is_system=False):
        assert person.name not in text


def test_another_partnership_keeps_its_own(partner, world):
    theirs = promise(world, partnership=world.other, by=world.stranger)
    board = add_board(partnership=world.other, name="Theirs", level=BoardLevel.STEERING)
    assert items(partner) == []
    assert partner.get(f"commitments/{theirs.pk}").status_code == 404
    assert partner.get("commitments", board=board.pk).status_code == 400


def test_an_activity_is_named_only_where_all_may_see_it(partner, world):
    given = {"partnership": world.partnership, "by": world.officer, "happened_on": day(-1)}
    private = log_activity(**given, title="A", visibility=Visibility.AUTHORS)
    shared = log_activity(**given, title="B")
    for activity in (private, shared):
        promise(world, activity=activity)
    assert [row["activity_id"] for row in items(partner)] == [None, str(shared.pk)]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["free", "late", "kept", "changed", "later"]),
        ({"status": "open"}, ["free", "late", "later"]),
        ({"status": "kept"}, ["kept"]),
        ({"overdue": "true"}, ["late"]),
        ({"unowned": "true"}, ["free", "later"]),
        ({"due_to": "2020-01-01"}, []),
        ({"changed_since": "2999-01-01"}, []),
    ],
)
def test_filters(partner, world, asked, found):
    promise(world, "free", due_on=day(5))
    promise(world, "late", overdue=4, owner=world.officer)
    close(promise(world, "kept", owner=world.officer), by=world.officer)
    close(promise(world, "changed"), by=world.officer, status="changed", into=Successor("later", day(50)))
    assert [row["what"] for row in items(partner, **asked)] == found


def test_whoever_fetches_what_is_new_gets_what_changed(partner, world):
    promise(world, "first")
    second = promise(world, "second")
    moment = Commitment.objects.get(pk=second.pk).updated_at.isoformat()
    edit_commitment(commitment=second, expected_version=1, by=world.officer, what="second, again")
    rows = items(partner, changed_since=moment)
    assert [row["what"] for row in rows] == ["second, again"]


def test_pages_and_queries(partner, world, django_assert_num_queries):
    for number in range(5):
        promise(world, f"Promise {number}", board=world.board, owner=world.officer)
    first = partner.get("commitments", page_size=2).json()
    assert len(first["items"]) == 2
    second = partner.browser.get(first["next"]).json()
    assert [row["what"] for row in second["items"]] == ["Promise 2", "Promise 3"]
    with django_assert_num_queries(7):
        partner.get("commitments")


def test_its_scope_is_asked_for(partner, world):
    made = promise(world)
    narrow = signed_in(partner.client, partner.secret, scope="activities:read")
    assert narrow.get("commitments").status_code == 403
    assert narrow.get(f"commitments/{made.pk}").status_code == 403
