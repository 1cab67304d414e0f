"""What a measure's unit says about how its numbers are worked out."""

from __future__ import annotations

import re
from decimal import Decimal

from outcomes.models import Measure


def scale_of(measure: Measure) -> Decimal:
    """What a numerator over its denominator is multiplied by: 100 for %, 1,000 for "per 1,000 people"."""
    unit = measure.unit.strip()
    if unit.startswith("%"):
        return Decimal(100)
    per = re.match(r"per ([0-9][0-9,]*)\b", unit)
    return Decimal(per[1].replace(",", "")) if per else Decimal(1)
