from datetime import timedelta

import pytest
from django.utils import timezone

from learning.actions.entries import edit_entry, write_entry
from outcomes.actions.setting_up import add_outcome
from partnerships.actions.activities import log_activity
from partnerships.errors import DomainError, EditConflict


def words(**changed):
    return {
        "title": "Ask first, print later",
        "expected": "A leaflet would fill the session.",
        "happened": "Two people came.",
        "verdict": "did_not_work",
        **changed,
    }


def test_an_entry_keeps_what_it_came_from(world):
    activity = log_activity(
        partnership=world.partnership, by=world.officer, title="Walk", happened_on=timezone.localdate()
    )
    entry = write_entry(
        partnership=world.partnership, by=world.resident, activity=activity, **words(title="  Ask first ")
    )
    entry.refresh_from_db()
    assert (entry.title, entry.activity, entry.created_by) == ("Ask first", activity, world.resident)
    assert entry.learned_on == timezone.localdate()
    assert (entry.version, entry.created_at) == (1, entry.updated_at)


@pytest.mark.parametrize("field", ["title", "expected", "happened"])
def test_a_missing_text_is_refused_beside_its_field(world, field):
    with pytest.raises(DomainError) as refused:
        write_entry(partnership=world.partnership, by=world.officer, **words(**{field: "  "}))
    assert refused.value.field == field


def test_days_must_make_sense(world):
    today = timezone.localdate()
    with pytest.raises(DomainError) as refused:
        write_entry(
            partnership=world.partnership, by=world.officer, learned_on=today + timedelta(1), **words()
        )
    assert refused.value.field == "learned_on"
    with pytest.raises(DomainError) as refused:
        write_entry(
            partnership=world.partnership, by=world.officer, review_on=today - timedelta(1), **words()
        )
    assert refused.value.field == "review_on"


def test_records_of_another_partnership_are_refused(world):
    theirs = log_activity(
        partnership=world.other, by=world.stranger, title="Theirs", happened_on=timezone.localdate()
    )
    with pytest.raises(DomainError) as refused:
        write_entry(partnership=world.partnership, by=world.officer, activity=theirs, **words())
    assert refused.value.field == "activity"
    outcome = add_outcome(partnership=world.other, title="Theirs")
    entry = write_entry(partnership=world.partnership, by=world.officer, **words())
    with pytest.raises(DomainError) as refused:
        edit_entry(entry=entry, expected_version=1, by=world.officer, outcome=outcome)
    assert refused.value.field == "outcome"
    entry.refresh_from_db()
    assert (entry.outcome, entry.version) == (None, 1)


def test_the_second_of_two_edits_at_once_is_told(world):
    entry = write_entry(partnership=world.partnership, by=world.officer, **words())
    edit_entry(
        entry=entry, expected_version=1, by=world.officer, what_changes="Ask residents before printing. "
    )
    with pytest.raises(EditConflict):
        edit_entry(entry=entry, expected_version=1, by=world.manager, what_changes="Print more.")
    entry.refresh_from_db()
    assert entry.what_changes == "Ask residents before printing."
