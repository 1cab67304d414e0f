"""Files that people attach: board papers, photos of a visit, signed agreements."""

from __future__ import annotations

import hashlib
import unicodedata
import uuid
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import ProtectedError

from partnerships.actions.meeting_notices import tell_of_paper
from partnerships.errors import DomainError
from partnerships.models import Activity, AgendaItem, Agreement, Document, Meeting, Programme
from partnerships.queries.file_kinds import FileKind, ending_of, kind_of
from partnerships.tasks.telling import untell

LONGEST_NAME = 150
# What no file's name may hold on one of the systems that it is saved to.
FORBIDDEN = set('<>:"/\\|?*')
Parent = Meeting | AgendaItem | Activity | Programme | Agreement


@transaction.atomic
def attach_document(*, parent: Parent, file: UploadedFile, title: str = "", by: Any) -> Document:
    """Keep an uploaded file with a meeting (or one item of its agenda), an activity, a programme or an agreement.

    Raises DomainError with the field "file" for what is too large, not of a kind that is taken, or not what its name says.
    """
    if isinstance(parent, Meeting | AgendaItem):
        _check_open(parent.meeting_id if isinstance(parent, AgendaItem) else parent.pk)
    if (file.size or 0) > settings.DOCUMENT_MEGABYTES << 20:
        raise DomainError(f"The file must be {settings.DOCUMENT_MEGABYTES} MB or smaller.", field="file")
    kind = kind_of(file, file.name or "")
    name = clean_name(file.name or "", kind)
    document = Document(
        partnership_id=parent.partnership_id,
        title=" ".join(title.split())[:200] or name.rpartition(".")[0],
        file_name=name,
        content_type=kind.content_type,
        size=file.size or 0,
        sha256=_digest(file),
        uploaded_by=by,
        **_links(parent),
    )
    # What the file is called on the disk tells nobody anything, and nobody can guess it.
    document.file.save(uuid.uuid4().hex, file, save=False)
    try:
        with transaction.atomic():
            document.save()
    except Exception:
        document.file.delete(save=False)
        raise
    tell_of_paper(document, by=by)
    return document


@transaction.atomic
def remove_document(*, document: Document, by: Any) -> None:
    """Take a file away. Its record's history stays; the file itself is deleted once that is certain."""
    found = Document.objects.select_for_update().filter(pk=document.pk).first()
    if found is None:
        return
    if found.meeting_id:
        _check_open(found.meeting_id)
    try:
        with transaction.atomic():
            found.delete()
    except ProtectedError:
        raise DomainError(
            "This file is evidence on the way to an outcome, so it stays. Take it away there first."
        ) from None
    if found.meeting_id:
        untell(partnership_id=found.partnership_id, about=f"meeting {found.meeting_id} paper {document.pk}")
    storage, path = found.file.storage, found.file.name
    transaction.on_commit(lambda: storage.delete(path), robust=True)


def _check_open(meeting: int) -> None:
    """Held until the file is there or gone, so that minutes are never agreed in between."""
    if Meeting.objects.select_for_update(no_key=True).get(pk=meeting).minutes_agreed_on:
        raise DomainError(
            "The minutes of this meeting are agreed, so its papers stay as they are.", field="file"
        )


def _links(parent: Parent) -> dict[str, Any]:
    if isinstance(parent, AgendaItem):
        return {"meeting_id": parent.meeting_id, "agenda_item": parent}
    return {type(parent).__name__.lower(): parent}


def clean_name(name: str, kind: FileKind) -> str:
    """A name that can be shown and saved anywhere, with the ending of what the file is."""
    name = name.replace("\\", "/").rpartition("/")[2]
    ending = ending_of(name)
    stem = name[: -len(ending) - 1] if ending else name
    stem = "".join(" " if letter in FORBIDDEN else letter for letter in _printable(stem))
    stem = " ".join(stem.split()).strip(". ")[:LONGEST_NAME].strip()
    return f"{stem or 'document'}.{ending or kind.ending}"


def _printable(text: str) -> str:
    """Without letters that are not seen: control characters, and those that turn the direction of what follows."""
    return "".join(
        " " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter
        for letter in unicodedata.normalize("NFC", text)
        if unicodedata.category(letter) not in ("Cf", "Cs", "Co", "Cn")
    )


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while block := file.read(1 << 18):
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()
