"""What a partnership opens to partners' systems beyond what every sign-in can be given."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from partnerships.actions.editing import save_edit
from partnerships.models import Partnership


@transaction.atomic
def open_influence(*, partnership: Partnership, is_open: bool, expected_version: int, by: Any) -> Partnership:
    """Let partners' systems read which boards are linked, or stop them at once. Raises EditConflict."""
    return save_edit(partnership, expected_version=expected_version, changes={"opens_influence": is_open})
