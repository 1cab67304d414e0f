"""The periodic reports: the list, one report as a page and as a PDF, and how they are set up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from config.words import moment_words
from partnerships.errors import DomainError
from people.access import ActionForm, PartnershipView, VersionedForm
from people.permissions import Permission
from reports.actions.reports import ask_for_report, change_definition, define_report
from reports.forms.reports import DefinitionForm, MakeNowForm
from reports.models import Report, ReportDefinition, ReportStatus
from reports.queries.periods import Period
from reports.renderers.document import from_json

PER_PAGE = 24


def words_of(report: Report) -> str:
    return Period(report.period_start, report.period_end).words


def crumbs(slug: str) -> list[dict[str, str]]:
    return [{"label": "Reports", "url": reverse("report-list", args=[slug])}]


class ReportList(PartnershipView, TemplateView):
    permission = Permission.VIEW
    template_name = "reports/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = (
            Report.objects.filter(partnership=self.partnership)
            .select_related("definition")
            .defer("document", "pdf")
        )
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page"))
        definitions = ReportDefinition.objects.filter(partnership=self.partnership).prefetch_related(
            "recipients"
        )
        may_make = self.may(Permission.MAKE_REPORTS)
        return super().get_context_data(
            page_title="Reports",
            page=page,
            rows=[self.row(report) for report in page],
            definitions=[(d, MakeNowForm(definition=d, prefix=f"d{d.pk}")) for d in definitions]
            if may_make
            else [],
            may_make=may_make,
            **kwargs,
        )

    def row(self, report: Report) -> dict[str, Any]:
        row = {
            "title": f"{report.definition.name}, {words_of(report)}",
            "url": reverse("report-detail", args=[self.partnership.slug, report.pk]),
        }
        if report.status == ReportStatus.WAITING:
            return row | {"tag": {"text": "Being made", "tone": "yellow"}}
        made = timezone.localtime(report.made_at)
        return row | {"meta": f"Made {moment_words(made)}. Frozen as it was then."}


class ReportView(PartnershipView):
    """What the pages of one report share."""

    permission = Permission.VIEW
    report: Report

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            rows = Report.objects.select_related("definition").defer("pdf")
            self.report = get_object_or_404(rows, partnership=self.partnership, pk=kwargs["pk"])


class ReportDetail(ReportView, TemplateView):
    template_name = "reports/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        made = self.report.status == ReportStatus.MADE
        return super().get_context_data(
            page_title=f"{self.report.definition.name}, {words_of(self.report)}",
            breadcrumbs=crumbs(self.partnership.slug),
            report=self.report,
            document=from_json(self.report.document) if made else None,
            progress=None if made else progress_of(self.report, self.partnership.slug),
            poll_seconds=None if made else 3,
            **kwargs,
        )


class ReportProgress(ReportView):
    """Only the line that says how far the report is, for the page to ask again and again."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        context = {"progress": progress_of(self.report, self.partnership.slug)}
        return render(request, "components/progress.html", context)


def progress_of(report: Report, slug: str) -> dict[str, Any]:
    here = reverse("report-detail", args=[slug, report.pk])
    if report.status == ReportStatus.MADE:
        return {"label": "The report is ready.", "state": "", "url": here, "url_label": "Read the report"}
    return {
        "label": "The report is being made.",
        "state": "This takes a few seconds. You can leave this page; the report will be in the list.",
        "poll_url": reverse("report-progress", args=[slug, report.pk]),
    }


class ReportPdf(ReportView):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.report.status != ReportStatus.MADE:
            raise Http404("This report has not been made yet.")
        response = HttpResponse(bytes(self.report.pdf), content_type="application/pdf")
        name = f"{self.partnership.slug}-{self.report.period_start:%Y-%m}.pdf"
        response["Content-Disposition"] = f'inline; filename="{name}"'
        return response


class MakeReport(PartnershipView, FormView):
    """The button that makes a finished period's report now."""

    permission = Permission.MAKE_REPORTS
    form_class = MakeNowForm
    template_name = "reports/make.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.definition = get_object_or_404(
                ReportDefinition, partnership=self.partnership, pk=kwargs["pk"]
            )

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"definition": self.definition, "prefix": f"d{self.definition.pk}"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Make a report",
            breadcrumbs=crumbs(self.partnership.slug),
            definition=self.definition,
            **kwargs,
        )

    def form_valid(self, form: MakeNowForm) -> HttpResponse:
        try:
            report, is_first = ask_for_report(
                definition=self.definition, period=form.cleaned_data["period"], by=self.request.user
            )
        except DomainError as refused:
            form.add_error(refused.field, refused.message)
            return self.form_invalid(form)
        if not is_first:
            messages.info(
                self.request, "This period has its report already. A period is reported once, so here it is."
            )
        return redirect("report-detail", partnership=self.partnership.slug, pk=report.pk)


class NewDefinition(ActionForm, PartnershipView, FormView):
    permission = Permission.MAKE_REPORTS
    form_class = DefinitionForm
    template_name = "layouts/form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def act(self, form: BaseForm) -> None:
        fields = {**form.cleaned_data}
        fields.pop("is_active")
        define_report(partnership=self.partnership, by=self.request.user, **fields)
        messages.success(self.request, "The report is set up. It is made by itself when a period is over.")

    def get_success_url(self) -> str:
        return reverse("report-list", args=[self.partnership.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Set up a report",
            breadcrumbs=crumbs(self.partnership.slug),
            cancel_url=self.get_success_url(),
            **kwargs,
        )


class ChangeDefinition(VersionedForm, PartnershipView, FormView):
    permission = Permission.MAKE_REPORTS
    form_class = DefinitionForm
    template_name = "layouts/versioned_form.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.definition = get_object_or_404(
                ReportDefinition, partnership=self.partnership, pk=kwargs["pk"]
            )

    def record(self) -> ReportDefinition:
        return self.definition

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def get_initial(self) -> dict[str, Any]:
        plain = ("name", "frequency", "is_active")
        recipients = list(self.definition.recipients.values_list("pk", flat=True))
        return {name: getattr(self.definition, name) for name in plain} | {"recipients": recipients}

    def act(self, form: BaseForm) -> None:
        change_definition(
            definition=self.definition,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "Your changes are saved.")

    def get_success_url(self) -> str:
        return reverse("report-list", args=[self.partnership.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Change {self.definition.name}",
            breadcrumbs=crumbs(self.partnership.slug),
            cancel_url=self.get_success_url(),
            **kwargs,
        )
