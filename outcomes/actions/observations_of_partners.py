"""Figures that a partner's system writes: its organisation's own part, and nobody else's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from outcomes.actions.observations import NewObservation, record_observations
from outcomes.models import Measure, Observation, Return, ReturnStatus
from outcomes.queries.returns import measures_asked, owing
from partnerships.errors import DomainError
from partnerships.models import Organisation


@transaction.atomic
def record_own_part(
    *, measure: Measure, organisation: Organisation, rows: Sequence[NewObservation], by: Any
) -> list[Observation]:
    """Record rows as the organisation's part. What stands already is not said twice; what differs supersedes.

    Raises DomainError for a measure of no programme of the organisation, and for a period whose figures it owes as a return,
    so that nothing goes round those who accept returns.
    """
    programme = measure.programme
    if programme is None or organisation not in owing(programme):
        raise DomainError(
            "Your organisation sends no figures for this measure: it is no partner of its programme.",
            field="measure",
        )
    if measure.pk in {asked.pk for asked in measures_asked(programme)}:
        owed = set(
            Return.objects.filter(programme=programme, organisation=organisation)
            .exclude(status=ReturnStatus.NOT_NEEDED)
            .values_list("period__starts_on", "period__ends_on")
        )
        for index, row in enumerate(rows):
            if (row.period_start, row.period_end) in owed:
                raise DomainError(
                    f"The figures for {row.period_label} are asked for in a return. Send them there.",
                    field=f"observations[{index}].period_start",
                )
    return record_observations(
        measure=measure, rows=[replace(row, organisation=organisation) for row in rows], by=by
    )
