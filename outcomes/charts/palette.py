"""Colours and marks. Every colour that carries meaning has at least 3:1 against white, every colour of text 4.5:1."""

from dataclasses import dataclass

from .data import Mark

PAPER = "#ffffff"
INK = "#14202b"
QUIET = "#4c5a66"  # axis text, units, notes
GRID = "#e3e7ea"
AXIS = "#8b979f"
MAIN = "#12436d"
TARGET = "#14202b"
LIMIT = "#66737d"
LIMIT_FILL = "#f2f4f6"
PATH = "#7b8790"  # joins the points of an SPC chart, where only the marks carry colour
BAR = "#5d7f9d"

# Comparators: the first, usually England, is plain; the others differ by dash as well as by colour.
COMPARATORS = (
    ("#3d4750", ""),
    ("#801650", "7 3"),
    ("#8a5a00", "2 3"),
    ("#3f6f8f", "9 3 2 3"),
    ("#75588f", "5 2"),
    ("#6b6b52", "1.5 2.5"),
)


@dataclass(frozen=True, slots=True)
class MarkStyle:
    colour: str
    shape: str
    letter: str
    words: str


# Shape, letter and word say the same as the colour. The triangle is the shape of a warning sign.
MARKS = {
    Mark.COMMON: MarkStyle("#69757e", "circle", "", "Common cause"),
    Mark.IMPROVEMENT: MarkStyle("#0067b1", "square", "I", "Improvement"),
    Mark.CONCERN: MarkStyle("#c24e00", "triangle", "C", "Concern"),
    Mark.NEUTRAL: MarkStyle("#6a3fa0", "diamond", "N", "Neutral special cause"),
}
