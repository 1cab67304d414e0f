"""A report as a tree, as JSON and as an accessible PDF: nothing that people write is ever read as markup."""

import io
import re
import subprocess
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.renderers.document import (
    Bullets,
    Callout,
    Chart,
    Document,
    KeyFigures,
    Paragraph,
    Section,
    Subheading,
    Table,
    from_json,
    to_json,
)
from reports.renderers.pdf import PdfProblem, render_pdf

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10" viewBox="0 0 20 10"><path d="M0 0L20 10" stroke="#000"/></svg>'


def document(*blocks, **fields):
    fields = {
        "title": "Monthly report",
        "partnership": "Testborough Together",
        "period": "October 2026",
        "as_of": datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
        "summary": ("All is well.",),
        "about": "Made by hand.",
    } | fields
    return Document(sections=(Section("What happened", blocks or (Paragraph("Much."),)),), **fields)


EVERY_BLOCK = (
    Paragraph("Plain words"),
    Subheading("A smaller heading"),
    Bullets((("First", "rest"), ("", "no first part"), ("Only first", ""))),
    Table("A table", ("Name", "Number"), (("Walks", "12"), ("Swims", "3")), (1,)),
    Chart(SVG, "A line that rises", "A chart"),
    KeyFigures((("Activities", "12", "3 before"), ("Hours", "4", ""))),
    Callout("Mind this"),
)


def text_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def has_pdftotext() -> bool:
    try:
        return subprocess.run(["pdftotext", "-v"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


needs_pdftotext = pytest.mark.skipif(
    not has_pdftotext(), reason="pdftotext (poppler-utils) is not on this machine"
)


def test_what_is_frozen_comes_back_equal():
    made = document(*EVERY_BLOCK)
    assert from_json(to_json(made)) == made


words = st.text(alphabet=st.characters(blacklist_categories=("Cs",)), max_size=60)
blocks = st.one_of(
    st.builds(Paragraph, words),
    st.builds(Bullets, st.lists(st.tuples(words, words), max_size=4).map(tuple)),
    st.builds(
        Table,
        words,
        st.just(("a", "b")),
        st.lists(st.tuples(words, words), max_size=3).map(tuple),
        st.just((1,)),
    ),
    st.builds(KeyFigures, st.lists(st.tuples(words, words, words), min_size=1, max_size=5).map(tuple)),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(blocks, max_size=5))
def test_any_words_are_frozen_and_come_back(several):
    made = document(*several)
    assert from_json(to_json(made)) == made


def test_a_block_of_a_later_version_is_refused_by_name():
    frozen = to_json(document())
    frozen["sections"][0]["blocks"][0]["kind"] = "hologram"
    with pytest.raises(ValueError, match="hologram"):
        from_json(frozen)


def test_the_pdf_is_tagged_titled_and_in_english():
    pdf = render_pdf(document(*EVERY_BLOCK))
    assert pdf.startswith(b"%PDF-1.7")
    assert b"/MarkInfo" in pdf
    assert b"/StructTreeRoot" in pdf
    assert re.search(rb"/Lang\s*\(en-GB\)", pdf)
    assert b"pdfuaid:part" in pdf or b"pdfuaid" in pdf


NASTY = [
    '#panic("x")',
    "$ x^2 $",
    "*bold* _thin_ `code`",
    "= heading",
    "\\",
    "]][[",
    "{}}{",
    "// not a comment",
    "/* nor this */",
    '#read("/etc/passwd")',
    "<label> @ref",
    "https://example.org/a_b*c",
    "'\"'\"",
    "% & ~ ^",
    "🚲🏊‍♀️",
    "مرحبا بالجميع",
    "漢字",
    "e\u0301 ﬁ \u200b",
    "\t tab",
    "a" * 400,
]


@needs_pdftotext
@pytest.mark.parametrize("nasty", NASTY)
def test_nothing_people_write_is_read_as_markup(nasty):
    made = document(
        Paragraph(f"begin {nasty} end"),
        Bullets(((nasty, nasty),)),
        Table(nasty, (nasty, "b"), ((nasty, "1"),), (1,)),
        KeyFigures(((nasty, nasty, nasty),)),
        Callout(nasty),
        Subheading(nasty),
        title=f"T {nasty}",
        summary=(nasty,),
    )
    text = text_of(render_pdf(made))
    assert "begin" in text
    if nasty.isascii() and len(nasty) < 40:
        for piece in nasty.split():
            assert piece in text


@needs_pdftotext
def test_a_sign_that_no_letter_of_ours_shows_is_named_and_costs_nobody_the_report():
    made = document(Paragraph("Rode 🚲 with 漢 and café, naïve, Łódź, مرحبا"))
    text = text_of(render_pdf(made))
    assert "[bicycle]" in text
    assert "café, naïve, Łódź" in text
    assert "named in square brackets" in text
    assert "named in square brackets" not in text_of(render_pdf(document(Paragraph("café"))))


def test_ten_thousand_characters_and_a_long_table_break_over_pages():
    rows = tuple((f"Row {number}", str(number)) for number in range(200))
    pdf = render_pdf(document(Paragraph("word " * 2000), Table("Long", ("Name", "Number"), rows, (1,))))
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) > 4


def test_the_same_document_gives_the_same_file():
    made = document(*EVERY_BLOCK)
    assert render_pdf(made) == render_pdf(made)


def test_a_drawing_that_is_none_is_refused_and_not_left_out():
    with pytest.raises(PdfProblem):
        render_pdf(document(Chart("this is no svg", "Nothing", "")))


def test_a_chart_without_words_is_refused():
    with pytest.raises(PdfProblem):
        render_pdf(document(Chart(SVG, "", "")))


def test_pages_can_be_read_as_a_stream():
    assert io.BytesIO(render_pdf(document())).read(5) == b"%PDF-"
