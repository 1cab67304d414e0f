"""Where things go: nice ticks, honest axes, positions of dates, labels that keep clear of each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil, floor, log10

from .data import ChartPoint, Formatter, Number

# An axis that could start at zero at the cost of less than this share of its height does so.
_ZERO_WORTH = 0.4


@dataclass(frozen=True, slots=True)
class ValueAxis:
    """Values along a length of the drawing; `start` and `end` are coordinates of `low` and `high`."""

    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]
    start: float = 0
    end: float = 1

    def between(self, start: float, end: float) -> "ValueAxis":
        return ValueAxis(self.low, self.high, self.ticks, self.labels, start, end)

    def at(self, value: Number) -> float:
        return self.start + (float(value) - self.low) / (self.high - self.low) * (self.end - self.start)

    @property
    def cut(self) -> bool:
        """True where the axis leaves out zero, which the chart must say."""
        return self.low > 0 or self.high < 0


def value_axis(
    values: Iterable[Number | None],
    format_tick: Formatter,
    *,
    about: int,
    start_at_zero: bool | None = None,
    floor_at: Number | None = None,
    ceiling_at: Number | None = None,
) -> ValueAxis:
    """An axis of round numbers around the values. `floor_at` and `ceiling_at` (0 and 100 for a percentage) stop
    it from running on into impossible numbers, unless a value or a limit lies there itself."""
    present = [float(value) for value in values if value is not None]
    low, high = (min(present), max(present)) if present else (0.0, 1.0)
    if low == high:
        pad = abs(low) * 0.1 or 1.0
        low, high = low - pad, high + pad
    with_zero = start_at_zero
    if with_zero is None:
        with_zero = (low >= 0 and low / high < _ZERO_WORTH) or (high <= 0 and high / low < _ZERO_WORTH)
    spread = high - low
    padded_low = min(low, 0.0) if with_zero and low >= 0 else low - spread * 0.05
    padded_high = max(high, 0.0) if with_zero and high <= 0 else high + spread * 0.05
    if floor_at is not None and low >= float(floor_at):
        padded_low = max(padded_low, float(floor_at))
    elif present and low >= 0 > padded_low:
        padded_low = 0.0
    if ceiling_at is not None and high <= float(ceiling_at):
        padded_high = min(padded_high, float(ceiling_at))
    ticks, labels = _ticks(padded_low, padded_high, format_tick, about)
    return ValueAxis(ticks[0], ticks[-1], ticks, labels)


def _ticks(
    low: float, high: float, format_tick: Formatter, about: int
) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """Ticks at 1, 2 or 5 times a power of ten. The step grows until no two ticks read the same, so that whole
    counts never get a tick at a half."""
    start = floor(log10((high - low) / about)) - 1
    for exponent in range(start, start + 9):
        for base in (1, 2, 5):
            step = base * 10.0**exponent
            first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
            if last - first > about + 1:
                continue
            digits = max(0, -exponent)
            ticks = tuple(round(index * step, digits) + 0.0 for index in range(first, last + 1))
            labels = tuple(format_tick(tick) for tick in ticks)
            if len(set(labels)) == len(labels):
                return ticks, labels
    return (low, high), (format_tick(low), format_tick(high))


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Dates from left to right, at true distances."""

    first: int
    last: int
    start: float
    end: float
    spacing: float

    def at(self, when: date) -> float:
        if self.first == self.last:
            return (self.start + self.end) / 2
        return self.start + (when.toordinal() - self.first) / (self.last - self.first) * (
            self.end - self.start
        )

    def covers(self, when: date) -> bool:
        return self.first <= when.toordinal() <= self.last


def time_axis(dates: Sequence[date], left: float, right: float) -> TimeAxis:
    days = sorted({when.toordinal() for when in dates}) or [0]
    spacing = (right - left) / len(days)
    pad = min(max(spacing / 2, 7), 22)
    return TimeAxis(days[0], days[-1], left + pad, right - pad, spacing)


def period_ticks(
    points: Sequence[ChartPoint], widths: Sequence[float], axis: TimeAxis, gap: float
) -> list[int]:
    """Which periods to label: every k-th counted back from the latest, with the smallest k that keeps clear."""
    places = [axis.at(point.date) for point in points]
    for step in (*range(1, 7), 8, 9, 10, *range(12, len(points) + 12, 12)):
        chosen = list(range(len(points) - 1, -1, -step))[::-1]
        pairs = pairwise(chosen)
        if all(places[b] - places[a] >= (widths[a] + widths[b]) / 2 + gap for a, b in pairs):
            return chosen
    return [len(points) - 1] if points else []


def spread(wanted: Sequence[float], heights: Sequence[float], top: float, bottom: float) -> list[float]:
    """Centres as near as can be to the wanted ones, in the same order, without overlap, inside top and bottom.

    Labels that collide are moved together as a block around their common mean (isotonic regression by pooling).
    """
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    offsets, total = [], 0.0
    for index in order:
        offsets.append(total + heights[index] / 2)
        total += heights[index]
    blocks: list[tuple[float, int]] = []  # the sum of the places of the block's first edge, and how many
    for index, offset in zip(order, offsets, strict=True):
        blocks.append((wanted[index] - offset, 1))
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            (sum_b, many_b), (sum_a, many_a) = blocks.pop(), blocks.pop()
            blocks.append((sum_a + sum_b, many_a + many_b))
    edges = [sum_ / many for sum_, many in blocks for _ in range(many)]
    placed = [0.0] * len(wanted)
    for index, offset, edge in zip(order, offsets, edges, strict=True):
        placed[index] = min(max(edge, top), max(bottom - total, top)) + offset
    return placed
