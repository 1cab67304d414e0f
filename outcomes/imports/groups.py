"""Which group of people a row is about: girls, the most deprived fifth, or everybody."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from outcomes.imports.errors import Unclear, quoted
from outcomes.imports.table import BETWEEN_HEADINGS, Column

# What a breakdown's `total` may be beside one value of its column.
KNOWN_WORDS, EMPTY_CELL, NO_TOTAL = "known", "empty", "none"
IS = "is:"
EVERYBODY = 0
MOST_GROUPS = 500
LONGEST_DIMENSION, LONGEST_GROUP = 80, 120
_EVERYBODY = re.compile(
    r"(?:grand )?total|all|persons?|everyone|everybody|both|both sexes|"
    r"all (?:persons|people|ages|age groups|sexes|genders|children|children and young people|adults|pupils|students|groups|ethnicities"
    r"|ethnic groups|households|residents)"
)
# Headings of breakdowns that people publish; whole words, as `plain` writes them.
_OF_PEOPLE = re.compile(
    r"\b(?:sex|gender|age|age ?(?:group|band|range)s?|ethnic\w*|depriv\w*|imd|idaci|quintile|decile|sen|send|sen ?status|sen ?provision|"
    r"fsm|free school meals?|disab\w*|disadvantage\w*|religion|sexual orientation|ns ?sec|socio ?economic\w*|year ?group|key stage|"
    r"phase|first language|language)\b"
)
_TOPICS = {"breakdowntopic": "breakdown", "categorytype": "category", "characteristictype": "characteristic",
           "characteristicgroup": "characteristic", "breakdowntype": "breakdown", "dimension": "group"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class KnownGroup:
    id: int
    dimension: str
    name: str


@dataclass(frozen=True)
class Breakdown:
    """A column of groups. Its dimension has a name of its own, or is named row by row in another column (`topic`)."""

    column: str
    dimension: str = ""
    topic: str = ""
    total: str = KNOWN_WORDS

    def is_total(self, cell: str) -> bool:
        if self.total.startswith(IS):
            return cell == self.total.removeprefix(IS)
        if self.total == EMPTY_CELL:
            return not cell
        return self.total == KNOWN_WORDS and means_everybody(cell)


def plain(text: str) -> str:
    """Text without what differs from file to file: capitals, underscores, spaces."""
    return " ".join(text.replace("_", " ").split()).casefold()


def means_everybody(cell: str) -> bool:
    return bool(_EVERYBODY.fullmatch(plain(cell)))


def dimension_in(heading: str) -> str:
    """What a breakdown is called when nobody says: its heading in words, without the headings that stand above it."""
    words = " ".join(heading.rsplit(BETWEEN_HEADINGS, 1)[-1].replace("_", " ").split())
    return (words[:1].upper() + words[1:])[:LONGEST_DIMENSION]


def group_in(heading: str) -> str:
    """The group of a column that holds its figures: girls in "Sex | Girls"."""
    return heading.rsplit(BETWEEN_HEADINGS, 1)[-1].strip()


@dataclass
class GroupFinder:
    """Gives each group that a file names its number: its own where it is known here, one below zero where it is new."""

    known: Iterable[KnownGroup] = ()
    found: dict[int, tuple[str, str]] = field(default_factory=dict)
    _numbers: dict[tuple[str, str], int] = field(init=False, default_factory=dict)
    _dimensions: dict[str, str] = field(init=False, default_factory=dict)
    _named: dict[int, tuple[str, str]] = field(init=False, default_factory=dict)
    _answers: dict[tuple[str, str], int | Unclear] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for group in self.known:
            self._numbers.setdefault((plain(group.dimension), plain(group.name)), group.id)
            self._dimensions.setdefault(plain(group.dimension), group.dimension)
            self._named[group.id] = (group.dimension, group.name)

    def find(self, dimension: str, name: str) -> int:
        """Raises Unclear for what is no name of a group, and once a file has named far too many."""
        answer = self._answers.get((dimension, name))
        if answer is None:
            try:
                answer = self._look_up(" ".join(dimension.replace("_", " ").split()), " ".join(name.split()))
            except Unclear as reason:
                answer = reason
            if len(self._answers) < 10_000:
                self._answers[dimension, name] = answer
        if isinstance(answer, Unclear):
            raise answer
        return answer

    def _look_up(self, dimension: str, name: str) -> int:
        if not dimension:
            raise Unclear("The row does not say of which breakdown its group is.", "group")
        if not name:
            raise Unclear(
                f"The group is empty, so it is not clear of whom in {quoted(dimension)} the row is.", "group"
            )
        if len(dimension) > LONGEST_DIMENSION or len(name) > LONGEST_GROUP:
            raise Unclear(
                f"{quoted(name)} of {quoted(dimension)} is too long for the name of a group.", "group"
            )
        dimension = dimension_in(dimension)
        number = self._numbers.get((plain(dimension), plain(name)))
        if number is None or number not in self.found:
            if len(self.found) >= MOST_GROUPS:
                raise Unclear(
                    f"The file names more than {MOST_GROUPS} groups. Perhaps {quoted(dimension)} is no breakdown.", "group"
                )  # fmt: skip
            if number is None:
                number = -1 - len(self.found)
                dimension = self._dimensions.setdefault(plain(dimension), dimension)
                self._numbers[plain(dimension), plain(name)], self._named[number] = number, (dimension, name)
            self.found[number] = self._named[number]
        return number


def guess_breakdowns(columns: list[Column], declared: Iterable[str] = (), rows: int = 0) -> list[Breakdown]:
    """Columns of groups of people: by the names that publishers use, and by the breakdowns that the measure has already.

    `rows` is how many there are, so that a column with empty cells is known.
    """
    names = {plain(name): name for name in declared}
    by_heading = {_squeezed(column.name): column for column in columns}
    for topic, group in _TOPICS.items():
        if topic in by_heading and group in by_heading:
            found = _with_topic(by_heading[topic], by_heading[group], names, rows)
            if found:
                return [found]
    made = []
    for column in columns:
        called = dimension_in(column.name)
        if len(column.choices) > 1 and (plain(called) in names or _OF_PEOPLE.search(plain(called))):
            totals = [choice for choice in column.choices if means_everybody(choice)]
            if len(totals) == 1:
                made.append(Breakdown(column.name, names.get(plain(called), called), total=IS + totals[0]))
    return made[:3]


def _with_topic(topic: Column, group: Column, names: dict[str, str], rows: int) -> Breakdown | None:
    """A column of groups beside one that says which breakdown each is of; its total stands in both."""
    topics = [
        choice for choice in topic.choices if plain(choice) in names or _OF_PEOPLE.search(plain(choice))
    ]
    if not topics or not group.choices:
        return None
    totals = [choice for choice in group.choices if means_everybody(choice)]
    totals = totals or [choice for choice in group.choices if choice in topic.choices]
    if not totals and group.filled < rows:
        return Breakdown(group.name, topic=topic.name, total=EMPTY_CELL)
    return Breakdown(group.name, topic=topic.name, total=IS + totals[0]) if len(totals) == 1 else None


def _squeezed(heading: str) -> str:
    return re.sub(r"[\s_()\-]+", "", heading).lower()
