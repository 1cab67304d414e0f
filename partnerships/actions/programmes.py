"""Programmes that partners run together."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Organisation, Partnership, Programme, ProgrammeKind, ProgrammeStatus


@transaction.atomic
def add_programme(
    *,
    partnership: Partnership,
    name: str,
    kind: ProgrammeKind,
    summary: str = "",
    provider: Organisation | None = None,
    status: ProgrammeStatus = ProgrammeStatus.RUNNING,
    starts_on: date | None = None,
    ends_on: date | None = None,
    by: Any = None,
) -> Programme:
    if Programme.objects.filter(partnership=partnership, name__iexact=name).exists():
        raise DomainError("There is already a programme of this name.", field="name")
    if starts_on and ends_on and ends_on < starts_on:
        raise DomainError("The last day must be on or after the first.", field="ends_on")
    return Programme.objects.create(
        partnership=partnership,
        name=name,
        kind=kind,
        summary=summary,
        provider=provider,
        status=status,
        starts_on=starts_on,
        ends_on=ends_on,
        created_by=by,
    )


@transaction.atomic
def edit_programme(*, programme: Programme, expected_version: int, by: Any, **changes: Any) -> Programme:
    """Change a programme. Raises EditConflict when somebody saved it since `expected_version`."""
    name = " ".join(changes.get("name", programme.name).split())
    if not name:
        raise DomainError("Enter the programme's name.", field="name")
    others = Programme.objects.filter(partnership=programme.partnership, name__iexact=name).exclude(
        pk=programme.pk
    )
    if others.exists():
        raise DomainError("There is already a programme of this name.", field="name")
    starts_on = changes.get("starts_on", programme.starts_on)
    ends_on = changes.get("ends_on", programme.ends_on)
    if starts_on and ends_on and ends_on < starts_on:
        raise DomainError("The last day must be on or after the first.", field="ends_on")
    return save_edit(programme, expected_version=expected_version, changes=changes | {"name": name})
