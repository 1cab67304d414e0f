"""Who was named on an activity, and no more: kept by triggers on tables that Django makes by itself."""

from __future__ import annotations

import pytest
from django.utils import timezone

from partnerships.actions.activities import edit_activity, log_activity
from partnerships.actions.setting_up import add_organisation
from partnerships.models import Sector
from people.actions.memberships import add_person
from reports.queries.history import history_of


# Each save must be a transaction of its own: triggers tell the moments apart by it.
@pytest.mark.django_db(transaction=True)
def test_naming_somebody_later_and_taking_them_out_is_history(world):
    club = add_organisation(partnership=world.partnership, name="Judo club", sector=Sector.SPORT)
    first, later = add_person(name="Kim Named"), add_person(name="Lou Later")
    activity = log_activity(
        partnership=world.partnership,
        by=world.officer,
        title="Open day",
        happened_on=timezone.localdate(),
        organisations=[world.organisation],
        people=[first],
    )
    assert [entry.is_first for entry in history_of(activity)] == [True]
    edit_activity(
        activity=activity,
        expected_version=1,
        by=world.officer,
        organisations=[world.organisation, club],
        people=[later],
    )
    changes = {
        (change.field, change.before, change.after)
        for entry in history_of(activity)
        if not entry.is_first
        for change in entry.changes
    }
    assert ("Organisations", "", "Judo club") in changes
    assert ("People", "Kim Named", "") in changes
    assert ("People", "", "Lou Later") in changes
    assert not any("Testborough Council" in change for change in changes)
