"""The form in which an activity is logged, for the tests of several of its rooms."""

from datetime import date

import pytest
from django.urls import reverse

from outcomes.actions.setting_up import add_outcome, log_activity_for_outcomes


@pytest.fixture
def new(world):
    return reverse("activity-new", args=[world.partnership.slug])


@pytest.fixture
def outcome(world):
    return add_outcome(partnership=world.partnership, title="People are active")


@pytest.fixture
def activity(world, outcome):
    return log_activity_for_outcomes(
        partnership=world.partnership,
        by=world.officer,
        title="Walk",
        happened_on=date(2026, 1, 1),
        organisations=[world.organisation],
        people=[world.chair],
        outcomes=[outcome],
        what_happened="Wet",
    )


@pytest.fixture
def edit(activity):
    return reverse("activity-edit", args=[activity.partnership.slug, activity.pk])
