"""Finding by a few words what partners do, for forms that link it: only what the person who asks may see."""

from __future__ import annotations

from typing import Any

from partnerships.models import Activity, Commitment, Document, Partnership, Programme
from partnerships.queries import commitments, programmes
from partnerships.queries.activities import ActivityFilters, find, visible
from partnerships.queries.documents import documents_in

MOST = 15


def activities_like(partnership: Partnership, text: str, *, viewer: Any) -> list[Activity]:
    text = text.replace("\x00", "").strip()
    if not text:
        return []
    return list(find(visible(partnership, viewer), ActivityFilters(text=text[:200])).activities[:MOST])


def commitments_like(partnership: Partnership, text: str) -> list[Commitment]:
    text = text.replace("\x00", "").strip()
    if not text:
        return []
    rows = Commitment.objects.filter(pk__in=commitments.visible(partnership).values("pk"))
    return list(rows.filter(what__icontains=text[:200]).order_by("-created_at", "-pk")[:MOST])


def programmes_like(partnership: Partnership, text: str) -> list[Programme]:
    text = text.replace("\x00", "").strip()
    if not text:
        return []
    return list(programmes.programmes_of(partnership).filter(name__icontains=text[:200])[:MOST])


def documents_like(partnership: Partnership, text: str, *, viewer: Any) -> list[Document]:
    text = text.replace("\x00", "").strip()
    if not text:
        return []
    found = documents_in(partnership, viewer).filter(title__icontains=text[:200])
    return list(found.order_by("-pk")[:MOST])
