"""The slow parts of an import, for the worker. Each is safe to run twice: the batch's status says what is still to be done."""

from __future__ import annotations

from typing import Any

import structlog
from celery import shared_task
from django.db.models import QuerySet

from outcomes.models import BatchStatus, ImportBatch
from outcomes.tasks.imports_saving import save_batch
from outcomes.tasks.imports_staging import stage
from outcomes.tasks.imports_undoing import undo_batch
from partnerships.errors import DomainError

log = structlog.get_logger(__name__)
WENT_WRONG = "Something went wrong on our side. It has been logged, and nothing was changed. Try again."


@shared_task
def check_file(batch_id: int, attempt: int) -> None:
    """Reads a file and works out what each row would change."""
    waiting = ImportBatch.objects.filter(pk=batch_id, status=BatchStatus.CHECKING, attempt=attempt)
    _run(waiting, BatchStatus.FAILED, stage, batch_id, attempt)


@shared_task
def save_figures(batch_id: int) -> None:
    waiting = ImportBatch.objects.filter(pk=batch_id, status=BatchStatus.SAVING)
    _run(waiting, BatchStatus.PREVIEWED, save_batch, batch_id)


@shared_task
def undo_figures(batch_id: int, leave_changed: bool) -> None:
    waiting = ImportBatch.objects.filter(pk=batch_id, status=BatchStatus.UNDOING)
    _run(waiting, BatchStatus.SAVED, undo_batch, batch_id, leave_changed)


def _run(waiting: QuerySet[ImportBatch], on_failure: BatchStatus, work: Any, *arguments: Any) -> None:
    """Does the work, which is one transaction; when it fails, says so where the batch's page shows it."""
    if not waiting.exists():
        return
    try:
        work(*arguments)
    except DomainError as refused:
        waiting.update(status=on_failure, problem=refused.message)
    except Exception:
        waiting.update(status=on_failure, problem=WENT_WRONG)
        log.exception("import_failed", work=work.__name__, batch=arguments[0])
        raise
