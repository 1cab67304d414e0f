"""What a file would change, saving that, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.views.generic import TemplateView, View

from outcomes.actions import imports as actions
from outcomes.models import BatchStatus, ImportBatch, Refusal, RowVerdict
from outcomes.queries import imports as queries
from outcomes.tasks.imports_groups import WRITTEN
from outcomes.tasks.imports_progress import told
from outcomes.views.imports import BatchView, steps
from partnerships.errors import DomainError

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
            "crossed": batch.rows_crossed,
            "new_groups": new_groups(batch),
            "by_group": groups_table(batch),
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


def new_groups(batch: ImportBatch) -> int:
    """How many groups saving would make."""
    return sum(
        1 for one in batch.groups if one["number"] < 0 and any(one.get(verdict) for verdict in WRITTEN)
    )


def groups_table(batch: ImportBatch) -> dict[str, Any] | None:
    """How many figures of everybody and of each group there are."""
    if not batch.groups:
        return None
    kinds = WRITTEN
    everybody = {
        kind: getattr(batch, COUNTS[kind]) - sum(one.get(kind, 0) for one in batch.groups) for kind in kinds
    }
    rows = [{"dimension": "", "name": "Everybody", "number": 0} | everybody, *batch.groups]
    return {
        "id": "groups",
        "caption": "Figures by group",
        "columns": [
            {"label": "Breakdown"}, {"label": "Group"}, *({"label": kind.label, "numeric": True} for kind in kinds),
        ],
        "rows": [
            [
                {"text": one["dimension"]},
                {"text": f"{one['name']} (new here)" if one["number"] < 0 and not batch.saved_at else one["name"]},
                *({"text": f"{one.get(kind, 0):,}"} for kind in kinds),
            ]
            for one in rows
        ],
    }  # fmt: skip


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
    columns = [("Row", "row"), ("Place", "place"), ("Group", "group"), ("Period", "period")]
    if not any(figure.group for figure in figures):
        columns.pop(2)
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
