"""Boards in full: lines of reporting, vacancies, closing and opening again, and the chair's view."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.actions.agendas import add_item
from partnerships.actions.boards import add_board, close_board, edit_board, reopen_board
from partnerships.actions.commitments import make_commitment
from partnerships.actions.decisions import record_decision
from partnerships.actions.meetings import mark_held, plan_meeting
from partnerships.actions.seats import close_vacancy, end_seat, open_vacancy, take_seat
from partnerships.errors import DomainError, EditConflict
from partnerships.models import Board, MeetingStatus, Seat, SeatKind, Vacancy
from partnerships.queries.boards import boards_of
from people.actions.memberships import add_person
from tests.partnerships.meeting_world import board_address, date_fields, days, meeting_on

pytestmark = pytest.mark.django_db


def board(world, name, **said):
    return add_board(partnership=world.partnership, name=name, level="steering", **said)


def vacancy(world, **said):
    return open_vacancy(board=world.board, kind=SeatKind.MEMBER, by=world.manager, **said)


def closed(world, on, because="Merged with another"):
    found = close_board(
        board=world.board, expected_version=world.board.version, on=on, because=because, by=world.manager
    )
    world.board.refresh_from_db()
    return found


# --- Lines of reporting ------------------------------------------------------------------------------------------
def test_a_circle_through_other_lines_is_refused(world):
    middle = board(world, "Middle", also_reports_to=[world.board])
    lower = board(world, "Lower", reports_to=middle)
    for field, value in (
        ("reports_to", lower),
        ("also_reports_to", [lower]),
        ("also_reports_to", [world.board]),
    ):
        with pytest.raises(DomainError, match="report to itself") as refused:
            edit_board(board=world.board, expected_version=1, by=world.manager, **{field: value})
        assert refused.value.field == field
    with pytest.raises(DomainError, match="already"):
        edit_board(
            board=lower, expected_version=1, by=world.manager, reports_to=middle, also_reports_to=[middle]
        )
    assert edit_board(board=lower, expected_version=1, by=world.manager, also_reports_to=[world.board])
    assert list(lower.also_reports_to.all()) == [world.board]


def test_lines_lead_to_boards_of_this_partnership_only(world, as_):
    theirs = add_board(partnership=world.other, name="Theirs", level="steering")
    with pytest.raises(DomainError):
        board(world, "Mine", also_reports_to=[theirs])
    form = {"name": "Forged", "level": "steering", "also_reports_to": [theirs.pk]}
    from django.urls import reverse

    answer = as_("manager").post(reverse("board-new", args=[world.partnership.slug]), form)
    assert answer.status_code == 200
    assert not Board.objects.filter(name="Forged").exists()


# --- Vacancies ---------------------------------------------------------------------------------------------------
def test_a_vacancy_is_filled_by_taking_the_seat_once(world):
    empty = vacancy(world, note="A parent", since=days(-20))
    seat = take_seat(board=world.board, person=world.resident, vacancy=empty, by=world.manager)
    empty.refresh_from_db()
    assert (empty.filled_by, empty.closed_on) == (seat, days(0))
    with pytest.raises(DomainError, match="since"):
        take_seat(board=world.board, person=world.partner, vacancy=empty, by=world.manager)
    assert not Seat.objects.filter(person=world.partner).exists()


def test_a_vacancy_of_another_board_is_not_filled(world):
    other = open_vacancy(board=board(world, "Other"), kind=SeatKind.MEMBER, by=world.manager)
    with pytest.raises(DomainError):
        take_seat(board=world.board, person=world.resident, vacancy=other, by=world.manager)
    assert not Seat.objects.filter(person=world.resident).exists()


def test_ending_a_seat_can_show_that_it_is_empty(world, as_):
    seat = take_seat(
        board=world.board,
        person=world.resident,
        kind=SeatKind.VICE_CHAIR,
        organisation=world.organisation,
        starts_on=days(-30),
    )
    page = board_address("seat-end", world.board, seat.pk)
    form = {"is_vacant": "on", "note": "Somebody from the estate"} | date_fields("ends_on", days(-1))
    assert as_("manager").post(page, form).status_code == 302
    empty = Vacancy.objects.get()
    assert (empty.kind, empty.organisation, empty.since) == ("vice_chair", world.organisation, days(0))
    text = as_("observer").get(board_address("board-detail", world.board)).content.decode()
    assert "Somebody from the estate" in text
    assert "Vacant" in text
    assert "Fill it" not in text


def test_a_seat_that_is_not_shown_as_empty_leaves_no_vacancy(world):
    seat = take_seat(board=world.board, person=world.resident, starts_on=days(-30))
    end_seat(seat=seat, on=days(0), by=world.manager)
    assert not Vacancy.objects.exists()


def test_vacancies_through_the_pages(world, as_):
    client = as_("manager")
    form = {"kind": "member", "note": "A parent 🌳"} | date_fields("since", days(-3))
    assert client.post(board_address("vacancy-new", world.board), form).status_code == 302
    empty = Vacancy.objects.get()
    page = board_address("seat-new", world.board)
    assert f'value="{empty.pk}" selected' in client.get(f"{page}?vacancy={empty.pk}").content.decode()
    assert client.get(f"{page}?vacancy=999999999999999999999").status_code == 200
    take = {"person": world.resident.pk, "kind": "member", "vacancy": empty.pk} | date_fields(
        "starts_on", days(0)
    )
    assert client.post(page, take).status_code == 302
    assert Vacancy.objects.get().filled_by.person == world.resident
    other = vacancy(world)
    assert client.post(board_address("vacancy-close", world.board, other.pk)).status_code == 302
    assert Vacancy.objects.get(pk=other.pk).closed_on == days(0)
    for name, args in (
        ("vacancy-new", ()),
        ("vacancy-close", (other.pk,)),
        ("board-close", ()),
        ("board-reopen", ()),
    ):
        for role in ("officer", "chair", "observer"):
            assert as_(role).get(board_address(name, world.board, *args)).status_code == 403
            assert as_(role).post(board_address(name, world.board, *args)).status_code == 403
        assert as_("stranger").get(board_address(name, world.board, *args)).status_code == 404


def test_closing_a_vacancy_twice_keeps_the_first_day(world):
    empty = vacancy(world, since=days(4))
    assert close_vacancy(vacancy=empty, by=world.manager).closed_on == days(4)
    assert close_vacancy(vacancy=empty, by=world.manager).version == 2


# --- Closing and opening again -----------------------------------------------------------------------------------
def test_what_ends_with_a_board(world):
    later = take_seat(board=world.board, person=world.resident, starts_on=days(40))
    over = take_seat(board=world.board, person=world.partner, starts_on=days(-90), ends_on=days(-60))
    empty = vacancy(world)
    before, after = meeting_on(world, days(5)), meeting_on(world, days(15))
    closed(world, days(10))
    assert Seat.objects.get(person=world.chair).ends_on == days(10)
    assert not Seat.objects.filter(pk=later.pk).exists()
    over.refresh_from_db()
    assert over.ends_on == days(-60)
    for record in (empty, before, after):
        record.refresh_from_db()
    assert empty.closed_on == days(10)
    assert before.status == MeetingStatus.PLANNED
    assert (after.status, after.status_reason) == (
        MeetingStatus.CANCELLED,
        "The board stops meeting: Merged with another",
    )


def test_a_closed_board_takes_no_seat_and_no_vacancy(world):
    closed(world, days(-1))
    with pytest.raises(DomainError, match="stopped meeting") as refused:
        take_seat(board=world.board, person=world.resident, starts_on=days(0))
    assert refused.value.field == "starts_on"
    with pytest.raises(DomainError) as refused:
        take_seat(board=world.board, person=world.resident, starts_on=days(-9))
    assert refused.value.field == "ends_on"
    with pytest.raises(DomainError):
        vacancy(world)
    with pytest.raises(DomainError, match="already"):
        closed(world, days(0))


def test_a_board_is_not_closed_before_it_last_met(world):
    mark_held(meeting=meeting_on(world, days(-2)), by=world.officer)
    with pytest.raises(DomainError, match="It met on") as refused:
        closed(world, days(-3))
    assert refused.value.field == "on"
    with pytest.raises(DomainError) as refused:
        closed(world, days(0), because=" ")
    assert refused.value.field == "because"


def test_closing_and_opening_through_the_pages(world, as_):
    client = as_("manager")
    meeting_on(world, days(15))
    page = board_address("board-close", world.board)
    text = client.get(page).content.decode()
    assert "1 open seat ends" in text
    assert "1 is planned" in text
    stale = client.post(page, {"because": "Done", "version": "0"} | date_fields("on", days(0)))
    assert "Somebody else saved this" in stale.content.decode()
    form = {"because": "Its work is done", "version": "1"} | date_fields("on", days(0))
    assert client.post(page, form).status_code == 302
    text = client.get(board_address("board-detail", world.board)).content.decode()
    assert "Its work is done" in text
    assert "Plan a meeting" not in text
    refused = client.post(board_address("meeting-new", world.board), date_fields("held_on", days(9)))
    assert "stopped meeting" in refused.content.decode()
    assert client.post(board_address("board-reopen", world.board)).status_code == 302
    world.board.refresh_from_db()
    assert (world.board.ended_on, world.board.ended_because) == (None, "")
    assert meeting_on(world, days(9))
    assert reopen_board(board=world.board, by=world.manager).version == world.board.version


def test_two_people_changing_a_board_at_once(world):
    edit_board(board=world.board, expected_version=1, by=world.manager, terms="One")
    with pytest.raises(EditConflict):
        edit_board(board=world.board, expected_version=1, by=world.manager, terms="Two")


# --- The list and the chair's view -------------------------------------------------------------------------------
def test_the_list_says_who_is_missing_and_when_a_board_meets_next(world, as_):
    meeting_on(world, days(9))
    meeting_on(world, days(30))
    vacancy(world)
    vacancy(world)
    board(world, "No chair here")
    for person in (world.resident, world.partner):
        take_seat(board=world.board, person=person, starts_on=days(-1))
    found = {one.name: one for one in boards_of(world.partnership)}
    ours = found["Active Lives Board"]
    assert (ours.members, ours.vacant, ours.chaired, ours.next_on) == (3, 2, True, days(9))
    from django.urls import reverse

    text = as_("observer").get(reverse("board-list", args=[world.partnership.slug])).content.decode()
    assert "2 empty seats" in text
    assert "No chair" in text


def test_the_chair_sees_what_is_next_what_is_owed_and_what_became_of_decisions(world, as_):
    past, coming = meeting_on(world, days(-5)), meeting_on(world, days(9), papers_due_on=days(2))
    add_item(meeting=coming, title="Budget", needs_paper=True, by=world.officer)
    decision = record_decision(meeting=past, what="Open on Sundays", by=world.officer)
    make_commitment(
        partnership=world.partnership,
        what="Ring the pool",
        board=world.board,
        meeting=past,
        decision=decision,
        due_on=days(3),
        by=world.officer,
    )
    text = as_("chair").get(board_address("board-detail", world.board)).content.decode()
    for said in ("in 9 days", "Paper missing", "Budget", "Ring the pool", "Open on Sundays", "Nothing has followed yet", "Were these held?"):  # fmt: skip
        assert said in text, said
    observer = as_("observer").get(board_address("board-detail", world.board)).content.decode()
    assert "Were these held?" not in observer
    assert "Plan a meeting" not in observer


def test_a_seat_holder_from_elsewhere_gets_no_link_that_is_closed_to_them(world, as_):
    take_seat(board=world.board, person=world.stranger, starts_on=days(-1))
    above = board(world, "Above")
    edit_board(board=world.board, expected_version=1, by=world.manager, reports_to=above)
    meeting_on(world, days(9))
    client = as_("stranger")
    import re

    pages = [board_address("board-detail", world.board), board_address("meeting-list", world.board)]
    pages.append(board_address("decision-list", world.board))
    for page in pages:
        text = client.get(page).content.decode()
        main = text.split("<main", 1)[1].split("</main>")[0]
        for link in re.findall(r'href="(/[^"]+)"', main):
            assert client.get(link).status_code == 200, (page, link)


def test_pages_of_boards_without_a_seat_are_closed(world, as_):
    assert as_("stranger").get(board_address("meeting-list", world.board)).status_code == 404
    other = board(world, "Other")
    take_seat(board=world.board, person=world.stranger, starts_on=days(-1))
    for name in ("board-detail", "meeting-list", "decision-list"):
        assert as_("stranger").get(board_address(name, other)).status_code == 403


def test_a_list_of_many_boards_asks_no_more_often(world, as_):
    from django.urls import reverse

    client, page = as_("observer"), reverse("board-list", args=[world.partnership.slug])

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        return len(queries)

    client.get(page)
    before = asked()
    for number in range(4):
        made = board(world, f"Board {number}", reports_to=world.board)
        take_seat(board=made, person=add_person(name=f"Person {number}"), starts_on=days(-1))
        plan_meeting(board=made, held_on=days(5), by=world.officer)
    assert asked() == before
