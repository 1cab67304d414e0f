"""Takes a saved batch back: what stood before stands again, as new rows, so that no earlier day's numbers change."""

from __future__ import annotations

from django.db import connection, transaction

from outcomes.models import BatchStatus, ImportBatch, Measure
from outcomes.tasks import imports_sql as sql
from outcomes.tasks.imports_groups import take_back_breakdowns
from partnerships.errors import DomainError


@transaction.atomic
def undo_batch(batch_id: int, leave_changed: bool) -> ImportBatch:
    """Undoes a batch whose status is UNDOING.

    Figures that somebody has changed since are not touched: unless `leave_changed` allows that, DomainError is raised and
    nothing is undone.
    """
    batch = ImportBatch.objects.select_for_update(no_key=True).get(pk=batch_id)
    if batch.status != BatchStatus.UNDOING:
        return batch
    Measure.objects.select_for_update(no_key=True).get(pk=batch.measure_id)
    about = {
        "batch": batch.pk,
        "measure": batch.measure_id,
        "saved_at": batch.saved_at,
        "by": batch.undone_by_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.DROP_UNDOING)
        cursor.execute(sql.FIND_WRITTEN, about)
        cursor.execute("ANALYZE written")
        cursor.execute(sql.FIND_UNDOING, about)
        cursor.execute(sql.COUNT_UNDOING)
        ours, changed_since = cursor.fetchone()
        if changed_since and not leave_changed:
            raise DomainError(refusal(changed_since), field="leave_changed")
        if not ours:
            raise DomainError(
                "Every figure of this import has been changed since, so there is nothing to undo."
            )
        cursor.execute("ANALYZE undoing")
        cursor.execute(sql.UNDO_MOMENT)
        about["moment"] = cursor.fetchone()[0]
        cursor.execute(sql.SUPERSEDE_UNDOING, about)
        cursor.execute(sql.RESTORE_BEFORE, about)
    take_back_breakdowns(batch)
    batch.status, batch.undone_at, batch.problem = BatchStatus.UNDONE, about["moment"], ""
    batch.save(update_fields=["status", "undone_at", "problem"])
    return batch


def refusal(changed_since: int) -> str:
    figures = (
        "1 figure of this import has"
        if changed_since == 1
        else f"{changed_since:,} figures of this import have"
    )
    return (
        f"{figures} been changed since. Nothing was undone: say whether to leave what was changed as it is."
    )
