"""Two people at once, and what happens when an import is cut off halfway."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections

from outcomes.actions import imports
from outcomes.actions.observations import record_observation
from outcomes.imports import table
from outcomes.models import BatchStatus, ImportBatch, Observation, StagedRow
from outcomes.tasks import check_file, imports_sql, imports_staging, save_figures, undo_figures
from partnerships.errors import DomainError
from tests.outcomes.imports_world import THREE, check, counts, prepare, save, standing, upload


@pytest.fixture
def here(transactional_db, world, settings, tmp_path) -> SimpleNamespace:
    settings.MEDIA_ROOT = tmp_path / "media"  # where a worker with this data folder looks
    return prepare(world)


def at_once(*calls):
    """Runs each call in a thread of its own, all starting together; what they returned or raised."""
    barrier, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def run(index, call):
        try:
            barrier.wait()
            answers[index] = call()
        except Exception as problem:
            answers[index] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def test_two_who_confirm_at_once_save_it_once(here):
    batch = check(here, THREE)
    answers = at_once(
        *(lambda who=who: imports.confirm_import(batch=batch, by=who) for who in (here.officer, here.manager))
    )
    assert [answer.status for answer in answers] == [BatchStatus.SAVED] * 2
    assert Observation.objects.count() == 3


def test_two_imports_of_the_same_figures_at_once_leave_each_figure_once(here):
    batches = [check(here, THREE), check(here, THREE.replace("58.1", "58.4"))]
    answers = at_once(
        *(lambda batch=batch: imports.confirm_import(batch=batch, by=here.officer) for batch in batches)
    )
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert Observation.objects.filter(superseded_at=None).count() == 3
    assert Observation.objects.count() == 4  # the second one superseded what the first had brought


def test_two_who_undo_at_once_undo_it_once(here):
    batch = save(here, THREE)
    answers = at_once(*[lambda: imports.undo_import(batch=batch, by=here.officer)] * 2)
    assert sorted(type(answer).__name__ for answer in answers) == ["DomainError", "ImportBatch"]
    assert standing(here) == {}


def test_confirming_and_putting_aside_at_once_does_one_of_them(here):
    batch = check(here, THREE)
    at_once(
        lambda: imports.confirm_import(batch=batch, by=here.officer),
        lambda: imports.give_up_import(batch=batch, by=here.manager),
    )
    batch.refresh_from_db()
    saved = batch.status == BatchStatus.SAVED
    assert saved or batch.status == BatchStatus.GIVEN_UP
    assert Observation.objects.count() == (3 if saved else 0)


def test_saving_that_fails_halfway_leaves_nothing_and_can_be_tried_again(here, monkeypatch):
    save(here, THREE)
    batch = check(here, THREE.replace("58.1", "58.4"))
    before = standing(here)
    with monkeypatch.context() as broken:
        broken.setattr(imports_sql, "INSERT_WRITING", "SELECT 1 / 0")  # after the old figure was superseded
        with pytest.raises(Exception, match="division by zero"):
            imports.confirm_import(batch=batch, by=here.officer)
    batch.refresh_from_db()
    assert (batch.status, standing(here)) == (BatchStatus.PREVIEWED, before)
    assert counts(imports.confirm_import(batch=batch, by=here.officer)) == {"changed": 1, "unchanged": 2}


def test_saving_in_the_background_that_fails_says_so_on_the_batchs_page(here, monkeypatch):
    batch = check(here, THREE)
    monkeypatch.setattr(imports, "WRITTEN_AT_ONCE", 0)
    monkeypatch.setattr(save_figures, "delay", lambda *arguments: None)
    assert imports.confirm_import(batch=batch, by=here.officer).status == BatchStatus.SAVING
    with monkeypatch.context() as broken:
        broken.setattr(imports_sql, "INSERT_WRITING", "SELECT 1 / 0")
        with pytest.raises(Exception, match="division by zero"):
            save_figures(batch.pk)
    batch.refresh_from_db()
    assert batch.status == BatchStatus.PREVIEWED
    assert "nothing was changed" in batch.problem
    assert Observation.objects.count() == 0


def test_background_work_that_comes_twice_is_done_once(here, monkeypatch):
    for task in (save_figures, undo_figures):
        monkeypatch.setattr(task, "delay", lambda *arguments: None)
    monkeypatch.setattr(imports, "WRITTEN_AT_ONCE", 0)
    batch = check(here, THREE)
    imports.confirm_import(batch=batch, by=here.officer)
    for _ in range(2):
        save_figures(batch.pk)
    assert (Observation.objects.count(), len(standing(here))) == (3, 3)
    imports.undo_import(batch=batch, by=here.manager)
    for _ in range(2):
        undo_figures(batch.pk, False)
    batch.refresh_from_db()
    assert (batch.status, batch.undone_by, standing(here)) == (BatchStatus.UNDONE, here.manager, {})


def test_undoing_in_the_background_that_is_refused_leaves_the_import_saved(here, monkeypatch):
    batch = save(here, THREE)
    monkeypatch.setattr(imports, "WRITTEN_AT_ONCE", 0)
    monkeypatch.setattr(undo_figures, "delay", lambda *arguments: None)
    imports.undo_import(batch=batch, by=here.officer)
    monkeypatch.undo()
    # Somebody is faster than the worker.
    save(here, THREE.replace("58.1", "58.4"))
    undo_figures(batch.pk, False)
    batch.refresh_from_db()
    assert batch.status == BatchStatus.SAVED
    assert "1 figure of this import has been changed since" in batch.problem


def test_a_check_that_breaks_off_leaves_nothing_and_can_run_again(here, monkeypatch):
    monkeypatch.setattr(table, "PROFILED", 1)
    monkeypatch.setattr(check_file, "delay", lambda *arguments: None)
    monkeypatch.setattr(imports_staging, "BLOCK", 1)
    batch = check(here, THREE)
    blocks = []

    def break_off(*arguments):
        blocks.append(arguments)
        if len(blocks) == 2:
            raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(imports_staging, "tell", break_off)
        with pytest.raises(MemoryError):
            imports_staging.stage(batch.pk, batch.attempt)
    batch.refresh_from_db()
    assert (batch.status, StagedRow.objects.count()) == (BatchStatus.CHECKING, 0)
    check_file(batch.pk, batch.attempt)
    batch.refresh_from_db()
    assert (batch.status, counts(batch)) == (BatchStatus.PREVIEWED, {"new": 3})


def test_a_check_that_goes_wrong_says_so(here, monkeypatch):
    monkeypatch.setattr(table, "PROFILED", 1)
    monkeypatch.setattr(check_file, "delay", lambda *arguments: None)
    batch = check(here, THREE)
    monkeypatch.setattr(imports_sql, "FIND_CROWDED", "SELECT 1 / 0")
    with pytest.raises(Exception, match="division by zero"):
        check_file(batch.pk, batch.attempt)
    batch.refresh_from_db()
    assert (batch.status, batch.rows.count()) == (BatchStatus.FAILED, 0)
    assert "logged" in batch.problem


def test_putting_aside_does_not_wait_for_a_check_and_wins(here, monkeypatch):
    """The check sees between two blocks that it is no longer wanted."""
    monkeypatch.setattr(table, "PROFILED", 1)
    monkeypatch.setattr(check_file, "delay", lambda *arguments: None)
    monkeypatch.setattr(imports_staging, "BLOCK", 1)
    batch = check(here, THREE)
    told = []

    def put_aside(*arguments):
        if not told:
            told.append(at_once(lambda: imports.give_up_import(batch=batch, by=here.manager)))

    monkeypatch.setattr(imports_staging, "tell", put_aside)
    imports_staging.stage(batch.pk, batch.attempt)
    batch.refresh_from_db()
    assert (batch.status, StagedRow.objects.count(), len(told)) == (BatchStatus.GIVEN_UP, 0, 1)


def test_a_figure_recorded_by_hand_while_an_import_saves_waits_for_its_turn(here, monkeypatch):
    """Everybody who records figures of a measure takes the same lock."""
    batch = check(here, THREE)
    locked, order = threading.Event(), []
    saved = ImportBatch.save

    def save_slowly(self, **named):
        if named.get("update_fields") and "saved_at" in named["update_fields"]:
            locked.set()
            time.sleep(0.5)
            order.append("import")
        saved(self, **named)

    def record():
        assert locked.wait(10)
        record_observation(
            measure=here.measure, place=here.places["E06000032"], period_start=date(2023, 4, 1), period_end=date(2024, 3, 31),
            period_label="2023/24", value=Decimal("58.4"), by=here.manager,
        )  # fmt: skip
        order.append("by hand")

    monkeypatch.setattr(ImportBatch, "save", save_slowly)
    answers = at_once(lambda: imports.confirm_import(batch=batch, by=here.officer), record)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert order == ["import", "by hand"]
    assert standing(here)["E06000032", "2023/24"] == 58.4


# The worker stops where the first block of rows lies in the database, says so and waits there to be killed.
WORKER = """
import time
import django; django.setup()
from outcomes.tasks import check_file, imports_staging

