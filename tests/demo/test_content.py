"""What the demo holds, and that it could be shown to a council."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.db.models import Count, F, Q

from learning.models import LearningEntry
from outcomes.models import Commentary, Outcome
from partnerships.models import (
    Activity,
    ActivityKind,
    Board,
    BoardLevel,
    Organisation,
    Place,
    Programme,
    Seat,
    Visibility,
)
from people.models import Membership, Person
from people.permissions import HUMAN_ROLES, ROLES, Permission, Role
from tests.demo.conftest import TODAY

pytestmark = pytest.mark.django_db

UNFIT = re.compile(
    r"lorem|ipsum|todo|tbc|xxx|foo\b|\{|\}|\s\s|\bteh\b|color\b|organiz|program\b|center\b|\.\.\.", re.I
)


@pytest.fixture
def activities(demo):
    return Activity.objects.filter(partnership=demo)


def held_at(memberships, day):
    return memberships.filter(starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gte=day))


def test_a_borough_with_neighbourhoods_in_a_real_region(demo):
    borough = demo.covered.get(is_main=True).place
    assert (borough.name, borough.is_fictional, borough.code) == ("Brackenford", True, None)
    assert (borough.parent.code, borough.parent.is_fictional) == ("E12000004", False)
    assert 6 <= borough.children.filter(kind="neighbourhood", is_fictional=True).count() <= 9
    assert not Place.objects.filter(is_fictional=False, code=None).exists()
    assert not Place.objects.filter(is_fictional=True).exclude(code=None).exists()


def test_organisations_of_several_sectors(demo):
    ours = Organisation.objects.filter(roles__partnership=demo).distinct()
    assert ours.count() >= 14
    assert ours.values("sector").distinct().count() >= 8
    assert not ours.exclude(is_fictional=True, org_id=None).exists()


def test_people_in_every_role_and_none_with_a_real_address(demo):
    assert Person.objects.count() >= 35
    held = held_at(Membership.objects.filter(partnership=demo), TODAY)
    assert set(held.values_list("role", flat=True)) == set(HUMAN_ROLES)
    assert (
        held.values("person").distinct().count()
        < Person.objects.filter(seats__partnership=demo).distinct().count()
    )
    addresses = [person.email for person in Person.objects.exclude(email=None)]
    assert addresses
    assert all(address.endswith((".example",)) for address in addresses)
    assert not Person.objects.filter(is_superuser=True).exists()


def test_boards_at_every_level_share_people_and_remember_those_who_left(demo):
    boards = Board.objects.filter(partnership=demo)
    assert boards.count() == 8
    assert set(boards.values_list("level", flat=True)) == set(BoardLevel)
    seats = Seat.objects.filter(partnership=demo)
    now = seats.filter(ends_on=None)
    on_several = now.values("person").annotate(boards=Count("board", distinct=True)).filter(boards__gte=2)
    assert on_several.count() >= 12
    assert seats.filter(ends_on__lt=TODAY).count() >= 6
    assert all(now.filter(board=board, kind="chair").count() == 1 for board in boards)
    # From the residents of an estate to the region there is a way through people who sit on two boards.
    reached, grown = set(), {boards.get(level=BoardLevel.HYPER_LOCAL, name__startswith="Harebell").pk}
    while grown != reached:
        reached = set(grown)
        people = now.filter(board__in=reached).values("person")
        grown |= set(now.filter(person__in=people).values_list("board", flat=True))
    assert grown == set(boards.values_list("pk", flat=True))


def test_programmes_and_outcomes(demo):
    kinds = set(Programme.objects.filter(partnership=demo).values_list("kind", flat=True))
    assert kinds == {"haf", "social_prescribing", "send"}
    outcomes = Outcome.objects.filter(partnership=demo).annotate(
        how_many=Count("measures", filter=Q(measures__template_key="")),
        headlines=Count("measures", filter=Q(measures__is_headline=True, measures__template_key="")),
    )
    assert outcomes.count() == 6
    assert all(2 <= outcome.how_many <= 4 and outcome.headlines == 1 for outcome in outcomes)


def test_two_hundred_activities_of_all_kinds_over_a_year(activities):
    assert 200 <= activities.count() <= 230
    kinds = Counter(activities.values_list("kind", flat=True))
    assert set(kinds) == set(ActivityKind)
    assert kinds["setback"] >= 12
    assert kinds["introduction"] >= 10
    assert kinds["meeting"] < activities.count() / 2
    months = Counter((day.year, day.month) for day in activities.values_list("happened_on", flat=True))
    assert len(months) >= 12
    assert min(count for month, count in months.items() if month != (TODAY.year - 1, TODAY.month)) >= 6
    assert activities.values("created_by").distinct().count() >= 10


def test_no_two_activities_read_alike(activities):
    titles = list(activities.values_list("title", flat=True))
    texts = [text for text in activities.values_list("what_happened", flat=True) if text]
    assert len(set(titles)) == len(titles)
    assert len(set(texts)) == len(texts)
    openings = Counter(" ".join(text.split()[:3]) for text in texts)
    assert max(openings.values()) <= 2
    assert len({len(text.split()) for text in texts}) > 25


def test_every_activity_is_plausible(activities):
    for activity in activities.select_related("place").prefetch_related("people", "organisations"):
        assert activity.title[0].isupper() or activity.title[0].isdigit()
        assert not activity.title.endswith(".")
        assert activity.minutes is None or 10 <= activity.minutes <= 480
        assert activity.people.all(), activity.title
        if activity.is_complete:
            assert activity.what_happened.endswith((".", "?", "”")), activity.title
        assert bool(activity.next_step) == (activity.next_step_on is not None)
        if activity.next_step_done_on:
            assert activity.happened_on <= activity.next_step_done_on < TODAY
        assert activity.place is None or activity.place.is_fictional


def test_what_is_open_late_done_unfinished_or_private(activities):
    steps = activities.exclude(next_step="")
    still_open = steps.filter(next_step_done_on=None)
    assert steps.exclude(next_step_done_on=None).count() >= 60
    assert 5 <= still_open.filter(next_step_on__lt=TODAY).count() <= 25
    assert still_open.filter(next_step_on__gte=TODAY).count() >= 5
    assert 4 <= activities.filter(is_complete=False).count() <= 8
    private = activities.filter(visibility=Visibility.AUTHORS)
    assert private.count() == 2
    assert set(private.values_list("created_by__email", flat=True)) == {
        "officer@brackenford.example",
        "partner@brackenford.example",
    }


def test_authors_could_log_on_that_day(activities):
    for activity in activities.select_related("created_by"):
        roles = held_at(
            activity.created_by.memberships.filter(partnership=activity.partnership_id), activity.happened_on
        )
        allowed = [
            role
            for role in roles.values_list("role", flat=True)
            if Permission.LOG_ACTIVITY in ROLES[Role(role)].permissions
        ]
        assert allowed, f"{activity.created_by} on {activity.happened_on}"


def test_boards_meet_on_working_days_and_those_present_had_a_seat(activities):
    meetings = activities.filter(kind="meeting", title__startswith=F("board__name"))
    assert meetings.count() == 65
    for meeting in meetings.select_related("created_by").prefetch_related("people", "board__seats"):
        assert meeting.happened_on.weekday() < 5
        assert (meeting.happened_on.month, meeting.happened_on.day) not in {(12, 25), (12, 26), (1, 1)}
        seated = {
            seat.person_id
            for seat in meeting.board.seats.all()
            if seat.starts_on <= meeting.happened_on
            and (seat.ends_on is None or seat.ends_on >= meeting.happened_on)
        }
        present = {person.pk for person in meeting.people.all()} - {meeting.created_by_id}
        assert present <= seated, meeting.title
        assert len(meeting.people.all()) >= 2


def test_learning_that_worked_and_that_did_not(demo):
    entries = LearningEntry.objects.filter(partnership=demo)
    assert entries.count() >= 15
    verdicts = Counter(entries.values_list("verdict", flat=True))
    assert min(verdicts[verdict] for verdict in ("worked", "mixed", "did_not_work")) >= 4
    assert entries.exclude(activity=None).count() >= 14
    assert not entries.filter(learned_on__lt=F("activity__happened_on")).exists()
    assert not entries.filter(learned_on__gte=TODAY).exists()
    assert not entries.filter(Q(why="") | Q(what_changes="")).exists()


def test_stories_come_from_people_who_may_tell_them(demo):
    stories = Commentary.objects.filter(partnership=demo).select_related("author", "measure")
    assert stories.count() >= 15
    for story in stories:
        roles = held_at(story.author.memberships, story.written_on).values_list("role", flat=True)
        assert any(Permission.COMMENT in ROLES[Role(role)].permissions for role in roles), story
        assert story.written_on < TODAY


def test_every_text_is_fit_to_be_shown(demo, activities):
    texts = [
        *activities.values_list("title", "what_happened", "next_step"),
        *LearningEntry.objects.values_list("title", "expected", "happened", "why", "what_changes"),
        *Commentary.objects.values_list("story", "what_we_propose"),
        *Outcome.objects.values_list("title", "description"),
        *Board.objects.values_list("name", "purpose"),
        *Programme.objects.values_list("name", "summary"),
        *Person.objects.values_list("name", "job_title"),
    ]
    found = [text for row in texts for text in row if UNFIT.search(text)]
    assert not found


def test_nothing_describes_one_child_or_patient(activities):
    """Groups and numbers, yes; never a child or a patient about whom a reader could wonder who it was."""
    about_one = re.compile(
        r"\b(a|one|the|this|her|his|their) (\w+ )?(boy|girl|pupil|toddler|patient|son|daughter)\b", re.I
    )
    texts = [
        *activities.values_list("what_happened", flat=True),
        *LearningEntry.objects.values_list("happened", flat=True),
    ]
    assert not [text for text in texts if about_one.search(text)]


def test_a_seat_holder_and_an_officer_next_door(demo):
    """The neighbouring partnership is there to show what its people do not see."""
    from partnerships.models import Partnership

    officer = Person.objects.get(email="officer@thornmere.example")
    holder = Person.objects.get(email="seat@thornmere.example")
    ours, theirs = demo, Partnership.objects.exclude(pk=demo.pk).get()
    assert set(Partnership.objects.visible_to(officer)) == {theirs}
    assert set(Partnership.objects.visible_to(holder)) == {ours, theirs}
    board = holder.seats.get(partnership=ours).board
    assert holder.has_perm(Permission.VIEW_BOARD, board)
    assert not holder.has_perm(Permission.VIEW, ours)
    assert Activity.objects.filter(partnership=theirs).exists()
    kept = Organisation.objects.filter(merged_into__isnull=True)
    assert not kept.exclude(roles__partnership__in=[ours, theirs]).exists()


@pytest.mark.parametrize("role", HUMAN_ROLES)
def test_an_account_for_each_role_signs_in(demo, role, client):
    from django.contrib.auth import authenticate

    from demo import accounts

    address = f"{role.value}@brackenford.example"
    assert address in accounts.addresses()
    assert any(address in line for line in accounts.lines())
    person = authenticate(email=address, password=accounts.password())
    assert person is not None
    assert person.emailaddress_set.get().verified
    assert person.has_perm(Permission.VIEW, demo)
    assert person.has_perm(Permission.MANAGE_PEOPLE, demo) == (role == Role.MANAGER)


def test_those_without_an_account_cannot_sign_in(demo):
    from demo import accounts

    others = Person.objects.exclude(email__in=accounts.addresses())
    assert others.count() >= 25
    assert not [person for person in others if person.has_usable_password() or person.email]


def test_written_soon_after_it_happened(activities):
    assert not activities.filter(created_at__date__lt=F("happened_on")).exists()
    assert not [a for a in activities if a.created_at.date() - a.happened_on > timedelta(4)]
