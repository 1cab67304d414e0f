"""What kind of file this is, told by its content and never by its name; what may run, or hides what it holds, is refused."""

from __future__ import annotations

import codecs
import re
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

from partnerships.errors import DomainError

WHAT_IS_TAKEN = "PDF, Word, Excel, PowerPoint, OpenDocument, text, CSV, Markdown or a photo"
# The beginning of a file, and as much of a list of parts as any office program writes.
START = 4096
LONGEST_LIST = 2_000_000
MOST_PARTS = 20_000


@dataclass(frozen=True, slots=True)
class FileKind:
    ending: str
    content_type: str
    words: str
    other_endings: tuple[str, ...] = ()
    is_picture: bool = False

    @property
    def with_article(self) -> str:
        return f"{'an' if self.words[0] in 'EO' else 'a'} {self.words}"

    @property
    def endings(self) -> tuple[str, ...]:
        return (self.ending, *self.other_endings)


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
KINDS = {
    kind.ending: kind
    for kind in (
        FileKind("pdf", "application/pdf", "PDF"),
        FileKind("docx", f"{_OFFICE}wordprocessingml.document", "Word document"),
        FileKind("xlsx", f"{_OFFICE}spreadsheetml.sheet", "Excel workbook"),
        FileKind("pptx", f"{_OFFICE}presentationml.presentation", "PowerPoint presentation"),
        FileKind("odt", f"{_OPEN}text", "OpenDocument text"),
        FileKind("ods", f"{_OPEN}spreadsheet", "OpenDocument spreadsheet"),
        FileKind("odp", f"{_OPEN}presentation", "OpenDocument presentation"),
        FileKind("txt", "text/plain", "text file"),
        FileKind("csv", "text/csv", "CSV table"),
        FileKind("md", "text/markdown", "Markdown text", ("markdown",)),
        FileKind("png", "image/png", "PNG picture", is_picture=True),
        FileKind("jpg", "image/jpeg", "JPEG picture", ("jpeg", "jfif"), is_picture=True),
        FileKind("webp", "image/webp", "WebP picture", is_picture=True),
        FileKind("gif", "image/gif", "GIF picture", is_picture=True),
    )
}
TEXTS = ("txt", "csv", "md")
# A browser may show these in its window; everything else is only ever saved.
SHOWN = {kind.content_type for kind in KINDS.values() if kind.is_picture or kind.ending == "pdf"}
_MAIN_PARTS = {
    "wordprocessingml.document.main+xml": "docx",
    "spreadsheetml.sheet.main+xml": "xlsx",
    "presentationml.presentation.main+xml": "pptx",
}
_RUNS = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"#!",
)
_SENTENCES = (
    (b"\xd0\xcf\x11\xe0", "This is an old Office file, or one with a password. Save it without a password as .docx, .xlsx or .pptx."),
    (b"{\\rtf", "This is an RTF file. Save it as .docx or PDF."),
    (b"Rar!", "This is an archive. Upload the files in it one by one."),
    (b"7z\xbc\xaf", "This is an archive. Upload the files in it one by one."),
    (b"\x1f\x8b", "This is an archive. Upload the files in it one by one."),
)  # fmt: skip
# Bytes below a space but tab, line feed, form feed and carriage return: no text holds them, in UTF-8 or before it.
_NEVER_TYPED = bytes(set(range(32)) - {9, 10, 12, 13})
_MARKUP = re.compile(rb"\s*<\s*(!|\?xml|html|head|body|script|svg|iframe|meta|table|div)", re.IGNORECASE)


def kind_of(file: BinaryIO, name: str) -> FileKind:
    """The kind of an uploaded file. Raises DomainError for one that is not taken, or that is not what its name says."""
    kind = _by_content(file, ending_of(name))
    ending = ending_of(name)
    if ending and ending not in kind.endings:
        raise _refused(
            f"The file’s name says .{ending[:10]}, but inside it is {kind.with_article}. Save it again as what it is, and upload that."
        )
    return kind


