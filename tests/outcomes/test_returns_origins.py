"""Everything opens: a measure's page to the partners' parts, to their returns and to who entered a figure; and the home page."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from outcomes.actions.observations import record_observation
from outcomes.actions.returns_deciding import accept
from outcomes.queries.origins import origins_of
from outcomes.queries.series import series_for
from people.models import Membership
from tests.outcomes.returns_world import make_returns, sent


@pytest.fixture
def made(world):
    return make_returns(world)


def accepted(made, world, partner, **said):
    found = sent(made.of(made.summer, partner), made, world.officer, **said)
    return accept(found=found, expected_version=found.version, by=world.officer)


def opened(measure, world):
    as_of = timezone.now()
    series = series_for([measure], [world.place.pk], as_of=as_of)[(measure.pk, world.place.pk)]
    return origins_of(measure, world.place, series, as_of=as_of)


def test_a_total_opens_to_parts_and_returns(made, world, as_):
    found = accepted(made, world, made.trust, sessions=12)
    (period,) = opened(made.sessions, world)
    assert (period.label, period.text) == ("Summer", "12 sessions")
    assert [(row.who, row.return_id, row.entered_by) for row in period.rows] == [
        ("Leisure Trust", found.pk, "Test officer")
    ]
    page = as_("chair").get(f"/p/{world.partnership.slug}/measures/{made.sessions.slug}/").content.decode()
    assert f"/returns/{found.pk}/" in page
    assert "Not in it yet: Saints Club." in page
    board = as_("chair").get(f"/p/{world.partnership.slug}/outcomes/").content.decode()
    assert "12 sessions" in board


def test_one_small_part_hides_its_siblings(made, world):
    made.sessions.hide_below = 5
    made.sessions.save()
    accepted(made, world, made.trust, sessions=3)
    accepted(made, world, made.club, sessions=20)
    (period,) = opened(made.sessions, world)
    assert period.text == "23 sessions"
    assert [row.text for row in period.rows] == ["Hidden", "Hidden"]


def test_a_figure_of_the_whole_place_says_who_entered_it(made, world, as_):
    record_observation(
        measure=made.sessions,
        by=world.officer,
        place=world.place,
        period_start=made.summer.starts_on,
        period_end=made.summer.ends_on,
        period_label="Summer",
        value=Decimal(99),
        source="Register",
    )
    accepted(made, world, made.trust, sessions=12)
    (period,) = opened(made.sessions, world)
    assert [(row.who, row.text, row.entered_by) for row in period.rows] == [
        ("", "99 sessions", "Test officer"),
        ("Leisure Trust", "12 sessions", "Test officer"),
    ]
    page = as_("chair").get(f"/p/{world.partnership.slug}/measures/{made.sessions.slug}/")
    assert "Testborough, whole" in page.content.decode()


def test_a_measure_that_partners_cannot_add_says_so(made, world, as_):
    accepted(made, world, made.trust)
    accepted(made, world, made.club)
    page = as_("chair").get(f"/p/{world.partnership.slug}/measures/{made.children.slug}/").content.decode()
    assert "No total" in page
    assert "cannot be added up" in page


def test_the_home_page_has_what_is_owed_and_what_waits(made, world, as_):
    Membership.objects.filter(person=world.partner).update(organisation=made.trust)
    sent(made.of(made.summer, made.club), made, world.officer)
    home = f"/p/{world.partnership.slug}/"
    assert "Figures of Leisure Trust for Holiday club, Summer" in as_("partner").get(home).content.decode()
    assert "Figures of Saints Club for Holiday club, Summer" in as_("officer").get(home).content.decode()
    assert "Figures of" not in as_("chair").get(home).content.decode()
