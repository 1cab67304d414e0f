"""From a checked file to observations, and back."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from outcomes.actions import imports
from outcomes.actions.observations import record_observation
from outcomes.actions.setting_up import add_group
from outcomes.models import BatchStatus, Observation
from partnerships.errors import DomainError
from tests.outcomes.imports_world import (
    THREE,
    as_of,
    check,
    counts,
    prepare,
    save,
    standing,
    upload,
)

LUTON, ENGLAND = "E06000032", "E92000001"


@pytest.fixture
def here(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return prepare(world)


# --- confirming ---


def test_what_changed_between_preview_and_confirming_is_compared_again(here):
    save(here, THREE)
    batch = check(here, THREE.replace("58.1", "58.4"))
    assert counts(batch) == {"changed": 1, "unchanged": 2}
    for code, period, value in ((LUTON, 2023, "58.4"), (ENGLAND, 2023, "70")):
        record_observation(
            measure=here.measure, place=here.places[code], period_start=date(period, 4, 1), period_end=date(period + 1, 3, 31),
            period_label="2023/24", value=Decimal(value), by=here.manager,
        )  # fmt: skip
    batch = imports.confirm_import(batch=batch, by=here.officer)
    # Luton's has come to stand already, England's stands differently from what the file says.
    assert counts(batch) == {"changed": 1, "unchanged": 2}
    assert standing(here) == {(LUTON, "2022/23"): 57, (LUTON, "2023/24"): 58.4, (ENGLAND, "2023/24"): 63}


def test_where_everything_has_come_to_stand_already_nothing_is_saved(here):
    batch = check(here, THREE)
    save(here, THREE)
    with pytest.raises(DomainError, match="is here already"):
        imports.confirm_import(batch=batch, by=here.officer)
    batch.refresh_from_db()
    assert batch.status == BatchStatus.PREVIEWED


def test_pressing_twice_saves_once(here):
    batch = check(here, THREE)
    first = imports.confirm_import(batch=batch, by=here.officer)
    again = imports.confirm_import(batch=batch, by=here.manager)
    assert (again.status, again.saved_by, again.saved_at) == (BatchStatus.SAVED, here.officer, first.saved_at)
    assert Observation.objects.count() == 3


def test_groups_are_left_alone(here):
    girls = add_group(partnership=here.partnership, dimension="Sex", name="Girls")
    record_observation(
        measure=here.measure, place=here.places[LUTON], group=girls, period_start=date(2023, 4, 1), period_end=date(2024, 3, 31),
        period_label="2023/24", value=Decimal(50), by=here.officer,
    )  # fmt: skip
    batch = save(here, THREE)
    assert counts(batch) == {"new": 3}
    imports.undo_import(batch=batch, by=here.officer)
    assert Observation.objects.get(superseded_at=None).group == girls


def test_only_refused_rows_are_kept_after_saving(here):
    batch = save(here, THREE + "E06009999,2023/24,1\n")
    assert list(batch.rows.values_list("row_number", "verdict")) == [(5, "refused")]


def test_no_two_periods_of_a_place_end_on_one_day(here):
    here.measure.frequency = "month"
    here.measure.save()
    batch = save(here, f"code,period,value\n{LUTON},March 2024,5\n{LUTON},2023/24,57\n{ENGLAND},2023/24,63\n")
    (row,) = batch.rows.filter(verdict="refused")
    assert (row.row_number, row.refusal) == (3, "ends_together")
    assert row.reason == "Ends on the same day as March 2024, for which this file has a figure too."
    assert standing(here) == {(LUTON, "March 2024"): 5, (ENGLAND, "2023/24"): 63}
    # What stands may be corrected, and stays before what would fit the measure better.
    batch = save(
        here, f"code,period,value\n{ENGLAND},March 2024,6\n{ENGLAND},2023/24,64\n{LUTON},2023/24,..\n"
    )
    assert [row.reason for row in batch.rows.filter(verdict="refused")] == [
        "Ends on the same day as 2023/24, for which a figure stands here already."
    ]
    # Once it is said that there is none, the other may come.
    save(here, f"code,period,value\n{ENGLAND},2023/24,..\n")
    save(here, f"code,period,value\n{ENGLAND},March 2024,6\n")
    assert standing(here)[ENGLAND, "March 2024"] == 6


def test_a_period_that_came_after_the_check_stops_the_saving(here):
    batch = check(here, THREE)
    record_observation(
        measure=here.measure, place=here.places[LUTON], period_start=date(2021, 4, 1), period_end=date(2024, 3, 31),
        period_label="2021/22 to 2023/24", value=Decimal(50), by=here.manager,
    )  # fmt: skip
    with pytest.raises(DomainError, match="other periods that end on the same days"):
        imports.confirm_import(batch=batch, by=here.officer)
    assert standing(here) == {(LUTON, "2021/22 to 2023/24"): 50}


# --- undoing ---


def test_undoing_restores_what_stood_before_as_new_rows(here):
    first = save(here, THREE)
    second = save(here, THREE.replace("58.1", "58.4") + "E08000038,2023/24,55\n")
    before = Observation.objects.count()
    undone = imports.undo_import(batch=second, by=here.manager)
    assert (undone.status, undone.undone_by) == (BatchStatus.UNDONE, here.manager)
    assert standing(here) == {(LUTON, "2022/23"): 57, (LUTON, "2023/24"): 58.1, (ENGLAND, "2023/24"): 63}
    # What stood is said again by a new row; nothing that was is gone, and each earlier day still has its number.
    assert Observation.objects.count() == before + 1
    restored = Observation.objects.get(recorded_at=undone.undone_at)
    assert (restored.batch, restored.source, restored.recorded_by, restored.status) == (
        first,
        "Sport England",
        here.manager,
        "final",
    )
    assert as_of(here, second.saved_at)[LUTON, "2023/24"] == 58.4
    assert as_of(here, second.saved_at)["E08000038", "2023/24"] == 55
    assert as_of(here, first.saved_at) == standing(here)


def test_imports_can_be_undone_one_after_the_other(here):
    first, second = save(here, THREE), save(here, THREE.replace("58.1", "58.4"))
    imports.undo_import(batch=second, by=here.officer)
    imports.undo_import(batch=first, by=here.officer)
    assert standing(here) == {}
    assert counts(check(here, THREE)) == {"new": 3}


def test_an_import_is_undone_once(here):
    batch = save(here, THREE)
    imports.undo_import(batch=batch, by=here.officer)
    with pytest.raises(DomainError, match="undone already"):
        imports.undo_import(batch=batch, by=here.officer)


def test_figures_changed_since_stop_the_undoing_unless_they_may_stay(here):
    first = save(here, THREE)
    save(here, THREE.replace("58.1", "58.4"))
    with pytest.raises(
        DomainError, match=r"1 figure of this import has been changed since. Nothing was undone"
    ):
        imports.undo_import(batch=first, by=here.officer)
    first.refresh_from_db()
    assert (first.status, len(standing(here))) == (BatchStatus.SAVED, 3)
    imports.undo_import(batch=first, leave_changed=True, by=here.officer)
    assert standing(here) == {(LUTON, "2023/24"): 58.4}


def test_when_all_were_changed_since_there_is_nothing_to_undo(here):
    one = "code,period,value\nE06000032,2023/24,58\n"
    first = save(here, one)
    save(here, one.replace("58", "59"))
    with pytest.raises(DomainError, match="nothing to undo"):
        imports.undo_import(batch=first, leave_changed=True, by=here.officer)


@pytest.mark.parametrize("reached", ["uploaded", "previewed"])
def test_what_was_not_saved_cannot_be_undone(here, reached):
    batch = upload(here, THREE) if reached == "uploaded" else check(here, THREE)
    with pytest.raises(DomainError, match="Only an import that has been saved"):
        imports.undo_import(batch=batch, by=here.officer)


def test_a_clock_that_runs_behind_does_not_stop_an_import(here):
    save(here, THREE)
    later = timezone.now() + timedelta(minutes=5)
    Observation.objects.update(recorded_at=later)
    batch = save(here, THREE.replace("58.1", "58.4"))
    assert batch.saved_at > later
    assert imports.undo_import(batch=batch, by=here.officer).undone_at > batch.saved_at
