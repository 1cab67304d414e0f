"""From an uploaded file to observations and back, without a browser."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from outcomes.actions import imports
from outcomes.actions.imports_mapping import remove_recipe
from outcomes.actions.observations import record_observation
from outcomes.actions.setting_up import add_group, add_outcome
from outcomes.imports import table
from outcomes.imports.mapping import WIDE, Mapping
from outcomes.models import BatchStatus, ImportBatch, ImportRecipe, Observation, StagedRow
from outcomes.tasks import check_file
from partnerships.errors import DomainError
from partnerships.models import PartnershipPlace, Place
from tests.outcomes.imports_world import (
    THREE,
    as_of,
    check,
    counts,
    measure_of,
    prepare,
    reasons,
    save,
    standing,
    upload,
)

LUTON, ENGLAND = "E06000032", "E92000001"


@pytest.fixture
def here(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return prepare(world)


# --- what a check says ---


def test_a_new_file_is_all_new_and_nothing_is_saved_before_it_is_confirmed(here):
    batch = check(here, THREE)
    assert (batch.status, batch.problem, counts(batch)) == (BatchStatus.PREVIEWED, "", {"new": 3})
    assert (batch.rows_read, Observation.objects.count()) == (3, 0)


def test_saving_keeps_source_batch_and_who(here):
    batch = save(here, THREE)
    assert (batch.status, batch.saved_by) == (BatchStatus.SAVED, here.officer)
    assert standing(here) == {(LUTON, "2022/23"): 57, (LUTON, "2023/24"): 58.1, (ENGLAND, "2023/24"): 63}
    saved = Observation.objects.all()
    assert {(o.batch_id, o.source, o.recorded_by_id, o.status) for o in saved} == {
        (batch.pk, "Sport England", here.officer.pk, "final")
    }
    assert {o.recorded_at for o in saved} == {batch.saved_at}  # one moment for the whole batch


def test_the_same_file_again_changes_nothing(here):
    save(here, THREE)
    again = check(here, THREE)
    assert counts(again) == {"unchanged": 3}
    with pytest.raises(DomainError, match="nothing to save"):
        imports.confirm_import(batch=again, by=here.officer)
    assert Observation.objects.count() == 3


def test_a_changed_figure_supersedes_and_the_old_one_can_be_had_as_of_its_day(here):
    first = save(here, THREE)
    second = save(here, THREE.replace("58.1", "58.4"))
    assert counts(second) == {"changed": 1, "unchanged": 2}
    assert standing(here)[LUTON, "2023/24"] == 58.4
    assert as_of(here, first.saved_at)[LUTON, "2023/24"] == 58.1
    assert as_of(here, second.saved_at)[LUTON, "2023/24"] == 58.4
    assert as_of(here, second.saved_at - timedelta(microseconds=1))[LUTON, "2023/24"] == 58.1
    assert Observation.objects.count() == 4


def test_a_number_that_differs_only_beyond_what_is_kept_is_unchanged(here):
    save(here, "code,period,value\nE06000032,2023/24,58.1234564\n")
    assert counts(check(here, "code,period,value\nE06000032,2023/24,58.12345642\n")) == {"unchanged": 1}


def test_a_status_is_part_of_what_is_said(here):
    save(here, "code,period,value\nE06000032,2023/24,58 [p]\n")
    assert Observation.objects.get().status == "provisional"
    assert counts(check(here, "code,period,value\nE06000032,2023/24,58\n")) == {"changed": 1}


def test_a_file_without_limits_does_not_take_them_away(here):
    limits = "code,period,value,lo,hi\nE06000032,2023/24,58,55,61\n"
    save(here, limits, lower_column="lo", upper_column="hi")
    assert counts(check(here, "code,period,value\nE06000032,2023/24,58\n")) == {"unchanged": 1}
    changed = check(here, limits.replace("61", "62"), lower_column="lo", upper_column="hi")
    assert counts(changed) == {"changed": 1}


def test_markers_become_observations_without_a_value(here):
    save(
        here,
        "code,period,value\nE06000032,2021/22,x\nE06000032,2022/23,[c]\nE06000032,2023/24,low\nE92000001,2023/24,\n",
    )
    assert standing(here) == {
        (LUTON, "2021/22"): "x",
        (LUTON, "2022/23"): "c",
        (LUTON, "2023/24"): 0,
        (ENGLAND, "2023/24"): "x",
    }
    assert Observation.objects.get(period_label="2023/24", place__code=LUTON).marker == "low"


def test_a_percentage_is_worked_out_from_its_two_counts(here):
    text = "code,period,in time,all\nE06000032,2024,30,40\nE92000001,2024,x,100\nE08000038,2024,0,0\n"
    save(here, text, value_column="", numerator_column="in time", denominator_column="all")
    assert standing(here) == {(LUTON, "2024"): 75, (ENGLAND, "2024"): "x", ("E08000038", "2024"): "z"}
    luton = Observation.objects.get(place__code=LUTON)
    assert (luton.numerator, luton.denominator) == (30, 40)


def test_only_rows_that_the_filters_let_through(here):
    text = "code,period,sex,type,value\nE06000032,2024,All,UA,1\nE06000032,2024,Girls,UA,2\nE92000001,2024,All,Country,3\nE92000001,2024,All,Other,4\n"
    batch = check(here, text, filters=[["sex", "All"], ["type", "UA"], ["type", "Country"]])
    assert (counts(batch), batch.rows_read) == ({"new": 2, "skipped": 2}, 4)


def test_a_column_for_each_period_and_blank_cells_say_nothing(here):
    text = "code,2022/23,2023/24\nE06000032,57,58\nE92000001,,63\n"
    batch = save(here, text, layout=WIDE, period_columns=["2022/23", "2023/24"])
    assert counts(batch) == {"new": 3}
    assert standing(here) == {(LUTON, "2022/23"): 57, (LUTON, "2023/24"): 58, (ENGLAND, "2023/24"): 63}


def test_one_place_and_one_period_for_the_whole_file(here):
    batch = save(
        here,
        "what,value\nactive,58\n",
        place_columns=[],
        fixed_place=here.places[LUTON].pk,
        period_column="",
        fixed_period="2023/24",
    )
    assert counts(batch) == {"new": 1}
    assert standing(here) == {(LUTON, "2023/24"): 58}


def test_a_place_that_stands_above_its_rows(here):
    save(here, "code,period,value\nE06000032,2022/23,57\n,2023/24,58\n", fill_down=True)
    assert standing(here) == {(LUTON, "2022/23"): 57, (LUTON, "2023/24"): 58}


def test_shares_of_one_as_percentages(here):
    save(here, "code,period,value\nE06000032,2023/24,0.581\nE92000001,2023/24,63%\n", times_100=True)
    assert standing(here) == {(LUTON, "2023/24"): 58.1, (ENGLAND, "2023/24"): 63}


def test_numbers_that_grow_beyond_what_is_kept_are_refused_row_by_row(here):
    batch = check(
        here, "code,period,value\nE06000032,2023/24,123456789012\nE92000001,2023/24,0.5\n", times_100=True
    )
    assert (counts(batch), reasons(batch)) == ({"new": 1, "refused": 1}, {2: "“123456789012” is too large."})
    text = "code,period,n,d\nE06000032,2023/24,123456789012,0.001\nE92000001,2023/24,1,2\n"
    batch = check(here, text, value_column="", numerator_column="n", denominator_column="d")
    assert reasons(batch) == {2: "“123456789012 of 0.001” is too large."}


def test_each_refused_row_has_its_number_and_its_reason(here):
    batch = check(
        here,
        "code,period,value\n"
        "E06000032,2023/24,58\n"  # 2
        "E06009999,2023/24,58\n"  # 3
        ",2023/24,58\n"  # 4
        "West Midlands,2023/24,58\n"  # 5
        "E06000032,soon,58\n"  # 6
        "E06000032,2022/23,about 5\n"  # 7
        "E06000032,2021/22,5,6\n"  # 8
        "\n"  # 9, empty
        "E06000032,Q1 2024,5\n",  # 10
    )
    assert counts(batch) == {"new": 1, "refused": 7}
    assert reasons(batch) == {
        3: "No place with the code E06009999 is known here.",
        4: "The place is empty.",
        5: "“West Midlands” could be West Midlands (E12000005) or West Midlands (E47000007).",
        6: "“soon” is not a period that is known here.",
        7: "“about 5” is not a number or a marker that is known here.",
        8: "The row has more cells than there are headings.",
        10: "“Q1 2024” is shorter than a period of this yearly measure.",
    }
    assert batch.rows.get(row_number=7).as_written == {
        "place": LUTON,
        "period": "2022/23",
        "value": "about 5",
    }


def test_rows_that_say_the_same_twice_count_once(here):
    batch = save(here, "code,period,value\nE06000032,2023/24,58\nE06000032,2023/24,58.0\n")
    assert counts(batch) == {"new": 1, "unchanged": 1}


def test_rows_that_differ_are_both_refused(here):
    batch = check(
        here, "code,period,value\nE06000032,2023/24,58\nE92000001,2023/24,63\nE06000032,2023/24,59\n"
    )
    assert counts(batch) == {"new": 1, "refused": 2}
    assert reasons(batch) == {
        2: "Row 4 gives another figure for the same place and 2023/24.",
        4: "Row 2 gives another figure for the same place and 2023/24.",
    }


def test_two_columns_for_one_period_that_differ_are_refused(here):
    batch = check(
        here, "code,2023/24,2023-24\nE06000032,57,58\n", layout=WIDE, period_columns=["2023/24", "2023-24"]
    )
    assert set(reasons(batch).values()) == {
        "Another column gives another figure for the same place and 2023/24."
    }
    assert counts(batch) == {"refused": 2}


# --- places that changed ---


def test_an_old_code_is_led_to_its_successor_and_says_so(here):
    batch = save(here, "code,period,value\nE08000016,2023/24,58\n")
    assert standing(here) == {("E08000038", "2023/24"): 58}
    assert Observation.objects.get().note == "E08000016 is now E08000038."
    assert counts(batch) == {"new": 1}


def test_the_places_own_row_wins_over_one_led_from_its_old_code(here):
    batch = check(here, "code,period,value\nE08000016,2023/24,58\nE08000038,2023/24,60\n")
    assert counts(batch) == {"new": 1, "refused": 1}
    assert reasons(batch) == {
        2: "E08000016 is now E08000038. Row 3 gives that place's own figure for 2023/24."
    }
    assert batch.rows.get(verdict="new").value == 60


def test_figures_of_a_merged_place_are_refused_unless_they_are_to_be_kept(here):
    text = "code,period,value\nE07000187,2015/16,70\nE06000066,2015/16,68\n"
    batch = check(here, text)
    assert reasons(batch) == {
        2: "Mendip (E07000187) became part of Somerset (E06000066). A part's figure is not the whole's."
    }
    save(here, text, merged="keep")
    assert standing(here) == {("E07000187", "2015/16"): 70, ("E06000066", "2015/16"): 68}


def test_two_old_places_led_to_one_are_never_added_up(here):
    text = "code,period,value\nE07000187,2015/16,70\nE07000188,2015/16,70\nE07000187,2016/17,71\n"
    batch = check(here, text, merged="lead")
    assert counts(batch) == {"new": 1, "refused": 2}
    assert reasons(batch)[2] == (
        "E07000187 is now E06000066. So is another place of this file, and their figures for 2015/16 cannot be added up."
    )


def test_a_neighbourhood_of_another_partnership_is_not_known_here(here):
    theirs = Place.objects.create(name="Riverside", kind="neighbourhood")
    PartnershipPlace.objects.create(partnership=here.other, place=theirs)
    batch = check(here, "code,period,value\nRiverside,2023/24,58\nTestborough,2023/24,59\n")
    assert reasons(batch) == {2: "No place called “Riverside” is known here."}
    assert counts(batch) == {"new": 1, "refused": 1}


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


# --- saved choices, giving up, reading again ---


def test_the_next_file_with_the_same_headings_goes_straight_to_its_preview(here):
    save(here, THREE)
    batch = upload(here, THREE.replace("58.1", "58.9"), name="next year.csv")
    assert (batch.status, batch.measure, counts(batch)) == (
        BatchStatus.PREVIEWED,
        here.measure,
        {"changed": 1, "unchanged": 2},
    )


def test_saved_choices_are_not_used_for_another_indicator(here):
    text = "code,period,indicator,value\nE06000032,2023/24,active,58\nE92000001,2023/24,active,63\n"
    check(here, text, filters=[["indicator", "active"]])
    other = upload(here, text.replace("active", "inactive"))
    assert (other.status, other.measure) == (BatchStatus.UPLOADED, None)


def test_where_two_recipes_would_do_a_person_decides(here):
    check(here, THREE)
    here.measure = measure_of(here.measure.outcome, "Another measure")
    imports.map_columns(
        batch=upload(here, "other,headings\n1,2\n"), measure=here.measure, recipe_name="Another",
        mapping=Mapping(place_columns=["other"], fixed_period="2024", value_column="headings"), by=here.officer,
    )  # fmt: skip
    ImportRecipe.objects.filter(name="Another").update(
        headers=["code", "period", "value"],
        mapping=ImportRecipe.objects.exclude(name="Another").get().mapping,
    )
    assert upload(here, THREE).status == BatchStatus.UPLOADED


def test_a_recipe_of_another_partnership_is_not_used(here):
    check(here, THREE)
    ImportRecipe.objects.update(partnership=here.other)
    assert upload(here, THREE).status == BatchStatus.UPLOADED


def test_a_name_of_saved_choices_belongs_to_one_measure(here):
    batch = upload(here, THREE)
    mapping = Mapping(place_columns=["code"], period_column="period", value_column="value")
    imports.map_columns(
        batch=batch, measure=here.measure, mapping=mapping, recipe_name="Yearly file", by=here.officer
    )
    other = measure_of(here.measure.outcome, "Another measure")
    with pytest.raises(DomainError, match="are for another measure") as refused:
        imports.map_columns(
            batch=batch, measure=other, mapping=mapping, recipe_name="yearly FILE", by=here.officer
        )
    assert refused.value.field == "recipe_name"


def test_removing_saved_choices_leaves_the_imports(here):
    batch = save(here, THREE)
    remove_recipe(recipe=batch.recipe, by=here.officer)
    batch.refresh_from_db()
    assert (batch.recipe, batch.status) == (None, BatchStatus.SAVED)


def test_saved_choices_that_no_longer_hold_are_shown_to_a_person(here):
    check(here, THREE)
    ImportRecipe.objects.update(
        mapping=ImportRecipe.objects.get().mapping | {"fixed_place": 0, "place_columns": []}
    )
    assert upload(here, THREE).status == BatchStatus.UPLOADED


def test_an_upload_can_be_put_aside(here, settings, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        batch = imports.give_up_import(batch=check(here, THREE), by=here.officer)
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert (batch.status, StagedRow.objects.count()) == (BatchStatus.GIVEN_UP, 0)
    with pytest.raises(DomainError, match="put aside"):
        imports.confirm_import(batch=batch, by=here.officer)


def test_a_saved_import_cannot_be_put_aside(here):
    with pytest.raises(DomainError, match="saved already"):
        imports.give_up_import(batch=save(here, THREE), by=here.officer)


def test_the_columns_can_be_chosen_again_before_saving(here):
    batch = check(here, "code,period,value,other\nE06000032,2023/24,58,1\n")
    mapping = Mapping(place_columns=["code"], period_column="period", value_column="other")
    batch = imports.map_columns(
        batch=batch, measure=here.measure, mapping=mapping, recipe_name="", by=here.officer
    )
    assert [row.value for row in batch.rows.all()] == [1]


def test_headings_elsewhere_can_be_chosen(here):
    batch = upload(here, "some,words,here\ncode,period,value\nE06000032,2023/24,58\n")
    assert batch.headers == ["some", "words", "here"]
    batch = imports.choose_layout(batch=batch, sheet="", heading_row=2, heading_rows=1, by=here.officer)
    assert batch.headers == ["code", "period", "value"]
    mapping = Mapping(place_columns=["code"], period_column="period", value_column="value")
    batch = imports.map_columns(
        batch=batch, measure=here.measure, mapping=mapping, recipe_name="", by=here.officer
    )
    assert counts(batch) == {"new": 1}
    assert batch.rows.get().row_number == 3


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"place_columns": []}, "place_column"),
        ({"place_columns": [], "fixed_place": 0}, "fixed_place"),
        ({"period_column": ""}, "period_column"),
        ({"period_column": "", "fixed_period": "soon"}, "fixed_period"),
        ({"value_column": ""}, "value_column"),
        ({"lower_column": "value"}, "lower_column"),
        ({"layout": WIDE}, "period_columns"),
        ({"layout": WIDE, "period_columns": ["value"]}, "period_columns"),
        ({"value_column": "no such column"}, None),
    ],
)
def test_choices_that_do_not_go_together_are_refused_where_they_were_made(here, change, field):
    with pytest.raises(DomainError) as refused:
        check(here, THREE, **change)
    assert refused.value.field == field
    assert ImportRecipe.objects.count() == 0


def test_a_measure_of_another_partnership_is_refused(here):
    theirs = measure_of(add_outcome(partnership=here.other, title="Theirs"), "Theirs")
    mapping = Mapping(place_columns=["code"], period_column="period", value_column="value")
    with pytest.raises(DomainError, match="measure of this partnership"):
        imports.map_columns(
            batch=upload(here, THREE), measure=theirs, mapping=mapping, recipe_name="", by=here.officer
        )


def test_a_long_file_is_checked_by_the_worker(here, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(table, "PROFILED", 2)
    batch = check(here, THREE)
    assert batch.status == BatchStatus.CHECKING
    with django_capture_on_commit_callbacks(execute=True):
        imports.start_again(batch=batch, by=here.officer)
    batch.refresh_from_db()
    assert (batch.status, counts(batch)) == (BatchStatus.PREVIEWED, {"new": 3})


def test_a_file_that_turns_out_to_be_broken_says_so_and_leaves_nothing(here, monkeypatch):
    monkeypatch.setattr(table, "PROFILED", 2)  # What is wrong lies beyond the rows that were looked at first.
    batch = check(
        here,
        THREE
        + "E06000032,2023/24,58.1\n" * 100
        + 'E06000032,2021/22,"5\n'
        + "E06000032,2020/21,6\n" * 10_000,
    )
    check_file(batch.pk, batch.attempt)
    batch.refresh_from_db()
    assert (batch.status, batch.rows.count()) == (BatchStatus.FAILED, 0)
    assert "After row 104 a cell is longer than 100,000 characters" in batch.problem


def test_a_check_that_was_overtaken_changes_nothing(here, monkeypatch):
    monkeypatch.setattr(table, "PROFILED", 2)
    batch = check(here, THREE)
    again = imports.start_again(batch=batch, by=here.officer)
    check_file(batch.pk, batch.attempt)
    batch.refresh_from_db()
    assert (batch.status, batch.rows.count()) == (BatchStatus.CHECKING, 0)
    check_file(again.pk, again.attempt)
    batch.refresh_from_db()
    assert batch.status == BatchStatus.PREVIEWED
    check_file(again.pk, again.attempt)  # the message came twice
    assert batch.rows.count() == 3


def test_an_unreadable_upload_leaves_no_batch_and_no_file(here, settings):
    with pytest.raises(DomainError, match="This is a PDF"):
        upload(here, b"%PDF-1.7 pretending", name="figures.csv")
    assert ImportBatch.objects.count() == 0
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
