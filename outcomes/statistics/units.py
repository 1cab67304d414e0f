"""What a measure's unit says of its numbers: whether they are a share or a rate, and what they are out of."""

from __future__ import annotations

import re
from decimal import Decimal

# "% of pupils", "per cent" and "Share (%)", yet not "children with 100% attendance", of whom there is a number.
_PERCENT = re.compile(r"(?:%|per ?cent).*|.*(?:%|\bper ?cent(?:age)?)\)?", re.DOTALL)
_PER = re.compile(r"\bper ([0-9][0-9,]*)\b")
_RATE = re.compile(r"per\b|.*\brates?\b", re.DOTALL)


def is_percentage(unit: str) -> bool:
    return bool(_PERCENT.fullmatch(_said(unit)))


def is_share_or_rate(unit: str) -> bool:
    """Whether numbers of this unit are out of something, so that they cannot be added up."""
    said = _said(unit)
    return is_percentage(said) or bool(_RATE.match(said) or _PER.search(said))


def scale_of_unit(unit: str) -> Decimal:
    """What a numerator over its denominator is multiplied by: 100 for % and per cent, 1,000 for "rate per 1,000 people"."""
    said = _said(unit)
    if is_percentage(said):
        return Decimal(100)
    per = _PER.search(said)
    return Decimal(per[1].replace(",", "")) if per else Decimal(1)


def _said(unit: str) -> str:
    return unit.strip().casefold()
