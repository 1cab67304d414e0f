"""Which column of a file says what, and the guess that a person starts from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from outcomes.imports.errors import Unclear
from outcomes.imports.groups import Breakdown, group_in, guess_breakdowns, means_everybody
from outcomes.imports.numbers import parse_number
from outcomes.imports.periods import AUTO, MONTH, YEAR, parse_period
from outcomes.imports.places import CODE, REFUSE
from outcomes.imports.table import BETWEEN_HEADINGS, Column, Reading, is_period

LONG, WIDE, GROUPS = "long", "wide", "groups"
# Headings that publishers use, likeliest first; compared without capitals, spaces and underscores.
_PLACE_CODES = (
    "newlacode", "areacode", "geographycode", "ladcode", "lacode", "utlacode", "onscode", "gsscode", "lad24cd", "lad23cd",
    "regioncode", "countrycode", "code", "areaonscode",
)  # fmt: skip
_PLACE_NAMES = (
    "areaname",
    "laname",
    "localauthority",
    "geographyname",
    "geography",
    "area",
    "place",
    "regionname",
    "countryname",
)
_PERIODS = (
    "timeperiod",
    "period",
    "year",
    "financialyear",
    "academicyear",
    "quarter",
    "month",
    "date",
    "time",
    "reportingperiod",
)
_VALUES = (
    "value",
    "obsvalue",
    "observation",
    "v40",
    "percentage",
    "percent",
    "pc",
    "rate",
    "figure",
    "count",
    "number",
)
_LOWER = (
    "lowerci95.0limit",
    "lowerci950limit",
    "lowerci",
    "lcl",
    "lower95",
    "lower",
    "lowerlimit",
    "lowerconfidenceinterval",
)
_UPPER = (
    "upperci95.0limit",
    "upperci950limit",
    "upperci",
    "ucl",
    "upper95",
    "upper",
    "upperlimit",
    "upperconfidenceinterval",
)
_NUMERATORS = ("numerator", "count")
_DENOMINATORS = ("denominator", "population", "base")
# Columns that say which indicator or which group a row is about; a file of one of them must not be taken for another's.
_TELLING = ("indicator", "indicatorname", "indicatorid", "measure", "metric", "breakdown", "breakdowntopic", "group", "sex", "age",
            "category", "categorytype", "characteristic")  # fmt: skip
_PERCENT = re.compile(r"pc|percent|per cent|%|rate|share")
MOST_FILTERS = 5
_SEX = re.compile(r"girls?|boys?|fe?males?|wom[ae]n|m[ae]n|unknown|not known|other", re.IGNORECASE)
_TOTALS = re.compile(r"(all|total|persons?|everyone|both|all .+)", re.IGNORECASE)


@dataclass
class Mapping:
    """Kept with the batch and with the recipe as JSON. Columns are named by their headings."""

    layout: str = LONG
    place_columns: list[str] = field(default_factory=list)
    fixed_place: int | None = None
    level_column: str = ""
    place_kind: str = ""
    merged: str = REFUSE
    period_column: str = ""
    period_note_column: str = ""
    fixed_period: str = ""
    period_columns: list[str] = field(default_factory=list)
    year_type: str = AUTO
    value_column: str = ""
    numerator_column: str = ""
    denominator_column: str = ""
    lower_column: str = ""
    upper_column: str = ""
    filters: list[list[str]] = field(
        default_factory=list
    )  # [column, value]; values of one column are alternatives
    breakdowns: list[Breakdown] = field(default_factory=list)
    group_columns: list[str] = field(default_factory=list)
    group_dimension: str = ""
    decimal_comma: bool = False
    times_100: bool = False
    fill_down: bool = False
    status: str = "final"
    sheet: str = ""
    heading_row: int = 0
    heading_rows: int = 1

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Mapping:
        made = cls(**{name: value for name, value in kept.items() if name in cls.__dataclass_fields__})
        made.breakdowns = [Breakdown(**one) for one in kept.get("breakdowns", [])]
        return made

    @property
    def columns(self) -> list[str]:
        """Every column that it names."""
        single = (
            self.level_column, self.period_column, self.period_note_column, self.value_column, self.numerator_column,
            self.denominator_column, self.lower_column, self.upper_column,
        )  # fmt: skip
        return [
            *self.place_columns,
            *self.period_columns,
            *self.group_columns,
            *filter(None, single),
            *(column for column, _ in self.filters),
            *(name for one in self.breakdowns for name in (one.column, one.topic) if name),
        ]

    def fits(self, reading: Reading) -> bool:
        """Whether a file of these headings can be read with it, and holds rows that its filters let through."""
        columns = {column.name: column for column in reading.columns}
        if not all(name in columns for name in self.columns):
            return False
        wanted: dict[str, set[str]] = {}
        for name, value in self.filters:
            wanted.setdefault(name, set()).add(value)
        return all(
            not (choices := columns[name].choices) or bool(values & set(choices))
            for name, values in wanted.items()
        )


def _plain(heading: str) -> str:
    return re.sub(r"[\s_()\-]+", "", heading).lower()


def _named(columns: list[Column], wanted: tuple[str, ...]) -> list[Column]:
    """Columns of these headings, in the order of `wanted`."""
    order = {name: place for place, name in enumerate(wanted)}
    found = [column for column in columns if _plain(column.name) in order]
    return sorted(found, key=lambda column: order[_plain(column.name)])


def guess(
    reading: Reading, *, percent: bool = False, measure: str = "", dimensions: Iterable[str] = ()
) -> Mapping:
    """A mapping from headings and the values below them; what cannot be told is left empty for the person to choose.

    Among several columns of numbers the measure's name may tell which one is meant; `dimensions` are the breakdowns that it has.
    """
    made = Mapping(sheet=reading.sheet, heading_row=reading.heading_row, heading_rows=reading.heading_rows)
    columns = reading.columns
    made.place_columns = [column.name for column in _guess_places(columns)]
    level = _named(columns, ("geographiclevel",))
    made.level_column = level[0].name if level else ""
    notes = _named(columns, ("timeidentifier",))
    made.period_note_column = notes[0].name if notes else ""
    taken = set(made.columns)
    across = [column for column in columns if column.name not in taken and period_in(column.name)]
    called = _named(columns, _PERIODS)
    period = next((c for c in called if _holds(c, _may_be_period)), None) or next(
        (c for c in columns if c.name not in taken and _holds(c, is_period)), None
    )
    if period is None and len(across) < 2:
        period = next(iter(called), None)  # It may hold names such as Easter 2026.
    if len(across) > 1 and period is None:
        across = (percent and [column for column in across if _PERCENT.search(column.name.lower())]) or across
        made.layout, made.period_columns = WIDE, [column.name for column in _of_everybody(across)]
    else:
        made.period_column = period.name if period else ""
        _guess_numbers(made, columns, measure, percent)
        _guess_group_columns(made, columns)
    taken = set(made.columns)
    made.breakdowns = guess_breakdowns([c for c in columns if c.name not in taken], dimensions, reading.rows)
    _guess_filters(made, columns)
    numbers = [
        cell
        for column in columns
        if column.name in {made.value_column, *made.period_columns}
        for cell in column.samples
    ]
    made.decimal_comma = reading.delimiter == ";" and any(
        re.fullmatch(r"-?\d+,\d{1,2}", cell) for cell in numbers
    )
    made.times_100 = percent and _are_shares(numbers)
    return made


def period_in(heading: str) -> str:
    """The part of a heading that is a period, such as 2015/16 in "2015/16 | Value" and in "2015/16 (%)"; empty where none or
    several are."""
    if is_period(heading):
        return heading
    parts = [part for part in heading.split(BETWEEN_HEADINGS) if is_period(part)]
    parts = parts or [part for part in map(_without_unit, heading.split(BETWEEN_HEADINGS)) if is_period(part)]
    return parts[0] if len(parts) == 1 else ""


def _without_unit(heading: str) -> str:
    return re.sub(
        r"\s*(?:\([^()]*\)|%|per cent|percent|number|count|rate|value)\s*", " ", heading, flags=re.IGNORECASE
    ).strip()


def words_of(text: str) -> set[str]:
    """The words that tell one heading or measure from another."""
    few = {
        "the",
        "of",
        "and",
        "in",
        "percentage",
        "percent",
        "pc",
        "number",
        "share",
        "rate",
        "per",
        "who",
        "are",
        "with",
    }
    return {word.rstrip("s") for word in re.findall(r"[a-z0-9]+", text.lower().replace("_", " "))} - few


def _holds(column: Column, test: Any) -> bool:
    return bool(column.samples) and sum(map(bool, map(test, column.samples))) > 0.6 * len(column.samples)


def _is_number(cell: str) -> bool:
    for percent, comma in ((True, False), (False, False), (True, True)):
        with suppress(Unclear):
            parse_number(cell, percent=percent, decimal_comma=comma)
            return True
    return False


def _may_be_period(cell: str) -> bool:
    """What a column that is called a period or a date may hold: 24/25 and Excel's numbers of days as well."""
    for frequency in (MONTH, YEAR):
        with suppress(Unclear):
            parse_period(cell, frequency=frequency, serials=True)
            return True
    return False


