"""The map of more boards than anybody can read at once: a part is drawn, the tables have all of it."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from partnerships.actions.boards import add_board, take_seat
from partnerships.models import Board, BoardLevel, Seat, SeatKind
from people.actions.memberships import add_person
from reports.renderers.influence import MOST_DRAWN, MOST_LINES

pytestmark = pytest.mark.django_db
BEGAN = date(2021, 1, 1)
BOARDS = MOST_DRAWN + 20


@pytest.fixture
def many(world):
    """Kim sits on the board of `world` and on every other; each of the others shares one more person with the next."""
    ours = world.partnership
    world.kim = add_person(name="Kim Everywhere")
    world.others = Board.objects.bulk_create(
        Board(partnership=ours, name=f"Forum {number:02}", level=BoardLevel.HYPER_LOCAL)
        for number in range(BOARDS)
    )
    world.alone = add_board(partnership=ours, name="Board apart", level=BoardLevel.REGIONAL)
    held = {"partnership": ours, "person": world.kim, "starts_on": BEGAN, "kind": SeatKind.MEMBER}
    Seat.objects.bulk_create(Seat(board=board, **held) for board in (world.board, *world.others[:12]))
    return world


def page(as_, world, **query):
    return as_("officer").get(reverse("influence", args=[world.partnership.slug]), query)


def drawn(response) -> set[str]:
    svg = response.context["chart"]["svg"]
    return {
        name
        for name in svg.split("<g><title>")[1:]
        for name in [name.partition("</title>")[0]]
        if ":" not in name
    }


def test_the_boards_with_the_most_links_are_drawn_and_the_table_has_every_link(as_, many):
    found = page(as_, many)
    boards = drawn(found)
    assert len(boards) == MOST_DRAWN
    assert {many.board.name, *(f"Forum {n:02}" for n in range(12))} <= boards
    words = found.context["chart"]["summary"]
    assert f"draws the {MOST_DRAWN} of {BOARDS + 2} boards, at each level those with the most links" in words
    assert f"the {MOST_LINES} links that carried something or have most people" in words
    assert len(found.context["chart"]["svg"].split(": Kim Everywhere")) - 1 == MOST_LINES
    # Thirteen boards with Kim: 78 pairs, on two pages.
    assert found.context["links_page"].paginator.count == 78
    assert len(found.context["links"]["rows"]) == 50
    rest = page(as_, many, page=2)
    assert len(rest.context["links"]["rows"]) == 28
    assert page(as_, many, page="x\x00").status_code == 200


def test_one_board_and_its_neighbours(as_, many):
    robin = add_person(name="Robin Two")
    for board in (many.others[20], many.others[21]):
        take_seat(board=board, person=robin, kind=SeatKind.MEMBER, starts_on=BEGAN)
    found = page(as_, many, around=many.others[20].pk)
    assert drawn(found) == {"Forum 20", "Forum 21"}
    assert (
        "The map shows Forum 20 and 1 other board that shares people with it."
        in found.context["chart"]["summary"]
    )
    assert [row[0]["text"] for row in found.context["links"]["rows"]] == ["Forum 20"]
    assert found.context["breaks"] == [
        "If Robin Two left all their seats, nobody would link Forum 20 and Forum 21 any more."
    ]


def test_a_board_without_a_link(as_, many):
    found = page(as_, many, around=many.alone.pk)
    assert drawn(found) == {"Board apart"}
    assert found.context["links"] is None
    assert "0 other boards that share people with it" in found.context["chart"]["summary"]


def test_a_board_of_another_partnership_or_of_another_time_is_said_and_left_out(as_, many):
    theirs = add_board(partnership=many.other, name="Theirs", level=BoardLevel.STRATEGIC)
    for wrong in (theirs.pk, "x", "9" * 30):
        found = page(as_, many, around=wrong)
        assert len(drawn(found)) == MOST_DRAWN
        assert "Choose a board of this partnership" in found.context["left_out"]
    many.alone.started_on = date(2024, 1, 1)
    many.alone.save()
    found = page(as_, many, around=many.alone.pk, on="2023-01-01")
    assert "Board apart did not meet on 1 January 2023" in found.context["left_out"]


def test_changes_come_in_pages_and_narrow_to_the_board(as_, many):
    found = page(as_, many, since="2020-06-01")
    assert found.context["changes_page"].paginator.count == 78
    assert len(found.context["changes"]) == 50
    assert "are now linked, by Kim Everywhere." in found.context["changes"][0]
    assert (
        page(as_, many, since="2020-06-01", around=many.board.pk).context["changes_page"].paginator.count
        == 12
    )
    assert page(as_, many, on="0001-01-01").status_code == 200
