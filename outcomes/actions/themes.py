"""Which outcomes stand in line with a theme of somebody's strategy."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction

from outcomes.models import Outcome, OutcomeTheme
from partnerships.errors import DomainError
from partnerships.models import StrategyTheme


@transaction.atomic
def align_outcomes(*, theme: StrategyTheme, outcomes: Collection[Outcome], by: Any) -> None:
    """These outcomes align to the theme, and no others."""
    StrategyTheme.objects.select_for_update().get(pk=theme.pk)
    if any(outcome.partnership_id != theme.partnership_id for outcome in outcomes):
        raise DomainError("Choose outcomes of this partnership.", field="outcomes")
    wanted = {outcome.pk for outcome in outcomes}
    OutcomeTheme.objects.filter(theme=theme).exclude(outcome__in=wanted).delete()
    known = set(OutcomeTheme.objects.filter(theme=theme).values_list("outcome_id", flat=True))
    OutcomeTheme.objects.bulk_create(
        OutcomeTheme(partnership_id=theme.partnership_id, theme=theme, outcome_id=pk)
        for pk in sorted(wanted - known)
    )
