"""Names at the ends of lines, kept clear of each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .canvas import Canvas
from .data import Number
from .keys import KeyEntry, Sample
from .palette import AXIS
from .scales import ValueAxis, spread
from .text import shorten, text_width, wrap

_SIZE = 13
_LEADING = 15
_GAP = 3
_LEADER = 16  # room for the short line from the plot to a label that had to move
_SHARE = 0.31  # of the drawing's width that names may take


@dataclass(frozen=True, slots=True)
class EndLabel:
    name: str
    words: str
    value: Number | None
    when: date | None
    colour: str
    bold: bool
    sample: Sample

    @property
    def key(self) -> KeyEntry:
        return KeyEntry(self.sample, f"{self.name} {self.words}".strip(), self.bold, self.colour)

    def rows(self, room: float) -> list[str]:
        """Name and value on one line, else the name on up to two with the value at the end, which is never cut."""
        whole = f"{self.name} {self.words}"
        if text_width(whole, _SIZE, bold=self.bold) <= room:
            return [whole]
        value_width = text_width(f" {self.words}", _SIZE, bold=self.bold)
        rows = wrap(self.name, room, _SIZE, lines=2, bold=self.bold)
        if len(rows) == 1 and value_width > room - text_width(rows[0], _SIZE, bold=self.bold):
            return [rows[0], self.words]
        rows[-1] = f"{shorten(rows[-1], room - value_width, _SIZE, bold=self.bold)} {self.words}"
        return rows


def gutter(labels: Sequence[EndLabel], width: float) -> float:
    """How much of the right-hand side the labels need."""
    room = width * _SHARE
    widths = [
        text_width(row, _SIZE, bold=label.bold) for label in labels for row in label.rows(room - _LEADER)
    ]
    return min(max(widths, default=0) + _LEADER, room)


def draw_end_labels(
    canvas: Canvas,
    labels: Sequence[EndLabel],
    values: ValueAxis,
    plot_right: float,
    right: float,
    top: float,
    bottom: float,
) -> list[KeyEntry]:
    """Draws the labels that have room, the first ones first; the others come back as entries for the key."""
    left = plot_right + _LEADER
    shown: list[EndLabel] = []
    used = 0.0
    crowded: list[KeyEntry] = []
    for label in labels:
        height = len(label.rows(right - left)) * _LEADING + _GAP
        if used + height > bottom - top + 16:
            crowded.append(label.key)
        else:
            shown.append(label)
            used += height
    rows = [label.rows(right - left) for label in shown]
    heights = [len(lines) * _LEADING + _GAP for lines in rows]
    wanted = [values.at(label.value) for label in shown]
    places = spread(wanted, heights, top - 8, bottom + 8)
    for label, lines, end, middle in zip(shown, rows, wanted, places, strict=True):
        if abs(end - middle) > 3:
            canvas.polyline([(plot_right + 1, end), (plot_right + 5, end), (left - 3, middle)], AXIS)
        else:
            canvas.line(plot_right + 1, end, left - 3, end, AXIS)
        first = middle - (len(lines) - 1) * _LEADING / 2 + 4.5
        shortened = any("…" in line for line in lines)
        for index, line in enumerate(lines):
            full = f"{label.name} {label.words}" if shortened and index == 0 else ""
            canvas.text(
                left,
                first + index * _LEADING,
                line,
                size=_SIZE,
                colour=label.colour,
                bold=label.bold,
                full=full,
            )
    return crowded
