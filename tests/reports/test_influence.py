"""The map of boards and the channel finder, from seats to page."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from partnerships.actions.boards import add_board, take_seat
from partnerships.errors import DomainError
from partnerships.models import BoardLevel, SeatKind
from people.actions.memberships import add_person
from people.actions.wanted_links import give_up_link, want_link
from people.models import Audience, Message, Voice, WantedLink, Way
from people.queries import influence as queries
from reports.renderers.influence_map import A_ROW, Box, Edge, Tie, arranged, influence_map

pytestmark = pytest.mark.django_db
LONG_AGO = date(2021, 1, 1)


@pytest.fixture
def stockport(world):
    """Residents' forum → operations → the strategic board that `world` has, each step through one person."""
    ours = world.partnership
    world.forum = add_board(partnership=ours, name="That Counts forum", level=BoardLevel.HYPER_LOCAL)
    world.operations = add_board(partnership=ours, name="Operations group", level=BoardLevel.OPERATIONAL)
    world.apart = add_board(partnership=ours, name="Transport board", level=BoardLevel.REGIONAL)
    world.practitioner = add_person(name="Robin Practitioner")
    world.lead = add_person(name="Kim Lead")
    for board, person, kind in (
        (world.forum, world.practitioner, SeatKind.IN_ATTENDANCE),
        (world.operations, world.practitioner, SeatKind.MEMBER),
        (world.operations, world.lead, SeatKind.CHAIR),
        (world.board, world.lead, SeatKind.REPRESENTED),
    ):
        take_seat(board=board, person=person, kind=kind, starts_on=LONG_AGO)
    return world


def map_of(as_, world, who="officer", **query):
    return as_(who).get(reverse("influence", args=[world.partnership.slug]), query)


def channels_of(as_, world, start, end, who="officer", **query):
    address = reverse("channels", args=[world.partnership.slug])
    return as_(who).get(address, {"start": start.pk, "end": end.pk, **query})


def text(response) -> str:
    return " ".join(response.content.decode().split())


def carry(world, *, days_ago: int, audience: str = Audience.PARTNERSHIP) -> Message:
    day = timezone.localdate() - timedelta(days=days_ago)
    voice = Voice.objects.create(
        partnership=world.partnership,
        theme="Somewhere to sit",
        words="There is nowhere to sit.",
        said_on=day,
        said_as="A resident",
        board=world.forum,
        audience=audience,
    )
    return Message.objects.create(
        partnership=world.partnership,
        voice=voice,
        carried_on=day,
        way=Way.PAPER,
        to_board=world.operations,
        carried_by=world.practitioner,
    )


def test_the_map_and_its_table_say_the_same(as_, stockport):
    page = text(map_of(as_, stockport))
    assert "4 boards, 2 pairs with people in common" in page
    assert "Nobody links Transport board to another board" in page
    assert "Robin Practitioner (in attendance here, member there)" in page
    assert "Kim Lead (chair here, represented there)" in page
    assert page.count('<svg xmlns="http://www.w3.org/2000/svg"') == 1


def test_a_link_is_only_possible_until_something_was_carried_within_the_year(as_, stockport):
    assert text(map_of(as_, stockport)).count("Nothing yet: only possible") == 2
    carry(stockport, days_ago=366)
    assert text(map_of(as_, stockport)).count("Nothing yet: only possible") == 2
    carry(stockport, days_ago=30)
    page = text(map_of(as_, stockport))
    assert page.count("Nothing yet: only possible") == 1
    assert "“Somewhere to sit” on " in page
    assert "along 1 of them a message went" in page


def test_the_theme_of_a_voice_is_named_only_to_those_who_may_read_it(as_, stockport):
    carry(stockport, days_ago=30, audience=Audience.FORUM)
    page = text(map_of(as_, stockport))
    assert "Somewhere to sit" not in page
    assert "a voice that stays with its forum on " in page


def test_what_hangs_on_one_person_is_said_in_words(as_, stockport):
    page = text(map_of(as_, stockport))
    assert "If Robin Practitioner left all their seats, nobody would link That Counts forum to" in page
    assert "If Kim Lead left all their seats, nobody would link Active Lives Board to" in page
    take_seat(board=stockport.board, person=stockport.practitioner, kind=SeatKind.MEMBER, starts_on=LONG_AGO)
    assert "If Kim Lead left" not in text(map_of(as_, stockport))


