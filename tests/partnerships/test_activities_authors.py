"""Several authors, and what only a board sees."""

from datetime import date, timedelta

import pgtrigger
import pytest
from django.urls import reverse
from django.utils import timezone

from outcomes.queries.activities import table
from partnerships.actions.activities import edit_activity, log_activity
from partnerships.actions.boards import add_board
from partnerships.actions.seats import end_seat, take_seat
from partnerships.errors import DomainError
from partnerships.models import Activity, BoardLevel, Seat, SeatKind, Visibility
from partnerships.queries.activities import (
    ActivityFilters,
    authored,
    find,
    people_who_see,
    to_finish,
    visible,
)
from people.actions.memberships import end_membership
from people.models import Membership, Person
from reports.queries.history import history_of
from reports.queries.home import newest_activities, waiting_for
from reports.queries.search import search


@pytest.fixture
def log(world):
    def logged(title="Walk", **facts):
        given = {"partnership": world.partnership, "by": world.officer, "happened_on": date(2026, 1, 1)}
        return log_activity(title=title, **given | facts)

    return logged


@pytest.fixture
def for_board(log, world):
    return log("Fees", board=world.board, visibility=Visibility.BOARD, authors=[world.partner])


def titles(found):
    return sorted(activity.title for activity in found)


def test_authors_see_what_is_not_ready_and_finish_it_together(world, log):
    log("Draft note", visibility=Visibility.AUTHORS, authors=[world.partner], is_complete=False)
    for person in (world.officer, world.partner):
        assert titles(visible(world.partnership, person)) == ["Draft note"]
        assert titles(to_finish(world.partnership, person)) == ["Draft note"]
        assert titles(authored(world.partnership, person)) == ["Draft note"]
        assert titles(waiting_for(person, world.partnership).to_finish) == ["Draft note"]
    for person in (world.manager, world.chair, world.stranger, None):
        assert not visible(world.partnership, person)


def test_only_people_on_the_board_and_authors_see_what_is_for_the_board(world, for_board):
    for person, sees in {
        world.officer: True, world.partner: True, world.chair: True,
        world.manager: False, world.observer: False, world.stranger: False,
    }.items():  # fmt: skip
        assert titles(visible(world.partnership, person)) == (["Fees"] if sees else []), person
    assert not visible(world.partnership, None)


def test_a_seat_that_ended_shows_nothing_more(world, for_board):
    yesterday = timezone.localdate() - timedelta(1)
    end_seat(seat=Seat.objects.get(person=world.chair), on=yesterday, by=world.manager)
    assert not visible(world.partnership, world.chair)


def test_a_seat_on_another_board_shows_nothing(world, for_board):
    other = add_board(partnership=world.partnership, name="Other", level=BoardLevel.STEERING)
    take_seat(board=other, person=world.observer, kind=SeatKind.MEMBER, starts_on=date(2020, 1, 1))
    assert not visible(world.partnership, world.observer)


@pytest.mark.parametrize("visibility", list(Visibility))
def test_who_may_be_told_is_who_may_see(world, log, visibility):
    """`people_who_see` is `visible` the other way round, for everybody who has a role here."""
    activity = log(board=world.board, visibility=visibility, authors=[world.partner])
    told = set(people_who_see(activity))
    for person in Person.objects.all():
        member = Membership.objects.current().filter(person=person, partnership=world.partnership).exists()
        sees = visible(world.partnership, person).filter(pk=activity.pk).exists()
        assert (person in told) == (member and sees), person


def test_every_page_keeps_what_is_for_a_board(as_, world, for_board):
    slug = world.partnership.slug
    for who, status in {
        "officer": 200,
        "partner": 200,
        "chair": 200,
        "manager": 404,
        "observer": 404,
    }.items():
        client = as_(who)
        assert client.get(reverse("activity-detail", args=[slug, for_board.pk])).status_code == status, who
        for name, args in {
            "activity-list": [], "activity-timeline": [], "activity-calendar": [], "home": [],
            "board-detail": [world.board.pk],
        }.items():  # fmt: skip
            shown = "Fees" in client.get(reverse(name, args=[slug, *args])).content.decode()
            assert shown == (status == 200), (who, name)
    assert titles(newest_activities(world.partnership, world.manager)) == []
    assert search(world.partnership, world.manager, "fees") == []
    assert [hits.heading for hits in search(world.partnership, world.chair, "fees")] == ["Activities"]
    assert not list(table(visible(world.partnership, world.manager)))


