"""Invented figures of the borough and its neighbourhoods: pure arithmetic on a measure's row in `texts/outcomes.toml`.

A total is always the sum of its parts, a share always a numerator over a denominator. What was first known of a period may
differ from what is known now, as it does in life.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any

from demo.chance import Chance, share_out, some_of
from demo.windows import Window, windows, working_days_after
from outcomes.statistics.intervals import proportion

REVISED_WINDOWS = 14  # figures older than this many periods are told once, as they are known now
WHOLE = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: of the borough (no neighbourhood, no group), of a neighbourhood, or of one part of a breakdown."""

    neighbourhood: str
    group: str
    count: int
    of: int | None = None

    @property
    def value(self) -> Decimal:
        return Decimal(self.count) if self.of is None else Decimal(100) * self.count / self.of

    @property
    def interval(self) -> tuple[Decimal, Decimal]:
        """Wilson's 95% interval, in per cent."""
        found = proportion(self.count, self.of or 1, per=100)
        return Decimal(repr(found.lower)), Decimal(repr(found.upper))


@dataclass(frozen=True, slots=True)
class Telling:
    """What became known of a period on a day."""

    window: Window
    day: date
    status: str
    cells: tuple[Cell, ...] = ()
    unavailable: str = ""


class Figures:
    """All that is ever told of one measure."""

    def __init__(
        self, row: dict[str, Any], *, today: date, chance: Chance, weights: dict[str, float]
    ) -> None:
        self.row, self.today, self.chance = row, today, chance
        self.weights = weights if row.get("spread") else {WHOLE: 1.0}
        self.windows = windows(row.get("counts") or row["shares"], today, row.get("points"))

    def tellings(self) -> Iterator[Telling]:
        """Oldest knowledge of each period first; nothing that is not known before today."""
        skipped, lost = set(self.row.get("missing", ())), dict(self.row.get("unavailable", ()))
        for index, window in enumerate(self.windows):
            back = len(self.windows) - 1 - index
            silent = self.row.get("nothing_since")
            if back in skipped or (silent and (self.today - window.end).days < silent):
                continue
            told = (
                self._lost(window, lost[back])
                if back in lost
                else self._told(window, revised=back < REVISED_WINDOWS)
            )
            yield from (telling for telling in told if telling.day < self.today)

    def _lost(self, window: Window, why: str) -> list[Telling]:
        return [Telling(window, working_days_after(window.end, self.row["lag"]), "final", unavailable=why)]

    def _told(self, window: Window, *, revised: bool) -> list[Telling]:
        cells = self._cells(window)
        first = working_days_after(window.end, self.row["lag"])
        if not self.row["final_after"]:
            return [Telling(window, first, "final", cells)]
        final = working_days_after(first, self.row["final_after"])
        twice = self.row.get("counted_twice")
        if twice and self._between(window, twice):
            corrected = working_days_after(self.today, -twice["corrected_ago"])
            inflated = self._scaled(cells, twice["factor"], window, "twice")
            told = [Telling(window, final, "final", inflated), Telling(window, corrected, "revised", cells)]
            return told if final < corrected else [Telling(window, final, "final", cells)]
        if not revised:
            return [Telling(window, final, "final", cells)]
        early = self._scaled(cells, 0.97, window, "early")
        return [Telling(window, first, "provisional", early), Telling(window, final, "final", cells)]

    def _between(self, window: Window, span: dict[str, Any]) -> bool:
        return span["to_ago"] <= (self.today - window.end).days <= span["from_ago"]

    # --- Cells ---------------------------------------------------------------------------------------------------
    def _cells(self, window: Window) -> tuple[Cell, ...]:
        dice = self.chance.dice(self.row["key"], window.label)
        level = self._level(window, dice)
        parts = self._counted(level, dice) if "counts" in self.row else self._shared(window, level, dice)
        return self._with_totals(parts, dice)

    def _level(self, window: Window, dice: Random) -> float:
        """Where the curve is in this period, with its season, its steps and some noise."""
        value = along(self.row["path"], window.at)
        noise = dice.gauss(0, self.row["noise"])
        if "shares" in self.row:
            covid = self.row.get("covid", {}).get(str(window.end.year), 0)
            return min(99.0, max(1.0, value + noise + covid))
        if "season" in self.row:
            value *= self.row["season"][window.end.month - 1]
        for from_ago, to_ago, factor in self.row.get("steps", ()):
            value *= 1 - (1 - factor) * overlap(window, self.today, from_ago, to_ago)
        return max(0.0, value * (1 + noise))

    def _counted(self, level: float, dice: Random) -> list[Cell]:
        total = round(level)
        if len(self.weights) == 1:
            return [Cell(WHOLE, "", total)]
        dealt = share_out(total, list(self.weights.values()), dice)
        return [Cell(name, "", count) for name, count in zip(self.weights, dealt, strict=True)]

    def _shared(self, window: Window, level: float, dice: Random) -> list[Cell]:
        start = self.row["base"]
        base = start + (self.row.get("base_end", start) - start) * window.at
        of = max(1, round(base * dice.uniform(0.94, 1.06)))
        if len(self.weights) == 1:
            return [Cell(WHOLE, "", round(of * level / 100), of)]
        offsets = self.row.get("offsets", {})
        dealt = share_out(of, list(self.weights.values()), dice)
        return [
            Cell(name, "", some_of(part, (level + offsets.get(name, 0)) / 100, dice), part)
            for name, part in zip(self.weights, dealt, strict=True)
            if part
        ]

    def _with_totals(self, parts: list[Cell], dice: Random) -> tuple[Cell, ...]:
        """The borough as the sum of its parts, the parts themselves, and the breakdown of the borough's count."""
        whole = sum(cell.count for cell in parts)
        of = sum(cell.of for cell in parts if cell.of is not None) or None
        total = Cell(WHOLE, "", whole, of)
        spread = tuple(parts) if len(self.weights) > 1 else ()
        groups = self.row.get("groups", {}).get("parts", ())
        split = share_out(whole, [weight for _, weight in groups], dice) if groups else []
        return (
            total,
            *spread,
            *(Cell(WHOLE, name, count) for (name, _), count in zip(groups, split, strict=True)),
        )

    def _scaled(self, cells: tuple[Cell, ...], factor: float, window: Window, why: str) -> tuple[Cell, ...]:
        """What was thought before late records came in, or before double counting was found: parts first, then the sum."""
        dice = self.chance.dice(self.row["key"], window.label, why)
        parts = [cell for cell in cells if cell.neighbourhood] or [cells[0]]
        return self._with_totals([_scale(cell, factor, dice) for cell in parts], dice)


def _scale(cell: Cell, factor: float, dice: Random) -> Cell:
    if cell.of is None:
        return replace(cell, count=_about(cell.count * factor, dice))
    of = max(1, _about(cell.of * factor, dice))
    return replace(cell, of=of, count=min(of, _about(cell.count * factor, dice)))


def _about(value: float, dice: Random) -> int:
    """Rounded up or down by chance, so that many small parts together keep the factor."""
    return int(value + dice.random())


def along(path: list[list[float]], at: float) -> float:
    """The value on a line of straight pieces through [how far, value]."""
    for (left, low), (right, high) in pairwise(path):
        if at <= right:
            return low + (high - low) * (at - left) / (right - left)
    return path[-1][1]


def overlap(window: Window, today: date, from_ago: int, to_ago: int) -> float:
    """How much of the period lies between two days, counted back from today."""
    days = (window.end - window.start).days + 1
    oldest, newest = (today - window.start).days, (today - window.end).days
    shared = min(oldest, from_ago) - max(newest, to_ago) + 1
    return min(1.0, max(0, shared) / days)
