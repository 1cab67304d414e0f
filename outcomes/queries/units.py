"""What a measure's unit says about how its numbers are worked out."""

from __future__ import annotations

from decimal import Decimal

from outcomes.models import Measure
from outcomes.statistics.units import scale_of_unit


def scale_of(measure: Measure) -> Decimal:
    """What a numerator over its denominator is multiplied by: 100 for %, 1,000 for "per 1,000 people"."""
    return scale_of_unit(measure.unit)