def test_a_seat_holder_from_elsewhere_reads_it_on_the_boards_page_alone(as_, world, for_board):
    take_seat(board=world.board, person=world.stranger, kind=SeatKind.MEMBER, starts_on=date(2020, 1, 1))
    client, slug = as_(world.stranger), world.partnership.slug
    assert "Fees" in client.get(reverse("board-detail", args=[slug, world.board.pk])).content.decode()
    assert client.get(reverse("activity-list", args=[slug])).status_code == 403
    assert client.get(reverse("activity-detail", args=[slug, for_board.pk])).status_code == 403


def test_a_co_author_edits_and_others_do_not(as_, world, log):
    activity = log(authors=[world.partner])
    edit = reverse("activity-edit", args=[world.partnership.slug, activity.pk])
    assert as_("partner").get(edit).status_code == 200
    edit_activity(activity=activity, expected_version=1, by=world.officer, authors=[])
    assert as_("partner").get(edit).status_code == 403


def test_authors_have_a_role_here(world, log):
    for person in (world.stranger,):
        with pytest.raises(DomainError) as refused:
            log(authors=[person])
        assert refused.value.field == "authors"
    with pytest.raises(DomainError):
        edit_activity(activity=log(), expected_version=1, by=world.officer, authors=[world.stranger])


def test_an_author_who_left_stays_and_reads_nothing(as_, world, log):
    activity = log(authors=[world.partner])
    end_membership(
        membership=Membership.objects.get(person=world.partner),
        on=timezone.localdate() - timedelta(1),
        by=world.manager,
    )
    edit_activity(
        activity=activity, expected_version=1, by=world.officer, title="Long walk", authors=[world.partner]
    )
    assert list(activity.authors.all()) == [world.partner]
    page = reverse("activity-detail", args=[world.partnership.slug, activity.pk])
    assert as_(world.partner).get(page).status_code == 404


def test_whoever_began_it_is_no_co_author(world, log):
    assert not log(authors=[world.officer]).authors.exists()


def test_a_board_must_be_named_before_it_alone_may_see(world, log):
    with pytest.raises(DomainError) as refused:
        log(visibility=Visibility.BOARD)
    assert refused.value.field == "board"
    activity = log(visibility=Visibility.BOARD, board=world.board)
    with pytest.raises(DomainError):
        edit_activity(activity=activity, expected_version=1, by=world.officer, board=None)


def test_only_authors_hand_it_to_another_board(world, for_board):
    other = add_board(partnership=world.partnership, name="Other", level=BoardLevel.STEERING)
    with pytest.raises(DomainError) as refused:
        edit_activity(activity=for_board, expected_version=1, by=world.chair, board=other)
    assert refused.value.field == "board"
    edit_activity(activity=for_board, expected_version=1, by=world.partner, board=other)
    assert not visible(world.partnership, world.chair)


def test_the_form_asks_only_authors_who_writes_and_who_sees(as_, world, log):
    edit = reverse("activity-edit", args=[world.partnership.slug, log(authors=[world.partner]).pk])
    for who, asked in {"officer": True, "partner": True, "manager": False}.items():
        page = as_(who).get(edit).content.decode()
        assert ('name="authors"' in page, 'name="visibility"' in page) == (asked, asked), who


def test_the_form_offers_those_who_may_log(as_, world):
    page = as_("officer").get(reverse("activity-new", args=[world.partnership.slug])).content.decode()
    offered = {who for who in world.people if f'name="authors" value="{world.people[who].pk}"' in page}
    assert offered == {"manager", "officer", "partner"}


def test_filters_know_authors(world, log):
    log("With partner", authors=[world.partner])
    log("Names partner", people=[world.partner])
    log("Neither")
    rows = visible(world.partnership, world.officer)
    assert titles(find(rows, ActivityFilters(person=world.partner)).activities) == [
        "Names partner",
        "With partner",
    ]
    assert titles(find(rows, ActivityFilters(logged_by=world.partner)).activities) == ["With partner"]


def test_history_says_who_joined(world, log):
    """Tests run in one transaction, in which all happens at one moment: so the first entry is put a day back."""
    activity = log()
    with pgtrigger.ignore("partnerships.ActivityEvent:append_only"):
        Activity.pgh_event_model.objects.update(pgh_created_at=timezone.now() - timedelta(1))
    edit_activity(activity=activity, expected_version=1, by=world.officer, authors=[world.partner])
    changes = [(change.field, change.after) for entry in history_of(activity) for change in entry.changes]
    assert ("Authors", str(world.partner)) in changes
    assert Activity.objects.get().version == 2
