"""Documents of a partnership, and which of them a person may read."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from partnerships.models import Document, Partnership
from partnerships.queries.activities import visible


def documents_in(partnership: Partnership, person: Any) -> QuerySet[Document]:
    """Every document but those of activities that this person may not see."""
    hidden = Q(activity__isnull=False) & ~Q(activity__in=visible(partnership, person).values("pk"))
    return (
        Document.objects.filter(partnership=partnership)
        .exclude(hidden)
        .select_related("meeting__board__partnership", "agenda_item", "activity", "programme", "agreement")
    )
