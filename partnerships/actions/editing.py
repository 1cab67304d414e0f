"""How every edit is saved: with the version it started from, so that two people editing at once are told."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

from partnerships.errors import EditConflict

Record = TypeVar("Record", bound=models.Model)


def save_edit(record: Record, *, expected_version: int, changes: dict[str, Any]) -> Record:
    """Write `changes` to an `Editable` record if nobody saved it since `expected_version`.

    Must run inside a transaction. Raises EditConflict, with nothing written, when somebody was faster.
    """
    model = type(record)
    written = model._default_manager.filter(pk=record.pk, version=expected_version).update(
        **changes, version=expected_version + 1, updated_at=timezone.now()
    )
    if not written:
        current = model._default_manager.values_list("version", flat=True).get(pk=record.pk)
        raise EditConflict(
            "Somebody else saved this while you were editing. Your text is kept below. "
            "Compare it with what is saved now, then save again.",
            current_version=current,
        )
    record.refresh_from_db()
    return record
