from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from partnerships.models import ActivityTemplate, Partnership


def templates_for(partnership: Partnership, person: Any) -> QuerySet[ActivityTemplate]:
    """One's own and those that others share, by name."""
    found = ActivityTemplate.objects.filter(Q(created_by=person) | Q(is_shared=True), partnership=partnership)
    return found.select_related("created_by").order_by("name", "pk")
