"""The list of commitments with its filters, and downloads of what it shows."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from config.words import moment_words
from outcomes.queries.commitments import TABLE_COLUMNS, helping, table
from partnerships.forms.commitment_list import CommitmentFilterForm
from partnerships.queries import commitments as queries
from partnerships.queries.activities import visible as visible_activities
from partnerships.renderers.commitments import commitment_row
from people.access import PartnershipView
from people.permissions import Permission
from reports.renderers.csv import csv_lines
from reports.renderers.xlsx import Cover, Sheet, write_workbook

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Filtered(PartnershipView):
    """What the list and its downloads share: the same address finds the same commitments."""

    permission = Permission.VIEW

    @cached_property
    def filter_form(self) -> CommitmentFilterForm:
        return CommitmentFilterForm(self.request.GET, partnership=self.partnership)

    @cached_property
    def found(self) -> Any:
        filters = self.filter_form.filters(by=self.request.user)
        found = queries.find(queries.visible(self.partnership), filters)
        outcome = self.filter_form.cleaned_data.get("outcome")
        return helping(found, outcome) if outcome else found


class CommitmentList(Filtered, TemplateView):
    template_name = "partnerships/commitments/list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A browser sends the filters that are not used too; the address to keep or to send on does without them."""
        used = [(name, value) for name, values in request.GET.lists() for value in values if value]
        if len(used) < sum(len(values) for _, values in request.GET.lists()):
            return redirect(f"{request.path}?{urlencode(used)}")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form, slug = self.filter_form, self.partnership.slug
        page = Paginator(self.found, queries.PAGE_SIZE).get_page(self.request.GET.get("page"))
        form.fetch_choices()
        total = page.paginator.count
        return super().get_context_data(
            page_title="Commitments",
            filter_form=form,
            left_out=" ".join(form.left_out()),
            in_use=[{"text": words, "url": self.address(without=name)} for name, words in form.in_use()],
            all_url=self.request.path,
            views=self.views(),
            total=f"{total:,} {'commitment' if total == 1 else 'commitments'}",
            page=page,
            rows=[commitment_row(one, slug) for one in page],
            downloads=self.downloads() if total else [],
            may_commit=self.may(Permission.COMMIT),
            **kwargs,
        )

    def views(self) -> list[dict[str, Any]]:
        """The questions that people come with, each an address of its own."""
        rows, here = queries.visible(self.partnership), self.filter_form.as_query()
        mine = Q(owner=self.request.user) | Q(accountable=self.request.user)
        counts = queries.count(rows)
        entries = (
            ("Open", "", counts.open),
            ("Overdue", "overdue=on", counts.overdue),
            ("Nobody owns them", "unowned=on", counts.unowned),
            ("Yours", "mine=on", rows.filter(mine, queries.is_open()).count()),
            ("Closed", "status=closed", counts.closed),
        )
        return [
            {"label": label, "url": f"{self.request.path}?{query}", "count": number, "current": here == query}
            for label, query, number in entries
        ]

    def address(self, without: str = "") -> str:
        query = self.request.GET.copy()
        for name in ("page", without):
            query.pop(name, None)
        return f"?{query.urlencode()}"

    def downloads(self) -> list[dict[str, str]]:
        query, slug = self.address(), self.partnership.slug
        return [
            {
                "label": label,
                "kind": "every page",
                "url": reverse("commitment-export", args=[slug, kind]) + query,
            }
            for label, kind in (("Download as CSV", "csv"), ("Download for Excel", "xlsx"))
        ]


class CommitmentExport(Filtered):
    """All that the list shows at the same address, on every page of it."""

    def get(self, request: HttpRequest, kind: str, **kwargs: Any) -> HttpResponseBase:
        name = f"{self.partnership.slug}-commitments-{timezone.localdate()}.{kind}"
        rows = table(self.found, seen=visible_activities(self.partnership, request.user))
        if kind == "csv":
            lines = csv_lines(TABLE_COLUMNS, rows)
            response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
            response["Content-Disposition"] = f'attachment; filename="{name}"'
            return response
        sheet = Sheet("Commitments", TABLE_COLUMNS, rows, widths=(10, 50, 40))
        file = write_workbook(Cover(f"Commitments of {self.partnership}", self.notes()), [sheet])
        return FileResponse(file, as_attachment=True, filename=name, content_type=EXCEL)

    def notes(self) -> list[str]:
        narrowed = "; ".join(words for _, words in self.filter_form.in_use())
        return [
            f"Downloaded by {self.request.user} on {moment_words(timezone.now())}.",
            f"Narrowed to: {narrowed}." if narrowed else "Every open commitment.",
        ]
