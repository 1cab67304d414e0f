"""The report as a tagged PDF/UA-1 file, set by typst."""

from __future__ import annotations

import json
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from config.words import moment_words
from reports.renderers.document import Document, to_json

TEMPLATE = Path(__file__).with_name("report.typ")
FONTS = settings.BASE_DIR / "static" / "build" / "fonts"
STANDARDS = ["ua-1"]
# Typst's words for a letter that no font of ours has.
NO_GLYPH = "could not be displayed"
NAMED = "Signs that the letters of this file lack are named in square brackets; the report’s page shows them as they were written."


class PdfProblem(Exception):
    """typst refused the document; the text says why. A document of ours never should be refused."""


def render_pdf(document: Document) -> bytes:
    """The PDF, conforming to PDF/UA-1 (tags, title, language, alternative texts). Raises PdfProblem.

    Everything goes in as one JSON value and is set as text, so that no `#` or `$` in it is read as markup. A sign for which
    no font of ours has a letter, which PDF/UA forbids, is named in its place: one emoji must not cost a board its report.
    """
    data: dict[str, Any] = to_json(document) | {"as_of_words": moment_words(document.as_of)}
    when = int(document.as_of.timestamp())
    try:
        return _compile(TEMPLATE.read_bytes(), data, when)
    except typst.TypstError as problem:
        if NO_GLYPH not in problem.message:
            raise _refused(problem) from problem
    named = _named(data) | {"about": f"{data['about']} {NAMED}".strip()}
    try:
        return _compile(TEMPLATE.read_bytes(), named, when)
    except typst.TypstError as problem:
        raise _refused(problem) from problem


def _compile(source: bytes, data: Any, when: int) -> bytes:
    made = _compiler().compile(
        input=source,
        format="pdf",
        sys_inputs={"document": json.dumps(data)},
        pdf_standards=STANDARDS,
        timestamp=when,
    )
    if not isinstance(made, bytes):
        raise PdfProblem("The document came out as more than one file.")
    return made


def _refused(problem: typst.TypstError) -> PdfProblem:
    return PdfProblem(f"{problem.message} {' '.join(problem.hints)}".strip())


@cache
def _compiler() -> typst.Compiler:
    """Finding fonts takes longer than setting ten pages, so one compiler serves the process."""
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)] if FONTS.is_dir() else [])
    return typst.Compiler(font_paths=fonts)


def _named(value: Any) -> Any:
    """The same data with every sign that cannot be displayed named; drawings bring their own letters and stay as they are."""
    if isinstance(value, list):
        return [_named(item) for item in value]
    if isinstance(value, dict):
        return {key: item if key == "svg" else _named(item) for key, item in value.items()}
    if isinstance(value, str) and not value.isascii():
        return "".join(sign if sign.isascii() or _can_display(sign) else _name(sign) for sign in value)
    return value


def _name(sign: str) -> str:
    """[bicycle]; nothing for what only joins or colours the sign before it."""
    if unicodedata.category(sign) in {"Cf", "Mn", "Sk", "Cn", "Co", "Cs"}:
        return ""
    return f"[{unicodedata.name(sign, 'sign').lower()}]"


@lru_cache(maxsize=4096)
def _can_display(sign: str) -> bool:
    try:
        _compile(PROBE, {"sign": sign}, 0)
    except typst.TypstError:
        return False
    return True


PROBE = b"""
#set document(title: "t")
#set text(font: ("Atkinson Hyperlegible Next", "Libertinus Serif"), lang: "en")
#json(bytes(sys.inputs.at("document"))).sign
"""
