"""What an often logged activity begins with."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import ActivityTemplate, Partnership

LONGEST_NAME = 80
LARGEST = 100_000
MOST = 50
# What a form sends and is the same each time; the day, what was promised and who is new are not.
KEPT = {
    *(
        "title",
        "kind",
        "organisations",
        "people",
        "authors",
        "programme",
        "board",
        "outcomes",
        "place",
        "themes",
    ),
    *("minutes_hours", "minutes_minutes", "what_happened", "next_step", "visibility"),
}


@transaction.atomic
def keep_template(
    *,
    partnership: Partnership,
    name: str,
    fields: Mapping[str, Sequence[str]],
    by: Any,
    is_shared: bool = False,
) -> ActivityTemplate:
    """Keep what a form holds under a name; the same name of the same person holds this instead."""
    name = _checked(name)
    kept = {
        key: [value.replace("\x00", "") for value in fields[key]]
        for key in sorted(KEPT & fields.keys())
        if any(fields[key])
    }
    if not kept:
        raise DomainError("There is nothing in the form to keep.", field="template_name")
    if len(json.dumps(kept)) > LARGEST:
        raise DomainError("This is too long for a template. Shorten the text.", field="template_name")
    Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)
    mine = ActivityTemplate.objects.filter(partnership=partnership, created_by=by)
    known = mine.filter(name__iexact=name).first()
    if known is not None:
        changes = {"fields": kept, "is_shared": is_shared, "name": name}
        return save_edit(known, expected_version=known.version, changes=changes)
    if mine.count() >= MOST:
        raise DomainError(f"You have {MOST} templates. Remove one first.", field="template_name")
    return ActivityTemplate.objects.create(
        partnership=partnership, name=name, fields=kept, is_shared=is_shared, created_by=by
    )


@transaction.atomic
def change_template(
    *, template: ActivityTemplate, expected_version: int, name: str, is_shared: bool, by: Any
) -> ActivityTemplate:
    """Rename a template, or share it. Raises EditConflict when somebody saved it since `expected_version`."""
    name = _checked(name)
    others = ActivityTemplate.objects.filter(
        partnership=template.partnership_id, created_by=template.created_by_id, name__iexact=name
    )
    if others.exclude(pk=template.pk).exists():
        raise DomainError(f"You already have a template called “{name}”.", field="name")
    changes = {"name": name, "is_shared": is_shared}
    return save_edit(template, expected_version=expected_version, changes=changes)


@transaction.atomic
def remove_template(*, template: ActivityTemplate, by: Any) -> None:
    """One that is gone already is no error. What was logged from it stays."""
    ActivityTemplate.objects.filter(pk=template.pk).delete()


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name or "\x00" in name:
        raise DomainError("Enter a name for the template.", field="name")
    if len(name) > LONGEST_NAME:
        raise DomainError(f"The name must be {LONGEST_NAME} characters or fewer.", field="name")
    return name
