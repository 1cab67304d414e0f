"""Which statistic a series can bear. The data choose, and the page says which was chosen and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from .spc import FIRM_LIMITS_FROM
from .terms import Frequency, Row
from .trend import POINTS


class MethodName(StrEnum):
    SPC = "spc"
    RECENT_TREND = "recent_trend"
    PLAIN_DIRECTION = "plain_direction"


@dataclass(frozen=True, slots=True)
class Method:
    """The chosen method and a sentence for the page."""

    name: MethodName
    sentence: str


SERIES_OF_EQUALS = frozenset(
    {Frequency.DAY, Frequency.WEEK, Frequency.MONTH, Frequency.QUARTER, Frequency.TERM}
)
_ADJECTIVES = {
    Frequency.DAY: "daily",
    Frequency.WEEK: "weekly",
    Frequency.MONTH: "monthly",
    Frequency.QUARTER: "quarterly",
    Frequency.TERM: "termly",
    Frequency.HOLIDAY: "holiday",
    Frequency.YEAR: "yearly",
    Frequency.IRREGULAR: "irregular",
}
_NEITHER = "Figures are compared as they are, which cannot tell a real change from chance."


def choose(points: Sequence[Row], frequency: Frequency | str, *, is_running_total: bool = False) -> Method:
    """Choose by how often the measure is counted and what was reported; `points` come oldest first.

    - 13 or more values of a daily, weekly, monthly, quarterly or termly series: statistical process control.
    - Yearly: OHID's recent trend where the last five values have intervals.
    - Running totals: plain direction. Each holds the ones before it, so none is a draw of its own, as limits and trends take it.
    - Anything else: plain direction. Holidays are unlike each other (16 days in summer, 4 at Easter), so no limits hold.
    """
    frequency = Frequency(frequency)
    if is_running_total:
        return _plain(
            "Each counts everything so far, so limits or a trend would take its growth for a change."
        )
    how = _ADJECTIVES[frequency]
    valued = [point for point in points if point[1] is not None]
    if frequency in SERIES_OF_EQUALS:
        if len(valued) >= FIRM_LIMITS_FROM:
            return Method(
                MethodName.SPC,
                f"Judged by statistical process control (an XmR chart), because there are {len(valued)} {how} points.",
            )
        return _plain(
            f"There {_are(len(valued), how)}; statistical process control needs {FIRM_LIMITS_FROM}."
        )
    if frequency is Frequency.YEAR:
        recent = valued[-POINTS:]
        with_interval = sum(point[2] is not None and point[3] is not None for point in recent)
        if with_interval == POINTS:
            return Method(
                MethodName.RECENT_TREND,
                f"Judged by the recent trend of the last {POINTS} {how} points and their confidence intervals "
                "(the method of the Office for Health Improvement and Disparities).",
            )
        if len(valued) < POINTS:
            return _plain(f"There {_are(len(valued), how)}; a recent trend needs {POINTS}.")
        return _plain(
            f"A recent trend needs confidence intervals for the last {POINTS} points; "
            f"{with_interval or 'none'} of them {'has one' if with_interval == 1 else 'have one'}."
        )
    return _plain(f"The {how} figures are not alike enough for limits or a trend.")


def _plain(reason: str) -> Method:
    return Method(MethodName.PLAIN_DIRECTION, f"{_NEITHER} {reason}")


def _are(n: int, how: str) -> str:
    return f"is 1 {how} point" if n == 1 else f"are {n or 'no'} {how} points"
