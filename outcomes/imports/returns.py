"""Reads what a partner typed, or wrote in a spreadsheet, into the cells of a return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from outcomes.imports.errors import Unclear
from outcomes.imports.numbers import CONFIDENTIAL, LOW, parse_number
from outcomes.statistics.return_checks import Asked, Box, CellKey, Said

BoxKey = tuple[int, int | None, Box]
LETTERS = {Box.VALUE: "v", Box.NUMERATOR: "n", Box.DENOMINATOR: "d"}


def box_name(measure: int, group: int | None, box: Box) -> str:
    """The name of a box in the form: `c-12-0-v` is the total of measure 12."""
    return f"c-{measure}-{group or 0}-{LETTERS[box]}"


def why_name(cell: CellKey) -> str:
    return f"why-{cell[0]}-{cell[1] or 0}"


def typed(number: Decimal | None) -> str:
    """A number as somebody would type it again."""
    return "" if number is None else f"{number.normalize():f}"


@dataclass(slots=True)
class ReadCells:
    """What was understood: cells by key, empty where nothing stands there; and what was not, by box."""

    cells: dict[CellKey, Said] = field(default_factory=dict)
    problems: dict[BoxKey, str] = field(default_factory=dict)


def read_cells(asked: tuple[Asked, ...], texts: Mapping[BoxKey, str]) -> ReadCells:
    """Understands the boxes of a form. A cell with a box that is not understood is in `problems` only."""
    read = ReadCells()
    for line in asked:
        for group in (None, *line.groups):
            boxes = {box: texts.get((line.measure, group, box), "").strip() for box in line.boxes}
            said, problems = _cell(line, boxes)
            if problems:
                read.problems |= {(line.measure, group, box): words for box, words in problems.items()}
            else:
                read.cells[(line.measure, group)] = said
    return read


def _cell(line: Asked, boxes: Mapping[Box, str]) -> tuple[Said, dict[Box, str]]:
    numbers: dict[Box, Decimal] = {}
    markers: dict[Box, str] = {}
    problems: dict[Box, str] = {}
    for box, text in boxes.items():
        if not text:
            continue
        try:
            number = parse_number(text, percent=line.is_share and box is Box.VALUE)
        except Unclear as unclear:
            problems[box] = str(unclear)
            continue
        if number.marker in (LOW, CONFIDENTIAL):
            problems[box] = "Write the number itself. Small numbers are hidden from others by the system."
        elif number.marker:
            markers[box] = number.marker
        else:
            numbers[box] = Decimal(number.text)
    if problems:
        return Said(), problems
    if markers:
        if numbers or len(set(markers.values())) > 1:
            return Said(), {next(iter(markers)): "Write a number or a marker here, not both."}
        return Said(marker=next(iter(markers.values()))), {}
    if numbers and len(numbers) < len(boxes):
        empty = next(box for box in boxes if box not in numbers)
        return Said(), {empty: f"Enter both numbers: {called(line, empty)} is missing."}
    return Said(**{box.value: number for box, number in numbers.items()}), {}


def called(line: Asked, box: Box) -> str:
    """What a box of a cell holds, where a cell has several."""
    if box is Box.NUMERATOR:
        return line.numerator_name or "Number"
    if box is Box.DENOMINATOR:
        return line.denominator_name or ("How many" if Box.VALUE in line.boxes else "Out of")
    return "Mean" if len(line.boxes) > 1 else ""
