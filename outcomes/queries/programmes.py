"""What programmes measure."""

from __future__ import annotations

from outcomes.models import Measure
from partnerships.models import Programme


def measures_of(programme: Programme) -> list[Measure]:
    """The programme's own measures, by how much, how well and who is better off."""
    return list(
        Measure.objects.filter(programme=programme).select_related("outcome").order_by("quadrant", "name")
    )
