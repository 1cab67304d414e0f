"""From an uploaded file to observations and back, without a browser."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from outcomes.actions import imports
from outcomes.actions.setting_up import add_measure, add_outcome
from outcomes.imports.mapping import Mapping
from outcomes.models import BatchStatus, Observation
from partnerships.models import Place


@pytest.fixture
def here(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    outcome = add_outcome(partnership=world.partnership, title="Everyone moves more")
    world.measure = add_measure(
        outcome=outcome, name="Active adults", unit="%", direction="up", frequency="year", source="Sport England"
    )
    world.england = Place.objects.create(name="England", kind="nation", code="E92000001")
    world.luton = Place.objects.create(name="Luton", kind="local_authority", code="E06000032")
    return world


def upload(here, text, name="figures.csv", **more):
    file = SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())
    return imports.upload_figures(partnership=here.partnership, file=file, by=here.officer, **more)


def mapped(here, batch, **more):
    mapping = Mapping(**{"place_columns": ["code"], "period_column": "period", "value_column": "value"} | more)
    return imports.map_columns(batch=batch, measure=here.measure, mapping=mapping, recipe_name="", by=here.officer)


def test_first(here):
    batch = mapped(here, upload(here, "code,period,value\nE06000032,2023/24,58.1\nE06000032,2024/25,59\nE99999999,2023/24,1\n"))
    assert (batch.status, batch.problem) == (BatchStatus.PREVIEWED, "")
    assert (batch.rows_new, batch.rows_refused) == (2, 1)
    batch = imports.confirm_import(batch=batch, by=here.officer)
    assert batch.status == BatchStatus.SAVED
    assert Observation.objects.count() == 2
    batch = imports.undo_import(batch=batch, by=here.officer)
    assert Observation.objects.filter(superseded_at=None).count() == 0
