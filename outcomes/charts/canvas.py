"""Writes SVG with presentation attributes only, so that the same drawing serves a page under a strict content security
policy and the PDF renderer."""

import re

from .data import Mark
from .palette import INK, MARKS, PAPER
from .text import FONT_FAMILY, safe, shorten, text_width


def number(value: float) -> str:
    """A coordinate: one decimal, without a trailing zero or a negative nought, the same on every machine."""
    text = f"{value:.1f}"
    if text.endswith(".0"):
        text = text[:-2]
    return "0" if text == "-0" else text


def path(points: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


class Canvas:
    def __init__(self, width: float) -> None:
        self.width = width
        self._parts: list[str] = []

    def add(self, markup: str) -> None:
        """Markup of our own making; text of others goes through `text` or `title`."""
        self._parts.append(markup)

    def title(self, words: str, markup: str) -> None:
        """Markup that shows the words when pointed at."""
        self.add(f"<g><title>{safe(words)}</title>{markup}</g>")

    def line(
        self, x1: float, y1: float, x2: float, y2: float, colour: str, *, width: float = 1, dash: str = ""
    ) -> None:
        self.add(
            f'<line x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}" stroke="{colour}" '
            f'stroke-width="{number(width)}"{_dash(dash)}/>'
        )

    def polyline(
        self, points: list[tuple[float, float]], colour: str, *, width: float = 1, dash: str = ""
    ) -> None:
        self.add(
            f'<path d="{path(points)}" fill="none" stroke="{colour}" stroke-width="{number(width)}" '
            f'stroke-linejoin="round" stroke-linecap="{"butt" if dash else "round"}"{_dash(dash)}/>'
        )

    def area(self, points: list[tuple[float, float]], colour: str, opacity: float = 1) -> None:
        fade = "" if opacity == 1 else f' fill-opacity="{opacity:g}"'
        self.add(f'<path d="{path(points)}Z" fill="{colour}"{fade}/>')

    def rect(self, x: float, y: float, width: float, height: float, colour: str, extra: str = "") -> None:
        self.add(rect(x, y, width, height, colour, extra))

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = 13,
        colour: str = INK,
        anchor: str = "start",
        bold: bool = False,
        halo: bool = False,
        room: float | None = None,
        full: str = "",
    ) -> None:
        """Text with its baseline at y. Where `room` is too narrow it is shortened, with the whole of it as a tooltip."""
        shown = words if room is None else shorten(words, room, size, bold=bold)
        attributes = f'x="{number(x)}" y="{number(y)}" font-size="{number(size)}" fill="{colour}"'
        if anchor != "start":
            attributes += f' text-anchor="{anchor}"'
        if bold:
            attributes += ' font-weight="700"'
        if halo:
            attributes += f' stroke="{PAPER}" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke"'
        markup = f"<text {attributes}>{safe(shown)}</text>"
        whole = full or (words if shown.endswith("…") else "")
        if whole and whole != shown:
            self.title(whole, markup)
        else:
            self.add(markup)

    def svg(self, height: float, chart_id: str, title: str, description: str) -> str:
        return document(self.width, height, chart_id, title, description, "".join(self._parts))


def document(width: float, height: float, chart_id: str, title: str, description: str, body: str) -> str:
    key = re.sub(r"[^A-Za-z0-9_-]", "-", chart_id) or "chart"
    size = f"{number(width)} {number(height)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{number(width)}" height="{number(height)}" viewBox="0 0 {size}" '
        f'role="img" id="{key}" aria-labelledby="{key}-title {key}-desc" font-family="{FONT_FAMILY}">'
        f'<title id="{key}-title">{safe(title)}</title><desc id="{key}-desc">{safe(description)}</desc>'
        f"{rect(0, 0, width, height, PAPER)}{body}</svg>"
    )


def rect(x: float, y: float, width: float, height: float, colour: str, extra: str = "") -> str:
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" '
        f'fill="{colour}"{extra}/>'
    )


def _dash(dash: str) -> str:
    return f' stroke-dasharray="{dash}"' if dash else ""


def shape(kind: str, x: float, y: float, radius: float, colour: str, *, hollow: bool = False) -> str:
    """A mark around (x, y). The shapes are drawn to look equally heavy, not to the same box."""
    paint = f'fill="{PAPER}" stroke="{colour}" stroke-width="2"' if hollow else f'fill="{colour}"'
    if kind == "circle":
        return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" {paint}/>'
    if kind == "square":
        half = radius * 0.95
        corners = [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]
    elif kind == "triangle":
        half, up, down = radius * 1.2, radius * 1.25, radius * 0.85
        corners = [(x, y - up), (x + half, y + down), (x - half, y + down)]
    else:
        half = radius * 1.3
        corners = [(x, y - half), (x + half, y), (x, y + half), (x - half, y)]
    return f'<path d="{path(corners)}Z" {paint} stroke-linejoin="round"/>'


def mark(
    kind: Mark | str | None, x: float, y: float, radius: float, plain: str, *, hollow: bool = False
) -> str:
    """The mark of a judged point, or a plain dot in the series' own colour."""
    if kind is None:
        return shape("circle", x, y, radius, plain, hollow=hollow)
    style = MARKS[Mark(kind)]
    return shape(style.shape, x, y, radius, style.colour, hollow=hollow)


def widest(words: list[str] | tuple[str, ...], size: float, *, bold: bool = False) -> float:
    return max((text_width(text, size, bold=bold) for text in words), default=0.0)
