"""A file that somebody attached, for whoever may read the record it belongs to; and taking it away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import FormView, View

from partnerships.actions.documents import remove_document
from partnerships.forms.documents import ConfirmForm
from partnerships.models import Board, Document, Partnership
from partnerships.queries.documents import documents_in
from partnerships.queries.file_kinds import KINDS, SHOWN
from partnerships.views.activity_door import may_edit
from people.access import ActionForm, PartnershipView
from people.permissions import Permission

# A file may do nothing at all in the browser. Not every viewer of PDFs opens in a sandbox; they run nothing of ours.
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
LOCKED = f"{NOTHING}; sandbox"


class DocumentPage(PartnershipView):
    """One document; the paper of a meeting is asked for as its board is."""

    document: Document

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            found = documents_in(self.partnership, request.user)
            self.document = get_object_or_404(found, pk=kwargs["pk"])

    def permission_object(self) -> Partnership | Board:
        return self.document.meeting.board if self.document.meeting_id else self.partnership


class DocumentFile(DocumentPage, View):
    """The file itself, never more than saved or shown: a browser runs nothing that is in it."""

    permission = Permission.VIEW_BOARD

    def check_permission(self) -> None:
        """A seat lets somebody read the papers of that board, and nothing that belongs to another record."""
        super().check_permission()
        if not self.document.meeting_id and not self.may(Permission.VIEW):
            raise PermissionDenied

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        document = self.document
        try:
            file = document.file.open("rb")
        except FileNotFoundError:
            raise Http404("This file is not there any more.") from None
        response = FileResponse(
            file,
            as_attachment=document.content_type not in SHOWN or "save" in request.GET,
            filename=document.file_name,
            content_type=document.content_type,
        )
        is_pdf = document.content_type == KINDS["pdf"].content_type
        response["Content-Security-Policy"] = NOTHING if is_pdf else LOCKED
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-cache"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


class RemoveDocument(ActionForm, DocumentPage, FormView):
    permission = Permission.MANAGE_MEETINGS
    template_name = "partnerships/documents/remove.html"
    form_class = ConfirmForm

    def check_permission(self) -> None:
        if not may_change(self, self.document):
            raise PermissionDenied("Only somebody who may change what it belongs to can remove a file.")

    def act(self, form: BaseForm) -> None:
        remove_document(document=self.document, by=self.request.user)
        messages.success(self.request, f"{self.document.title} is removed.")

    def get_success_url(self) -> str:
        return page_of(self.document, self.partnership.slug)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = self.get_success_url()
        return super().get_context_data(
            page_title=f"Remove {self.document.title}?",
            document=self.document,
            cancel_url=back,
            breadcrumbs=[{"label": str(parent_of(self.document)), "url": back}],
            **kwargs,
        )


def parent_of(document: Document) -> Any:
    return document.meeting or document.activity or document.programme or document.agreement


def may_change(view: PartnershipView, document: Document) -> bool:
    """Whoever may change the record may take its files away."""
    if document.activity_id:
        return may_edit(view, document.activity)
    if document.meeting_id:
        return view.may(Permission.MANAGE_MEETINGS)
    if document.programme_id:
        return view.may(Permission.MANAGE_PROGRAMMES)
    return view.may(Permission.MANAGE_PARTNERSHIP)


def page_of(document: Document, slug: str) -> str:
    """Where the record is read to which the document belongs."""
    if document.meeting_id:
        return reverse("meeting-detail", args=[slug, document.meeting.board_id, document.meeting_id])
    if document.activity_id:
        return reverse("activity-detail", args=[slug, document.activity_id])
    if document.programme_id:
        return reverse("programme-detail", args=[slug, document.programme_id])
    return reverse("agreement-detail", args=[slug, document.agreement_id])
