"""Calculation rules: how a measure's figures are put together across periods, places, partners and groups.

Missing is not zero: what could be put together is, and the result names each part that could not. Values are floats in the
measure's unit; counts are exact up to 2^53.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum

from .terms import Word


class Rule(Word):
    SUM = "sum"
    WEIGHTED_MEAN = "weighted_mean"
    MAX = "max"
    LATEST = "latest"
    RATIO_OF_SUMS = "ratio_of_sums"
    UNIQUE_COUNT = "unique_count"


class NotAddable(ValueError):
    """The parts of a unique count were to be put together. The message is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class Part:
    """One figure that goes into a total: of a period, a place, a partner or a group, called `name`.

    None means not reported, not collected or hidden at the source. `when` is the end of its period, for the rule "latest".
    """

    name: str
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    when: date | None = None


@dataclass(frozen=True, slots=True)
class Combined:
    """A figure made of parts. `value` is None where no part could be used, or a ratio has nothing below the line.

    `used` and `missing` hold the names of the parts, in their order; `sentence` says what the figure is made of.
    """

    value: float | None
    numerator: float | None
    denominator: float | None
    used: tuple[str, ...]
    missing: tuple[str, ...]
    sentence: str

    @property
    def complete(self) -> bool:
        return not self.missing and self.value is not None


def combine(rule: Rule | str, parts: Iterable[Part], *, per: float = 1) -> Combined:
    """Put parts together by a measure's rule.

    - sum: Σ value.
    - weighted_mean: Σ value × denominator / Σ denominator.
    - max: the largest value.
    - latest: the value with the latest `when`; the parts are periods.
    - ratio_of_sums: `per` × Σ numerator / Σ denominator (`per` is 100 for a percentage).
    - unique_count: one part is itself; more raise NotAddable, because a person may be in several.

    A part without what its rule needs is missing. Raises ValueError for a denominator below 0, and for a period without a
    date under "latest".
    """
    rule, parts = Rule(rule), list(parts)
    if rule is Rule.UNIQUE_COUNT and len(parts) > 1:
        raise NotAddable(
            f"{_names([part.name for part in parts])} cannot be added up: the same person may be counted in more than one. "
            "Ask for the number of different people over all of them."
        )
    if any(part.denominator is not None and part.denominator < 0 for part in parts):
        raise ValueError("A denominator is 0 or more.")
    used = [part for part in parts if _usable(rule, part)]
    kept = {id(part) for part in used}
    missing = [part.name for part in parts if id(part) not in kept]
    value, above, below = _figure(rule, used, per) if used else (None, None, None)
    return Combined(
        value=value,
        numerator=above,
        denominator=below,
        used=tuple(part.name for part in used),
        missing=tuple(missing),
        sentence=_sentence(rule, used, missing, value),
    )


def _usable(rule: Rule, part: Part) -> bool:
    if rule is Rule.RATIO_OF_SUMS:
        return part.numerator is not None and part.denominator is not None
    if rule is Rule.WEIGHTED_MEAN:
        return part.value is not None and part.denominator is not None
    return part.value is not None


def _figure(rule: Rule, used: list[Part], per: float) -> tuple[float | None, float | None, float | None]:
    values = [float(part.value) for part in used if part.value is not None]
    below = [float(part.denominator) for part in used if part.denominator is not None]
    match rule:
        case Rule.RATIO_OF_SUMS:
            above, bottom = (
                fsum(float(part.numerator) for part in used if part.numerator is not None),
                fsum(below),
            )
            return (per * above / bottom if bottom else None), above, bottom
        case Rule.WEIGHTED_MEAN:
            bottom = fsum(below)
            weighed = fsum(value * weight for value, weight in zip(values, below, strict=True))
            return (weighed / bottom if bottom else None), None, bottom
        case Rule.MAX:
            return max(values), None, None
        case Rule.LATEST:
            if any(part.when is None for part in used):
                raise ValueError("The latest figure can only be told from figures with a date.")
            latest = max(used, key=lambda part: part.when or date.min)
            return latest.value, latest.numerator, latest.denominator
    return fsum(values), None, None


_DONE = {
    Rule.SUM: "The sum of",
    Rule.WEIGHTED_MEAN: "The mean of",
    Rule.MAX: "The largest of",
    Rule.LATEST: "The latest of",
    Rule.RATIO_OF_SUMS: "The ratio of the sums of",
    Rule.UNIQUE_COUNT: "A count of different people from",
}


def _sentence(rule: Rule, used: Sequence[Part], missing: Sequence[str], value: float | None) -> str:
    total = len(used) + len(missing)
    if not total:
        return "There is nothing to put together."
    if not used:
        return f"No figure: {_names(missing)} {_have(missing)} not been reported."
    weighted = ", weighted by their denominators" if rule is Rule.WEIGHTED_MEAN else ""
    made = f"{_DONE[rule]} {len(used)} of {total} part{'' if total == 1 else 's'}{weighted}."
    if value is None:
        made = f"No figure: the denominators of {_names([part.name for part in used])} add up to 0."
    return f"{made} Missing: {_names(missing)}." if missing else made


def _have(names: Sequence[str]) -> str:
    return "has" if len(names) == 1 else "have"


def _names(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
