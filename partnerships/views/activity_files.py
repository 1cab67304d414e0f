"""Attaching a file to an activity."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.views.generic import FormView

from partnerships.actions.documents import attach_document
from partnerships.forms.documents import DocumentForm
from partnerships.views.activity_door import activity_or_404, may_edit
from people.access import ActionForm, PartnershipView
from people.permissions import Permission


class AttachFile(ActionForm, PartnershipView, FormView):
    permission = Permission.LOG_ACTIVITY
    form_class = DocumentForm
    template_name = "layouts/form.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.activity = activity_or_404(self, kwargs["pk"])

    def check_permission(self) -> None:
        super().check_permission()
        if not may_edit(self, self.activity):
            raise PermissionDenied("Only its authors, or an officer, can attach files to it.")

    def get_success_url(self) -> str:
        return reverse("activity-detail", args=[self.partnership.slug, self.activity.pk])

    def act(self, form: Any) -> None:
        made = attach_document(parent=self.activity, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"{made.title} is attached.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug, url = self.partnership.slug, self.get_success_url()
        crumbs = [
            {"label": "Activities", "url": reverse("activity-list", args=[slug])},
            {"label": self.activity.title, "url": url},
        ]
        told = {"page_title": "Attach a file", "cancel_url": url, "breadcrumbs": crumbs}
        return super().get_context_data(**kwargs | told | {"submit_label": "Attach"})
