from datetime import date

import pytest
from django.urls import reverse

from partnerships.actions.activities import log_activity
from partnerships.actions.setting_up import add_organisation
from partnerships.models import ActivityKind, Sector, Visibility
from partnerships.queries.activities import visible
from partnerships.queries.activity_counts import count


@pytest.fixture
def log(world):
    def logged(day, **facts):
        given = {"partnership": world.partnership, "by": world.officer, "title": "Walk"} | facts
        return log_activity(happened_on=day, **given)

    return logged


@pytest.fixture
def url(world):
    return reverse("activity-counts", args=[world.partnership.slug])


def test_months_without_any_are_counted_as_none(world, log):
    for day in (date(2025, 11, 30), date(2025, 11, 1), date(2026, 2, 1)):
        log(day)
    counts = count(visible(world.partnership, world.officer))
    assert counts.total == 3
    assert counts.months == (
        (date(2025, 11, 1), 2),
        (date(2025, 12, 1), 0),
        (date(2026, 1, 1), 0),
        (date(2026, 2, 1), 1),
    )


def test_only_two_years_are_drawn_and_the_rest_is_said(world, log):
    log(date(2020, 5, 1))
    log(date(2026, 5, 1))
    counts = count(visible(world.partnership, world.officer))
    assert (len(counts.months), counts.months[0][0], counts.earlier) == (24, date(2024, 6, 1), 1)


def test_an_activity_counts_once_in_each_sector_it_names(world, log):
    second = add_organisation(partnership=world.partnership, name="Second council", sector=Sector.COUNCIL)
    club = add_organisation(partnership=world.partnership, name="Club", sector=Sector.SPORT)
    log(date(2026, 1, 1), organisations=[world.organisation, second, club])
    log(date(2026, 1, 1), organisations=[club], kind=ActivityKind.VISIT)
    log(date(2026, 1, 1), kind=ActivityKind.VISIT)
    counts = count(visible(world.partnership, world.officer))
    assert counts.sectors == (("Sport", 2), ("Council (several sectors)", 1))
    assert counts.kinds == (("Visit", 2), ("Meeting", 1))


def test_the_page_counts_what_the_list_with_the_same_address_shows(as_, log, url, world):
    log(date(2026, 1, 1), kind=ActivityKind.VISIT, organisations=[world.organisation])
    log(date(2026, 1, 1))
    log(date(2026, 1, 1), kind=ActivityKind.VISIT, by=world.manager, visibility=Visibility.AUTHORS)
    page = as_("officer").get(url, {"kind": "visit", "before": "2020-01-01.1"}).content.decode()
    assert "1 activity" in page
    assert "<title" in page
    assert f'href="{reverse("activity-list", args=[world.partnership.slug])}?kind=visit"' in page


def test_nothing_to_count_is_said(as_, url):
    assert "No activities yet" in as_("observer").get(url).content.decode()
    assert "No activities match" in as_("observer").get(url, {"q": "x"}).content.decode()


def test_counting_costs_the_same_however_many_there_are(as_, log, url, world, django_assert_max_num_queries):
    client = as_("officer")
    log(date(2026, 1, 1), organisations=[world.organisation])
    client.get(url)
    with django_assert_max_num_queries(23) as few:
        client.get(url)
    for month in range(1, 9):
        log(date(2026, month, 1), organisations=[world.organisation], kind=ActivityKind.CALL)
    with django_assert_max_num_queries(23) as many:
        client.get(url)
    assert len(few.captured_queries) == len(many.captured_queries)
