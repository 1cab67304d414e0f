"""What a holiday must offer is the programme's own to say, and its returns are asked by that."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from outcomes.actions.programmes import set_holiday_rules
from outcomes.actions.setting_up import add_measure, add_outcome
from outcomes.queries.returns import measures_not_asked
from outcomes.statistics.haf import HafRules, Season, broken, check_holiday
from partnerships.actions.programmes import add_programme
from partnerships.errors import DomainError, EditConflict
from partnerships.models import Programme


@pytest.fixture
def club(world):
    return add_programme(partnership=world.partnership, name="Rules club", kind="haf", calendar="holiday")


def page(club):
    return reverse("programme-rules", args=[club.partnership.slug, club.pk])


def typed(**changed):
    usual = {name: f"{value:g}" for name, value in HafRules().as_kept().items()}
    return usual | changed


def test_a_manager_changes_the_rules_and_returns_are_asked_by_them(world, club, client):
    client.force_login(world.manager)
    assert 'value="16"' in client.get(page(club)).content.decode()
    answer = client.post(page(club), typed(summer_days="12", hours_a_day="3.5", version=str(club.version)))
    assert answer.status_code == 302, answer.context["form"].errors
    club.refresh_from_db()
    assert club.rules == {"summer_days": 12, "hours_a_day": 3.5}  # the rest stays as usual
    rules = HafRules.of(club.rules)
    assert (rules.days[Season.SUMMER], rules.days[Season.EASTER], rules.hours_a_day) == (12, 4, 3.5)
    summer = {"name": "Summer 2026", "starts_on": date(2026, 7, 24), "ends_on": date(2026, 8, 31)}
    figures = {"haf_days": 13, "haf_hours": 3.5}
    assert not broken(check_holiday(**summer, figures=figures, rules=rules))
    assert len(broken(check_holiday(**summer, figures=figures))) == 2


@pytest.mark.parametrize("wrong", ["", "-1", "61", "many", "4.5", "9" * 5000, "\x00"])
def test_what_no_rule_can_be_is_refused_and_stays_in_the_form(world, club, client, wrong):
    client.force_login(world.manager)
    answer = client.post(page(club), typed(easter_days=wrong, version=str(club.version)))
    assert answer.status_code == 200
    assert answer.context["form"].errors["easter_days"]
    club.refresh_from_db()
    assert club.rules == {}


def test_two_at_once_and_other_kinds_of_programme(world, club):
    set_holiday_rules(
        programme=club, expected_version=club.version, rules={"easter_days": 5}, by=world.manager
    )
    with pytest.raises(EditConflict):
        set_holiday_rules(programme=club, expected_version=1, rules={"easter_days": 3}, by=world.manager)
    with pytest.raises(DomainError, match="no such rule"):
        set_holiday_rules(programme=club, expected_version=2, rules={"pupils": 3}, by=world.manager)
    club.kind = "send"
    with pytest.raises(DomainError, match="Only holiday programmes"):
        set_holiday_rules(programme=club, expected_version=2, rules={}, by=world.manager)


def test_who_may_not(world, club, client):
    assert client.get(page(club)).status_code == 302
    client.force_login(world.observer)
    assert client.get(page(club)).status_code == 403
    client.force_login(world.stranger)
    assert client.get(page(club)).status_code == 404
    client.force_login(world.manager)
    Programme.objects.filter(pk=club.pk).update(kind="send")
    assert client.get(page(club)).status_code == 404


def test_what_returns_do_not_ask_for_is_told(world, client):
    send = add_programme(partnership=world.partnership, name="Inclusion", kind="send", calendar="term")
    outcome = add_outcome(partnership=world.partnership, title="Children are in school")
    facts = {"outcome": outcome, "kind": "performance", "programme": send, "unit": "plans", "direction": "up"}
    monthly = add_measure(name="New plans", frequency="month", **facts)
    add_measure(name="Reviews", frequency="period", **facts)
    assert measures_not_asked(send) == [monthly]
    client.force_login(world.officer)
    shown = client.get(reverse("programme-detail", args=[send.partnership.slug, send.pk])).content.decode()
    assert "1 measure that returns do not ask for" in shown
    assert "New plans</a>, monthly" in shown
