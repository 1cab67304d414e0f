"""The log as a timeline and as a calendar."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships.actions.activities import NewActivity, log_activities
from partnerships.queries.activities import visible
from partnerships.queries.activity_calendar import SHOWN_A_DAY, month_of, newest_month


@pytest.fixture
def log(world):
    def logged(*days, title="Walk", **facts):
        entries = [
            NewActivity(title=f"{title} {n}", happened_on=day, organisations=[world.organisation], **facts)
            for n, day in enumerate(days)
        ]
        return log_activities(partnership=world.partnership, by=world.officer, entries=entries)

    return logged


@pytest.fixture
def calendar(world):
    return reverse("activity-calendar", args=[world.partnership.slug])


@pytest.fixture
def timeline(world):
    return reverse("activity-timeline", args=[world.partnership.slug])


def test_a_month_has_whole_weeks_from_monday(world, log):
    log(*[date(2026, 2, 3)] * 6, date(2026, 2, 28), date(2026, 1, 31), date(2026, 3, 1))
    weeks = month_of(visible(world.partnership, world.officer), date(2026, 2, 1))
    days = [day for week in weeks for day in week]
    assert (days[0].date, days[-1].date) == (date(2026, 1, 26), date(2026, 3, 1))
    assert {day.date.day: day.count for day in days if day.count} == {3: 6, 28: 1}
    third = next(day for day in days if day.date == date(2026, 2, 3))
    assert [one.title for one in third.activities] == ["Walk 5", "Walk 4", "Walk 3", "Walk 2"]
    assert len(third.activities) == SHOWN_A_DAY


def test_a_leap_day_and_a_december_are_there(world, log):
    log(date(2024, 2, 29), date(2025, 12, 31))
    rows = visible(world.partnership, world.officer)
    assert sum(day.count for week in month_of(rows, date(2024, 2, 1)) for day in week) == 1
    assert sum(day.count for week in month_of(rows, date(2025, 12, 1)) for day in week) == 1
    assert newest_month(rows) == date(2025, 12, 1)
    assert newest_month(rows.none()) is None


def test_the_calendar_opens_where_the_newest_is_and_turns_pages(as_, world, log, calendar):
    log(*[date(2026, 2, 3)] * 6, date(2026, 1, 5))
    client = as_("officer")
    page = client.get(calendar).content.decode()
    assert "February 2026: 6 activities" in page
    assert "All 6 on 3 February 2026" in page
    assert "?month=2026-01" in page
    assert "?month=2026-03" in page
    page = client.get(calendar, {"month": "2026-01"}).content.decode()
    assert "January 2026: 1 activity" in page
    assert "Walk 6" in page
    this = timezone.localdate()
    assert (
        f"month={(this.replace(day=1) + timedelta(32)):%Y-%m}"
        not in client.get(calendar, {"month": f"{this:%Y-%m}"}).content.decode()
    )


@pytest.mark.parametrize(
    "month", ["x", "2026-13", "2026-00", "0000-01", "٢٠٢٦-01", "2026-1", "9" * 40, "\x00"]
)
def test_a_month_that_makes_no_sense(as_, world, log, calendar, month):
    log(date(2026, 2, 3))
    page = as_("officer").get(calendar, {"month": month}).content.decode()
    assert "That month could not be read" in page
    assert "February 2026" in page


def test_filters_hold_in_every_view(as_, world, log, calendar, timeline):
    log(date(2026, 2, 3), title="Visit", kind="visit")
    log(date(2026, 2, 4), title="Call", kind="call")
    for url in (calendar, timeline):
        page = as_("officer").get(url, {"kind": "visit"}).content.decode()
        assert "Visit 0" in page
        assert "Call 0" not in page
        assert "?kind=visit" in page
        assert "Kind: Visit" in page


def test_the_timeline_is_by_month_and_day_with_pages(as_, world, log, timeline):
    log(*[date(2026, 1, 1) + timedelta(n) for n in range(60)], kind="event")
    client = as_("officer")
    page = client.get(timeline).content.decode()
    assert "Sunday 1 March" in page
    assert "Ev</span>" in page
    assert "Testborough Council" in page
    assert "Walk 10<" in page
    assert "Walk 9<" not in page
    older = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    page = client.get(timeline + older.replace("&amp;", "&")).content.decode()
    assert "Walk 9<" in page
    assert "Walk 10<" not in page


def test_an_empty_month_and_an_empty_log(as_, calendar, timeline):
    assert "0 activities" in as_("officer").get(calendar).content.decode()
    assert "No activities yet" in as_("officer").get(timeline).content.decode()


def test_who_may_look(as_, client, world, calendar, timeline):
    for url in (calendar, timeline):
        assert as_("observer").get(url).status_code == 200
        assert as_(world.stranger).get(url).status_code == 404
        assert client.get(url).url.startswith(reverse("account_login"))


def test_they_cost_the_same_however_many_there_are(
    as_, world, log, calendar, timeline, django_assert_max_num_queries
):
    client = as_("officer")
    log(date(2026, 2, 3))
    for url in (calendar, timeline):
        client.get(url)
        with django_assert_max_num_queries(26) as few:
            client.get(url)
        log(*[date(2026, 2, 1) + timedelta(n % 28) for n in range(60)])
        with django_assert_max_num_queries(len(few) + 1):
            client.get(url)
