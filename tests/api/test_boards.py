"""Boards, meetings and decisions: what partners decide, without the people who decided it."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships.actions.agendas import add_item
from partnerships.actions.attendance import Attended, record_attendance
from partnerships.actions.boards import add_board
from partnerships.actions.decisions import follow_up_decision, record_decision
from partnerships.actions.meetings import plan_meeting, write_minutes
from partnerships.actions.rules import add_rule
from partnerships.actions.seats import open_vacancy
from people.actions.api_clients import make_api_client
from people.permissions import Scope
from tests.api.conftest import signed_in

pytestmark = pytest.mark.django_db
LISTS = ("boards", "meetings", "decisions")


@pytest.fixture
def decided(world):
    """A meeting of our board with one of everything, in whose texts people are named; and one of our neighbours."""
    meeting = plan_meeting(
        board=world.board,
        held_on=date(2026, 3, 2),
        starts_at=time(10),
        where="Test officer’s office",
        by=world.officer,
    )
    item = add_item(meeting=meeting, title="Budget by Test officer", minutes=20, by=world.officer)
    write_minutes(
        meeting=meeting,
        expected_version=1,
        minutes="Kept here.",
        notes={item.pk: "Also kept."},
        by=world.officer,
    )
    record_attendance(meeting=meeting, people=[Attended(world.chair, "present")], by=world.officer)
    rule = add_rule(partnership=world.partnership, text="Nothing about us without us", by=world.manager)
    decision = record_decision(
        meeting=meeting, what="Ask Test officer first", agenda_item=item, rule=rule, by=world.officer
    )
    follow_up_decision(
        decision=decision,
        expected_version=1,
        effect="done",
        effect_note="Seen.",
        effect_on=timezone.localdate(),
        by=world.officer,
    )
    open_vacancy(board=world.board, kind="member", by=world.manager)
    theirs = add_board(partnership=world.other, name="Theirs", level="strategic")
    elsewhere = plan_meeting(board=theirs, held_on=date(2026, 3, 2), by=world.stranger)
    record_decision(meeting=elsewhere, what="Nothing of ours", by=world.stranger)
    return meeting


def test_boards_with_lines_seats_and_empty_seats(partner, world, decided):
    lower = add_board(
        partnership=world.partnership, name="Forum", level="hyper_local", reports_to=world.board
    )
    first, second = partner.get("boards").json()["items"]
    assert (first["name"], first["seats"], first["empty_seats"]) == ("Active Lives Board", 1, 1)
    assert second["id"] == str(lower.pk)
    assert second["reports_to"] == [{"id": str(world.board.pk), "name": "Active Lives Board"}]


def test_a_meeting_with_its_agenda_and_nothing_of_its_minutes(partner, decided):
    (row,) = partner.get("meetings").json()["items"]
    assert (row["held_on"], row["starts_at"], row["status"]) == ("2026-03-02", "10:00:00", "planned")
    assert row["agenda"] == [{"title": "Budget by [name]", "purpose": "discussion", "minutes": 20}]


def test_a_decision_with_its_rule_and_what_became_of_it(partner, decided):
    (row,) = partner.get("decisions").json()["items"]
    assert row["what"] == "Ask [name] first"
    assert (row["rule"], row["effect"], row["effect_note"]) == (
        "Nothing about us without us",
        "done",
        "Seen.",
    )
    assert row["meeting_id"] == str(decided.pk)


def test_minutes_and_people_leave_nowhere(partner, decided, world):
    for path in LISTS:
        for form in ("", "?format=csv"):
            text = partner.get(path + form).content.decode()
            for hidden in ("Kept here", "Also kept", world.chair.name, world.officer.name, "Nothing of ours"):
                assert hidden not in text, (path, hidden)


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ({}, 1),
        ({"from": "2026-03-02", "to": "2026-03-02"}, 1),
        ({"from": "2026-03-03"}, 0),
        ({"to": "2026-03-01"}, 0),
    ],
)
@pytest.mark.parametrize("path", ["meetings", "decisions"])
def test_narrowed_to_days(partner, decided, path, asked, number):
    assert len(partner.get(path, **asked).json()["items"]) == number


@pytest.mark.parametrize("path", LISTS)
def test_what_changed_since(partner, decided, path):
    past = (timezone.now() - timedelta(minutes=5)).isoformat()
    coming = (timezone.now() + timedelta(minutes=5)).isoformat()
    assert len(partner.get(path, changed_since=past).json()["items"]) == 1
    assert partner.get(path, changed_since=coming).json()["items"] == []


def test_narrowed_to_a_board_of_ours_only(partner, decided, world):
    theirs = world.other.boards.get()
    for path in ("meetings", "decisions"):
        assert len(partner.get(path, board=world.board.pk).json()["items"]) == 1
        assert partner.get(path, board=theirs.pk).status_code == 400


@pytest.mark.parametrize("path", LISTS)
def test_another_scope_does_not_open_them(world, path):
    made = make_api_client(
        partnership=world.partnership, name="Other system", scopes=[Scope.ACTIVITIES], by=world.manager
    )
    assert signed_in(made.client, made.secret).get(path).status_code == 403


def test_more_meetings_ask_the_database_no_more_often(partner, decided, world):
    def asked(path):
        with CaptureQueriesContext(connection) as queries:
            assert partner.get(path).status_code == 200
        return len(queries)

    before = [asked(path) for path in LISTS]
    for day in range(3, 8):
        meeting = plan_meeting(board=world.board, held_on=date(2026, 3, day), by=world.officer)
        record_decision(meeting=meeting, what="More", by=world.officer)
        add_item(meeting=meeting, title="More", by=world.officer)
        add_board(
            partnership=world.partnership, name=f"Board {day}", level="steering", reports_to=world.board
        )
    assert [asked(path) for path in LISTS] == before
