"""Periodic reports, as they were frozen: what the board saw, as data and as PDF."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import http_date
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from partnerships.models import ReportFrequency
from people.partner_access.endpoints import ListEndpoint, PageParameters, PartnerEndpoint, SinceField, behind
from people.partner_access.schema import REPORT, described, example, listed
from people.permissions import Scope
from reports.models import Report, ReportStatus
from reports.renderers.partner_csv import CsvRenderer

EXAMPLE = {
    "id": "9",
    "name": "Quarterly report to the steering group",
    "frequency": "quarter",
    "period_start": "2026-07-01",
    "period_end": "2026-09-30",
    "as_of": "2026-10-01T05:00:00Z",
    "made_at": "2026-10-01T05:00:02Z",
    "url": "https://throughline.example.org/api/v1/p/exampleborough/reports/9",
    "pdf_url": "https://throughline.example.org/api/v1/p/exampleborough/reports/9/report.pdf",
}
DOCUMENT = {
    "title": "Quarterly report to the steering group",
    "partnership": "Exampleborough Together",
    "period": "July to September 2026",
    "as_of": "2026-10-01T05:00:00+00:00",
    "summary": [
        "2 measures got better, 1 got worse, 4 did not change more than chance, and of 1 we cannot tell."
    ],
    "sections": [
        {
            "heading": "What partners did",
            "blocks": [{"kind": "key_figures", "figures": [["Activities", "52", "48 in the period before"]]}],
        }
    ],
    "language": "en-GB",
    "about": "Counts below a measure’s threshold are hidden to protect people.",
}


class ReportItem(serializers.Serializer):
    """One period's report. Once made it never changes."""

    id = serializers.CharField()
    name = serializers.CharField()
    frequency = serializers.ChoiceField(ReportFrequency.choices)
    period_start = serializers.DateField()
    period_end = serializers.DateField()
    as_of = serializers.DateTimeField(help_text="The moment at which all of it was true.")
    made_at = serializers.DateTimeField()
    url = serializers.URLField()
    pdf_url = serializers.URLField()


class BlockItem(serializers.Serializer):
    """A part of a section. `kind` says which of the other members are there."""

    kind = serializers.ChoiceField(
        [
            ("paragraph", "Words: text"),
            ("subheading", "A heading within the section: text"),
            ("bullets", "A list: items, each with a first part and a rest"),
            ("table", "A table: caption, headers, rows, numeric (columns that hold numbers, from 0)"),
            ("chart", "A drawing: svg, alt, caption"),
            ("key_figures", "Figures: each a label, the figure in words and a remark"),
            ("callout", "A remark that must not be overlooked: text"),
        ]
    )
    text = serializers.CharField(required=False)
    items = serializers.ListField(child=serializers.ListField(child=serializers.CharField()), required=False)
    caption = serializers.CharField(required=False)
    headers = serializers.ListField(child=serializers.CharField(), required=False)
    rows = serializers.ListField(child=serializers.ListField(child=serializers.CharField()), required=False)
    numeric = serializers.ListField(child=serializers.IntegerField(), required=False)
    svg = serializers.CharField(required=False)
    alt = serializers.CharField(required=False)
    figures = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


class SectionItem(serializers.Serializer):
    heading = serializers.CharField()
    blocks = BlockItem(many=True)


class DocumentItem(serializers.Serializer):
    """What the board saw, in finished words."""

    title = serializers.CharField()
    partnership = serializers.CharField()
    period = serializers.CharField()
    as_of = serializers.DateTimeField()
    summary = serializers.ListField(child=serializers.CharField())
    sections = SectionItem(many=True)
    language = serializers.CharField()
    about = serializers.CharField()


class WholeReportItem(ReportItem):
    """A report with its document."""

    document = DocumentItem()


class ReportParameters(PageParameters):
    changed_since = SinceField("made")

    def get_fields(self) -> dict[str, serializers.Field]:
        # `from` is a word of Python, and so cannot be the name of an attribute.
        return super().get_fields() | {
            "from": serializers.DateField(
                required=False, help_text="Periods that begin on or after this day."
            ),
            "to": serializers.DateField(required=False, help_text="Periods that end on or before this day."),
        }


class PdfRenderer(BaseRenderer):
    """Names the format; the file is frozen and rendered nowhere."""

    media_type = "application/pdf"
    format = "pdf"
    render_style = "binary"


class ReportEndpoint(PartnerEndpoint):
    """What one report and its file share."""

    scope = Scope.REPORTS

    def made(self) -> Any:
        rows = Report.objects.filter(partnership=self.partnership, status=ReportStatus.MADE)
        return rows.select_related("definition")

    def shown(self, report: Report) -> dict[str, Any]:
        here = [self.partnership.slug, report.pk]
        return {
            "id": str(report.pk),
            "name": report.definition.name,
            "frequency": report.definition.frequency,
            "period_start": report.period_start,
            "period_end": report.period_end,
            "as_of": report.as_of,
            "made_at": report.made_at,
            "url": self.request.build_absolute_uri(reverse("api-report", args=here)),
            "pdf_url": self.request.build_absolute_uri(reverse("api-report-pdf", args=here)),
        }


@described(tags=[REPORT], operation_id="list_reports", summary="List reports", **listed(ReportItem, EXAMPLE))
class Reports(ReportEndpoint, ListEndpoint):
    """Reports that have been made, in the order in which they were asked for."""

    parameters = ReportParameters
    renderer_classes: ClassVar = [JSONRenderer, CsvRenderer]
    item = ReportItem

    def items(self, *, after: int, limit: int) -> list[dict[str, Any]]:
        lookups = {"from": "period_start__gte", "to": "period_end__lte", "changed_since": "made_at__gte"}
        asked = {lookup: self.asked[name] for name, lookup in lookups.items() if name in self.asked}
        rows = self.made().filter(**asked).defer("document", "pdf")
        return [self.shown(report) for report in behind(rows, after, limit)]


@described(
    tags=[REPORT],
    operation_id="get_report",
    summary="Read one report",
    responses={200: WholeReportItem},
    examples=example({**EXAMPLE, "document": DOCUMENT}),
)
class OneReport(ReportEndpoint):
    """A report with its document: sections of finished words, tables and drawings, as they were frozen."""

    def get(self, request: Request, pk: int, **kwargs: Any) -> Response:
        report = get_object_or_404(self.made().defer("pdf"), pk=pk)
        response = Response({**self.shown(report), "document": report.document})
        response["Last-Modified"] = http_date(report.made_at.timestamp())
        return response


@described(
    tags=[REPORT],
    operation_id="get_report_pdf",
    summary="Read one report as PDF",
    responses={(200, "application/pdf"): OpenApiTypes.BINARY},
)
class ReportFile(ReportEndpoint):
    """The accessible PDF (PDF/UA-1) that was made with the report."""

    renderer_classes: ClassVar = [PdfRenderer]

    def get(self, request: Request, pk: int, **kwargs: Any) -> HttpResponseBase:
        report = get_object_or_404(self.made().defer("document"), pk=pk)
        name = f"{self.partnership.slug}-{report.period_start:%Y-%m}.pdf"
        headers = {
            "Content-Disposition": f'inline; filename="{name}"',
            "Last-Modified": http_date(report.made_at.timestamp()),
        }
        return HttpResponse(bytes(report.pdf), content_type="application/pdf", headers=headers)


@extend_schema(exclude=True)
class NothingHere(PartnerEndpoint):
    """Any other address below /api/v1/: a problem like the others, and not a page."""

    authentication_classes: ClassVar = []
    permission_classes: ClassVar = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404("The partner API has no such address.")