def test_an_earlier_day_is_read_from_the_seats_of_that_day(as_, stockport):
    page = text(map_of(as_, stockport, on="2020-06-01"))
    assert "0 pairs with people in common" in page
    assert "Robin Practitioner" not in page


def test_two_days_are_compared(as_, stockport):
    page = text(map_of(as_, stockport, since="2020-06-01"))
    assert "That Counts forum and Operations group are now linked, by Robin Practitioner." in page
    assert "New since the other date" in page


def test_a_day_to_compare_with_must_be_earlier_and_real(as_, stockport):
    assert "must be the earlier one" in text(map_of(as_, stockport, on="2024-01-01", since="2024-02-01"))
    page = text(map_of(as_, stockport, on="31/31/2024"))
    assert "Enter a real date" in page
    assert "4 boards" in page


def test_the_sector_narrows_to_those_who_sit_for_it(as_, stockport):
    page = text(map_of(as_, stockport, sector="sport"))
    assert "0 pairs with people in common" in page


def test_channels_name_every_step_and_what_they_depend_on(as_, stockport):
    page = text(channels_of(as_, stockport, stockport.forum, stockport.board))
    assert "Through Operations group" in page
    assert "Robin Practitioner (in attendance before, member after)" in page
    assert "If Robin Practitioner left all their seats" in page
    assert "If Operations group stopped" in page
    assert "Possible" in page


def test_a_channel_that_carried_something_on_every_step_was_used(as_, stockport):
    carry(stockport, days_ago=10)
    page = text(channels_of(as_, stockport, stockport.forum, stockport.operations))
    assert "Used in the last year" in page
    assert "Carried: “Somewhere to sit”." in page


def test_no_channel_is_said_plainly(as_, stockport):
    assert "There is no channel" in text(channels_of(as_, stockport, stockport.forum, stockport.apart))


def test_a_board_of_another_partnership_is_no_choice(as_, stockport):
    theirs = add_board(partnership=stockport.other, name="Their board", level=BoardLevel.STEERING)
    page = text(channels_of(as_, stockport, stockport.forum, theirs))
    assert "Choose a board of this partnership." in page
    assert "Their board" not in page


def test_the_same_board_twice_and_a_day_on_which_it_did_not_meet(as_, stockport):
    assert "Choose two different boards" in text(
        channels_of(as_, stockport, stockport.forum, stockport.forum)
    )
    stockport.forum.started_on = date(2022, 1, 1)
    stockport.forum.save()
    page = text(channels_of(as_, stockport, stockport.forum, stockport.board, on="2021-06-01"))
    assert "That Counts forum did not meet on 1 June 2021." in page


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("manager", 200),
        ("officer", 200),
        ("chair", 200),
        ("evaluator", 200),
        ("partner", 403),
        ("resident", 403),
        ("observer", 403),
        ("stranger", 404),
    ],
)
def test_influence_has_a_permission_of_its_own(as_, stockport, who, status):
    assert map_of(as_, stockport, who).status_code == status
    assert channels_of(as_, stockport, stockport.forum, stockport.board, who).status_code == status


def test_the_page_asks_the_database_little_however_many_links(as_, stockport, django_assert_max_num_queries):
    client = as_("officer")
    for number in range(12):
        person = add_person(name=f"Person {number}")
        for board in (stockport.forum, stockport.operations, stockport.board):
            take_seat(board=board, person=person, kind=SeatKind.MEMBER, starts_on=LONG_AGO)
    with django_assert_max_num_queries(22):
        client.get(reverse("influence", args=[stockport.partnership.slug]))


# --- Links that are wanted ---------------------------------------------------------------------------------------
def want(world, one=None, other=None, **kwargs) -> WantedLink:
    given = {"why": "Residents should be heard on buses.", "by": world.manager} | kwargs
    return want_link(
        partnership=world.partnership, one=one or world.forum, other=other or world.apart, **given
    )


def test_a_wanted_link_is_missing_until_somebody_sits_on_both(as_, stockport):
    want(stockport)
    page = text(map_of(as_, stockport))
    assert "Nobody sits on both" in page
    assert "Wanted, and nobody sits on both" in page
    take_seat(board=stockport.apart, person=stockport.practitioner, kind=SeatKind.MEMBER, starts_on=LONG_AGO)
    assert "Made by Robin Practitioner" in text(map_of(as_, stockport))


