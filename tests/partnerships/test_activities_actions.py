from datetime import date, timedelta

import pytest
from django.utils import timezone

from partnerships.actions.activities import edit_activity, log_activity
from partnerships.errors import DomainError, EditConflict
from partnerships.models import ActivityKind, ProgrammeKind


def test_a_future_day_is_refused_beside_its_field(world):
    with pytest.raises(DomainError) as refused:
        log_activity(
            partnership=world.partnership,
            by=world.officer,
            title="Walk",
            happened_on=timezone.localdate() + timedelta(1),
        )
    assert refused.value.field == "happened_on"


def test_a_programme_of_another_partnership_is_refused(world):
    from partnerships.actions.setting_up import add_programme

    theirs = add_programme(partnership=world.other, name="Theirs", kind=ProgrammeKind.OTHER)
    with pytest.raises(DomainError) as refused:
        log_activity(
            partnership=world.partnership,
            by=world.officer,
            title="Walk",
            happened_on=date(2026, 1, 1),
            programme=theirs,
        )
    assert refused.value.field == "programme"


def test_the_second_of_two_edits_at_once_is_told(world):
    activity = log_activity(
        partnership=world.partnership,
        by=world.officer,
        title="Walk",
        happened_on=date(2026, 1, 1),
        kind=ActivityKind.EVENT,
    )
    edit_activity(activity=activity, expected_version=1, by=world.officer, title="Long walk")
    with pytest.raises(EditConflict) as refused:
        edit_activity(activity=activity, expected_version=1, by=world.manager, title="Short walk")
    assert refused.value.current_version == 2
    activity.refresh_from_db()
    assert activity.title == "Long walk"
