"""What stands around a plot: the key, the numbered notes, the plain sentence about the axis."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .canvas import Canvas, mark
from .data import Mark
from .palette import INK, MARKS, PAPER, QUIET
from .text import text_width, wrap

SAMPLE = 26
ROW = 21
LEADING = 17
NOTES_SHOWN = 9

Sample = Callable[[Canvas, float, float], None]


@dataclass(frozen=True, slots=True)
class KeyEntry:
    sample: Sample
    words: str
    bold: bool = False
    colour: str = QUIET


def line_sample(colour: str, width: float, dash: str = "", *, dot: bool = False) -> Sample:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.line(x, y, x + SAMPLE, y, colour, width=width, dash=dash)
        if dot:
            canvas.add(mark(None, x + SAMPLE / 2, y, 4, colour))

    return draw


def band_sample(colour: str, opacity: float = 1) -> Sample:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.area([(x, y - 6), (x + SAMPLE, y - 6), (x + SAMPLE, y + 6), (x, y + 6)], colour, opacity)

    return draw


def whisker_sample(colour: str) -> Sample:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.line(x + SAMPLE / 2, y - 7, x + SAMPLE / 2, y + 7, colour, width=2)

    return draw


def mark_sample(kind: Mark | None, colour: str = INK, *, hollow: bool = False) -> Sample:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        letter = MARKS[kind].letter if kind else ""
        canvas.add(mark(kind, x + (7 if letter else SAMPLE / 2), y, 5, colour, hollow=hollow))
        if kind and letter:
            canvas.text(x + 16, y + 4.5, letter, size=12, bold=True, colour=MARKS[kind].colour)

    return draw


def draw_key(canvas: Canvas, entries: Sequence[KeyEntry], left: float, right: float, top: float) -> float:
    """Entries from left to right, on as many rows as they need. Returns where the last row ends."""
    x, y = left, top
    for entry in entries:
        wanted = SAMPLE + 7 + text_width(entry.words, 13, bold=entry.bold)
        if x > left and x + wanted > right:
            x, y = left, y + ROW
        entry.sample(canvas, x, y + ROW / 2)
        canvas.text(
            x + SAMPLE + 7,
            y + ROW / 2 + 4.5,
            entry.words,
            colour=entry.colour,
            bold=entry.bold,
            room=right - x - SAMPLE - 7,
        )
        x += wanted + 20
    return y + ROW if entries else top


def pin(canvas: Canvas, x: float, y: float, label: int) -> None:
    canvas.add(mark(None, x, y, 9, INK))
    canvas.text(x, y + 4.3, str(label), size=12, colour=PAPER, anchor="middle", bold=True)


def draw_notes(canvas: Canvas, notes: Sequence[str], left: float, right: float, top: float) -> float:
    """The texts of the pins, numbered. What does not fit is in the table beside the chart, and we say so."""
    y = top
    for label, words in enumerate(notes[:NOTES_SHOWN], start=1):
        rows = wrap(words, right - left - 26, 13, lines=3)
        pin(canvas, left + 9, y + 10, label)
        for index, row in enumerate(rows):
            full = words if index == len(rows) - 1 and row.endswith("…") else ""
            canvas.text(left + 26, y + 14.5 + index * LEADING, row, colour=INK, full=full)
        y += max(len(rows), 1) * LEADING + 7
    if len(notes) > NOTES_SHOWN:
        more = len(notes) - NOTES_SHOWN
        sentence = f"{more} more {'note is' if more == 1 else 'notes are'} in the table."
        return draw_lines(canvas, sentence, left, right, y)
    return y


def draw_lines(
    canvas: Canvas, words: str, left: float, right: float, top: float, *, lines: int = 4, bold: bool = False
) -> float:
    """Plain sentences below or above a plot. Returns where they end."""
    rows = wrap(words, right - left, 13, lines=lines, bold=bold)
    for index, row in enumerate(rows):
        full = words if row.endswith("…") and index == len(rows) - 1 else ""
        canvas.text(left, top + 13 + index * LEADING, row, colour=QUIET, bold=bold, full=full)
    return top + len(rows) * LEADING
