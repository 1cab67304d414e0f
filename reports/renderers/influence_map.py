"""Boards by level and the links between them, as SVG: hyper-local at the bottom, strategic at the top.

The page's tables say the same in words. Nothing in the drawing stands for how much anybody matters.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from outcomes.charts.canvas import Canvas, number
from outcomes.charts.palette import GRID, INK, LIMIT, MAIN, PAPER, QUIET
from outcomes.charts.text import safe, wrap

NARROWEST, MARGIN, LABELS = 780, 12, 112
BOX_WIDTH, BOX_HEIGHT, GAP_X, GAP_Y = 144, 50, 18, 64
A_ROW = 6
SWEEPS = 6
WANTED = "#801650"


class Tie(StrEnum):
    """What stands between two boards, each with a line of its own."""

    CARRIED = "carried"
    POSSIBLE = "possible"
    WANTED = "wanted"
    NEW = "new"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Box:
    key: int
    name: str
    level: int


@dataclass(frozen=True, slots=True)
class Edge:
    """A line between two boxes; `people` is how many sit in both."""

    one: int
    other: int
    tie: Tie
    people: int
    words: str


# Colour, width, dash and a sign: each line can be told from the others without its colour.
STYLE: Mapping[Tie, tuple[str, float, str, str]] = {
    Tie.CARRIED: (MAIN, 3.5, "", ""),
    Tie.POSSIBLE: (LIMIT, 1.4, "", ""),
    Tie.WANTED: (WANTED, 2, "2 5", "?"),
    Tie.NEW: (MAIN, 2.4, "", "+"),
    Tie.LOST: (QUIET, 2, "7 4", "−"),
}
WORDS = {
    Tie.CARRIED: "Somebody sits on both, and a message went this way in the last year",
    Tie.POSSIBLE: "Somebody sits on both",
    Tie.WANTED: "Wanted, and nobody sits on both",
    Tie.NEW: "New since the other date",
    Tie.LOST: "There on the other date, no more",
}


def influence_map(
    boxes: Sequence[Box],
    edges: Sequence[Edge],
    levels: Sequence[str],
    *,
    chart_id: str,
    title: str,
    description: str,
    path: Collection[int] = (),
) -> str:
    """The drawing as one SVG element. `levels` are the names of levels from the bottom up, `path` boxes to point out."""
    rows = arranged(boxes, edges)
    longest = max((len(line) for _, lines in rows for line in lines), default=1)
    width = max(NARROWEST, 2 * MARGIN + LABELS + longest * (BOX_WIDTH + GAP_X))
    canvas = Canvas(width)
    used = [tie for tie in Tie if any(edge.tie is tie for edge in edges)]
    top = _key(canvas, used)
    spots: dict[int, tuple[float, float]] = {}
    y = top
    for level, lines in rows:
        canvas.line(MARGIN, y - GAP_Y / 2, width - MARGIN, y - GAP_Y / 2, GRID)
        for row, words in enumerate(wrap(levels[level], LABELS - 12, 13, lines=2, bold=True)):
            canvas.text(MARGIN, y + 20 + row * 16, words, size=13, bold=True, colour=QUIET)
        for line in lines:
            slot = (width - 2 * MARGIN - LABELS) / len(line)
            for at, box in enumerate(line):
                spots[box.key] = (MARGIN + LABELS + (at + 0.5) * slot - BOX_WIDTH / 2, y)
            y += BOX_HEIGHT + GAP_Y / 2
        y += GAP_Y / 2
    for edge in edges:
        _edge(canvas, edge, spots)
    for box in boxes:
        _box(canvas, box, *spots[box.key], pointed_out=box.key in path)
    return canvas.svg(y - GAP_Y / 2 + MARGIN, chart_id, title, description)


def arranged(boxes: Sequence[Box], edges: Sequence[Edge]) -> list[tuple[int, list[list[Box]]]]:
    """The boxes of each level from the top down, in lines that fit the width, ordered so that few lines cross.

    Each level in turn takes the order of the middle of its neighbours, a few times over; boxes of one level that have
    no neighbour keep the order of their names.
    """
    neighbours: dict[int, list[int]] = {box.key: [] for box in boxes}
    for edge in edges:
        neighbours[edge.one].append(edge.other)
        neighbours[edge.other].append(edge.one)
    by_level: dict[int, list[Box]] = {}
    for box in sorted(boxes, key=lambda box: (-box.level, box.name.casefold(), box.key)):
        by_level.setdefault(box.level, []).append(box)
    place = {box.key: _spread(at, len(row)) for row in by_level.values() for at, box in enumerate(row)}
    for _ in range(SWEEPS):
        for row in by_level.values():
            middle = {
                box.key: sum(place[key] for key in neighbours[box.key]) / len(neighbours[box.key])
                if neighbours[box.key]
                else place[box.key]
                for box in row
            }
            row.sort(key=lambda box: (middle[box.key], box.name.casefold(), box.key))
            place |= {box.key: _spread(at, len(row)) for at, box in enumerate(row)}
    return [(level, _lines(row)) for level, row in by_level.items()]


def _lines(row: list[Box]) -> list[list[Box]]:
    """As even as can be, rather than full lines and one box left over."""
    count = -(-len(row) // A_ROW)
    size, more = divmod(len(row), count)
    lines, at = [], 0
    for line in range(count):
        end = at + size + (line < more)
        lines.append(row[at:end])
        at = end
    return lines


def _spread(at: int, of: int) -> float:
    return (at + 0.5) / of


def _key(canvas: Canvas, ties: Sequence[Tie]) -> float:
    """The key above the drawing. Returns where the drawing may begin."""
    y = MARGIN + 12
    for tie in ties:
        colour, width, dash, sign = STYLE[tie]
        canvas.line(MARGIN, y - 4, MARGIN + 44, y - 4, colour, width=width, dash=dash)
        if sign:
            canvas.text(
                MARGIN + 22, y + 1, sign, size=15, bold=True, anchor="middle", colour=colour, halo=True
            )
        canvas.text(MARGIN + 54, y, WORDS[tie], size=13, colour=INK)
        y += 20
    return y + GAP_Y / 2 + 6


def _edge(canvas: Canvas, edge: Edge, spots: Mapping[int, tuple[float, float]]) -> None:
    (x1, y1), (x2, y2) = spots[edge.one], spots[edge.other]
    x1, x2 = x1 + BOX_WIDTH / 2, x2 + BOX_WIDTH / 2
    if y1 == y2:
        # Side by side: an arc above, higher for boxes further apart, so that it does not run through what lies between.
        lift = min(GAP_Y - 8, 14 + abs(x2 - x1) / 14)
        middle = ((x1 + x2) / 2, y1 - lift * 0.75)
        shape = f"M{number(x1)} {number(y1)}Q{number((x1 + x2) / 2)} {number(y1 - lift * 1.5)} {number(x2)} {number(y2)}"
    else:
        (x1, y1), (x2, y2) = ((x1, y1), (x2, y2)) if y1 < y2 else ((x2, y2), (x1, y1))
        start, end = y1 + BOX_HEIGHT, y2
        middle = ((x1 + x2) / 2, (start + end) / 2)
        bend = (end - start) / 2
        shape = (
            f"M{number(x1)} {number(start)}C{number(x1)} {number(start + bend)} "
            f"{number(x2)} {number(end - bend)} {number(x2)} {number(end)}"
        )
    colour, width, dash, sign = STYLE[edge.tie]
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    canvas.title(
        edge.words,
        f'<path d="{shape}" fill="none" stroke="{colour}" stroke-width="{number(width)}"{dashes}/>',
    )
    label = sign or (str(edge.people) if edge.people > 1 else "")
    if label:
        canvas.text(
            middle[0],
            middle[1] + 4,
            label,
            size=12,
            bold=bool(sign),
            anchor="middle",
            colour=colour,
            halo=True,
        )


def _box(canvas: Canvas, box: Box, x: float, y: float, *, pointed_out: bool) -> None:
    lines = wrap(box.name, BOX_WIDTH - 14, 12.5, lines=2, bold=pointed_out)
    frame = f' rx="6" stroke="{INK if pointed_out else MAIN}" stroke-width="{3 if pointed_out else 1.5}"'
    canvas.add(f"<g><title>{safe(box.name)}</title>")
    canvas.rect(x, y, BOX_WIDTH, BOX_HEIGHT, PAPER, frame)
    first = y + BOX_HEIGHT / 2 + 4.5 - (len(lines) - 1) * 8
    for row, words in enumerate(lines):
        canvas.text(
            x + BOX_WIDTH / 2,
            first + row * 16,
            words,
            size=12.5,
            anchor="middle",
            bold=pointed_out,
            colour=INK,
        )
    canvas.add("</g>")
