"""Measuring, shortening and escaping text without a browser.

A chart is drawn before anybody knows which font will show it, so each character counts with the wider of two advances: that of
Atkinson Hyperlegible Next (ours) and that of Arial (the fallback), rounded up to a twentieth of an em.
"""

import unicodedata
from functools import lru_cache
from html import escape

FONT_FAMILY = "'Atkinson Hyperlegible Next', Arial, Helvetica, sans-serif"

_HUNDREDTHS = {
    20: "'",
    25: "jĵſ‘’",
    30: "!,.:;il| ¦·ìíîïĨĩīĬĭįıĺļłŧ\u00a0",
    35: "()[]`frt{}¡´¸¹ľŀŕŗřţ",
    40: '"-/I\\¨ª°²³ºÌÍÎÏĪĮİť“”',
    45: "•",
    50: "*cksvxyzçýÿćĉċčĳĴķĸśŝşšŷźżž↑↓",
    55: "J¶≥≤",
    60: "$1235679<>?L^_abdeghnopqu~¢¤¥§«¯±µ»×àáâãäåèéêëðñòóôõöùúûüþāăąđēĕėęěĝğġģĥħĹĻĽĿŁńņňŋōŏőũūŭůűų–",
    65: "+048=FTZ£¬¿ß÷øďŉŢŤŦŹŻŽ−",
    70: "#ABEKPSVXYÀÁÂÃÄÅÈÉÊËÝÞĀĂĄĒĔĖĘĚĶŚŜŞŠŶŸ€",
    75: "&CDHNRUwÇÐÑÙÚÛÜĆĈĊČĎĐĤĦŃŅŇŊŔŖŘŨŪŬŮŰŲŵ",
    80: "GOQ©®ÒÓÔÕÖØĜĞĠĢŌŎŐ",
    85: "Mm¼½",
    90: "¾æ",
    95: "%WĲœŴ",
    100: "Æ—…™→",
    105: "@Œ",
}
_WIDTHS = {character: hundredths / 100 for hundredths, group in _HUNDREDTHS.items() for character in group}
_BOLD = 1.1
# Direction overrides can make a name read as something else; XML cannot hold the others at all.
_UNSAFE = dict.fromkeys(
    [*range(0x20), *range(0x7F, 0xA0), 0x200E, 0x200F, *range(0x202A, 0x202F), 0xFFFE, 0xFFFF]
)
_UNSAFE |= dict.fromkeys(range(0xD800, 0xE000)) | {ord("\t"): " ", ord("\n"): " ", ord("\r"): " "}


def clean(text: str) -> str:
    """The same text without characters that XML forbids or that reorder what is read."""
    return text if text.isascii() and text.isprintable() else text.translate(_UNSAFE)


def safe(text: str) -> str:
    """Cleaned and escaped: fit for an element's text or an attribute."""
    return escape(clean(text))


def _width_of(character: str) -> float:
    width = _WIDTHS.get(character)
    if width is not None:
        return width
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0.0
    return 1.35 if unicodedata.east_asian_width(character) in "WF" else 0.95


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    width = sum(map(_width_of, clean(text))) * size
    return width * _BOLD if bold else width


def shorten(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    text = clean(text)
    if text_width(text, size, bold=bold) <= width:
        return text
    room = width / (size * (_BOLD if bold else 1)) - _WIDTHS["…"]
    end = 0
    for character in text:
        room -= _width_of(character)
        if room < 0:
            break
        end += 1
    # Never cut between a letter and the accent, or an emoji and the joiner, that belongs to it.
    while 0 < end < len(text) and _width_of(text[end]) == 0.0:
        end -= 1
    return text[:end].rstrip(" ,;:–-") + "…"


def wrap(text: str, width: float, size: float, *, lines: int, bold: bool = False) -> list[str]:
    """At most `lines` lines that each fit; the last one is shortened when words are left over."""
    rows: list[str] = []
    words = clean(text).split()
    while words:
        if len(rows) == lines - 1:
            rows.append(shorten(" ".join(words), width, size, bold=bold))
            break
        row = [words.pop(0)]
        while words and text_width(" ".join([*row, words[0]]), size, bold=bold) <= width:
            row.append(words.pop(0))
        rows.append(shorten(" ".join(row), width, size, bold=bold))
    return rows
