"""Disclosure control: what may be shown of counts of people, so that nobody can be found in them.

Apply it to the whole table, once, and cut what a page, chart, export or filter shows out of the result: two tables suppressed
apart can give away together what each of them hides. Everything worked out afterwards (percentages, means, control limits,
sparklines) is worked out from what this module returned and never from the raw counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from .rounding import round_to_base
from .suppression import Arc, Need, Network

HIDDEN = "Hidden so that nobody can be identified."
MISSING = "Not available."
LOW = "Rounds to 0."

Count = int | Decimal


@dataclass(frozen=True, slots=True)
class Policy:
    """How a dataset is protected.

    `threshold`: counts from 1 to just below it are hidden (5 hides 1 to 4; 0 hides none). `zero_shown`: whether 0 may be shown.
    `rounding_base`: shown counts are rounded to its multiples (None: not at all). `symbol` stands for a hidden value; a star is
    refused. `protection_width`: a hidden small count must not be deducible to a range narrower than this; by default the
    threshold. The range also reaches from the least to the greatest count that is hidden for being small.
    """

    threshold: int = 5
    zero_shown: bool = True
    rounding_base: int | None = None
    symbol: str = "c"
    protection_width: int | None = None

    def __post_init__(self) -> None:
        if self.threshold < 0 or (self.rounding_base is not None and self.rounding_base < 1):
            raise ValueError("A threshold is 0 or more and a rounding base 1 or more.")
        if not self.symbol or "*" in self.symbol:
            raise ValueError("A hidden value needs a symbol other than a star, such as c.")

    def is_small(self, count: int) -> bool:
        """Whether a count has to be hidden for its own sake."""
        return not self.zero_shown if count == 0 else count < self.threshold

    def need(self, count: int) -> Need:
        """How free a small count must seem to be, once it is hidden."""
        least = 1 if self.zero_shown else 0
        width = max(self.threshold, 1) if self.protection_width is None else self.protection_width
        most = max(self.threshold - 1, least + width)
        return Need(down=count - least, up=most - count)


@dataclass(frozen=True, slots=True)
class Shown:
    """What may leave the house. `value` is None where hidden or missing; `symbol` and `reason` say why, and are "" otherwise.

    Hidden for being small and hidden to protect another look the same: the difference would help to undo both.
    """

    value: float | None
    symbol: str = ""
    reason: str = ""
    hidden: bool = False

    @property
    def spreadsheet(self) -> float | str | None:
        """The value, or the symbol in square brackets, as official spreadsheets have it."""
        return f"[{self.symbol}]" if self.symbol else self.value


@dataclass(frozen=True, slots=True)
class RowShown:
    cells: tuple[Shown, ...]
    total: Shown


@dataclass(frozen=True, slots=True)
class TableShown:
    """`rows` holds the rows by name, groups of rows among them; `total` is the row of column totals and the grand total."""

    rows: Mapping[str, RowShown]
    total: RowShown


@dataclass(frozen=True, slots=True)
class PartsShown:
    """`parts` holds parts, and groups of parts, by name."""

    parts: Mapping[str, Shown]
    total: Shown


@dataclass(frozen=True, slots=True)
class ProportionShown:
    numerator: Shown
    denominator: Shown
    percentage: Shown


def suppress_value(count: Count | None, policy: Policy) -> Shown:
    """A count that stands alone, in no total that anybody can see."""
    if count is None:
        return Shown(None, "x", MISSING)
    whole = _whole(count)
    return _shown(whole, policy.is_small(whole), policy)


def suppress_parts(
    counts: Mapping[str, Count | None], policy: Policy, *, parents: Mapping[str, str] | None = None
) -> PartsShown:
    """Parts that add up to a total: groups of people, months of a year, or areas nested in areas.

    `parents` names the group of each part and of each group that has one; what has none belongs to the total. Totals are made
    of the parts that were reported: None is missing, not zero. Raises ValueError for a count that is negative or not whole, a
    group that is also a part, or groups in a circle.
    """
    grid = _Grid({name: [count] for name, count in counts.items()}, parents or {}, policy)
    return PartsShown(
        MappingProxyType({name: grid.shown(name, 0) for name in grid.names}),
        grid.shown(_ALL, 0),
    )


def suppress_table(
    rows: Mapping[str, Sequence[Count | None]], policy: Policy, *, parents: Mapping[str, str] | None = None
) -> TableShown:
    """A table of counts with the totals of its rows, of its columns and of all.

    Each row has one count per column; `parents`, None and errors are as in `suppress_parts`, and rows of unequal length raise
    ValueError.
    """
    grid = _Grid({name: list(counts) for name, counts in rows.items()}, parents or {}, policy)
    return TableShown(
        MappingProxyType({name: grid.row(name) for name in grid.names}),
        grid.row(_ALL),
    )


def suppress_proportion(
    numerator: Count | None, denominator: Count | None, policy: Policy, *, per: float = 100
) -> ProportionShown:
    """Some out of all, with their percentage. The rest (all less some) is protected too, since it is one subtraction away.

    Raises ValueError where the numerator is above the denominator.
    """
    if numerator is None or denominator is None:
        top, bottom = suppress_value(numerator, policy), suppress_value(denominator, policy)
        return ProportionShown(top, bottom, percentage(top, bottom, policy, per=per))
    parts = suppress_parts({"some": numerator, "rest": denominator - numerator}, policy)
    some = parts.parts["some"]
    return ProportionShown(some, parts.total, percentage(some, parts.total, policy, per=per))


def percentage(numerator: Shown, denominator: Shown, policy: Policy, *, per: float = 100) -> Shown:
    """`per` times a ratio of what is shown: hidden where a part of it is hidden, and made of the rounded counts."""
    if numerator.hidden or denominator.hidden:
        return _hidden(policy)
    if numerator.value is None or not denominator.value:
        return Shown(None, "x", MISSING)
    return Shown(per * numerator.value / denominator.value)


def for_statistics(shown: Sequence[Shown]) -> list[float | None]:
    """The values that a mean, a control limit or a trend may be made of. Made of hidden ones, it would give them away."""
    return [one.value for one in shown]


_ALL = ""  # the name of the row of totals
_TOTAL = -1  # the number of the column of totals
_ROW = -2  # the number that stands for a row as an equation
_OUTSIDE = (_ALL, _ROW)


def _whole(count: Count) -> int:
    if count != int(count) or count < 0:
        raise ValueError("A count of people is a whole number, 0 or more.")
    return int(count)


def _hidden(policy: Policy) -> Shown:
    return Shown(None, policy.symbol, HIDDEN, True)


def _shown(count: int, hide: bool, policy: Policy) -> Shown:
    if hide:
        return _hidden(policy)
    if policy.rounding_base is None:
        return Shown(count)
    rounded = round_to_base(count, policy.rounding_base)
    return Shown(rounded, "low", LOW) if count and not rounded else Shown(rounded)


class _Grid:
    """A table as a network: its cells by row and column, totals and groups of rows among them, and which of them to hide."""

    def __init__(
        self, leaves: Mapping[str, list[Count | None]], parents: Mapping[str, str], policy: Policy
    ) -> None:
        self._policy = policy
        self._parents = parents
        groups = [name for name in dict.fromkeys(parents.values()) if name not in leaves]
        self.names = (*leaves, *groups)
        _check_names(leaves, parents, self.names)
        self._columns = max((len(counts) for counts in leaves.values()), default=0)
        if any(len(counts) != self._columns for counts in leaves.values()):
            raise ValueError("The rows of the table are not of one length.")
        self._cells: dict[tuple[str, int], int] = {}
        self._sizes: dict[tuple[str, int], int] = {}
        for name, counts in leaves.items():
            for column, count in enumerate(counts):
                if count is not None:
                    self._add(name, column, _whole(count))
        self._hidden = self._protect(leaves)

    def shown(self, name: str, column: int) -> Shown:
        # A table of one column has no column of totals apart from it.
        cell = (name, 0) if self._columns == 1 else (name, column)
        if cell not in self._cells:
            return Shown(None, "x", MISSING)
        return _shown(self._cells[cell], cell in self._hidden, self._policy)

    def row(self, name: str) -> RowShown:
        cells = tuple(self.shown(name, column) for column in range(self._columns))
        return RowShown(cells, self.shown(name, _TOTAL))

    def _add(self, name: str, column: int, count: int) -> None:
        """Add a count to its cell and to all the totals above it. A cell's size is how many counts it is made of."""
        while True:
            for where in (column, _TOTAL) if self._columns > 1 else (column,):
                self._cells[name, where] = self._cells.get((name, where), 0) + count
                self._sizes[name, where] = self._sizes.get((name, where), 0) + 1
            if name == _ALL:
                return
            name = self._parents.get(name, _ALL)

    def _protect(self, leaves: Mapping[str, list[Count | None]]) -> set[tuple[str, int]]:
        cells = list(self._cells)
        small = {i: count for i, count in enumerate(self._cells.values()) if self._policy.is_small(count)}
        if not small:
            return set()
        nodes: dict[tuple[str, int], int] = {}

        def node(name: str, column: int) -> int:
            return nodes.setdefault((name, column), len(nodes))

        grand = 1 + sum(count for (name, _), count in self._cells.items() if name == _ALL)
        arcs = []
        for (name, column), count in self._cells.items():
            # A cell stands in two equations: the one that makes it up (its row, or the rows of its group) and the one above it
            # (its column, within its group). What has no equation on one side meets the outside there.
            below, above = (name, column), (self._parents.get(name, _ALL), column)
            if name in leaves:
                below = (name, _ROW) if self._columns > 1 else _OUTSIDE
            if name == _ALL:
                above = _OUTSIDE
            tail, head = (above, below) if column == _TOTAL else (below, above)
            # A total matters more to readers than what it is made of, and a 0 is often no secret.
            size = self._sizes[name, column]
            cost = (size if size == 1 else 3 * size) + count / grand + (0 if count else 1.5)
            arcs.append(Arc(node(*tail), node(*head), count, cost))
        needs = {i: self._policy.need(count) for i, count in small.items()}
        return {cells[i] for i in Network(arcs).protect(needs)}


def _check_names(leaves: Mapping[str, object], parents: Mapping[str, str], names: Sequence[str]) -> None:
    if _ALL in names:
        raise ValueError("A part needs a name.")
    if any(group in leaves for group in parents.values()):
        raise ValueError("A part that has a count of its own cannot be a group of others.")
    for name in names:
        seen = {name}
        while name in parents:
            name = parents[name]
            if name in seen:
                raise ValueError("The groups lie in a circle.")
            seen.add(name)
