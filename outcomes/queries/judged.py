"""What stands on a measure's page beside its figures: every rebase, with the activities that the reader may see."""

from __future__ import annotations

from typing import Any

from outcomes.models import Measure, Rebase
from outcomes.queries.rebases import every_rebase
from partnerships.models import Place
from partnerships.queries.activities import visible


def rebases_told(measure: Measure, place: Place, *, viewer: Any) -> tuple[list[Rebase], set[int]]:
    """Every rebase, newest point first, and the ids of those linked activities that this person may see."""
    rebases = list(every_rebase(measure, place.pk))
    linked = {one.activity_id for one in rebases if one.activity_id}
    seen = visible(measure.partnership, viewer).filter(pk__in=linked) if linked else None
    return rebases, set(seen.values_list("pk", flat=True)) if seen is not None else set()