def ending_of(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return ending.lower().strip() if dot and stem else ""


def _refused(sentence: str) -> DomainError:
    return DomainError(sentence, field="file")


def _by_content(file: BinaryIO, ending: str) -> FileKind:
    file.seek(0)
    start = file.read(START)
    if not start.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise _refused("The file is empty.")
    if start.startswith(_RUNS):
        raise _refused(f"This is a program, whatever its name says. Upload {WHAT_IS_TAKEN}.")
    for magic, sentence in _SENTENCES:
        if start.startswith(magic):
            raise _refused(sentence)
    if start[4:8] == b"ftyp":
        raise _refused(
            "This is a film, or a photo in Apple’s own format. Save a photo as JPEG and upload that."
        )
    if start.startswith(b"PK"):
        return _in_zip(file)
    if b"%PDF-" in start[:1024]:
        return KINDS["pdf"]
    return _picture(start) or _text(file, start, ending)


def _picture(start: bytes) -> FileKind | None:
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return KINDS["png"]
    if start.startswith(b"\xff\xd8\xff"):
        return KINDS["jpg"]
    if start.startswith((b"GIF87a", b"GIF89a")):
        return KINDS["gif"]
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return KINDS["webp"]
    return None


def _in_zip(file: BinaryIO) -> FileKind:
    """Office files are archives with a list of what they hold. Nothing else of them is unpacked."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            if len(names) > MOST_PARTS:
                raise _refused("This archive holds too many files.")
            if "[Content_Types].xml" in names:
                return _office(_part(archive, "[Content_Types].xml"), names)
            if "mimetype" in names:
                return _open_document(_part(archive, "mimetype"), names)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, RuntimeError, NotImplementedError, EOFError):
        raise _refused("The file is damaged. Open it, save it again, and upload that.") from None
    raise _refused("This is an archive. Upload the files in it one by one.")


def _part(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as part:
        return part.read(LONGEST_LIST).decode("utf-8", errors="replace")


def _office(listed: str, names: list[str]) -> FileKind:
    lower = [name.lower() for name in names]
    if "macroenabled" in listed.lower() or any(n.endswith(("vbaproject.bin", ".exe", ".js")) for n in lower):
        raise _refused("This file holds macros, which can run by themselves. Save it without macros.")
    if any("/activex/" in name for name in lower):
        raise _refused("This file holds controls that can run by themselves. Save it as PDF.")
    for part, ending in _MAIN_PARTS.items():
        if f"{_OFFICE}{part}" in listed:
            return KINDS[ending]
    raise _refused("This is an Office template or show. Save it as .docx, .xlsx, .pptx or PDF.")


def _open_document(said: str, names: list[str]) -> FileKind:
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in names):
        raise _refused("This file holds macros, which can run by themselves. Save it without macros.")
    for ending in ("odt", "ods", "odp"):
        if said.strip() == KINDS[ending].content_type:
            return KINDS[ending]
    raise _refused(f"This kind of file is not taken. Upload {WHAT_IS_TAKEN}.")


def _text(file: BinaryIO, start: bytes, ending: str) -> FileKind:
    """Text in whatever alphabet, with nothing in it that a browser would take for a page."""
    if _MARKUP.match(start.removeprefix(codecs.BOM_UTF8)):
        raise _refused("This is a web page or a drawing that can hold programs. Save it as PDF or PNG.")
    file.seek(0)
    while block := file.read(1 << 18):
        if len(block.translate(None, _NEVER_TYPED)) < len(block):
            said = "The text’s letters can’t be read. Save it as UTF-8." if ending in TEXTS else ""
            raise _refused(said or f"This kind of file is not taken. Upload {WHAT_IS_TAKEN}.")
    if ending and ending not in (name for text in TEXTS for name in KINDS[text].endings):
        raise _refused(f"Files that end in .{ending[:10]} are not taken. Upload {WHAT_IS_TAKEN}.")
    return KINDS["md" if ending in KINDS["md"].endings else ending or "txt"]
