"""Bringing in a file of figures: upload it, say what its columns hold, confirm what it changes, take it back."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from outcomes.actions.imports_mapping import check_mapping, keep_recipe
from outcomes.imports.files import FileFacts, examine
from outcomes.imports.mapping import Mapping
from outcomes.imports.table import Reading, read_layout
from outcomes.models import BatchStatus, ImportBatch, ImportRecipe, Measure, StagedRow
from outcomes.queries.imports_recipes import recipe_for
from outcomes.tasks.imports import check_file, save_figures, undo_figures
from outcomes.tasks.imports_saving import save_batch
from outcomes.tasks.imports_staging import stage
from outcomes.tasks.imports_undoing import undo_batch
from partnerships.errors import DomainError
from partnerships.models import Partnership

# Fewer rows than these are dealt with while the person waits; more go to the worker, and a page shows how far it has come.
CHECKED_AT_ONCE = 5_000
WRITTEN_AT_ONCE = 20_000
OPEN = (BatchStatus.UPLOADED, BatchStatus.PREVIEWED, BatchStatus.FAILED)


def upload_figures(*, partnership: Partnership, file: UploadedFile, source: str = "", by: Any) -> ImportBatch:
    """Keep an uploaded file and find its headings. Where one recipe was made for a file like it, check it with that.

    Raises DomainError with the field "file" for what holds no table of figures, whatever its name says.
    """
    facts = examine(file)
    reading = read_layout(file, facts)
    with transaction.atomic():
        batch = ImportBatch(
            partnership=partnership,
            file_name=(file.name or "file")[-200:],
            sha256=facts.sha256,
            source=source.strip(),
            reading=reading.to_json(),
            headers=reading.headings,
            uploaded_by=by,
        )
        file.seek(0)
        batch.file.save(f"{uuid.uuid4().hex}.{facts.kind}", file, save=False)
        batch.save()
        if not _mapped_by_recipe(batch, reading):
            return batch
    return _start_checking(batch)


def _mapped_by_recipe(batch: ImportBatch, reading: Reading) -> bool:
    """Whether the batch could be given the choices that were saved for a file like it, as far as these still hold."""
    recipe = recipe_for(batch.partnership, reading)
    if recipe is None:
        return False
    mapping = Mapping.from_json(recipe.mapping)
    mapping.sheet, mapping.heading_row, mapping.heading_rows = (
        reading.sheet, reading.heading_row, reading.heading_rows,
    )  # fmt: skip
    try:
        check_mapping(partnership=batch.partnership, measure=recipe.measure, reading=reading, mapping=mapping)
    except DomainError:
        return False
    _take_mapping(batch, recipe.measure, mapping, recipe)
    return True


@transaction.atomic
def choose_layout(
    *, batch: ImportBatch, sheet: str, heading_row: int, heading_rows: int, by: Any
) -> ImportBatch:
    """Read the file's headings from another sheet or other rows."""
    batch = _locked(batch)
    if batch.status not in OPEN:
        raise _too_late(batch)
    before = Reading.from_json(batch.reading)
    facts = FileFacts(before.kind, before.size, batch.sha256, before.encoding)
    with batch.file.open("rb") as file:
        kept = read_layout(file, facts, sheet=sheet, heading_row=heading_row, heading_rows=heading_rows)
    batch.reading, batch.headers, batch.status = kept.to_json(), kept.headings, BatchStatus.UPLOADED
    batch.mapping, batch.recipe = {}, None
    batch.save(update_fields=["reading", "headers", "status", "mapping", "recipe"])
    return batch


def map_columns(
    *, batch: ImportBatch, measure: Measure, mapping: Mapping, recipe_name: str, by: Any
) -> ImportBatch:
    """Say what the columns hold, keep that as a recipe for the next file like it, and check the file.

    A small file is checked before this returns; a large one is given to the worker and has the status CHECKING.
    """
    with transaction.atomic():
        batch = _locked(batch)
        if batch.status not in OPEN:
            raise _too_late(batch)
        reading = Reading.from_json(batch.reading)
        mapping.sheet, mapping.heading_row, mapping.heading_rows = (
            reading.sheet, reading.heading_row, reading.heading_rows,
        )  # fmt: skip
        check_mapping(partnership=batch.partnership, measure=measure, reading=reading, mapping=mapping)
        recipe = keep_recipe(
            partnership=batch.partnership,
            name=recipe_name,
            measure=measure,
            reading=reading,
            mapping=mapping,
            by=by,
        )
        _take_mapping(batch, measure, mapping, recipe)
    return _start_checking(batch)


def _take_mapping(batch: ImportBatch, measure: Measure, mapping: Mapping, recipe: ImportRecipe) -> None:
    batch.measure, batch.mapping, batch.recipe = measure, mapping.to_json(), recipe
    batch.status, batch.attempt, batch.problem = BatchStatus.CHECKING, batch.attempt + 1, ""
    batch.source, batch.asked_at = batch.source or measure.source, timezone.now()
    batch.save(
        update_fields=["measure", "mapping", "recipe", "status", "attempt", "problem", "source", "asked_at"]
    )


