"""Agreements, by when they have to be looked at again."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import F, QuerySet
from django.utils import timezone

from partnerships.models import Agreement, Partnership

SOON = timedelta(days=60)


def agreements_of(partnership: Partnership) -> QuerySet[Agreement]:
    """Those in force, the next to be renewed first, those without a renewal last; then those that ended."""
    found = Agreement.objects.filter(partnership=partnership).select_related("owner")
    return found.prefetch_related("parties").order_by(
        F("ended_on").asc(nulls_first=True), F("renews_on").asc(nulls_last=True), "title"
    )


def in_force(partnership: Partnership) -> QuerySet[Agreement]:
    return agreements_of(partnership).filter(ended_on__isnull=True)


def is_overdue(agreement: Agreement, today: date | None = None) -> bool:
    today = today or timezone.localdate()
    return agreement.ended_on is None and agreement.renews_on is not None and agreement.renews_on < today


def is_due_soon(agreement: Agreement, today: date | None = None) -> bool:
    today = today or timezone.localdate()
    if agreement.ended_on or agreement.renews_on is None:
        return False
    return today <= agreement.renews_on <= today + SOON
