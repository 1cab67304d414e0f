"""What can be wrong with the figures of a return, told before they are sent: mistakes, and figures that look odd.

A mistake must be put right. What looks odd may be true: whoever sends it says in a sentence why, and it is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from outcomes.statistics.units import is_percentage

# A figure that is this many times the one before, or a part of it this small, is more often a slip than the truth.
JUMP = 40


class Shape(StrEnum):
    """Which numbers a measure is asked for in."""

    COUNT = "count"  # one number
    PAIR = "pair"  # so many out of so many
    MEAN = "mean"  # a mean, and of how many


class Box(StrEnum):
    VALUE = "value"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"


BOXES: dict[Shape, tuple[Box, ...]] = {
    Shape.COUNT: (Box.VALUE,),
    Shape.PAIR: (Box.NUMERATOR, Box.DENOMINATOR),
    Shape.MEAN: (Box.VALUE, Box.DENOMINATOR),
}
# Which of the boxes count somebody or something, so that parts of them can be laid beside the whole.
COUNTED: dict[Shape, tuple[Box, ...]] = BOXES | {Shape.MEAN: (Box.DENOMINATOR,)}

CellKey = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The groups of one dimension, and whether they make the whole."""

    dimension: str
    adds_up: bool
    groups: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of the form."""

    measure: int
    name: str
    shape: Shape
    unit: str
    decimals: int
    breakdowns: tuple[Breakdown, ...] = ()
    is_running_total: bool = False
    counts_people: bool = False
    numerator_name: str = ""
    denominator_name: str = ""

    @property
    def is_share(self) -> bool:
        return is_percentage(self.unit)

    @property
    def boxes(self) -> tuple[Box, ...]:
        return BOXES[self.shape]

    @property
    def groups(self) -> dict[int, str]:
        return {group: name for breakdown in self.breakdowns for group, name in breakdown.groups}

    def name_of(self, group: int | None) -> str:
        return self.name if group is None else f"{self.name}, {self.groups.get(group, '')}"


@dataclass(frozen=True, slots=True)
class Said:
    """What one cell says: numbers, or a marker that says why there are none."""

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    marker: str = ""

    def of(self, box: Box) -> Decimal | None:
        return getattr(self, box.value)

    @property
    def is_empty(self) -> bool:
        return not self.marker and self.value is None and self.numerator is None and self.denominator is None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one cell. An error must be put right; anything else must be explained."""

    measure: int
    group: int | None
    box: Box
    is_error: bool
    message: str

    @property
    def cell(self) -> CellKey:
        return (self.measure, self.group)


Cells = Mapping[CellKey, Said]
NOTHING = Said()


def check(asked: Sequence[Asked], cells: Cells, before: Cells | None = None) -> list[Finding]:
    """All that is wrong or odd about what was filled in so far; `before` is what the same partner sent last."""
    found: list[Finding] = []
    for line in asked:
        for group in (None, *line.groups):
            said = cells.get((line.measure, group), NOTHING)
            found += _alone(line, group, said)
            found += _beside_last(line, group, said, (before or {}).get((line.measure, group), NOTHING))
        for breakdown in line.breakdowns:
            found += _parts(line, breakdown, cells)
    return found


def incomplete(asked: Sequence[Asked], cells: Cells) -> list[Finding]:
    """What is still missing before it can be sent: every total, and of a breakdown all groups or none."""
    found: list[Finding] = []
    for line in asked:
        first = line.boxes[0]
        if cells.get((line.measure, None), NOTHING).is_empty:
            message = f"Enter {line.name}: a number, x if it is not available, or z if it does not apply."
            found.append(Finding(line.measure, None, first, True, message))
        for breakdown in line.breakdowns:
            empty = [g for g, _ in breakdown.groups if cells.get((line.measure, g), NOTHING).is_empty]
            if empty and len(empty) < len(breakdown.groups):
                for group in empty:
                    message = (
                        f"Enter {line.name_of(group)}, or x if it is not known: other groups are filled in."
                    )
                    found.append(Finding(line.measure, group, first, True, message))
    return found


