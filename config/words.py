"""How dates and times are written, as GOV.UK does: 4 June 2026, 2:30pm."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone


def day_words(day: date) -> str:
    """4 June 2026"""
    return f"{day.day} {day:%B %Y}"


def time_words(moment: datetime) -> str:
    """2:30pm, midday, midnight; in the partnership's time."""
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    if local.minute == 0 and local.hour in (0, 12):
        return "midday" if local.hour else "midnight"
    minutes = f":{local.minute:02d}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def moment_words(moment: datetime) -> str:
    """4 June 2026, 2:30pm"""
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return f"{day_words(local)}, {time_words(moment)}"


def pounds(amount: Decimal) -> str:
    """£1,250 or £1,250.50"""
    return f"£{amount:,.2f}".removesuffix(".00")
