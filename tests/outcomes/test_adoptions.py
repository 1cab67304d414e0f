"""Bodies that share an outcome: who may say it, what is refused, how it is shown."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from outcomes.actions.adoptions import adopt_outcome, edit_adoption, end_adoption
from outcomes.actions.setting_up import add_outcome
from outcomes.models import OutcomeAdoption
from outcomes.queries.adoptions import who_shares
from partnerships.actions.setting_up import add_organisation
from partnerships.errors import DomainError, EditConflict
from partnerships.models import Sector

SLUG = "testborough-together"


def url(name, *args):
    return reverse(name, args=[SLUG, *args])


@pytest.fixture
def here(world):
    world.outcome = add_outcome(partnership=world.partnership, title="Everyone moves more", by=world.manager)
    world.club = add_organisation(partnership=world.partnership, name="Canal Club", sector=Sector.VOLUNTARY)
    world.theirs = add_organisation(partnership=world.other, name="Their Trust", sector=Sector.VOLUNTARY)
    return world


def adopt(here, organisation=None, day=date(2025, 1, 1), **more):
    return adopt_outcome(
        outcome=here.outcome, organisation=organisation or here.club, adopted_on=day, by=here.manager, **more
    )


def sent(day, **more):
    return {"adopted_on_day": day.day, "adopted_on_month": day.month, "adopted_on_year": day.year, "words": "", "where": ""} | more  # fmt: skip


def test_a_body_shares_an_outcome_once_at_a_time(here):
    first = adopt(here, words=" In our words ", where="Plan,\n page 3")
    assert (first.words, first.where) == ("In our words", "Plan, page 3")
    with pytest.raises(DomainError, match="already"):
        adopt(here, day=date(2025, 6, 1))
    end_adoption(adoption=first, expected_version=1, ended_on=date(2025, 3, 1), by=here.manager)
    with pytest.raises(DomainError, match="until 1 March 2025"):
        adopt(here, day=date(2025, 3, 1))
    second = adopt(here, day=date(2025, 3, 2))
    assert list(OutcomeAdoption.objects.order_by("pk")) == [first, second]
    with pytest.raises(DomainError, match="until 1 March 2025"):
        edit_adoption(adoption=second, expected_version=1, adopted_on=date(2025, 2, 1), by=here.manager)
    edit_adoption(adoption=second, expected_version=1, adopted_on=date(2025, 4, 1), by=here.manager)
    with pytest.raises(EditConflict):
        edit_adoption(adoption=second, expected_version=1, adopted_on=date(2025, 5, 1), by=here.manager)


def test_what_cannot_be_is_refused(here):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(DomainError, match="organisation of this partnership"):
        adopt(here, organisation=here.theirs)
    with pytest.raises(DomainError, match="future"):
        adopt(here, day=tomorrow)
    made = adopt(here)
    for day in (date(2024, 12, 31), tomorrow):
        with pytest.raises(DomainError):
            end_adoption(adoption=made, expected_version=1, ended_on=day, by=here.manager)


def test_a_manager_says_it_for_anybody_and_a_partner_for_their_own(here, as_):
    path = url("outcome-adopt", here.outcome.pk)
    day = date(2025, 1, 1)
    partner = as_("partner")
    assert partner.get(path).context["form"]["organisation"].value() == here.organisation.pk
    refused = partner.post(path, sent(day, organisation=here.club.pk))
    assert "Select a valid choice" in refused.content.decode()
    assert partner.post(path, sent(day, organisation=here.organisation.pk)).status_code == 302
    assert as_("manager").post(path, sent(day, organisation=here.club.pk)).status_code == 302
    forged = as_("manager").post(path, sent(day, organisation=here.theirs.pk))
    assert "Select a valid choice" in forged.content.decode()
    for role in ("observer", "evaluator"):
        assert as_(role).get(path).status_code == 403
    assert as_(here.stranger).get(path).status_code == 404
    clubs = OutcomeAdoption.objects.get(organisation=here.club)
    own = OutcomeAdoption.objects.get(organisation=here.organisation)
    for name in ("outcome-adoption-edit", "outcome-adoption-end"):
        assert partner.get(url(name, own.pk)).status_code == 200
        assert partner.get(url(name, clubs.pk)).status_code == 403
        assert as_("manager").get(url(name, clubs.pk)).status_code == 200
        assert as_(here.stranger).get(url(name, clubs.pk)).status_code == 404
    today = timezone.localdate()
    ended = partner.post(
        url("outcome-adoption-end", own.pk),
        {"ended_on_day": today.day, "ended_on_month": today.month, "ended_on_year": today.year, "version": 1},
    )
    assert ended.status_code == 302
    own.refresh_from_db()
    assert own.ended_on == today


def test_the_table_of_bodies_and_outcomes(here, as_, django_assert_max_num_queries):
    second = add_outcome(partnership=here.partnership, title="Nobody is lonely", by=here.manager)
    adopt(here, words="We move")
    found = who_shares(here.partnership)
    assert found.outcomes == (here.outcome, second)
    assert [(row.organisation, [bool(cell) for cell in row.adoptions]) for row in found.rows] == [
        (here.club, [True, False])
    ]
    assert found.without == (here.organisation,)
    page = as_("observer").get(url("outcome-adoptions")).content.decode()
    assert "Since 1 January 2025" in page
    assert "We share this" not in page
    shown = as_("partner").get(url("outcome-detail", here.outcome.pk)).content.decode()
    assert "We move" in shown
    assert "We share this" in shown
    for n in range(15):
        body = add_organisation(partnership=here.partnership, name=f"Body {n}", sector=Sector.VOLUNTARY)
        adopt(here, organisation=body)
    for path in (url("outcome-adoptions"), url("outcome-detail", here.outcome.pk)):
        client = as_("observer")
        client.get(path)
        with django_assert_max_num_queries(16):
            client.get(path)
