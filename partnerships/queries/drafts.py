"""What somebody typed and has not saved yet. Only its author ever sees it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from partnerships.models import Draft, Partnership


def drafts_of(partnership: Partnership, person: Any, form: str | None = None) -> QuerySet[Draft]:
    """A person's drafts, of one form or of all, the last typed first."""
    drafts = Draft.objects.filter(partnership=partnership, person=person).order_by("-saved_at", "-pk")
    return drafts if form is None else drafts.filter(form=form)
