"""What somebody who left held, whom they linked and what they learned: only for those with the permission of its own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships.actions.boards import add_board, take_seat
from partnerships.models import BoardLevel, Seat, SeatKind
from people.actions import development
from people.actions.introductions import introduce
from people.actions.memberships import add_person, give_role
from people.permissions import ROLES, Permission, Role
from people.queries.leavers import SOMEBODY, leavers_among
from reports.queries.handover import handover_of

pytestmark = pytest.mark.django_db
BEGAN, ENDED = date(2023, 4, 1), date(2025, 3, 31)
MAY_NOT = ("chair", "partner", "resident", "observer")


@pytest.fixture
def left(world):
    """Lee sat on two boards until 2025 and is gone; Kim sat there too and still takes part in another role."""
    ours = world.partnership
    world.lee, world.kim = add_person(name="Lee Leaver"), add_person(name="Kim Stayer")
    world.forum = add_board(partnership=ours, name="Mill forum", level=BoardLevel.HYPER_LOCAL)
    world.seats = [
        take_seat(board=board, person=person, kind=SeatKind.MEMBER, starts_on=BEGAN, ends_on=ENDED)
        for board in (world.forum, world.board)
        for person in (world.lee, world.kim)
    ]
    give_role(partnership=ours, person=world.kim, role=Role.PARTNER, by=world.manager)
    return world


def get(as_, world, who, name, *args, **query):
    return as_(who).get(reverse(name, args=[world.partnership.slug, *args]), query)


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def test_who_has_left(left):
    tomorrow = timezone.localdate() + timedelta(days=1)
    coming = add_person(name="Not yet here")
    take_seat(board=left.board, person=coming, kind=SeatKind.MEMBER, starts_on=tomorrow)
    keys = [left.lee.pk, left.kim.pk, coming.pk, left.officer.pk]
    assert leavers_among(keys, left.partnership) == {left.lee.pk}
    assert leavers_among([], left.partnership) == frozenset()


def test_the_roles_that_see_it_are_few():
    assert {role for role in Role if Permission.VIEW_LEAVERS in ROLES[role].permissions} == {
        Role.MANAGER,
        Role.OFFICER,
        Role.EVALUATOR,
    }


@pytest.mark.parametrize("who", MAY_NOT)
def test_not_on_any_page_without_the_permission(as_, left, who):
    board = text(get(as_, left, who, "board-detail", left.board.pk))
    assert "Lee Leaver" not in board
    assert "1 seat of people who have left" in board
    assert "Kim Stayer" in board
    person = text(get(as_, left, who, "person-detail", left.lee.pk))
    assert "What they held here is not shown" in person
    assert "Mill forum" not in person
    assert "Lee Leaver" not in text(get(as_, left, who, "people-list", when="before"))
    assert "Lee Leaver" not in text(get(as_, left, who, "search", q="Leaver")).replace("“Leaver”", "")


@pytest.mark.parametrize("who", ["manager", "officer"])
def test_on_each_of_them_with_it(as_, left, who):
    for name, args, query in (
        ("board-detail", [left.board.pk], {}),
        ("people-list", [], {"when": "before"}),
        ("search", [], {"q": "Leaver"}),
        ("influence", [], {"on": "2024-01-01"}),
    ):
        assert "Lee Leaver" in text(get(as_, left, who, name, *args, **query)), name
    assert "Mill forum" in text(get(as_, left, who, "person-detail", left.lee.pk))


def test_a_seat_holder_from_elsewhere_sees_nobody_who_sat_before(as_, left):
    take_seat(board=left.board, person=left.stranger, kind=SeatKind.OBSERVER, starts_on=ENDED)
    page = text(get(as_, left, left.stranger, "board-detail", left.board.pk))
    assert "Lee Leaver" not in page
    assert "Kim Stayer" not in page


def test_ties_of_a_leaver_are_told_without_the_name(as_, left):
    then = text(get(as_, left, "chair", "influence", on="2024-01-01"))
    assert "Lee Leaver" not in then
    assert SOMEBODY in then
    assert "Kim Stayer" in then
    Seat.objects.filter(person=left.kim).delete()
    alone = text(get(as_, left, "chair", "influence", on="2024-01-01"))
    assert f"Without {SOMEBODY}, nobody would link" in alone
    since = text(get(as_, left, "chair", "influence", since="2024-01-01"))
    assert "Lee Leaver" not in since
    ways = {"start": left.forum.pk, "end": left.board.pk, "on": "2024-01-01"}
    assert "Lee Leaver" not in text(get(as_, left, "chair", "channels", **ways))
    assert "Lee Leaver" in text(get(as_, left, "officer", "channels", **ways))


def test_histories_and_the_handover_sheet_stay_shut(as_, left):
    lees = next(seat for seat in left.seats if seat.person == left.lee)
    kims = next(seat for seat in left.seats if seat.person == left.kim)
    assert get(as_, left, "chair", "history", "seat", lees.pk).status_code == 404
    assert get(as_, left, "officer", "history", "seat", lees.pk).status_code == 200
    assert get(as_, left, "chair", "history", "seat", kims.pk).status_code == 200
    assert get(as_, left, "chair", "handover", left.lee.pk).status_code == 404
    assert get(as_, left, "officer", "handover", left.lee.pk).status_code == 200


def test_introductions_are_told_without_the_name(as_, left):
    made = introduce(
        partnership=left.partnership,
        one=left.lee,
        other=left.kim,
        made_by=left.officer,
        made_on=date(2024, 5, 1),
        by=left.officer,
    )
    assert "Lee Leaver" not in text(get(as_, left, "partner", "introduction-list"))
    assert "Somebody who has left and Kim Stayer" in text(get(as_, left, "partner", "introduction-list"))
    assert "Lee Leaver and Kim Stayer" in text(get(as_, left, "officer", "introduction-list"))
    assert "Kim Stayer" in text(get(as_, left, "partner", "introduction-list", q="Kim"))
    assert "and Kim Stayer" not in text(get(as_, left, "partner", "introduction-list", q="Leaver"))
    assert "and Kim Stayer" in text(get(as_, left, "officer", "introduction-list", q="Leaver"))
    assert get(as_, left, "chair", "history", "introduction", made.pk).status_code == 404


def test_training_needs_both_permissions(as_, left, monkeypatch):
    course = development.add_course(partnership=left.partnership, name="Leading together", by=left.manager)
    cohort = development.add_cohort(course=course, name="2024", starts_on=BEGAN, by=left.manager)
    places = development.give_places(cohort=cohort, people=[left.kim], by=left.manager)
    places[0].person = left.lee
    places[0].save()
    assert "Lee Leaver" in text(get(as_, left, "officer", "cohort", cohort.pk))
    role = ROLES[Role.OFFICER]
    narrower = role.permissions - {Permission.VIEW_LEAVERS}
    monkeypatch.setitem(ROLES, Role.OFFICER, type(role)(role.role, role.sentence, narrower))
    page = text(get(as_, left, "officer", "cohort", cohort.pk))
    assert "Lee Leaver" not in page
    assert "Somebody who has left" in page


def test_a_handover_sheet_says_nothing_of_training_to_a_chair(left):
    course = development.add_course(partnership=left.partnership, name="Leading together", by=left.manager)
    cohort = development.add_cohort(course=course, name="2024", starts_on=BEGAN, by=left.manager)
    (place,) = development.give_places(cohort=cohort, people=[left.kim], by=left.manager)
    development.note_attendance(
        place=place, expected_version=1, attended="completed", champion_since=BEGAN, by=left.manager
    )
    for reader, seen in ((left.chair, 0), (left.officer, 1), (left.kim, 1)):
        assert len(handover_of(left.kim, left.partnership, reader=reader).champion) == seen
