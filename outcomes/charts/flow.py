"""What leads to what, in columns from left to right: what partners do, stepping stones, the outcome.

Each box leads to one other, so that everything is a tree: each has a band of its own height, and no line crosses a box.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .canvas import Canvas, number
from .palette import AXIS, INK, LIMIT_FILL, MAIN, PAPER, QUIET
from .text import safe, wrap

_SIZE, _LINE, _PAD = 13, 16.5, 9
_GAP_X, _GAP_Y, _TOP = 44, 12, 30
_LINES = 5


@dataclass(frozen=True, slots=True)
class FlowBox:
    """A box with what leads to it. `marks` are short words below its text: progress and confidence, never colour alone."""

    text: str
    marks: tuple[str, ...] = ()
    before: tuple[FlowBox, ...] = ()
    is_start: bool = False

    @property
    def depth(self) -> int:
        """How many columns of stones lie before this one; what partners do has a column of its own."""
        return max((1 + box.depth for box in self.before if not box.is_start), default=0)

    def all(self) -> Iterable[FlowBox]:
        yield self
        for box in self.before:
            yield from box.all()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    chart_id: str
    title: str
    end: FlowBox
    first_header: str = "What partners do"
    middle_header: str = "Stepping stones"
    last_header: str = "Outcome"


@dataclass(frozen=True, slots=True)
class _Placed:
    lines: tuple[str, ...]
    marks: tuple[str, ...]
    height: float
    band: float
    before: tuple[_Placed, ...]
    box: FlowBox


def flow_chart(flow: Flow, *, width: int = 1100) -> str:
    columns = flow.end.depth + 2
    box_width = (width - 2 - _GAP_X * (columns - 1)) / columns
    canvas = Canvas(width)
    placed = _place(flow.end, box_width)
    lefts = [1 + index * (box_width + _GAP_X) for index in range(columns)]
    heads = [flow.first_header, *[""] * (columns - 2), flow.last_header]
    if columns > 2:
        heads[1] = flow.middle_header
    for left, head in zip(lefts, heads, strict=True):
        if head:
            canvas.text(left, 16, head, size=14, bold=True, room=box_width)
    _draw(canvas, placed, _TOP, columns - 1, lefts, box_width)
    said = f"{len(list(flow.end.all())) - 1} boxes lead from left to right to: {flow.end.text}. The list says the same in words."
    return canvas.svg(_TOP + placed.band + 4, flow.chart_id, flow.title, said)


def _place(box: FlowBox, width: float) -> _Placed:
    before = tuple(_place(one, width) for one in box.before)
    room = width - 2 * _PAD
    lines = tuple(wrap(box.text, room, _SIZE, lines=_LINES, bold=not box.is_start))
    marks = tuple(line for mark in box.marks for line in wrap(mark, room, _SIZE, lines=2))
    height = 2 * _PAD + _LINE * (len(lines) + len(marks)) + (3 if marks else 0)
    band = max(height + _GAP_Y, sum(one.band for one in before))
    return _Placed(lines, marks, height, band, before, box)


def _draw(
    canvas: Canvas, placed: _Placed, top: float, column: int, lefts: list[float], width: float
) -> tuple[float, float]:
    """Draws a box in the middle of its band, all that leads to it, and the lines between. Answers where lines leave it."""
    left, middle = lefts[column], top + placed.band / 2
    at = top + max(0, placed.band - sum(one.band for one in placed.before)) / 2
    for one in placed.before:
        x, y = _draw(canvas, one, at, 0 if one.box.is_start else column - 1, lefts, width)
        _arrow(canvas, x, y, left, middle)
        at += one.band
    _box(canvas, placed, left, middle - placed.height / 2, width)
    return left + width, middle


def _arrow(canvas: Canvas, x1: float, y1: float, x2: float, y2: float) -> None:
    turn = x2 - _GAP_X
    bend = turn + _GAP_X / 2
    canvas.add(
        f'<path d="M{number(x1)} {number(y1)}L{number(turn)} {number(y1)}C{number(bend)} {number(y1)} {number(bend)} '
        f'{number(y2)} {number(x2 - 6)} {number(y2)}" fill="none" stroke="{AXIS}" stroke-width="1.5"/>'
        f'<path d="M{number(x2 - 8)} {number(y2 - 4)}L{number(x2)} {number(y2)}L{number(x2 - 8)} {number(y2 + 4)}Z" fill="{AXIS}"/>'
    )


def _box(canvas: Canvas, placed: _Placed, x: float, y: float, width: float) -> None:
    start, end = placed.box.is_start, not placed.box.is_start and not placed.box.marks
    fill, edge = (LIMIT_FILL, AXIS) if start else (MAIN, MAIN) if end else (PAPER, INK)
    ink = PAPER if end else INK
    radius = 12 if start else 3
    canvas.add(
        f'<g><title>{safe(placed.box.text)}</title><rect x="{number(x)}" y="{number(y)}" width="{number(width)}" '
        f'height="{number(placed.height)}" rx="{radius}" fill="{fill}" stroke="{edge}" stroke-width="1.5"/></g>'
    )
    at = y + _PAD + 12
    for line in placed.lines:
        canvas.text(x + _PAD, at, line, size=_SIZE, bold=not start, colour=ink)
        at += _LINE
    at += 3
    for line in placed.marks:
        canvas.text(x + _PAD, at, line, size=_SIZE, colour=QUIET)
        at += _LINE
