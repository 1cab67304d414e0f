"""The calendar feed: whose meetings it holds, what calendar programs make of it, and who has its address."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from partnerships.actions.boards import add_board
from partnerships.actions.commitments import make_commitment
from partnerships.actions.meetings import cancel_meeting, edit_meeting, plan_meeting
from partnerships.actions.seats import end_seat, take_seat
from people.actions.calendars import end_feed, make_feed, renew_feed
from people.actions.memberships import end_membership
from people.models import CalendarFeed, Membership
from people.queries.calendars import address_of, find, token_for

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


def days(number):
    return timezone.localdate() + timedelta(days=number)


def planned(world, day, board=None, **said):
    return plan_meeting(board=board or world.board, held_on=day, by=world.officer, **said)


def raw(person, every_board=False):
    """What a calendar program gets that knows the address and nothing else."""
    path = reverse("calendar-file", args=[token_for(make_feed(person=person).nonce)])
    answer = Client().get(path + ("?boards=all" if every_board else ""))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return answer.content


def events(person, every_board=False):
    return {str(event["UID"]): event for event in Calendar.from_ical(raw(person, every_board)).walk("VEVENT")}


def uid(meeting, kind="meeting"):
    return f"{kind}-{meeting.pk}"


def keys(person, every_board=False):
    return {key.split("@")[0] for key in events(person, every_board)}


# --- What it holds -----------------------------------------------------------------------------------------------
def test_meetings_of_the_boards_on_which_somebody_sits_and_of_every_board_when_asked(world):
    other = add_board(partnership=world.partnership, name="Other", level="steering")
    theirs = add_board(partnership=world.other, name="Theirs", level="steering")
    ours, another, foreign = (
        planned(world, days(3)),
        planned(world, days(4), other),
        planned(world, days(5), theirs),
    )
    assert keys(world.chair) == {uid(ours)}
    assert keys(world.chair, every_board=True) == {uid(ours), uid(another)}
    assert keys(world.observer) == set()
    assert keys(world.observer, every_board=True) == {uid(ours), uid(another)}
    take_seat(board=other, person=world.stranger, starts_on=days(-1))
    assert keys(world.stranger) == {uid(another)}
    assert keys(world.stranger, every_board=True) == {uid(another), uid(foreign)}


def test_what_somebody_may_not_read_any_more_is_gone(world):
    meeting = planned(world, days(3))
    assert keys(world.chair, every_board=True) == {uid(meeting)}
    end_seat(seat=world.board.seats.get(person=world.chair), on=days(-1), by=world.manager)
    assert keys(world.chair) == set()
    assert keys(world.chair, every_board=True) == {uid(meeting)}
    role = Membership.objects.get(person=world.chair)
    end_membership(membership=role, by=world.manager)
    assert keys(world.chair, every_board=True) == set()


def test_a_seat_to_come_shows_nothing_yet(world):
    planned(world, days(9))
    take_seat(board=world.board, person=world.stranger, starts_on=days(5))
    assert keys(world.stranger) == set()


def test_where_a_second_step_is_asked_for_and_missing_nothing_is_shown(world):
    planned(world, days(3))
    world.partnership.second_factor_roles = ["chair"]
    world.partnership.save(update_fields=["second_factor_roles"])
    assert keys(world.chair, every_board=True) == set()
    assert len(keys(world.officer, every_board=True)) == 1


def test_their_own_open_commitments_are_due(world):
    mine = make_commitment(
        partnership=world.partnership, what="Ring", owner=world.chair, due_on=days(4), by=world.officer
    )
    make_commitment(
        partnership=world.partnership, what="Not mine", owner=world.officer, due_on=days(4), by=world.officer
    )
    make_commitment(partnership=world.partnership, what="No day", owner=world.chair, by=world.officer)
    found = events(world.chair)
    assert {key.split("@")[0] for key in found} == {uid(mine, "commitment")}
    (event,) = found.values()
    assert str(event["SUMMARY"]) == "Due: Ring"
    assert event.decoded("DTSTART") == days(4)


def test_last_year_is_there_and_what_is_older_is_not(world):
    recent = planned(world, days(-300))
    planned(world, days(-400))
    assert keys(world.chair) == {uid(recent)}


# --- What programs make of it ------------------------------------------------------------------------------------
def test_times_are_london_times_in_summer_and_in_winter(world):
    summer = planned(world, date(timezone.localdate().year + 1, 7, 6), starts_at=time(10), ends_at=time(12))
    winter = planned(world, date(timezone.localdate().year + 1, 1, 12), starts_at=time(10))
    found = {key.split("@")[0]: event for key, event in events(world.chair).items()}
    starts = found[uid(summer)].decoded("DTSTART")
    assert starts == datetime.combine(summer.held_on, time(10), LONDON)
    assert starts.utcoffset() == timedelta(hours=1)
    assert found[uid(summer)].decoded("DTEND").hour == 12
    assert found[uid(winter)].decoded("DTSTART").utcoffset() == timedelta(0)
    text = raw(world.chair).decode()
    assert "BEGIN:VTIMEZONE" in text
    assert "DTSTART;TZID=Europe/London:" in text


def test_a_meeting_without_a_time_takes_the_day(world):
    meeting = planned(world, days(3))
    (event,) = events(world.chair).values()
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (meeting.held_on, days(4))
    assert "DTSTART;VALUE=DATE:" in raw(world.chair).decode()


def test_the_letter_of_the_standard(world):
    title = "Überblick 🌳; gap, \\ and سلام: " + "long " * 30
    planned(world, days(3), title=title.strip(), where="Town hall; room 2, upstairs")
    content = raw(world.chair)
    assert content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    content.decode("utf-8")
    assert b"Town hall\\; room 2\\, upstairs" in content.replace(b"\r\n ", b"")
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert str(event["SUMMARY"]) == " ".join(title.split())
    for name in ("UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE"):
        assert name in event


def test_a_change_keeps_the_event_and_raises_its_number_and_a_cancelled_one_says_so(world):
    meeting = planned(world, days(3))
    (before,) = events(world.chair).values()
    edit_meeting(meeting=meeting, expected_version=1, held_on=days(4), by=world.officer)
    (moved,) = events(world.chair).values()
    assert moved["UID"] == before["UID"]
    assert (before["SEQUENCE"], moved["SEQUENCE"]) == (0, 1)
    assert moved.decoded("LAST-MODIFIED") >= before.decoded("LAST-MODIFIED")
    cancel_meeting(meeting=meeting, reason="Snow\nand ice", by=world.officer)
    (cancelled,) = events(world.chair).values()
    assert (str(cancelled["STATUS"]), cancelled["SEQUENCE"]) == ("CANCELLED", 2)
    assert str(cancelled["SUMMARY"]).startswith("Cancelled: ")
    assert "Snow and ice" in str(cancelled["DESCRIPTION"])


def test_a_program_that_has_it_already_gets_nothing_new(world):
    planned(world, days(3))
    path = reverse("calendar-file", args=[token_for(make_feed(person=world.chair).nonce)])
    first = Client().get(path)
    again = Client().get(path, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "private" in first["Cache-Control"]
    assert first["X-Robots-Tag"] == "noindex"


def test_many_meetings_ask_no_more_often(world):
    path = reverse("calendar-file", args=[token_for(make_feed(person=world.chair).nonce)])

    def asked():
        with CaptureQueriesContext(connection) as queries:
            Client().get(path)
        return len(queries)

    planned(world, days(3))
    asked()
    before = asked()
    for number in range(6):
        planned(world, days(number + 4))
    assert asked() == before


# --- The address -------------------------------------------------------------------------------------------------
def test_only_the_hash_is_kept_and_two_people_have_two_addresses(world):
    feed, other = make_feed(person=world.chair), make_feed(person=world.officer)
    token = token_for(feed.nonce)
    assert len(token) == 43
    assert token not in (feed.nonce, feed.token_hash)
    assert token_for(other.nonce) != token
    assert make_feed(person=world.chair) == feed
    assert find(token) == feed


def test_a_new_address_ends_the_old_one_and_switching_off_ends_all(world):
    old = token_for(make_feed(person=world.chair).nonce)
    new = token_for(renew_feed(person=world.chair).nonce)
    assert Client().get(reverse("calendar-file", args=[old])).status_code == 404
    assert Client().get(reverse("calendar-file", args=[new])).status_code == 200
    end_feed(person=world.chair)
    for token in (new, old, "x", "x" * 500, "%00"):
        assert Client().get(reverse("calendar-file", args=[token])).status_code == 404


def test_somebody_who_may_not_sign_in_has_no_calendar(world):
    token = token_for(make_feed(person=world.chair).nonce)
    world.chair.is_active = False
    world.chair.save(update_fields=["is_active"])
    assert Client().get(reverse("calendar-file", args=[token])).status_code == 404


def test_reading_is_noted_once_a_day_and_nothing_else_is_written(world):
    path = reverse("calendar-file", args=[token_for(make_feed(person=world.chair).nonce)])
    Client().get(path)
    noted = CalendarFeed.objects.get().last_read_at
    assert noted is not None
    Client().get(path)
    assert CalendarFeed.objects.get().last_read_at == noted


def test_making_renewing_and_switching_off_on_its_page(world, as_, client):
    page = reverse("calendar-feed")
    assert client.get(page).status_code == 302
    assert client.post(page, {"do": "make"}).status_code == 302
    assert not CalendarFeed.objects.exists()
    chair = as_("chair")
    assert "Make my address" in chair.get(page).content.decode()
    assert chair.post(page, {"do": "make"}).status_code == 302
    first = CalendarFeed.objects.get()
    assert first.person == world.chair
    assert address_of(first) in chair.get(page).content.decode()
    assert address_of(first) not in as_("officer").get(page).content.decode()
    chair.post(page, {"do": "renew"})
    second = CalendarFeed.objects.get()
    assert second.token_hash != first.token_hash
    chair.post(page, {"do": "anything"})
    assert CalendarFeed.objects.get() == second
    chair.post(page, {"do": "end"})
    assert not CalendarFeed.objects.exists()
    assert chair.get(page).status_code == 200
