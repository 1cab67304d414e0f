"""Writes a checked batch: what it changes is superseded and what it brings is inserted, all of it or nothing."""

from __future__ import annotations

from django.db import connection, transaction

from outcomes.imports.mapping import Mapping
from outcomes.models import BatchStatus, ImportBatch, Measure
from outcomes.tasks import imports_sql as sql
from outcomes.tasks.imports_groups import declare_breakdowns, make_groups
from outcomes.tasks.telling import figures_came
from partnerships.errors import DomainError


@transaction.atomic
def save_batch(batch_id: int) -> ImportBatch:
    """Saves a batch whose status is SAVING. One that was saved in the meantime is left as it is.

    Raises DomainError when a figure that was to be new or changed has come to stand already and nothing is left to save, and
    when figures of other periods that end on the same day have come.
    """
    batch = ImportBatch.objects.select_for_update(no_key=True).get(pk=batch_id)
    if batch.status != BatchStatus.SAVING:
        return batch
    # As everyone does who records figures.
    measure = Measure.objects.select_for_update(no_key=True).get(pk=batch.measure_id)
    about = {"batch": batch.pk, "measure": batch.measure_id, "source": batch.source, "by": batch.saved_by_id}
    about |= sql.mapped(Mapping.from_json(batch.mapping))
    numbers = make_groups(batch)
    with connection.cursor() as cursor:
        cursor.execute(sql.DROP_WRITING)
        cursor.execute(sql.CREATE_GROUPED, {"numbers": list(numbers), "groups": list(numbers.values())})
        cursor.execute(sql.FIND_WRITING, about)
        cursor.execute(sql.COUNT_WRITING)
        new, changed = cursor.fetchone()
        if not new + changed:
            raise DomainError("Every figure of this file is here already, so there is nothing to save.")
        cursor.execute("ANALYZE writing")
        cursor.execute(sql.COUNT_ENDING, about)
        if cursor.fetchone()[0]:
            raise DomainError(
                "Since this file was checked, somebody has entered figures for other periods that end on the same days. "
                "Upload it again."
            )
        cursor.execute(sql.MOMENT)
        about["moment"] = cursor.fetchone()[0]
        cursor.execute(sql.SUPERSEDE_WRITING, about)
        cursor.execute(sql.INSERT_WRITING, about)
        cursor.execute(sql.DELETE_STAGED_BUT_REFUSED, about)
    batch.groups = declare_breakdowns(batch)
    known = batch.rows_new + batch.rows_changed + batch.rows_unchanged
    batch.rows_new, batch.rows_changed, batch.rows_unchanged = new, changed, known - new - changed
    batch.status, batch.saved_at, batch.problem = BatchStatus.SAVED, about["moment"], ""
    batch.save(
        update_fields=[
            "rows_new",
            "rows_changed",
            "rows_unchanged",
            "status",
            "saved_at",
            "problem",
            "groups",
        ]
    )
    figures_came(measure, by=batch.saved_by_id)
    return batch
