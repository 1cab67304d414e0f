"""Saved choices of columns, choosing again, putting aside, and the worker's part."""

from __future__ import annotations

import pytest

from outcomes.actions import imports
from outcomes.actions.imports_mapping import remove_recipe
from outcomes.actions.setting_up import add_outcome
from outcomes.imports import table
from outcomes.imports.mapping import WIDE, Mapping
from outcomes.models import BatchStatus, ImportBatch, ImportRecipe, StagedRow
from outcomes.tasks import check_file
from partnerships.errors import DomainError
from tests.outcomes.imports_world import (
    THREE,
    check,
    counts,
    measure_of,
    prepare,
    save,
    upload,
)

LUTON, ENGLAND = "E06000032", "E92000001"


@pytest.fixture
def here(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return prepare(world)


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
