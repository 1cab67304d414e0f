"""A programme's money: what was meant, what was spent, what others gave. Always counted from the lines."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from partnerships.models import MoneyHeading, MoneyKind, MoneyLine, Programme

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class HeadingTotal:
    """One heading, by kind; a kind without a line has no key, because nothing said is not nothing spent."""

    heading: MoneyHeading
    by_kind: dict[MoneyKind, Decimal]


@dataclass(frozen=True, slots=True)
class Money:
    """All lines of a programme, and their totals. A share is None where there is nothing to take it of."""

    lines: tuple[MoneyLine, ...]
    totals: dict[MoneyKind, Decimal]
    headings: tuple[HeadingTotal, ...]
    administration_of_budget: Decimal | None
    administration_of_spent: Decimal | None

    @property
    def kinds(self) -> list[MoneyKind]:
        return [kind for kind in MoneyKind if kind in self.totals]


def lines_of(programme: Programme) -> list[MoneyLine]:
    return list(programme.money.select_related("funder"))


def money_of(programme: Programme) -> Money:
    """The money of a programme. One query."""
    return summed(lines_of(programme))


def summed(lines: list[MoneyLine]) -> Money:
    totals: dict[MoneyKind, Decimal] = {}
    headings: dict[MoneyHeading, dict[MoneyKind, Decimal]] = {}
    for line in lines:
        kind, heading = MoneyKind(line.kind), MoneyHeading(line.heading)
        totals[kind] = totals.get(kind, ZERO) + line.amount
        of_heading = headings.setdefault(heading, {})
        of_heading[kind] = of_heading.get(kind, ZERO) + line.amount
    administration = headings.get(MoneyHeading.ADMINISTRATION, {})
    return Money(
        lines=tuple(lines),
        totals=totals,
        headings=tuple(
            HeadingTotal(heading, headings[heading]) for heading in MoneyHeading if heading in headings
        ),
        administration_of_budget=_share(administration, totals, MoneyKind.BUDGET),
        administration_of_spent=_share(administration, totals, MoneyKind.SPENT),
    )


def _share(
    part: dict[MoneyKind, Decimal], whole: dict[MoneyKind, Decimal], kind: MoneyKind
) -> Decimal | None:
    if not whole.get(kind):
        return None
    return (100 * part.get(kind, ZERO) / whole[kind]).quantize(Decimal("0.1"))
