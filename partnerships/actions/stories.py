"""The story of us: each telling is a version of its own, with those who told it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerships.errors import DomainError, EditConflict
from partnerships.models import Partnership, StoryVersion


@transaction.atomic
def tell_story(
    *,
    partnership: Partnership,
    text: str,
    told_on: date,
    after_version: int,
    what_changed: str = "",
    contributors: Collection[Any] = (),
    other_contributors: str = "",
    by: Any = None,
) -> StoryVersion:
    """Write the next version. `after_version` is the number it was written from, 0 for the first.

    Raises EditConflict when somebody told a newer one meanwhile.
    """
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    last = StoryVersion.objects.filter(partnership=partnership).first()
    number = last.number if last else 0
    if number != after_version:
        raise EditConflict(
            f"Somebody told version {number} while you were writing. Your text is kept below. "
            "Compare it with that version, then save again.",
            current_version=number,
        )
    if not text.strip():
        raise DomainError("Enter the story.", field="text")
    if last and text.strip() == last.text:
        raise DomainError("The story is the same as in the last version. Change it first.", field="text")
    if told_on > timezone.localdate():
        raise DomainError("The day must be today or before.", field="told_on")
    if not contributors and not other_contributors.strip():
        raise DomainError("Say who told it: people, or a group.", field="contributors")
    story = StoryVersion.objects.create(
        partnership=partnership,
        number=number + 1,
        text=text.strip(),
        told_on=told_on,
        what_changed=what_changed.strip(),
        other_contributors=other_contributors.strip(),
        created_by=by,
    )
    story.contributors.set(contributors)
    return story
