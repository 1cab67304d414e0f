"""The hidden fields that say where a page's text is kept until it is saved."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from partnerships.actions.drafts import DraftKey
from partnerships.errors import DomainError
from partnerships.models import Draft

NAMES = ("draft_form", "draft_page", "draft_id", "draft_version")
NOT_TYPED = {*NAMES, "csrfmiddlewaretoken"}


@dataclass(frozen=True, slots=True)
class DraftFields:
    """What an opened form carries along, as text for hidden inputs."""

    form: str
    page: str
    draft: str = ""
    version: str = "0"

    @classmethod
    def for_new_page(cls, form: str, draft: Draft | None = None) -> DraftFields:
        page = secrets.token_urlsafe(12)
        return cls(form, page, str(draft.pk), str(draft.version)) if draft else cls(form, page)

    @classmethod
    def sent(cls, form: str, data: Mapping[str, Any]) -> DraftFields:
        """As they came back, kept or posted; a page without them counts as newly opened."""
        page = str(data.get("draft_page") or "")[:40] or secrets.token_urlsafe(12)
        return cls(form, page, str(data.get("draft_id") or ""), str(data.get("draft_version") or "0"))

    def key(self) -> DraftKey:
        """Raises DomainError when they were tampered with."""
        draft = int(self.draft) if re.fullmatch(r"[0-9]{1,18}", self.draft) else None
        version = int(self.version) if re.fullmatch(r"[0-9]{1,9}", self.version) else 0
        return DraftKey(self.form, self.page, draft, version)

    def key_or_none(self) -> DraftKey | None:
        """For saving, which never fails because of what only a draft needs."""
        try:
            return self.key()
        except DomainError:
            return None

    def hidden(self) -> list[tuple[str, str]]:
        return list(zip(NAMES, (self.form, self.page, self.draft, self.version), strict=True))


def typed_only(data: Mapping[str, Any]) -> dict[str, list[str]]:
    """The fields of a form without those that our own bookkeeping added. Takes a QueryDict or plain JSON."""
    if hasattr(data, "lists"):
        sent = data.lists()
    else:
        sent = [(name, value if isinstance(value, list) else [value]) for name, value in data.items()]
    return {str(name): [str(value) for value in values] for name, values in sent if name not in NOT_TYPED}
