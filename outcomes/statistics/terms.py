"""Words that every statistic shares: which way is good, what became of the measure, how often it is counted."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Word(StrEnum):
    """A word that callers pass in. A member of another enumeration with the same text, such as a model's choice, will do."""

    @classmethod
    def _missing_(cls, value: object) -> Word | None:
        return next((word for word in cls if word.value == value), None)


class Direction(Word):
    """Which way is good. Neutral means that the partnership makes no judgement."""

    UP = "up"
    DOWN = "down"
    NEUTRAL = "neutral"


class Progress(StrEnum):
    """What the statistics say became of a measure. Never self-rated."""

    BETTER = "better"
    WORSE = "worse"
    NO_CHANGE = "no_change"
    CANNOT_TELL = "cannot_tell"


class Moved(StrEnum):
    """Which way the figure went, without a judgement."""

    UP = "up"
    DOWN = "down"
    LEVEL = "level"


class Frequency(Word):
    """How often a measure is counted."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    TERM = "term"
    HOLIDAY = "holiday"
    YEAR = "year"
    IRREGULAR = "irregular"


class Point(NamedTuple):
    """One value of a series. A plain tuple of the same four things serves as well.

    `when` is the last day of the period (any day will do, as long as a series keeps to it); `value` is None where nothing
    was reported or where it is hidden; `lower` and `upper` are the ends of the 95% confidence interval, in the unit of the
    value. A named tuple and not a dataclass, because a dashboard makes thousands for one page.
    """

    when: date
    value: float | None
    lower: float | None = None
    upper: float | None = None


Row = tuple[
    date, float | None, float | None, float | None
]  # what a Point is; read straight from a database cursor


def progress_of(moved: Moved, direction: Direction) -> Progress:
    """Judge a move that is more than chance. Without a good direction a move is neither better nor worse."""
    if moved is Moved.LEVEL:
        return Progress.NO_CHANGE
    if direction is Direction.NEUTRAL:
        return Progress.CANNOT_TELL
    good = Moved.UP if direction is Direction.UP else Moved.DOWN
    return Progress.BETTER if moved is good else Progress.WORSE