def _of_everybody(across: list[Column]) -> list[Column]:
    """Where several columns have one period, those of the total, if their headings say so."""
    if len({period_in(column.name) for column in across}) == len(across):
        return across
    totals = [c for c in across if any(map(means_everybody, c.name.split(BETWEEN_HEADINGS)))]
    return totals if len({period_in(column.name) for column in totals}) == len(totals) > 0 else across


def _is_code(cell: str) -> bool:
    return bool(CODE.fullmatch(cell.upper()))


def _guess_places(columns: list[Column]) -> list[Column]:
    """Up to three columns: of codes, where a file has them, else the likeliest column of names."""
    coded = [column for column in columns if _holds(column, _is_code)]
    preferred = _named(coded, _PLACE_CODES)
    found = preferred + [column for column in coded if column not in preferred]
    if found:
        # A file with one column for each level has the codes of larger places in nearly every row.
        levels = [column for column in found if re.search(r"la|region|country", column.name.lower())]
        return (levels if len(levels) == len(found) else found[:1])[:3]
    return _named(columns, _PLACE_NAMES)[:1]


def _guess_numbers(made: Mapping, columns: list[Column], measure: str, percent: bool) -> None:
    taken = {*made.place_columns, made.period_column, made.period_note_column, made.level_column}
    numeric = [column for column in columns if column.name not in taken and _holds(column, _is_number)]
    for name, wanted in (
        ("value_column", _VALUES), ("lower_column", _LOWER), ("upper_column", _UPPER),
        ("numerator_column", _NUMERATORS), ("denominator_column", _DENOMINATORS),
    ):  # fmt: skip
        found = [column for column in _named(numeric, wanted) if column.name not in taken]
        if found:
            setattr(made, name, found[0].name)
            taken.add(found[0].name)
    real = [c for c in numeric if c.name not in taken and any(re.search("[0-9]", cell) for cell in c.samples)]
    if percent:
        real = [column for column in real if _PERCENT.search(column.name.lower())] or real
    if not made.value_column and len(real) == 1:
        made.value_column = real[0].name
    elif not made.value_column and measure:
        scored = sorted(((len(words_of(measure) & words_of(c.name)), c.name) for c in real), reverse=True)
        if scored and scored[0][0] > 1 and (len(scored) == 1 or scored[0][0] > scored[1][0]):
            made.value_column = scored[0][1]


