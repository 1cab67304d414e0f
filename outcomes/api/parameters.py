"""Parameters that outcomes, measures and observations share."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from outcomes.queries.dashboard import moment


@extend_schema_field(OpenApiTypes.STR)
class AsOfField(serializers.DateTimeField):
    """A moment, or a day for its end. What lies ahead is now, as on the pages."""

    default_error_messages = {
        "invalid": "Write a day or a moment in ISO 8601, such as 2026-11-22 or 2026-11-22T09:30:00Z."
    }

    def to_internal_value(self, value: Any) -> datetime:
        try:
            return moment(date.fromisoformat(str(value)))
        except ValueError:
            return min(super().to_internal_value(value), timezone.now())