def stay(*told):
    print("copied", flush=True)
    time.sleep(600)

imports_staging.tell = stay
check_file({batch}, {attempt})
"""


@pytest.mark.faults
def test_a_worker_killed_in_the_middle_leaves_nothing_and_another_does_the_work(here, monkeypatch):
    monkeypatch.setattr(check_file, "delay", lambda *arguments: None)
    rows = "".join(
        f"E06000032,{year}-{month:02},{month}\n" for year in range(1950, 2030) for month in range(1, 13)
    )
    here.measure.frequency = "month"
    here.measure.save()
    batch = check(here, "code,period,value\n" + rows * 200)  # 192,000 rows
    assert batch.status == BatchStatus.CHECKING
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER.format(batch=batch.pk, attempt=batch.attempt)],
        env={**os.environ, **environment_of_this_database(), "DJANGO_SETTINGS_MODULE": "config.settings"},
        cwd=django_settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert worker.stdout.readline() == "copied\n"
        worker.send_signal(signal.SIGKILL)
    finally:
        worker.kill()
        worker.communicate()
    batch.refresh_from_db()
    assert (batch.status, StagedRow.objects.count()) == (BatchStatus.CHECKING, 0)
    check_file(batch.pk, batch.attempt)
    batch.refresh_from_db()
    assert (batch.status, batch.rows_new, batch.rows_unchanged) == (BatchStatus.PREVIEWED, 960, 192_000 - 960)


def environment_of_this_database() -> dict[str, str]:
    address = urlsplit(os.environ["DATABASE_URL"])
    return {
        "DATABASE_URL": urlunsplit(address._replace(path="/" + connection.settings_dict["NAME"])),
        "THROUGHLINE_ENV": "development",
        "THROUGHLINE_DATA": str(django_settings.MEDIA_ROOT.parent),
    }


def test_nothing_of_a_refused_upload_stays(here):
    with pytest.raises(DomainError):
        upload(here, b"\x89PNG\r\n\x1a\n")
    assert ImportBatch.objects.count() == 0
