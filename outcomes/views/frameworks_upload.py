"""A framework from a file: what it would do is shown before it is saved."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.views.generic import FormView

from outcomes.actions.frameworks import load_framework
from outcomes.forms.frameworks import ConfirmFrameworkForm, UploadFrameworkForm
from outcomes.imports.frameworks import Item, Wrong, as_text, read_items, read_text
from outcomes.queries.frameworks import preview_of
from outcomes.views.frameworks import FrameworkPages, said
from people.access import ActionForm
from people.permissions import Permission

FACTS = ("name", "publisher", "edition", "source_url", "licence")
SHOWN = 300


class UploadFramework(ActionForm, FrameworkPages, FormView):
    """The file is read and shown; the preview sends its items back as text, so that nothing is kept before Save."""

    permission = Permission.MANAGE_OUTCOMES
    template_name = "outcomes/frameworks/upload.html"

    @property
    def is_confirmed(self) -> bool:
        return "text" in self.request.POST

    def get_form_class(self) -> type[BaseForm]:
        return ConfirmFrameworkForm if self.is_confirmed else UploadFrameworkForm

    def act(self, form: BaseForm) -> HttpResponse | None:
        facts = {name: form.cleaned_data[name] for name in FACTS}
        if not self.is_confirmed:
            try:
                return self.preview(read_items(form.cleaned_data["file"].file), facts)
            except Wrong as wrong:
                for sentence in wrong.said[:20]:
                    form.add_error("file", sentence)
                return self.form_invalid(form)
        done = load_framework(
            items=read_text(form.cleaned_data["text"]),
            shared_by=self.partnership,
            by=self.request.user,
            **facts,
        )
        self.loaded = done.framework
        messages.success(self.request, f"{done.framework} is saved. {said(done)}")
        return None

    def get_success_url(self) -> str:
        return self.url("framework-detail", self.loaded.pk)

    def preview(self, items: list[Item], facts: dict[str, str]) -> HttpResponse:
        found = preview_of(self.partnership, facts["name"], items)
        context = super().get_context_data(
            page_title=f"Check {facts['name']} before it is saved",
            form=ConfirmFrameworkForm(initial=facts | {"text": as_text(items)}),
            facts=facts,
            found=found,
            rows=found.rows[:SHOWN],
            more=max(0, len(found.rows) - SHOWN),
        )
        return self.response_class(self.request, "outcomes/frameworks/preview.html", context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Load a framework from a file",
            submit_label="Check the file",
            cancel_url=self.url("framework-list"),
            **kwargs,
        )
