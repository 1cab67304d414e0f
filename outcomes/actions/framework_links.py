"""How a partnership's outcomes stand to shared frameworks: linked, copied and adapted, kept up with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from outcomes.actions.setting_up import add_outcome, edit_outcome
from outcomes.models import FrameworkItem, Outcome, OutcomeLink
from partnerships.errors import DomainError
from partnerships.models import Partnership


@transaction.atomic
def link_outcome(*, outcome: Outcome, item: FrameworkItem, by: Any) -> OutcomeLink:
    """Say that an outcome stands for an item of a framework. A link that is there already stays as it is."""
    _check(outcome.partnership_id, item)
    link, _ = OutcomeLink.objects.get_or_create(
        partnership_id=outcome.partnership_id, outcome=outcome, item=item, defaults=_words(item)
    )
    return link


@transaction.atomic
def copy_item(
    *,
    partnership: Partnership,
    item: FrameworkItem,
    title: str,
    description: str = "",
    by: Any,
    created_at: datetime | None = None,
) -> Outcome:
    """A new outcome that began as an item's words, adapted or not, and that stays linked to it."""
    _check(partnership.pk, item)
    if not title.strip():
        raise DomainError("Enter a title.", field="title")
    outcome = add_outcome(
        partnership=partnership, title=title, description=description, by=by, created_at=created_at
    )
    OutcomeLink.objects.create(
        partnership=partnership, outcome=outcome, item=item, is_copy=True, **_words(item)
    )
    return outcome


@transaction.atomic
def take_new_words(*, link: OutcomeLink, expected_version: int, by: Any) -> Outcome:
    """Our outcome says what the shared one says now. Raises EditConflict when ours was changed since."""
    item, outcome = link.item, link.outcome
    limit = Outcome._meta.get_field("title").max_length
    if len(item.title) > limit:
        raise DomainError(
            f"Its title has more than {limit} characters. Change ours by hand, then choose to keep ours."
        )
    saved = edit_outcome(
        outcome=outcome,
        expected_version=expected_version,
        title=item.title,
        description=item.description,
        by=by,
    )
    OutcomeLink.objects.filter(pk=link.pk).update(**_words(item))
    return saved


@transaction.atomic
def keep_our_words(*, link: OutcomeLink, by: Any) -> OutcomeLink:
    """We have seen what the shared one says now, and ours stays as it is."""
    OutcomeLink.objects.filter(pk=link.pk).update(**_words(link.item))
    link.refresh_from_db()
    return link


@transaction.atomic
def unlink_outcome(*, link: OutcomeLink, by: Any) -> None:
    OutcomeLink.objects.filter(pk=link.pk).delete()


def _words(item: FrameworkItem) -> dict[str, str]:
    return {"title_then": item.title, "description_then": item.description}


def _check(partnership_id: int, item: FrameworkItem) -> None:
    item = FrameworkItem.objects.select_related("framework").get(pk=item.pk)
    if item.ended_on is not None or item.framework.ended_on is not None:
        raise DomainError("This is no longer part of a framework. Choose one that is.", field="item")
    if item.outcome_id is not None and item.framework.shared_by_id == partnership_id:
        raise DomainError("This is one of your own outcomes, which you share with others.", field="item")
