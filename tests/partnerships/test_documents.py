"""Files that people attach: which are taken, what they are called, who may read them, and that they go when they go."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from partnerships.actions.activities import log_activity
from partnerships.actions.documents import attach_document, remove_document
from partnerships.errors import DomainError
from partnerships.models import Document, Visibility
from partnerships.renderers.documents import document_rows, size_words

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"


def zipped(**parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in parts.items():
            archive.writestr(NAMES.get(name, name), text)
    return made.getvalue()


NAMES = {
    "types": "[Content_Types].xml",
    "macro": "word/vbaProject.bin",
    "basic": "Basic/Standard/Module1.xml",
}


def office(main, **parts):
    return zipped(types=f'<Types><Override ContentType="{main}"/></Types>', **parts)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def activity(world):
    from datetime import date

    return log_activity(
        partnership=world.partnership, title="Visit", happened_on=date(2026, 3, 1), by=world.officer
    )


def attach(activity, name, content, **kwargs):
    return attach_document(
        parent=activity, file=SimpleUploadedFile(name, content), by=activity.created_by, **kwargs
    )


GOOD = [
    ("paper.pdf", PDF, "application/pdf"),
    ("PAPER.PDF", PDF, "application/pdf"),
    ("paper.docx", office(WORD), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("figures.xlsx", office(SHEET), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("talk.pptx", office(SLIDES), "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("paper.odt", zipped(mimetype="application/vnd.oasis.opendocument.text"), "application/vnd.oasis.opendocument.text"),
    ("t.ods", zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet"),
    ("t.odp", zipped(mimetype="application/vnd.oasis.opendocument.presentation"), "application/vnd.oasis.opendocument.presentation"),
    ("notes.txt", "Höllo 🌳 سلام".encode(), "text/plain"),
    ("notes.md", b"# Notes", "text/markdown"),
    ("old.csv", "Caf\xe9;1".encode("cp1252"), "text/csv"),
    ("photo.jpeg", b"\xff\xd8\xff\xe0" + b"\x00" * 9, "image/jpeg"),
    ("photo.png", PNG, "image/png"),
    ("photo.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
    ("photo.gif", b"GIF89a\x01\x00", "image/gif"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "content_type"), GOOD, ids=[name for name, *_ in GOOD])
def test_what_is_taken(activity, name, content, content_type):
    made = attach(activity, name, content)
    assert (made.content_type, made.size, made.file_name) == (
        content_type,
        len(content),
        name.replace("PDF", "pdf"),
    )
    with made.file.open("rb") as kept:
        assert kept.read() == content


BAD = [
    ("empty.pdf", b"", "is empty"),
    ("page.html", b"<!doctype html><script>alert(1)</script>", "web page"),
    ("notes.txt", b"\xef\xbb\xbf  <script>alert(1)</script>", "web page"),
    ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "web page"),
    ("drawing.png", b'<?xml version="1.0"?><svg/>', "web page"),
    ("run.exe", b"MZ\x90\x00", "program"),
    ("paper.pdf", b"MZ\x90\x00", "program"),
    ("run.txt", b"#!/bin/sh\nrm -rf /", "program"),
    ("run.bat", b"del everything", "not taken"),
    ("paper.pdf", PNG, "says .pdf, but inside it is a PNG picture"),
    ("paper.docx", office(SHEET), "says .docx, but inside it is an Excel"),
    ("photo.jpg", PDF, "says .jpg, but inside it is a PDF"),
    ("paper.docm", office("application/vnd.ms-word.document.macroEnabled.main+xml"), "macros"),
    ("paper.docx", office(WORD, macro=b"x"), "macros"),
    ("paper.odt", zipped(mimetype="application/vnd.oasis.opendocument.text", basic=b"x"), "macros"),
    ("many.zip", zipped(readme=b"x"), "archive"),
    ("paper.docx", b"PK\x03\x04 broken", "damaged"),
    ("paper.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office file"),
    ("photo.heic", b"\x00\x00\x00\x18ftypheic", "JPEG"),
    ("notes.txt", b"one\x00two", "UTF-8"),
    ("notes.txt", "Notes".encode("utf-16"), "UTF-8"),
    ("sound.wav", b"RIFF\x00\x00\x00\x00WAVEfmt ", "not taken"),
]


@pytest.mark.parametrize(("name", "content", "sentence"), BAD, ids=[f"{n}: {s}" for n, _, s in BAD])
def test_what_is_refused_and_nothing_is_kept(activity, media, name, content, sentence):
    with pytest.raises(DomainError) as refused:
        attach(activity, name, content)
    assert sentence in refused.value.message
    assert refused.value.field == "file"
    assert not Document.objects.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_too_large(activity, settings):
    settings.DOCUMENT_MEGABYTES = 1
    with pytest.raises(DomainError, match="1 MB or smaller"):
        attach(activity, "large.txt", b"x" * ((1 << 20) + 1))
    assert attach(activity, "just.txt", b"x" * (1 << 20)).size == 1 << 20


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a\u202efdp.pdf", "afdp.pdf"),
        ("no ending", "no ending.pdf"),
        ("  spaces   in  it .pdf", "spaces in it.pdf"),
        ("what: is? this*.pdf", "what is this.pdf"),
        ("Straße 🌳 سلام.pdf", "Straße 🌳 سلام.pdf"),
        (".pdf", "pdf.pdf"),
        ("x" * 240 + ".pdf", "x" * 150 + ".pdf"),
    ],
)
def test_names_are_cleaned(activity, name, kept):
    file = SimpleUploadedFile("x.pdf", PDF)
    file._name = name
    assert attach_document(parent=activity, file=file, by=activity.created_by).file_name == kept


def test_a_guess_leads_nowhere(activity):
    """The name on the disk holds nothing of what was uploaded, and no address of the web server leads there."""
    made = attach(activity, "secret-plan.pdf", PDF, title="The plan")
    assert "secret" not in made.file.name
    assert "." not in Path(made.file.name).name
    assert made.title == "The plan"
    assert not settings.MEDIA_URL.strip("/")


def test_removing_deletes_the_file_once_it_is_certain(activity, media, django_capture_on_commit_callbacks):
    made = attach(activity, "paper.pdf", PDF)
    path = Path(made.file.path)
    with django_capture_on_commit_callbacks() as waiting:
        remove_document(document=made, by=activity.created_by)
    assert path.exists()
    for call in waiting:
        call()
    assert not path.exists()
    assert not Document.objects.exists()
    remove_document(document=made, by=activity.created_by)


# --- Pages -------------------------------------------------------------------------------------------------------
def address(document, name="document"):
    return reverse(name, args=["testborough-together", document.pk])


def test_served_so_that_nothing_in_it_runs(activity, as_):
    picture = as_("observer").get(address(attach(activity, "photo.png", PNG)))
    assert b"".join(picture.streaming_content) == PNG
    assert picture["Content-Disposition"].startswith("inline")
    assert picture["Content-Security-Policy"].endswith("sandbox")
    assert picture["X-Content-Type-Options"] == "nosniff"
    assert "private" in picture["Cache-Control"]
    text = as_("observer").get(address(attach(activity, "سلام notes.txt", b"Notes")))
    assert text["Content-Disposition"].startswith("attachment")
    assert "filename*=utf-8''" in text["Content-Disposition"]
    pdf = as_("observer").get(address(attach(activity, "paper.pdf", PDF)))
    assert pdf["Content-Disposition"].startswith("inline")
    assert "sandbox" not in pdf["Content-Security-Policy"]
    assert "default-src 'none'" in pdf["Content-Security-Policy"]


def test_a_lost_file_is_a_page_that_says_so(activity, as_):
    made = attach(activity, "paper.pdf", PDF)
    Path(made.file.path).unlink()
    assert as_("observer").get(address(made)).status_code == 404


def test_who_may_read_the_record_may_read_the_file(activity, as_, client, world):
    from datetime import date

    made = attach(activity, "paper.pdf", PDF)
    assert as_("resident").get(address(made)).status_code == 200
    assert as_("stranger").get(address(made)).status_code == 404
    assert client.get(address(made)).status_code == 302
    kept = log_activity(
        partnership=world.partnership,
        title="Not ready",
        happened_on=date(2026, 3, 1),
        visibility=Visibility.AUTHORS,
        by=world.officer,
    )
    made = attach(kept, "draft.pdf", PDF)
    assert as_("officer").get(address(made)).status_code == 200
    assert as_("manager").get(address(made)).status_code == 404
    assert as_("manager").post(address(made, "document-remove")).status_code == 404


def test_who_may_change_the_record_may_remove_the_file(activity, as_, world):
    made = attach(activity, "paper.pdf", PDF)
    page = address(made, "document-remove")
    for role in ("observer", "resident", "chair", "partner"):
        assert as_(role).get(page).status_code == 403
        assert as_(role).post(page).status_code == 403
    assert as_("stranger").post(page).status_code == 404
    assert "paper.pdf" in as_("officer").get(page).content.decode()
    assert Document.objects.exists()
    answer = as_("officer").post(page)
    assert answer.url == reverse("activity-detail", args=["testborough-together", activity.pk])
    assert not Document.objects.exists()


def test_rows_say_what_it_is(activity):
    attach(activity, "paper.pdf", PDF, title="Board paper")
    [row] = document_rows(Document.objects.select_related("uploaded_by"), "testborough-together")
    assert row["title"] == "Board paper"
    assert row["kind"] == f"PDF, {len(PDF)} bytes"
    assert row["about"].startswith("Test officer, ")
    assert row["remove_url"] == ""


@pytest.mark.parametrize(
    ("size", "words"),
    [(1, "1 byte"), (12_400, "12 KB"), (999_499, "999 KB"), (3_400_000, "3.4 MB"), (2_000_000, "2.0 MB")],
)
def test_sizes_in_words(size, words):
    assert size_words(size) == words
