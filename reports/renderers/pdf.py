"""The report as a tagged PDF/UA-1 file, set by typst."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from config.words import moment_words
from reports.renderers.document import Document, to_json

TEMPLATE = Path(__file__).with_name("report.typ")
FONTS = settings.BASE_DIR / "static" / "build" / "fonts"


class PdfProblem(Exception):
    """typst refused the document; the text says why. A document of ours never should be refused."""


def render_pdf(document: Document) -> bytes:
    """The PDF, conforming to PDF/UA-1 (tags, title, language, alternative texts). Raises PdfProblem.

    Everything goes in as one JSON value and is set as text, so that no `#` or `$` in it is read as markup.
    """
    data: dict[str, Any] = to_json(document) | {"as_of_words": moment_words(document.as_of)}
    try:
        made = _compiler().compile(
            input=TEMPLATE.read_bytes(),
            format="pdf",
            sys_inputs={"document": json.dumps(data)},
            pdf_standards=["ua-1"],
            timestamp=int(document.as_of.timestamp()),
        )
    except typst.TypstError as problem:
        raise PdfProblem(f"{problem.message} {' '.join(problem.hints)}".strip()) from problem
    if not isinstance(made, bytes):
        raise PdfProblem("The document came out as more than one file.")
    return made


@cache
def _compiler() -> typst.Compiler:
    """Finding fonts takes longer than setting ten pages, so one compiler serves the process."""
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)] if FONTS.is_dir() else [])
    return typst.Compiler(font_paths=fonts)
