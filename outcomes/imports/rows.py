"""One row of the file as the figures it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from outcomes.imports.errors import Unclear
from outcomes.imports.groups import EVERYBODY, Breakdown, GroupFinder, group_in
from outcomes.imports.mapping import GROUPS, WIDE, Mapping, period_in
from outcomes.imports.numbers import Number, check_size, parse_number
from outcomes.imports.periods import YEAR, Period, parse_period
from outcomes.imports.places import Found, PlaceFinder

SHARE_DIGITS, COUNT_DIGITS = 12, 15
NOTHING = Number("")
# Where a breakdown's column and the one that names its dimension stand, and the breakdown.
_Part = tuple[int, int | None, Breakdown]


@dataclass(frozen=True, slots=True)
class ReadFigure:
    """A figure as it was understood, or with the reason why it was not."""

    row_number: int
    column: str = ""
    place_id: int | None = None
    group: int = EVERYBODY
    period_start: date | None = None
    period_end: date | None = None
    period_label: str = ""
    value: str = ""
    numerator: str = ""
    denominator: str = ""
    lower: str = ""
    upper: str = ""
    marker: str = ""
    status: str = ""
    refusal: str = ""
    note: str = ""
    as_written: tuple[str, str, str, str] = ("", "", "", "")


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """What a measure says about the cells of its files."""

    frequency: str = YEAR
    is_percentage: bool = False
    periods: dict[str, Period] = field(
        default_factory=dict
    )  # of its programme, by their names without capitals

    def read_period(self, text: str, year_type: str, identifier: str = "") -> Period:
        """Raises Unclear. A period of the measure's own programme comes before what its name may mean elsewhere."""
        known = self.periods.get(f"{identifier} {text}".strip().casefold())
        if known is not None:
            return known
        return parse_period(
            text, year_type=year_type, frequency=self.frequency, identifier=identifier, serials=True
        )


