"""Boards with their seats, and programmes."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnerships.actions.boards import add_board, edit_board, end_seat, take_seat
from partnerships.actions.programmes import edit_programme
from partnerships.errors import DomainError, EditConflict
from partnerships.models import Seat
from people.actions.memberships import add_person


def page(name, world, *args):
    return reverse(name, args=[world.partnership.slug, *args])


def seat(world, person, **fields):
    return take_seat(board=world.board, person=person, starts_on=date(2024, 1, 1), **fields)


# --- Rules -----------------------------------------------------------------------------------------------------------
def test_one_person_has_one_seat_on_a_board_at_a_time(world):
    seat(world, world.officer, ends_on=date(2024, 12, 31))
    with pytest.raises(DomainError) as refused:
        take_seat(board=world.board, person=world.officer, starts_on=date(2024, 12, 31))
    assert refused.value.field == "person"
    take_seat(board=world.board, person=world.officer, starts_on=date(2025, 1, 1))
    assert Seat.objects.filter(board=world.board, person=world.officer).count() == 2


def test_the_database_keeps_that_guard_itself(world):
    held = seat(world, world.officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(
            partnership=world.partnership,
            board=world.board,
            person=held.person,
            kind="member",
            starts_on=date(2024, 6, 1),
        )


def test_a_seat_ends_on_or_after_its_first_day(world):
    held = seat(world, world.officer)
    with pytest.raises(DomainError):
        end_seat(seat=held, on=date(2023, 12, 31), by=world.manager)
    assert end_seat(seat=held, on=date(2024, 1, 1), by=world.manager).ends_on == date(2024, 1, 1)


def test_boards_never_report_in_a_circle(world):
    lower = add_board(
        partnership=world.partnership, name="Forum", level="hyper_local", reports_to=world.board
    )
    with pytest.raises(DomainError) as refused:
        edit_board(board=world.board, expected_version=1, by=world.manager, reports_to=lower)
    assert refused.value.field == "reports_to"


def test_a_board_reports_only_within_its_partnership(world):
    theirs = add_board(partnership=world.other, name="Theirs", level="strategic")
    with pytest.raises(DomainError):
        add_board(partnership=world.partnership, name="Forum", level="hyper_local", reports_to=theirs)


def test_two_edits_of_a_programme_at_once(world):
    edit_programme(programme=world.programme, expected_version=1, by=world.manager, summary="One")
    with pytest.raises(EditConflict):
        edit_programme(programme=world.programme, expected_version=1, by=world.manager, summary="Two")


# --- Pages -----------------------------------------------------------------------------------------------------------
def test_a_manager_sets_up_a_board_and_its_seats(world, as_):
    client = as_("manager")
    client.post(
        page("board-new", world), {"name": "Harbour forum", "level": "hyper_local", "meets": "Monthly"}
    )
    board = world.partnership.boards.get(name="Harbour forum")
    assert (
        "Nobody has the chair at the moment."
        in client.get(page("board-detail", world, board.pk)).content.decode()
    )
    fields = {
        "person": world.resident.pk,
        "kind": "chair",
        "starts_on_day": "1",
        "starts_on_month": "2",
        "starts_on_year": "2026",
    }
    assert client.post(page("seat-new", world, board.pk), fields).status_code == 302
    text = client.get(page("board-detail", world, board.pk)).content.decode()
    assert world.resident.name in text
    assert "Nobody has the chair" not in text
    twice = client.post(page("seat-new", world, board.pk), fields)
    assert "already has a seat" in twice.content.decode()


def test_somebody_of_another_partnership_cannot_be_forged_into_a_seat(world, as_):
    fields = {
        "person": world.stranger.pk,
        "kind": "member",
        "starts_on_day": "1",
        "starts_on_month": "2",
        "starts_on_year": "2026",
    }
    answer = as_("manager").post(page("seat-new", world, world.board.pk), fields)
    assert answer.status_code == 200
    assert not Seat.objects.filter(person=world.stranger).exists()


def test_only_a_manager_changes_boards(world, as_):
    for name, args in (
        ("board-new", ()),
        ("board-edit", (world.board.pk,)),
        ("seat-new", (world.board.pk,)),
    ):
        assert as_("officer").get(page(name, world, *args)).status_code == 403
        assert as_(world.stranger).get(page(name, world, *args)).status_code == 404
        assert as_("manager").get(page(name, world, *args)).status_code == 200


def test_a_seat_holder_from_elsewhere_reads_that_board_and_nothing_else(world, as_):
    seat(world, world.stranger)
    other = add_board(partnership=world.partnership, name="Other board", level="steering")
    visitor = as_(world.stranger)
    text = visitor.get(page("board-detail", world, world.board.pk)).content.decode()
    assert world.board.name in text
    assert visitor.get(page("home", world)).status_code == 200
    for name, args in (
        ("board-detail", (other.pk,)),
        ("board-list", ()),
        ("dashboard", ()),
        ("activity-list", ()),
        ("people-list", ()),
        ("programme-detail", (world.programme.pk,)),
        ("board-edit", (world.board.pk,)),
    ):
        assert visitor.get(page(name, world, *args)).status_code == 403, name


def test_a_seat_that_has_ended_opens_nothing(world, as_):
    held = seat(world, world.stranger)
    end_seat(seat=held, on=timezone.localdate() - timedelta(days=1), by=world.manager)
    assert as_(world.stranger).get(page("board-detail", world, world.board.pk)).status_code == 404


def test_where_its_people_sit_as_well(world, as_):
    forum = add_board(partnership=world.partnership, name="Forum", level="hyper_local")
    take_seat(board=forum, person=world.chair, starts_on=date(2024, 1, 1))
    text = as_("observer").get(page("board-detail", world, world.board.pk)).content.decode()
    assert "Where its people sit as well" in text
    assert page("board-detail", world, forum.pk) in text


def test_a_stale_edit_is_told_and_keeps_its_text(world, as_):
    address = page("programme-edit", world, world.programme.pk)
    fields = {"name": "Holiday club", "kind": "haf", "status": "running", "version": "1"}
    assert as_("manager").post(address, fields | {"summary": "First"}).status_code == 302
    answer = as_("manager").post(address, fields | {"summary": "Second"})
    text = answer.content.decode()
    assert "Somebody else saved this" in text
    assert "Second" in text
    assert 'name="version" value="2"' in text
    world.programme.refresh_from_db()
    assert world.programme.summary == "First"


def test_lists_ask_the_same_number_of_queries_however_long(world, as_):
    client = as_("observer")

    def count(name, *args):
        with CaptureQueriesContext(connection) as captured:
            client.get(page(name, world, *args))
        return len(captured)

    count("board-list")  # The first request of a session also notes the session.
    before = count("board-list"), count("board-detail", world.board.pk)
    for number in range(6):
        board = add_board(
            partnership=world.partnership, name=f"Board {number}", level="steering", reports_to=world.board
        )
        person = add_person(name=f"Person {number}")
        take_seat(board=board, person=person, starts_on=date(2024, 1, 1))
        take_seat(board=world.board, person=person, starts_on=date(2024, 1, 1))
    assert (count("board-list"), count("board-detail", world.board.pk)) == before
