"""What the tests of imports share: a measure, some places, and a file on its way in."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from outcomes.actions import imports
from outcomes.actions.setting_up import add_measure, add_outcome
from outcomes.imports.files import examine
from outcomes.imports.mapping import Mapping
from outcomes.imports.table import open_table, read_layout
from outcomes.models import ImportBatch, Measure, Observation
from partnerships.models import Place

SLUG = "testborough-together"
THREE = "code,period,value\nE06000032,2022/23,57\nE06000032,2023/24,58.1\nE92000001,2023/24,63\n"


def prepare(world: SimpleNamespace) -> SimpleNamespace:
    outcome = add_outcome(partnership=world.partnership, title="Everyone moves more")
    world.measure = measure_of(outcome, "Active adults")
    world.places = {
        "E92000001": place("England", "E92000001", "nation"),
        "E06000032": place("Luton", "E06000032"),
        "E08000038": place("Barnsley", "E08000038"),
        "E06000066": place("Somerset", "E06000066"),
        "E12000005": place("West Midlands", "E12000005", "region"),
        "E47000007": place("West Midlands", "E47000007", "combined_authority"),
    }
    for name, code, successor in (
        ("Barnsley", "E08000016", "E08000038"),
        ("Mendip", "E07000187", "E06000066"),
        ("Sedgemoor", "E07000188", "E06000066"),
    ):
        old = world.places[code] = place(name, code, is_current=False)
        old.successors.add(world.places[successor])
    return world


def measure_of(outcome: Any, name: str, **fields: Any) -> Measure:
    facts = {"unit": "%", "direction": "up", "frequency": "year", "source": "Sport England"}
    return add_measure(outcome=outcome, name=name, **facts | fields)


def place(name: str, code: str, kind: str = "local_authority", **more: Any) -> Place:
    return Place.objects.create(name=name, code=code, kind=kind, **more)


def upload(
    here: SimpleNamespace, content: str | bytes, name: str = "figures.csv", **more: Any
) -> ImportBatch:
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    return imports.upload_figures(
        partnership=here.partnership, file=file, by=more.pop("by", here.officer), **more
    )


def check(here: SimpleNamespace, content: str | bytes, **more: Any) -> ImportBatch:
    """Upload a file and say what its columns hold; `more` are fields of the mapping."""
    batch = upload(here, content)
    mapping = Mapping(
        **{"place_columns": ["code"], "period_column": "period", "value_column": "value"} | more
    )
    recipe = f"Recipe {batch.pk}"
    return imports.map_columns(
        batch=batch, measure=here.measure, mapping=mapping, recipe_name=recipe, by=here.officer
    )


def save(here: SimpleNamespace, content: str | bytes, **more: Any) -> ImportBatch:
    return imports.confirm_import(batch=check(here, content, **more), by=here.officer)


def counts(batch: ImportBatch) -> dict[str, int]:
    names = ("new", "changed", "unchanged", "refused", "skipped")
    return {name: number for name in names if (number := getattr(batch, f"rows_{name}"))}


def reasons(batch: ImportBatch) -> dict[int, str]:
    return {row.row_number: row.reason for row in batch.rows.filter(verdict="refused")}


def standing(here: SimpleNamespace) -> dict[tuple[str, str], Any]:
    """What is known now: value or marker by place code and period."""
    rows = Observation.objects.filter(measure=here.measure, superseded_at=None).select_related("place")
    return {(o.place.code, o.period_label): o.marker if o.value is None else float(o.value) for o in rows}


def as_of(here: SimpleNamespace, moment: Any) -> dict[tuple[str, str], Any]:
    """What was known at a moment."""
    rows = Observation.objects.filter(measure=here.measure, recorded_at__lte=moment).select_related("place")
    return {
        (o.place.code, o.period_label): o.marker if o.value is None else float(o.value)
        for o in rows
        if o.superseded_at is None or o.superseded_at > moment
    }


def layout(content, **chosen):
    file = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    return read_layout(file, examine(file), **chosen)


def rows_of(content):
    file = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    with open_table(file, read_layout(file, examine(file))) as table:
        return list(table.rows())


def workbook(*sheets, change=None):
    """An .xlsx file of (name, rows)."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    if change:
        change(book)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def url(name, *args):
    return reverse(name, args=[SLUG, *args])


def address(name, batch):
    return url(name) if name in ("import-list", "import-new") else url(name, batch.pk)


def send_file(client, content, name="figures.csv", **more):
    file = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
    return client.post(url("import-new"), {"file": file, **more})


def choices(measure, **more):
    """What the columns page sends."""
    sent = {
        "measure": measure.pk, "layout": "long", "place_column": "code", "period_column": "period", "value_column": "value",
        "merged": "refuse", "year_type": "auto", "status": "final", "recipe_name": "",
    }  # fmt: skip
    return sent | more