@dataclass
class RowReader:
    """Reads rows one by one. `skipped` counts those that the filters left out, `crossed` those about groups of two breakdowns."""

    mapping: Mapping
    headings: list[str]
    finder: PlaceFinder
    measure: MeasureFacts
    groups: GroupFinder = field(default_factory=GroupFinder)
    skipped: int = 0
    crossed: int = 0
    read: int = 0
    _periods: dict[tuple[str, str], Period | Unclear] = field(init=False, default_factory=dict)
    _above: dict[int, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        at = {name: place for place, name in enumerate(self.headings)}

        def position(name: str) -> int | None:
            return at[name] if name else None

        m = self.mapping
        self._width = len(self.headings)
        self._places = [at[name] for name in m.place_columns]
        self._level, self._period, self._period_note = map(
            position, (m.level_column, m.period_column, m.period_note_column)
        )
        self._value, self._numerator, self._denominator, self._lower, self._upper = map(
            position,
            (m.value_column, m.numerator_column, m.denominator_column, m.lower_column, m.upper_column),
        )
        self._across = (
            [(at[name], name, period_in(name) or name) for name in m.period_columns]
            if m.layout == WIDE
            else []
        )
        wanted: dict[int, set[str]] = {}
        for name, value in m.filters:
            wanted.setdefault(at[name], set()).add(value)
        self._filters = list(wanted.items())
        self._breakdowns = [(at[one.column], position(one.topic), one) for one in m.breakdowns]
        self._group_columns = (
            [(at[name], name, group_in(name)) for name in m.group_columns] if m.layout == GROUPS else []
        )

    def figures(self, rows: Iterable[list[str]]) -> Iterator[ReadFigure]:
        """Every figure of the file; `rows` starts with the first row of the file, above the headings."""
        first = self.mapping.heading_row + self.mapping.heading_rows
        for number, cells in enumerate(rows, 1):
            if number < first:
                continue
            cells = [cell.strip() for cell in cells]
            if not any(cells):
                continue
            self.read += 1
            extra = any(cells[self._width :])
            cells += [""] * (self._width - len(cells))
            if self.mapping.fill_down:
                self._fill_down(cells)
            if any(cells[place] not in values for place, values in self._filters):
                self.skipped += 1
            elif extra:
                yield ReadFigure(
                    number,
                    refusal="shape",
                    note="The row has more cells than there are headings.",
                    as_written=(cells[0], "", "", ""),
                )
            else:
                yield from self._of_row(number, cells)

    def _of_row(self, number: int, cells: list[str]) -> Iterator[ReadFigure]:
        about = [part for part in self._breakdowns if not part[2].is_total(cells[part[0]])]
        if len(about) > 1:
            self.crossed += 1
        elif self._across:
            # In a table with a column for each period a blank cell says nothing; in a list it says that there is no number.
            for place, name, period in self._across:
                if cells[place]:
                    yield self._figure(number, cells, name, period, place, about)
        else:
            period = self._period_text(cells)
            if self._value is not None or not self._group_columns:
                yield self._figure(number, cells, "", period, self._value, about)
            filled = [part for part in self._group_columns if cells[part[0]]]
            if about and filled:
                self.crossed += 1
                return
            for place, name, group in filled:
                yield self._figure(number, cells, name, period, place, about, group)

    def _fill_down(self, cells: list[str]) -> None:
        stands_above = [place for column, topic, _ in self._breakdowns for place in (column, topic)]
        for place in (*self._places, self._period, self._level, *stands_above):
            if place is not None:
                cells[place] = self._above[place] = cells[place] or self._above.get(place, "")

    def _period_text(self, cells: list[str]) -> str:
        return self.mapping.fixed_period if self._period is None else cells[self._period]

    def _figure(
        self, number: int, cells: list[str], column: str, period_text: str, value_at: int | None,
        about: list[_Part], in_column: str = "",
    ) -> ReadFigure:  # fmt: skip
        place_text = next((cells[place] for place in self._places if cells[place]), "")
        value_text = "" if value_at is None else cells[value_at]
        group_text = in_column or ", ".join(cells[part[0]] for part in about)
        written = (place_text, period_text, value_text, group_text)
        try:
            group = self._find_group(about, cells, in_column)
            place = self._find_place(place_text, cells)
            period = self._read_period(
                period_text, "" if self._period_note is None else cells[self._period_note]
            )
            value = self._number(value_text) if value_at is not None else NOTHING
            numerator = self._count(cells, self._numerator)
            denominator = self._count(cells, self._denominator)
            if value_at is None:
                value = _share(numerator, denominator)
            lower, upper = self._optional(cells, self._lower), self._optional(cells, self._upper)
        except Unclear as reason:
            return ReadFigure(
                number, column, refusal=reason.refusal or "value", note=str(reason), as_written=written,
            )  # fmt: skip
        return ReadFigure(
            number, column, place.place_id, group, period.start, period.end, period.label, value.text, numerator.text,
            denominator.text, lower.text, upper.text, value.marker, value.status or period.status or self.mapping.status, "", place.note,
            written if place.note else ("", "", "", ""),
        )  # fmt: skip

    def _find_group(self, about: list[_Part], cells: list[str], in_column: str) -> int:
        if in_column:
            return self.groups.find(self.mapping.group_dimension, in_column)
        if not about:
            return EVERYBODY
        column, topic, breakdown = about[0]
        dimension = breakdown.dimension if topic is None else cells[topic]
        return self.groups.find(dimension, cells[column])

    def _find_place(self, text: str, cells: list[str]) -> Found:
        if self.mapping.fixed_place is not None:
            return Found(self.mapping.fixed_place)
        return self.finder.find(text, "" if self._level is None else cells[self._level])

    def _read_period(self, text: str, note: str) -> Period:
        known = self._periods.get((text, note))
        if known is None:
            try:
                known = self.measure.read_period(text, self.mapping.year_type, note)
            except Unclear as reason:
                known = reason
            if len(self._periods) < 10_000:
                self._periods[text, note] = known
        if isinstance(known, Unclear):
            raise known
        return known

    def _number(self, text: str) -> Number:
        percent, comma = self.measure.is_percentage, self.mapping.decimal_comma
        found = parse_number(text, percent=percent, decimal_comma=comma, digits=SHARE_DIGITS)
        if self.mapping.times_100 and found.text and "%" not in text:
            hundredfold = Decimal(found.text) * 100
            check_size(hundredfold, text, SHARE_DIGITS)
            return Number(f"{hundredfold:f}", found.marker, found.status)
        return found

    def _optional(self, cells: list[str], place: int | None) -> Number:
        """A limit of the confidence interval; a marker there says nothing about the value."""
        return NOTHING if place is None else self._number(cells[place])

    def _count(self, cells: list[str], place: int | None) -> Number:
        if place is None:
            return NOTHING
        return parse_number(cells[place], decimal_comma=self.mapping.decimal_comma, digits=COUNT_DIGITS)


def _share(numerator: Number, denominator: Number) -> Number:
    """The percentage that the two counts make."""
    if not numerator.text or not denominator.text:
        return Number("", numerator.marker or denominator.marker or "x")
    if Decimal(denominator.text) == 0:
        return Number("", "z")
    share = Decimal(numerator.text) * 100 / Decimal(denominator.text)
    check_size(share, f"{numerator.text} of {denominator.text}", SHARE_DIGITS)
    return Number(f"{share:.6f}")