def test_a_link_is_wanted_once_whatever_the_order(stockport):
    want(stockport)
    with pytest.raises(DomainError, match="wanted already"):
        want(stockport, stockport.apart, stockport.forum)


def test_the_database_keeps_the_order_too(stockport):
    one, other = sorted((stockport.forum, stockport.apart), key=lambda board: -board.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        WantedLink.objects.create(
            partnership=stockport.partnership, one=one, other=other, why="x", wanted_since=LONG_AGO
        )


def test_what_is_refused_says_why(stockport):
    with pytest.raises(DomainError, match="two different boards"):
        want(stockport, stockport.forum, stockport.forum)
    with pytest.raises(DomainError, match="what the link is wanted for"):
        want(stockport, why="  ")
    theirs = add_board(partnership=stockport.other, name="Their board", level=BoardLevel.STEERING)
    with pytest.raises(DomainError, match="of this partnership"):
        want(stockport, other=theirs)


def test_a_manager_says_which_link_is_wanted_and_gives_it_up(as_, stockport):
    slug = stockport.partnership.slug
    new = reverse("wanted-link-new", args=[slug])
    client = as_("manager")
    sent = {"one": stockport.forum.pk, "other": stockport.apart.pk, "why": "Buses"}
    assert client.post(new, sent).status_code == 302
    link = WantedLink.objects.get()
    end = reverse("wanted-link-end", args=[slug, link.pk])
    assert "Enter why" in text(client.post(end, {"version": 1, "because": ""}))
    assert client.post(end, {"version": 1, "because": "The board is closing"}).status_code == 302
    link.refresh_from_db()
    assert link.given_up_on == timezone.localdate()
    assert client.get(end).status_code == 404
    assert as_("officer").get(new).status_code == 403


def test_giving_up_twice_is_told(stockport):
    link = want(stockport)
    give_up_link(link=link, expected_version=1, because="No more", by=stockport.manager)
    with pytest.raises(DomainError, match="given up already"):
        give_up_link(link=link, expected_version=2, because="No more", by=stockport.manager)


def test_a_link_given_up_is_still_wanted_on_an_earlier_day(stockport):
    link = want(stockport)
    WantedLink.objects.filter(pk=link.pk).update(wanted_since=date(2024, 1, 1))
    link.refresh_from_db()
    give_up_link(link=link, expected_version=1, because="No more", by=stockport.manager)
    then = queries.network_on(stockport.partnership, date(2024, 6, 1))
    assert len(queries.wanted_on(stockport.partnership, then, date(2024, 6, 1))) == 1
    today = timezone.localdate()
    assert (
        queries.wanted_on(stockport.partnership, queries.network_on(stockport.partnership, today), today)
        == []
    )


# --- The drawing -------------------------------------------------------------------------------------------------
def test_levels_stand_above_each_other_with_strategy_on_top():
    rows = arranged([Box(1, "Forum", 0), Box(2, "Board", 3), Box(3, "Group", 1)], [])
    assert [level for level, _ in rows] == [3, 1, 0]


def test_a_full_level_goes_over_several_even_lines():
    ((_, lines),) = arranged([Box(key, f"Board {key:02}", 2) for key in range(A_ROW + 2)], [])
    assert sum(map(len, lines)) == A_ROW + 2
    assert max(map(len, lines)) - min(map(len, lines)) <= 1


def test_boxes_stand_near_what_they_are_linked_to():
    boxes = [Box(1, "A", 0), Box(2, "B", 0), Box(3, "Y", 1), Box(4, "Z", 1)]
    crossing = [Edge(1, 4, Tie.POSSIBLE, 1, ""), Edge(2, 3, Tie.POSSIBLE, 1, "")]
    (_, (upper,)), (_, (lower,)) = arranged(boxes, crossing)
    order = {box.key: at for row in (upper, lower) for at, box in enumerate(row)}
    assert (order[1] < order[2]) == (order[4] < order[3])


def test_names_cannot_become_markup():
    drawn = influence_map(
        [Box(1, "<script>alert(1)</script>", 0), Box(2, "B & C", 1)],
        [Edge(1, 2, Tie.POSSIBLE, 2, "<b>both</b>")],
        ["Low", "High"],
        chart_id="m",
        title="Map",
        description="Two boards",
    )
    assert "<script>" not in drawn
    assert "<b>" not in drawn
    assert "B &amp; C" in drawn
