"""Numbers as official statistics print them: halves round up, thousands have commas, the unit is said.

Halves are judged on the decimal that people see (0.285 is a half at two places, although its binary neighbour is not), and
go away from zero, as in the Government Statistical Service's guidance on rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

Number = int | float | Decimal

MINUS = "\N{MINUS SIGN}"  # a hyphen is read out as a dash, or not at all


def round_half_up(value: Number, places: int = 0) -> Decimal:
    """`value` at `places` decimals (negative: tens, hundreds). Never minus zero. Raises ValueError unless finite."""
    exact = Decimal(str(value))
    if not exact.is_finite():
        raise ValueError("Only a finite number can be rounded.")
    rounded = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return rounded or abs(rounded)


def round_to_base(value: Number, base: int) -> int:
    """The nearest multiple of `base`, halves away from zero: 12 to base 5 is 10, 12.5 is 15. Raises ValueError for base < 1."""
    if base < 1:
        raise ValueError("A rounding base is 1 or more.")
    return int((Decimal(str(value)) / base).quantize(Decimal(1), rounding=ROUND_HALF_UP)) * base


def format_number(value: Number, places: int = 0, unit: str = "") -> str:
    """A number in words for a sentence, a label or a cell: 12,345; 61.3%; £1,200; 4.0 per 100,000; −3 days.

    `unit` is the measure's own: "%" follows without a space, "£" goes in front, "" and "number" add nothing, and anything
    else follows a space.
    """
    rounded = round_half_up(value, places)
    sign = MINUS if rounded < 0 else ""
    digits = f"{abs(rounded):,.{max(places, 0)}f}"
    if unit in ("", "number"):
        return f"{sign}{digits}"
    if unit in ("£", "€", "$"):
        return f"{sign}{unit}{digits}"
    return f"{sign}{digits}{unit}" if unit == "%" else f"{sign}{digits} {unit}"


def format_change(change: Number, places: int = 0, unit: str = "") -> str:
    """The size of a change, without its sign: a change of a percentage is one of percentage points."""
    if unit == "%":
        size = abs(round_half_up(change, places))
        return f"{size:,.{max(places, 0)}f} percentage point{'' if size == 1 else 's'}"
    return format_number(abs(round_half_up(change, places)), places, unit)


def plain(value: Number) -> str:
    """A number with as many decimals as it needs, two at most: 12, 12.5, 0.08. For where no measure gives the decimals."""
    return format_number(value, 2).rstrip("0").rstrip(".")


def month_and_year(when: date) -> str:
    return f"{when:%B %Y}"


@dataclass(frozen=True, slots=True)
class Wording:
    """How a measure's figures, changes and periods are written in sentences. Make one with `wording_for`."""

    number: Callable[[Number], str] = plain
    change: Callable[[Number], str] = plain
    period: Callable[[date], str] = month_and_year


def wording_for(
    places: int, unit: str = "", period: Callable[[date], str] | dict[date, str] = month_and_year
) -> Wording:
    """The wording of a measure: its decimals, its unit, and how its periods are called (a function, or labels by date)."""

    def label(when: date) -> str:
        return period.get(when, month_and_year(when)) if isinstance(period, dict) else period(when)

    return Wording(
        number=lambda value: format_number(value, places, unit),
        change=lambda value: format_change(value, places, unit),
        period=label,
    )
