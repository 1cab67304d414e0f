"""Programmes through the partner API: their story, outcomes and money, and no people."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from outcomes.actions.programmes import link_outcomes
from partnerships.actions.money import add_money_line
from partnerships.actions.programmes import add_programme, change_status, edit_programme
from partnerships.models import Programme
from tests.api.conftest import read


@pytest.fixture
def told(world, figures):
    """A programme with everything that an item says."""
    programme = edit_programme(
        programme=world.programme,
        expected_version=1,
        by=world.officer,
        summary="Test officer runs it",
        partners=[world.organisation],
        places=[world.place],
        co_design="led",
        co_design_change="The hours",
    )
    change_status(
        programme=programme,
        expected_version=programme.version,
        status="paused",
        changed_on=date(2026, 3, 1),
        reason="test OFFICER left",
        by=world.officer,
    )
    for kind, amount in (("budget", "100.10"), ("budget", "20.20"), ("spent", "5")):
        add_money_line(
            programme=programme,
            kind=kind,
            heading="food",
            amount=Decimal(amount),
            starts_on=date(2026, 1, 1),
            ends_on=date(2026, 1, 2),
        )
    link_outcomes(programme=programme, links={figures.outcome: "By Test officer"}, by=world.officer)
    return Programme.objects.get(pk=programme.pk)


def test_everything_but_people_is_there(partner, told, figures):
    (row,) = partner.get("programmes").json()["items"]
    assert (row["name"], row["kind"], row["status"]) == ("Holiday club", "haf", "paused")
    assert row["status_changes"] == [
        {"status": "paused", "changed_on": "2026-03-01", "reason": "[name] left", "context": ""}
    ]
    assert row["outcomes"] == [
        {"id": str(figures.outcome.pk), "title": "More people are active", "how": "By [name]"}
    ]
    assert row["summary"] == "[name] runs it"
    assert (row["money_budget"], row["money_spent"], row["money_match"]) == (120.3, 5.0, None)
    assert [one["name"] for one in row["partners"]] == ["Testborough Council"]
    assert [one["place_name"] for one in row["places"]] == ["Testborough"]
    assert (row["co_design"], row["is_co_created"]) == ("led", True)
    assert partner.get(f"programmes/{told.pk}").json() == row


def test_only_ours_and_only_what_is_asked(partner, world, told):
    theirs = add_programme(partnership=world.other, name="Theirs", kind="haf")
    walk = add_programme(partnership=world.partnership, name="Walks", kind="other", status="planned")
    names = lambda **asked: [one["name"] for one in partner.get("programmes", **asked).json()["items"]]  # noqa: E731
    assert names() == ["Holiday club", "Walks"]
    assert names(kind="other") == ["Walks"]
    assert names(status="paused") == ["Holiday club"]
    assert names(changed_since="2099-01-01") == []
    assert names(page_size="1") == ["Holiday club"]
    assert partner.get(f"programmes/{theirs.pk}").status_code == 404
    assert partner.get(f"programmes/{walk.pk}").status_code == 200
    assert partner.get("programmes", status="gone").status_code == 400


def test_the_same_as_csv(partner, told):
    header, row = read(partner.get("programmes", format="csv")).splitlines()
    cells = dict(zip(header.split(","), row.split(","), strict=True))
    assert cells["places"] == "Testborough"
    assert cells["status_changes"] == "paused"
    assert cells["money_budget"] == "120.3"
