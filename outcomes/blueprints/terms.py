"""What a programme begins with, as plain data: the built-in blueprints are written so, and partnerships keep their own so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from outcomes.models import CalculationRule, Direction, Frequency, Ownership, Quadrant
from partnerships.models import Calendar, MoneyHeading, MoneyKind, ProgrammeKind


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The parts in which a measure is asked for beside its total. `adds_up`: whether nobody is in two parts."""

    dimension: str
    parts: tuple[str, ...]
    adds_up: bool = True


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure. `key` is how rules know it; it becomes the measure's `template_key`."""

    key: str
    name: str
    definition: str
    unit: str
    quadrant: Quadrant
    rule: CalculationRule = CalculationRule.SUM
    direction: Direction = Direction.UP
    frequency: Frequency = Frequency.PERIOD
    decimals: int = 0
    numerator_name: str = ""
    denominator_name: str = ""
    hide_below: int | None = None
    is_headline: bool = False
    is_running_total: bool = False
    ownership: Ownership = Ownership.OURS
    due_after_days: int = 30
    outside_our_control: str = ""
    breakdowns: tuple[Breakdown, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """Something asked in words. `is_annual`: once a year, for the annual report."""

    text: str
    hint: str = ""
    is_annual: bool = False


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """A line of the budget, to be filled in with an amount."""

    heading: MoneyHeading
    description: str = ""
    kind: MoneyKind = MoneyKind.BUDGET

    @property
    def words(self) -> str:
        return self.description or str(self.heading.label)


@dataclass(frozen=True, slots=True)
class Blueprint:
    """What a programme of one kind begins with. `source` says where its content comes from and what is not certain."""

    kind: ProgrammeKind
    name: str
    description: str
    calendar: Calendar
    measures: tuple[MeasureLine, ...]
    questions: tuple[Question, ...] = ()
    budget: tuple[BudgetLine, ...] = ()
    source: str = ""
    due_after_days: int = 28
    notes: tuple[str, ...] = field(default=())

    def as_content(self) -> dict[str, Any]:
        """As it is kept in the database: the name, kind and description stand beside it."""
        whole = asdict(self)
        return {name: whole[name] for name in _CONTENT}


_CONTENT = ("calendar", "measures", "questions", "budget", "source", "due_after_days", "notes")


def from_content(*, name: str, kind: str, description: str, content: Mapping[str, Any]) -> Blueprint:
    """The blueprint that `as_content` wrote. What is not known any more is passed over."""
    return Blueprint(
        kind=ProgrammeKind(kind),
        name=name,
        description=description,
        calendar=Calendar(content.get("calendar", "")),
        measures=tuple(_measure(row) for row in content.get("measures", ())),
        questions=tuple(Question(**_known(Question, row)) for row in content.get("questions", ())),
        budget=tuple(_budget(row) for row in content.get("budget", ())),
        source=content.get("source", ""),
        due_after_days=content.get("due_after_days", 28),
        notes=tuple(content.get("notes", ())),
    )


def _measure(row: Mapping[str, Any]) -> MeasureLine:
    given = _known(MeasureLine, row)
    words = {
        "quadrant": Quadrant,
        "rule": CalculationRule,
        "direction": Direction,
        "frequency": Frequency,
        "ownership": Ownership,
    }
    given |= {name: word(given[name]) for name, word in words.items() if given.get(name)}
    given["breakdowns"] = tuple(
        Breakdown(part["dimension"], tuple(part["parts"]), part.get("adds_up", True))
        for part in row.get("breakdowns", ())
    )
    return MeasureLine(**given)


def _budget(row: Mapping[str, Any]) -> BudgetLine:
    return BudgetLine(
        MoneyHeading(row["heading"]), row.get("description", ""), MoneyKind(row.get("kind", MoneyKind.BUDGET))
    )


def _known(of: Any, row: Mapping[str, Any]) -> dict[str, Any]:
    names = {each.name for each in fields(of)}
    return {name: value for name, value in row.items() if name in names}
