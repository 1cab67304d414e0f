"""A chart as a PNG file, drawn from the same SVG that the page shows."""

from __future__ import annotations

from functools import cache
from threading import Lock

import typst
from django.conf import settings

FONTS = settings.BASE_DIR / "static" / "build" / "fonts"
# Twice as many points as a screen of 96 an inch has: sharp in slides and on paper.
PPI = 192
_ONE_AT_A_TIME = Lock()
PAGE = b"""
#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.at("svg")), format: "svg")
"""


def png(svg: str) -> bytes:
    """The drawing as a picture of twice its size in pixels."""
    # It serves one thread at a time, and refuses a second rather than making it wait.
    with _ONE_AT_A_TIME:
        made = _compiler().compile(input=PAGE, format="png", ppi=PPI, sys_inputs={"svg": svg})
    if not isinstance(made, bytes):
        raise TypeError("The chart came out as more than one picture.")
    return made


@cache
def _compiler() -> typst.Compiler:
    """Finding fonts takes longer than drawing, so one compiler serves the process."""
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)] if FONTS.is_dir() else [])
    return typst.Compiler(font_paths=fonts)