def _start_checking(batch: ImportBatch) -> ImportBatch:
    """Outside the transaction that asked for it, so that a file which cannot be read leaves a batch that says why."""
    reading = Reading.from_json(batch.reading)
    if reading.rows_are_all and reading.rows <= CHECKED_AT_ONCE:
        try:
            stage(batch.pk, batch.attempt)
        except DomainError as refused:
            ImportBatch.objects.filter(pk=batch.pk, attempt=batch.attempt).update(
                status=BatchStatus.FAILED, problem=refused.message
            )
    else:
        transaction.on_commit(lambda: check_file.delay(batch.pk, batch.attempt), robust=True)
    batch.refresh_from_db()
    return batch


@transaction.atomic
def confirm_import(*, batch: ImportBatch, by: Any) -> ImportBatch:
    """Save what the preview showed. Pressing twice, or two people at once, saves it once.

    What stands is compared again under a lock, so a figure that somebody recorded since the preview is superseded knowingly.
    """
    batch = _locked(batch)
    if batch.status in (BatchStatus.SAVING, BatchStatus.SAVED):
        return batch
    if batch.status != BatchStatus.PREVIEWED:
        raise _too_late(batch)
    if not batch.rows_new + batch.rows_changed:
        raise DomainError("There is nothing to save: this file brings no new and no changed figure.")
    batch.status, batch.saved_by, batch.problem, batch.asked_at = BatchStatus.SAVING, by, "", timezone.now()
    batch.save(update_fields=["status", "saved_by", "problem", "asked_at"])
    if batch.rows_new + batch.rows_changed + batch.rows_unchanged <= WRITTEN_AT_ONCE:
        return save_batch(batch.pk)
    transaction.on_commit(lambda: save_figures.delay(batch.pk), robust=True)
    return batch


@transaction.atomic
def undo_import(*, batch: ImportBatch, leave_changed: bool = False, by: Any) -> ImportBatch:
    """Take a saved import back, once: what stood before stands again.

    Raises DomainError, with nothing undone, when figures have been changed since and `leave_changed` does not allow that
    they stay as they are.
    """
    batch = _locked(batch)
    if batch.status in (BatchStatus.UNDOING, BatchStatus.UNDONE):
        raise DomainError("This import is undone already.")
    if batch.status != BatchStatus.SAVED:
        raise DomainError("Only an import that has been saved can be undone.")
    batch.status, batch.undone_by, batch.problem, batch.asked_at = BatchStatus.UNDOING, by, "", timezone.now()
    batch.save(update_fields=["status", "undone_by", "problem", "asked_at"])
    if batch.rows_new + batch.rows_changed <= WRITTEN_AT_ONCE:
        return undo_batch(batch.pk, leave_changed)
    transaction.on_commit(lambda: undo_figures.delay(batch.pk, leave_changed), robust=True)
    return batch


@transaction.atomic
def give_up_import(*, batch: ImportBatch, by: Any) -> ImportBatch:
    """Put an upload aside without saving anything; its file is deleted. A check that is still running sees that it is no longer wanted."""
    batch = _locked(batch)
    if batch.status == BatchStatus.GIVEN_UP:
        return batch
    if batch.status not in (*OPEN, BatchStatus.CHECKING):
        raise _too_late(batch)
    StagedRow.objects.filter(batch=batch)._raw_delete("default")
    batch.status = BatchStatus.GIVEN_UP
    batch.save(update_fields=["status"])
    transaction.on_commit(lambda: batch.file.delete(save=False), robust=True)
    return batch


@transaction.atomic
def start_again(*, batch: ImportBatch, by: Any) -> ImportBatch:
    """Send work to the worker once more, when it seems to have been lost on the way. What is done already is not done twice."""
    batch = _locked(batch)
    batch.asked_at = timezone.now()
    if batch.status == BatchStatus.CHECKING:
        batch.attempt += 1
        transaction.on_commit(lambda: check_file.delay(batch.pk, batch.attempt), robust=True)
    elif batch.status == BatchStatus.SAVING:
        transaction.on_commit(lambda: save_figures.delay(batch.pk), robust=True)
    elif batch.status == BatchStatus.UNDOING:
        transaction.on_commit(lambda: undo_figures.delay(batch.pk, False), robust=True)
    batch.save(update_fields=["asked_at", "attempt"])
    return batch


def _locked(batch: ImportBatch) -> ImportBatch:
    found = ImportBatch.objects.select_for_update(no_key=True, of=("self",))
    return found.select_related("measure", "partnership").get(pk=batch.pk)


def _too_late(batch: ImportBatch) -> DomainError:
    said = {
        BatchStatus.UPLOADED: "Say what the columns hold first.",
        BatchStatus.CHECKING: "The file is still being checked. Wait until that is done.",
        BatchStatus.FAILED: "The file could not be read, so there is nothing to save.",
        BatchStatus.SAVING: "This import is being saved.",
        BatchStatus.SAVED: "This import has been saved already.",
        BatchStatus.UNDOING: "This import is being undone.",
        BatchStatus.UNDONE: "This import has been undone. Upload the file again to use it.",
        BatchStatus.GIVEN_UP: "This upload was put aside. Upload the file again to use it.",
    }
    return DomainError(said.get(BatchStatus(batch.status), "This cannot be done now."))
