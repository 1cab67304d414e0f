"""What a file would change, saving that, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.views.generic import FormView, TemplateView, View

from config.words import moment_words
from outcomes.actions import imports as actions
from outcomes.forms.imports import UndoForm
from outcomes.models import BatchStatus, ImportBatch, Refusal, RowVerdict
from outcomes.queries import imports as queries
from outcomes.tasks.imports_progress import told
from outcomes.views.imports import BatchView, steps
from partnerships.errors import DomainError
from people.access import ActionForm
from reports.renderers.csv import csv_lines

ROWS = 50
UNDERWAY = {
    BatchStatus.CHECKING: "Checking the file",
    BatchStatus.SAVING: "Saving the figures",
    BatchStatus.UNDOING: "Undoing the import",
}
# When nothing has been heard of it for so many seconds, the page offers to start it again.
QUIET_SECONDS = {BatchStatus.CHECKING: 120, BatchStatus.SAVING: 600, BatchStatus.UNDOING: 600}
COUNTS = {
    RowVerdict.NEW: "rows_new",
    RowVerdict.CHANGED: "rows_changed",
    RowVerdict.UNCHANGED: "rows_unchanged",
    RowVerdict.REFUSED: "rows_refused",
}


class Preview(BatchView, TemplateView):
    def get_template_names(self) -> list[str]:
        return [
            "outcomes/imports/underway.html"
            if self.batch.status in UNDERWAY
            else "outcomes/imports/preview.html"
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.batch.status not in (BatchStatus.PREVIEWED, *UNDERWAY):
            return redirect(self.here())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(breadcrumbs=self.trail(), batch=self.batch, **kwargs)
        if self.batch.status in UNDERWAY:
            return context | underway(self)
        verdict = self._verdict()
        return context | self._about() | self._rows(verdict)

    def _about(self) -> dict[str, Any]:
        batch = self.batch
        to_save = batch.rows_new + batch.rows_changed
        return {
            "page_title": "Check what changes",
            "steps": steps(2),
            "counts": [
                {"label": "New", "value": f"{batch.rows_new:,}", "note": "Not known here yet"},
                {
                    "label": "Changed",
                    "value": f"{batch.rows_changed:,}",
                    "note": "Differ from what stands now",
                },
                {"label": "Unchanged", "value": f"{batch.rows_unchanged:,}", "note": "Stand here already"},
                {"label": "Refused", "value": f"{batch.rows_refused:,}", "note": "With the reason for each"},
            ],
            "read": f"{batch.rows_read:,}",
            "skipped": f"{batch.rows_skipped:,}" if batch.rows_skipped else "",
            "to_save": to_save,
            "save_label": f"Save {to_save:,} figure{'' if to_save == 1 else 's'}",
            "same_before": queries.same_file_before(batch),
        }

    def _verdict(self) -> str:
        asked = self.request.GET.get("rows", "")
        if asked in RowVerdict.values:
            return asked
        first = next((verdict for verdict in COUNTS if getattr(self.batch, COUNTS[verdict])), RowVerdict.NEW)
        return str(first)

    def _rows(self, verdict: str) -> dict[str, Any]:
        refusal = self.request.GET.get("reason", "")
        refusal = refusal if verdict == RowVerdict.REFUSED and refusal in Refusal.values else ""
        rows = queries.staged_rows(self.batch, verdict, refusal)
        count = None if refusal else getattr(self.batch, COUNTS[RowVerdict(verdict)])
        page = KnownCountPaginator(rows, ROWS, known=count).get_page(self.request.GET.get("page"))
        figures = queries.shown_rows(self.batch, page.object_list)
        refused = verdict == RowVerdict.REFUSED
        groups = queries.refusal_groups(self.batch) if refused else []
        here = self.request.path
        return {
            "verdict": verdict,
            "tabs": [
                {
                    "label": kind.label,
                    "url": f"{here}?rows={kind.value}",
                    "current": kind.value == verdict,
                    "count": f"{getattr(self.batch, name):,}",
                }
                for kind, name in COUNTS.items()
            ],
            "groups": group_links(groups, here, refusal),
            "page_obj": page,
            "table": figures_table(figures, verdict) if figures else None,
            "download_url": self.url("import-refused", self.batch.pk) if refused and figures else "",
        }


def group_links(groups: Iterable[Any], here: str, chosen: str) -> list[dict[str, Any]]:
    return [
        {
            "group": group,
            "url": f"{here}?rows=refused&reason={group.refusal}",
            "current": group.refusal == chosen,
        }
        for group in groups
    ]


class KnownCountPaginator(Paginator):
    """Pages of rows whose number is known already: counting a million of them takes longer than showing fifty."""

    def __init__(self, rows: QuerySet[Any], per_page: int, *, known: int | None) -> None:
        super().__init__(rows, per_page)
        self._known = known

    @cached_property
    def count(self) -> int:
        return super().count if self._known is None else self._known


def figures_table(figures: list[queries.StagedFigure], verdict: str) -> dict[str, Any]:
    """Rows of a check; which columns there are depends on what is said about them."""
    columns = [("Row", "row"), ("Place", "place"), ("Period", "period")]
    if verdict == RowVerdict.CHANGED:
        columns += [("Now", "before"), ("In the file", "figure")]
    else:
        columns += [("In the file", "figure")]
    if verdict == RowVerdict.REFUSED or any(figure.reason for figure in figures):
        columns += [("Why" if verdict == RowVerdict.REFUSED else "Note", "reason")]
    return {
        "id": "rows",
        "caption": f"{RowVerdict(verdict).label} rows",
        "hide_caption": True,
        "columns": [{"label": label, "wide": name == "reason"} for label, name in columns],
        "rows": [[{"text": getattr(figure, name)} for _, name in columns] for figure in figures],
    }


def underway(view: BatchView) -> dict[str, Any]:
    """The page of work that the worker is doing, and of its end."""
    batch = view.batch
    status = BatchStatus(batch.status)
    known = told(batch.pk, batch.attempt) if status == BatchStatus.CHECKING else None
    percent = round(100 * known.fraction) if known else 0
    state = (
        f"{percent}% done, {known.rows:,} rows read."
        if known
        else "This can take some minutes. You can leave this page."
    )
    return {
        "page_title": UNDERWAY[status],
        "steps": steps(3 if status == BatchStatus.SAVING else 2) if status != BatchStatus.UNDOING else [],
        "poll_seconds": 5,
        "again_url": view.url("import-again", batch.pk) if is_quiet(batch) else "",
        "give_up_url": view.url("import-give-up", batch.pk) if status == BatchStatus.CHECKING else "",
        "progress": {
            "label": batch.file_name,
            "state": state,
            "done": percent,
            "total": 100 if known else 0,
            "poll_url": view.url("import-progress", batch.pk),
            "poll_seconds": 2,
        },
    }


def is_quiet(batch: ImportBatch) -> bool:
    """Whether so little has been heard of the work for so long that it may have been lost."""
    status = BatchStatus(batch.status)
    known = told(batch.pk, batch.attempt) if status == BatchStatus.CHECKING else None
    return queries.seconds_since_asked(batch, known.at if known else None) > QUIET_SECONDS[status]


class Progress(BatchView, TemplateView):
    """The moving part of the page above, asked for by its script."""

    template_name = "components/progress.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.batch.status in UNDERWAY:
            return super().get_context_data(progress=underway(self)["progress"], **kwargs)
        done = {
            "label": self.batch.file_name,
            "state": f"{self.batch.get_status_display()}.",
            "url": self.here(),
            "url_label": "Go on",
        }
        return super().get_context_data(progress=done, **kwargs)


class BatchButton(BatchView, View):
    """A button about one import: makes one action call and goes to the page where the import now stands."""

    http_method_names = ["post"]

    def act(self) -> ImportBatch:
        raise NotImplementedError

    def say(self, batch: ImportBatch) -> None:
        """What happened, for the next page to show."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.batch = self.act()
        except DomainError as refused:
            messages.error(request, refused.message)
            self.batch.refresh_from_db()
        else:
            self.say(self.batch)
        return redirect(self.here())


class Confirm(BatchButton):
    def act(self) -> ImportBatch:
        return actions.confirm_import(batch=self.batch, by=self.request.user)

    def say(self, batch: ImportBatch) -> None:
        if batch.status == BatchStatus.SAVED:
            messages.success(
                self.request,
                f"Saved: {batch.rows_new:,} new and {batch.rows_changed:,} changed figures of {batch.measure}.",
            )


class GiveUp(BatchButton):
    def act(self) -> ImportBatch:
        return actions.give_up_import(batch=self.batch, by=self.request.user)

    def say(self, batch: ImportBatch) -> None:
        messages.info(self.request, "The upload was put aside. Nothing was saved.")

    def here(self) -> str:
        return self.url("import-list")


class Again(BatchButton):
    def act(self) -> ImportBatch:
        return actions.start_again(batch=self.batch, by=self.request.user)


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
        headers = ["row", "column", "place", "period", "figure", "reason"]
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
        columns = [
            ("Place", "place"),
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
