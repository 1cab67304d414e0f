"""What a partnership says of itself, and how it works: vision, ethos, whether activities are reviewed."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from partnerships.actions.editing import save_edit
from partnerships.models import Partnership


@transaction.atomic
def edit_partnership(
    *,
    partnership: Partnership,
    expected_version: int,
    by: Any,
    vision: str,
    ethos: str,
    reviews_activities: bool,
) -> Partnership:
    """Raises EditConflict when somebody saved the page since `expected_version`."""
    changes = {
        "vision": vision.strip(),
        "ethos": ethos.strip(),
        "reviews_activities": reviews_activities,
    }
    return save_edit(partnership, expected_version=expected_version, changes=changes)