def _guess_group_columns(made: Mapping, columns: list[Column]) -> None:
    """A column each for girls and boys, perhaps beside one of everybody."""
    numeric = [column for column in columns if column.name not in made.columns and _holds(column, _is_number)]
    sexes = [column.name for column in numeric if _SEX.fullmatch(group_in(column.name))]
    if made.value_column or len(sexes) < 2:
        return
    made.layout, made.group_columns, made.group_dimension = GROUPS, sexes, "Sex"
    totals = [column.name for column in numeric if _TOTALS.fullmatch(group_in(column.name))]
    made.value_column = totals[0] if len(totals) == 1 else ""


def _guess_filters(made: Mapping, columns: list[Column]) -> None:
    """A column that says what a row is about: the one of its values that is the total, or its only value."""
    telling = {column.name for column in _named(columns, _TELLING)}
    free = [column for column in columns if column.name not in made.columns and column.choices]
    only = []
    for column in free:
        totals = [choice for choice in column.choices if means_everybody(choice)]
        if column.name in telling:
            totals = totals or [choice for choice in column.choices if _TOTALS.fullmatch(choice)]
        if len(column.choices) > 1 and len(totals) == 1:
            made.filters.append([column.name, totals[0]])
        elif len(column.choices) == 1 and column.name in telling and not _is_number(column.choices[0]):
            only.append([column.name, column.choices[0]])
    # Those that choose among rows come first: there is room for a few.
    made.filters = [*made.filters, *only][:MOST_FILTERS]


def _are_shares(numbers: list[str]) -> bool:
    """Whether these are shares of 1 rather than of 100."""
    plain = [float(cell) for cell in numbers if re.fullmatch(r"[0-9]*\.?[0-9]+", cell)]
    return len(plain) >= 5 and max(plain) <= 1 and any(0 < value < 1 for value in plain)
