"""Keeping what is typed into a form until it is saved, so that nothing is lost with a browser or a session."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerships.errors import DomainError
from partnerships.models import Draft, Partnership

LARGEST = 200_000
MOST_FIELDS = 200
MOST_DRAFTS = 20


@dataclass(frozen=True, slots=True)
class DraftKey:
    """Where a page's text is kept: which form, from which opened page, and the draft it began from, if any."""

    form: str
    page: str
    draft: int | None = None
    version: int = 0

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z_]{1,30}:(new|[0-9]{1,18})", self.form):
            raise DomainError("This page is out of date. Copy what you typed, then open the form again.")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", self.page):
            raise DomainError("This page is out of date. Copy what you typed, then open the form again.")


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """`is_apart`: newer text came from another page, so this page's text went into a draft of its own."""

    draft: Draft
    is_apart: bool


class DraftTooLong(DomainError):
    """More than a draft holds."""


class DraftGone(DomainError):
    """The draft was saved or discarded from another page."""


@transaction.atomic
def keep_draft(
    *, partnership: Partnership, by: Any, key: DraftKey, fields: Mapping[str, Sequence[str]]
) -> KeptDraft:
    """Keep what a page holds. Newer text that another page wrote stands beside it and is never overwritten.

    Raises DraftTooLong for more than 200 KB, and DraftGone when another page saved or discarded the draft.
    """
    clean = _storable(fields)
    mine = Draft.objects.select_for_update().filter(partnership=partnership, person=by, form=key.form)
    own = mine.filter(page=key.page).first()
    if own is not None:
        return KeptDraft(_write(own, key, clean), is_apart=False)
    begun_from = mine.filter(pk=key.draft).first() if key.draft else None
    if begun_from is not None and begun_from.version == key.version:
        return KeptDraft(_write(begun_from, key, clean), is_apart=False)
    if key.draft and begun_from is None:
        raise DraftGone("This was saved or discarded in another tab or window. Save it here to keep it.")
    if mine.count() >= MOST_DRAFTS:
        raise DomainError(f"You have {MOST_DRAFTS} drafts of this form. Save or discard one of them first.")
    draft, is_new = Draft.objects.get_or_create(
        partnership=partnership,
        person=by,
        form=key.form,
        page=key.page,
        defaults={"fields": clean, "saved_at": timezone.now()},
    )
    if not is_new:  # The same page's other request was faster by a moment.
        _write(draft, key, clean)
    return KeptDraft(draft, is_apart=begun_from is not None)


@transaction.atomic
def discard_draft(*, partnership: Partnership, by: Any, form: str, draft: int) -> None:
    """Throw a draft away; one that is gone already is no error."""
    Draft.objects.filter(partnership=partnership, person=by, form=form, pk=draft).delete()


def drop_saved_draft(*, partnership: Partnership, by: Any, key: DraftKey | None) -> None:
    """For an action that has just saved what a page held: neither the draft it began from nor its own is needed now."""
    if key is None:
        return
    mine = Draft.objects.filter(partnership=partnership, person=by, form=key.form)
    mine.filter(page=key.page).delete()
    if key.draft:
        mine.filter(pk=key.draft, version__lte=key.version).delete()


def _write(draft: Draft, key: DraftKey, fields: dict[str, list[str]]) -> Draft:
    draft.fields, draft.page, draft.saved_at = fields, key.page, timezone.now()
    draft.version += 1
    draft.save(update_fields=["fields", "page", "version", "saved_at"])
    return draft


def _storable(fields: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Text as PostgreSQL can hold it: without NUL and half characters, which a form would refuse later and by name."""
    clean = {
        _text(name)[:100]: [_text(value) for value in values]
        for name, values in list(fields.items())[:MOST_FIELDS]
    }
    if len(json.dumps(clean, ensure_ascii=False).encode()) > LARGEST:
        raise DraftTooLong(
            f"This is too long to be kept as a draft: the most is {LARGEST // 1000} KB. Save it, or shorten it first."
        )
    return clean


def _text(value: str) -> str:
    return value.replace("\x00", "").encode("utf-8", "replace").decode()
