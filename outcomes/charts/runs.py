"""Which points of a series a line may join."""

from collections.abc import Iterable

from .data import ChartPoint


def runs_of(points: Iterable[ChartPoint]) -> list[list[ChartPoint]]:
    """Unbroken stretches in order of date: a period without a value ends one."""
    runs: list[list[ChartPoint]] = [[]]
    for point in sorted(points, key=lambda p: p.date):
        if point.value is not None:
            runs[-1].append(point)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]
