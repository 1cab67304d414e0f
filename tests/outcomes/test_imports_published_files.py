"""The published files, as they are: guessed, checked, saved, and compared with a second, plain reading of them."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile

from outcomes.actions import imports
from outcomes.actions.setting_up import add_outcome
from outcomes.imports.mapping import guess
from outcomes.imports.table import Reading
from outcomes.models import BatchStatus, Observation
from outcomes.queries.imports_recipes import likeliest_measure
from outcomes.tasks import check_file
from partnerships.actions.places import import_places
from tests.outcomes.imports_world import counts, measure_of

SHARED = Path(os.environ.get("THROUGHLINE_SHARED") or django_settings.BASE_DIR.parent / "shared") / "data"
pytestmark = pytest.mark.skipif(
    not (SHARED / "active_adults.csv").is_file(),
    reason="the published files are not beside the project (THROUGHLINE_SHARED)",
)
NAMES = {
    "active_adults.csv": "Physically active adults",
    "inactive_adults.csv": "Physically inactive adults",
    "active_children.csv": "Physically active children and young people",
    "sen2_timeliness_20_week.csv": "Education, health and care plans issued within 20 weeks",
}
EXPECTED = {
    "active_adults.csv": {"new": 2970, "refused": 119},
    "inactive_adults.csv": {"new": 2970, "refused": 119},
    "active_children.csv": {"new": 2400, "refused": 114},
    "sen2_timeliness_20_week.csv": {"new": 11968, "refused": 243},
}


@pytest.fixture
def here(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    import_places(path=SHARED / "la_codes.csv")
    outcome = add_outcome(partnership=world.partnership, title="Everyone moves more")
    world.measures = {name: measure_of(outcome, label) for name, label in NAMES.items()}
    return world


def as_workbook(content: bytes) -> bytes:
    """The same table under a title on the second sheet, its numbers as numbers."""
    book = openpyxl.Workbook(write_only=True)
    book.create_sheet("Cover").append(["Published statistics"])
    sheet = book.create_sheet("Data")
    sheet.append(["Title of the table"])
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))):
        sheet.append([float(cell) if cell.replace(".", "", 1).isdigit() else cell for cell in row])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def bring(here, name, content):
    """What an officer does: upload, take the guess as it is, check."""
    file = SimpleUploadedFile(name, content)
    batch = imports.upload_figures(partnership=here.partnership, file=file, by=here.officer)
    if batch.status == BatchStatus.UPLOADED:
        reading = Reading.from_json(batch.reading)
        measure = likeliest_measure(here.partnership, reading, name)
        mapping = guess(reading, percent=True, measure=measure.name)
        batch = imports.map_columns(
            batch=batch, measure=measure, mapping=mapping, recipe_name="", by=here.officer
        )
    check_file(batch.pk, batch.attempt)  # where it is large; otherwise it is done already
    batch.refresh_from_db()
    return batch


@pytest.mark.parametrize("name", NAMES)
def test_a_published_file_comes_in_without_editing_and_again_changes_nothing(here, name):
    content = (SHARED / name).read_bytes()
    batch = bring(here, name, content)
    assert (batch.measure, counts(batch)) == (here.measures[name], EXPECTED[name])
    imports.confirm_import(batch=batch, by=here.officer)
    again = bring(here, name, content)
    assert (again.status, again.rows_new, again.rows_changed) == (BatchStatus.PREVIEWED, 0, 0)
    workbook = bring(here, name.replace(".csv", ".xlsx"), as_workbook(content))
    assert (workbook.measure, workbook.rows_new, workbook.rows_changed) == (here.measures[name], 0, 0)
    assert workbook.rows_unchanged == EXPECTED[name]["new"]


@pytest.mark.parametrize("name", ["active_adults.csv", "active_children.csv"])
def test_what_is_saved_is_what_the_file_says(here, name):
    imports.confirm_import(batch=bring(here, name, (SHARED / name).read_bytes()), by=here.officer)
    with (SHARED / name).open(newline="") as file:
        said = {(row["area_code"], row["period"]): row["value"] for row in csv.DictReader(file)}
    saved = Observation.objects.filter(measure=here.measures[name]).select_related("place")
    renamed = {"E08000038": "E08000016", "E08000039": "E08000019"}  # Barnsley and Sheffield got new codes
    for o in saved:
        code = o.place.code
        written = said.get((code, o.period_label)) or said[renamed[code], o.period_label]
        assert (o.marker == "x") if written == "NA" else (float(o.value) == float(written)), (
            code,
            o.period_label,
        )


def test_plans_within_20_weeks_with_their_counts(here):
    name = "sen2_timeliness_20_week.csv"
    batch = imports.upload_figures(
        partnership=here.partnership,
        file=SimpleUploadedFile(name, (SHARED / name).read_bytes()),
        by=here.officer,
    )
    mapping = guess(Reading.from_json(batch.reading), percent=True)
    mapping.value_column = "PC_plans_issued_20_weeks_ex"
    mapping.numerator_column, mapping.denominator_column = "plans_issued_20_weeks_ex", "plans_issued_den_ex"
    batch = imports.map_columns(
        batch=batch, measure=here.measures[name], mapping=mapping, recipe_name="", by=here.officer
    )
    check_file(batch.pk, batch.attempt)
    batch.refresh_from_db()
    imports.confirm_import(batch=batch, by=here.officer)
    of_all = Observation.objects.filter(place__code="E92000001").order_by("period_start")
    england = of_all.filter(group=None)
    assert [float(o.value) for o in england] == [60.4, 58.0, 59.9, 49.2, 50.3, 46.4]
    assert next((o.period_label, int(o.numerator), int(o.denominator)) for o in england) == (
        "2019",
        29895,
        49519,
    )
    assert Observation.objects.filter(place__kind="region", group=None).count() == 54
    girls = of_all.filter(group__dimension="Sex", group__name="Female")
    assert [(o.period_label, float(o.value)) for o in girls] == [("2023", 49.6), ("2024", 45.6)]
    assert set(batch.measure.breakdowns.values_list("dimension", flat=True)) == {
        "Child or young persons age",
        "Ethnicity",
        "Sex",
    }
