"""Sign-ins for partners' systems: which there are, which work, and how long one may last."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from partnerships.models import Partnership
from people.models import ApiClient

DEFAULT_YEARS = 1
MOST_YEARS = 2


def api_clients_of(partnership: Partnership) -> QuerySet[ApiClient]:
    """Every sign-in that the partnership has or had, by name."""
    return ApiClient.objects.filter(partnership=partnership).select_related("organisation", "created_by")


def open_api_client(client_id: str) -> ApiClient | None:
    """The sign-in behind an OAuth client, if it works today."""
    # A text that PostgreSQL cannot hold names nothing.
    if not client_id or "\x00" in client_id:
        return None
    found = ApiClient.objects.open().filter(client_id=client_id)
    return found.select_related("service_person", "partnership", "organisation").first()


def default_last_day() -> date:
    return _years_from_today(DEFAULT_YEARS)


def latest_last_day() -> date:
    return _years_from_today(MOST_YEARS)


def _years_from_today(years: int) -> date:
    today = timezone.localdate()
    try:
        return today.replace(year=today.year + years)
    except ValueError:
        return today.replace(year=today.year + years, day=28)
