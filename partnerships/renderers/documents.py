"""Documents as plain data, for templates/partnerships/documents/_list.html."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from config.words import day_words
from partnerships.models import Document
from partnerships.queries.file_kinds import KINDS

_WORDS = {kind.content_type: kind.words for kind in KINDS.values()}


def document_rows(
    documents: Iterable[Document], slug: str, *, may_remove: bool = False
) -> list[dict[str, Any]]:
    """`documents` come with `uploaded_by`. Whoever may remove them gets an address for it."""
    return [
        {
            "title": document.title,
            "url": reverse("document", args=[slug, document.pk]),
            "kind": f"{_capital(_WORDS.get(document.content_type, 'File'))}, {size_words(document.size)}",
            "about": f"{document.uploaded_by.name}, {day_words(document.uploaded_at)}",
            "remove_url": reverse("document-remove", args=[slug, document.pk]) if may_remove else "",
        }
        for document in documents
    ]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def size_words(size: int) -> str:
    """820 bytes, 12 KB, 3.4 MB"""
    if size < 1000:
        return f"{size} byte{'' if size == 1 else 's'}"
    if size < 999_500:
        return f"{round(size / 1000)} KB"
    return f"{size / 1_000_000:.1f} MB"
