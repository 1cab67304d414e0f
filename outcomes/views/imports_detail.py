"""One import afterwards: what it was, the rows it refused, and taking it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify
from django.views.generic import FormView, TemplateView, View

from config.words import moment_words
from outcomes.actions import imports as actions
from outcomes.forms.imports import UndoForm
from outcomes.models import BatchStatus, RowVerdict
from outcomes.queries import imports as queries
from outcomes.views.imports import BatchView
from outcomes.views.imports_preview import UNDERWAY, groups_table, underway
from people.access import ActionForm
from reports.renderers.csv import csv_lines


class Detail(BatchView, TemplateView):
    """One import: what it was, what it changed, who did it, and whether it was taken back."""

    def get_template_names(self) -> list[str]:
        return [
            "outcomes/imports/underway.html"
            if self.batch.status in UNDERWAY
            else "outcomes/imports/detail.html"
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.here() != request.path:
            return redirect(self.here())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        batch = self.batch
        context = super().get_context_data(breadcrumbs=self.trail(), batch=batch, **kwargs)
        if batch.status in UNDERWAY:
            return context | underway(self)
        return context | {
            "page_title": batch.file_name,
            "facts": self._facts(),
            "by_group": groups_table(batch) if batch.saved_at else None,
            "refused_url": self.url("import-refused", batch.pk) if self._has_refused() else "",
            "undo_url": self.url("import-undo", batch.pk) if batch.status == BatchStatus.SAVED else "",
            "measure_url": self.url("measure", batch.measure.slug) if batch.measure else "",
        }

    def _has_refused(self) -> bool:
        return queries.staged_rows(self.batch, RowVerdict.REFUSED).exists()

    def _facts(self) -> list[dict[str, str]]:
        batch = self.batch
        saved = batch.status in (BatchStatus.SAVED, BatchStatus.UNDONE)
        rows = [
            ("Status", batch.get_status_display()),
            ("Measure", str(batch.measure or "")),
            ("Source", batch.source),
            ("Uploaded", _who_and_when(batch.uploaded_by, batch.uploaded_at)),
            ("Saved", _who_and_when(batch.saved_by, batch.saved_at) if batch.saved_at else ""),
            ("Undone", _who_and_when(batch.undone_by, batch.undone_at) if batch.undone_at else ""),
            ("New figures", f"{batch.rows_new:,}" if saved else ""),
            ("Changed figures", f"{batch.rows_changed:,}" if saved else ""),
            ("Unchanged", f"{batch.rows_unchanged:,}" if saved else ""),
            ("Refused", f"{batch.rows_refused:,}" if saved else ""),
            (
                "Left out, about two breakdowns at once",
                f"{batch.rows_crossed:,}" if saved and batch.rows_crossed else "",
            ),
            ("Left out by the filters", f"{batch.rows_skipped:,}" if saved and batch.rows_skipped else ""),
            ("Columns read with", str(batch.recipe or "")),
        ]
        return [{"label": label, "value": value} for label, value in rows if value]


def _who_and_when(person: Any, moment: Any) -> str:
    when = moment_words(moment)
    return f"{when}, by {person}" if person else when


class RefusedRows(BatchView, View):
    """The refused rows as a file, to be put right where they came from."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        headers = ["row", "column", "place", "group", "period", "figure", "reason"]
        response = StreamingHttpResponse(
            csv_lines(headers, queries.refused_rows(self.batch)), content_type="text/csv; charset=utf-8"
        )
        name = slugify(self.batch.file_name.rsplit(".", 1)[0]) or "import"
        response["Content-Disposition"] = f'attachment; filename="{name}-refused-rows.csv"'
        return response


class Undo(ActionForm, BatchView, FormView):
    form_class = UndoForm
    template_name = "outcomes/imports/undo.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            if self.batch.saved_at is None:
                raise Http404("Nothing of this upload was saved.")
            is_saved = self.batch.status == BatchStatus.SAVED
            self.changed, self.changed_rows = queries.changed_since(self.batch) if is_saved else (0, [])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"changed": self.changed}

    def act(self, form: BaseForm) -> None:
        self.batch = actions.undo_import(batch=self.batch, by=self.request.user, **form.cleaned_data)
        if self.batch.status == BatchStatus.UNDONE:
            messages.success(self.request, "The import was undone. What stood before stands again.")

    def get_success_url(self) -> str:
        return self.here()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        groups = [("Group", "group")] if self.batch.groups else []
        columns = [
            ("Place", "place"),
            *groups,
            ("Period", "period"),
            ("Imported", "imported"),
            ("Now", "now"),
            ("By", "by"),
        ]
        return super().get_context_data(
            page_title="Undo this import",
            breadcrumbs=[
                *self.trail(),
                {"label": self.batch.file_name, "url": self.url("import-detail", self.batch.pk)},
            ],
            batch=self.batch,
            changed=self.changed,
            may_undo=self.batch.status == BatchStatus.SAVED,
            table={
                "id": "changed-since",
                "caption": "Changed since",
                "columns": [{"label": label} for label, _ in columns],
                "rows": [[{"text": getattr(row, name)} for _, name in columns] for row in self.changed_rows],
            },
            cancel_url=self.url("import-detail", self.batch.pk),
            **kwargs,
        )
