"""Filters of the activity log that somebody means to use again."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from partnerships.errors import DomainError
from partnerships.models import Partnership, SavedFilter

LONGEST_NAME = 60
LONGEST_QUERY = 1000
MOST = 30


@transaction.atomic
def save_filter(*, partnership: Partnership, by: Any, name: str, query: str) -> SavedFilter:
    """Keep the filters under a name; a name that is taken holds the new ones from now on."""
    name = " ".join(name.split())
    if not name or "\x00" in name:
        raise DomainError("Enter a name for these filters.", field="name")
    if len(name) > LONGEST_NAME:
        raise DomainError(f"The name must be {LONGEST_NAME} characters or fewer.", field="name")
    if not query:
        raise DomainError("Choose at least one filter first.")
    if len(query) > LONGEST_QUERY:
        raise DomainError("These filters are too long to be saved. Use fewer words.")
    mine = SavedFilter.objects.filter(partnership=partnership, person=by)
    if mine.count() >= MOST and not mine.filter(name__iexact=name).exists():
        raise DomainError(f"You have {MOST} saved filters. Remove one of them first.")
    saved, is_new = SavedFilter.objects.get_or_create(
        partnership=partnership, person=by, name__iexact=name, defaults={"name": name, "query": query}
    )
    if not is_new:
        saved.name, saved.query = name, query
        saved.save(update_fields=["name", "query"])
    return saved


@transaction.atomic
def remove_filter(*, partnership: Partnership, by: Any, pk: int) -> None:
    """One that is gone already is no error."""
    SavedFilter.objects.filter(partnership=partnership, person=by, pk=pk).delete()
