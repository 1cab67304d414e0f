"""The run rules of an SPC chart, each on plain lists, so that they can be held against the published rule tables one by one."""

from __future__ import annotations

from collections.abc import Sequence

RUN_LENGTH = 7


def run_completions(sides: Sequence[int], run_length: int = RUN_LENGTH) -> list[int]:
    """The sign of a run on each point that completes `run_length` or more signs alike; 0 elsewhere. A 0 breaks a run."""
    done = [0] * len(sides)
    above = below = 0
    for i, side in enumerate(sides):
        if side > 0:
            above, below = above + 1, 0
            if above >= run_length:
                done[i] = 1
        elif side < 0:
            above, below = 0, below + 1
            if below >= run_length:
                done[i] = -1
        else:
            above = below = 0
    return done


def trend_completions(values: Sequence[float], run_length: int = RUN_LENGTH) -> list[int]:
    """1 or -1 on each point that completes `run_length` or more values that only rise or only fall; 0 elsewhere."""
    done = [0] * len(values)
    rising = falling = 1
    for i in range(1, len(values)):
        if values[i] > values[i - 1]:
            rising, falling = rising + 1, 1
            if rising >= run_length:
                done[i] = 1
        elif values[i] < values[i - 1]:
            rising, falling = 1, falling + 1
            if falling >= run_length:
                done[i] = -1
        else:
            rising = falling = 1
    return done


def spread_back(completions: Sequence[int], run_length: int = RUN_LENGTH) -> list[int]:
    """Carry each completion back over its run. Where two runs share a point, the later one has it."""
    spread = [0] * len(completions)
    for i, sign in enumerate(completions):
        if sign:
            first = max(0, i - run_length + 1)
            spread[first : i + 1] = [sign] * (i + 1 - first)
    return spread


def two_of_three(close: Sequence[int], sides: Sequence[int]) -> list[int]:
    """1 on each close point that lies in three in a row on one side of the mean with two or more of them close; else 0."""
    flagged = [0] * len(close)
    for i in range(len(close) - 2):
        a, b, c = sides[i : i + 3]
        alike = (a > 0 and b > 0 and c > 0) or (a < 0 and b < 0 and c < 0)
        if alike and close[i] + close[i + 1] + close[i + 2] >= 2:
            for k in (i, i + 1, i + 2):
                flagged[k] = 1 if close[k] else flagged[k]
    return flagged
