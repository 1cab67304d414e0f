"""Recording a single value. A correction supersedes; nothing is overwritten."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from outcomes.models import Group, Measure, Observation, ObservationStatus
from partnerships.errors import DomainError
from partnerships.models import Place


@transaction.atomic
def record_observation(
    *,
    measure: Measure,
    place: Place,
    period_start: date,
    period_end: date,
    period_label: str,
    value: Decimal | None,
    by: Any,
    marker: str = "",
    group: Group | None = None,
    numerator: Decimal | None = None,
    denominator: Decimal | None = None,
    lower: Decimal | None = None,
    upper: Decimal | None = None,
    status: ObservationStatus = ObservationStatus.FINAL,
    source: str = "",
    note: str = "",
) -> Observation:
    """Record a value, or a marker that says why there is none; what was known before is superseded, not lost.

    Saying the same again changes nothing and returns the row that stands. Raises DomainError for a period that ends
    before it starts and for a cell with neither value nor marker.
    """
    if period_end < period_start:
        raise DomainError("The period ends before it starts.", field="period_end")
    if value is None and not marker:
        raise DomainError("Enter a value, or say why there is none.", field="value")
    said = {
        "value": value,
        "marker": marker,
        "numerator": numerator,
        "denominator": denominator,
        "lower": lower,
        "upper": upper,
        "status": status,
    }
    key = {
        "measure": measure,
        "place": place,
        "group": group,
        "period_start": period_start,
        "period_end": period_end,
    }
    # Two people who record the same cell at once wait for each other here, rather than meeting at the unique constraint.
    Measure.objects.select_for_update(no_key=True).get(pk=measure.pk)
    standing = Observation.objects.filter(**key, superseded_at__isnull=True).first()
    if standing is not None:
        if all(getattr(standing, name) == given for name, given in said.items()):
            return standing
        now = timezone.now()
        Observation.objects.filter(pk=standing.pk).update(superseded_at=now)
    else:
        now = timezone.now()
    return Observation.objects.create(
        **key,
        **said,
        partnership_id=measure.partnership_id,
        period_label=period_label,
        source=source,
        note=note,
        recorded_by=by,
        recorded_at=now,
    )