def _alone(line: Asked, group: int | None, said: Said) -> Iterator[Finding]:
    """What a cell shows by itself."""
    if said.is_empty or said.marker:
        return
    name = line.name_of(group)

    def finding(box: Box, message: str, is_error: bool = True) -> Finding:
        return Finding(line.measure, group, box, is_error, message)

    missing = [box for box in line.boxes if said.of(box) is None]
    for box in missing:
        yield finding(box, f"{name}: enter {_called(line, box)} as well.")
    counts = (Box.VALUE,) if line.shape is Shape.COUNT else (Box.NUMERATOR, Box.DENOMINATOR)
    for box in line.boxes:
        number = said.of(box)
        if number is None:
            continue
        if number < 0:
            # A mean, or a sum of changes, may go down; nobody can be counted below nought.
            may_be = box is not Box.DENOMINATOR and not line.is_share
            may_be = may_be and (line.shape is not Shape.COUNT or line.decimals > 0)
            yield finding(box, f"{name} is below zero.", is_error=not may_be)
        # Pounds and hours may have a fraction; people, and what is counted without decimals, have none.
        whole = line.counts_people if line.shape is Shape.PAIR else box in counts and line.decimals == 0
        whole = whole or (line.shape is Shape.MEAN and box is Box.DENOMINATOR)
        if whole and number != number.to_integral_value():
            yield finding(box, f"{name} must be a whole number.")
    if missing:
        return
    if line.shape is Shape.PAIR and line.is_share and said.numerator > said.denominator:  # type: ignore[operator]
        yield finding(
            Box.NUMERATOR,
            f"{name}: {_called(line, Box.NUMERATOR)} is more than {_called(line, Box.DENOMINATOR)}.",
        )
    if line.shape is Shape.PAIR and said.denominator == 0 and said.numerator != 0:
        yield finding(
            Box.DENOMINATOR, f"{name}: {_called(line, Box.DENOMINATOR)} is 0, so nothing can be out of it."
        )
    if line.shape is not Shape.PAIR and line.is_share and said.value > 100:  # type: ignore[operator]
        yield finding(Box.VALUE, f"{name} is above 100%.", is_error=False)


def _beside_last(line: Asked, group: int | None, said: Said, before: Said) -> Iterator[Finding]:
    """What shows beside the figure that the same partner sent last."""
    name = line.name_of(group)
    for box in line.boxes:
        new, old = said.of(box), before.of(box)
        if new is None or old is None:
            continue
        if line.is_running_total and box is Box.VALUE and new < old:
            message = f"{name} is a running total and is lower than last time ({_text(old)})."
            yield Finding(line.measure, group, box, False, message)
        elif new > 0 and old > 0 and (new >= JUMP * old or old >= JUMP * new):
            times = f"{int(new / old)} times" if new > old else f"1 in {int(old / new)} of"
            yield Finding(
                line.measure, group, box, False, f"{name} is {times} what it was last time ({_text(old)})."
            )


def _parts(line: Asked, breakdown: Breakdown, cells: Cells) -> Iterator[Finding]:
    """Each part beside the whole, and where they must add up their sum beside it."""
    whole = cells.get((line.measure, None), NOTHING)
    for box in COUNTED[line.shape]:
        total = whole.of(box)
        if total is None:
            continue
        parts = {g: cells.get((line.measure, g), NOTHING).of(box) for g, _ in breakdown.groups}
        above = [group for group, part in parts.items() if part is not None and part > total]
        for group in above:
            message = f"{line.name_of(group)} is more than the total ({_text(total)})."
            yield Finding(line.measure, group, box, True, message)
        known = [part for part in parts.values() if part is not None]
        if above or not breakdown.adds_up or not known:
            continue
        added = sum(known)
        what = f"{line.name}: the groups of {breakdown.dimension} add up to {_text(added)}"
        if added > total:
            yield Finding(line.measure, None, box, True, f"{what}, more than the total ({_text(total)}).")
        elif added < total and len(known) == len(parts):
            yield Finding(line.measure, None, box, False, f"{what}, less than the total ({_text(total)}).")


def _called(line: Asked, box: Box) -> str:
    """The name of a box within its cell."""
    if box is Box.NUMERATOR:
        return f"“{line.numerator_name or 'Number'}”"
    if box is Box.DENOMINATOR:
        return f"“{line.denominator_name or 'Out of'}”"
    return "the figure"


def _text(number: Decimal | int) -> str:
    return f"{Decimal(number).normalize():,f}"
