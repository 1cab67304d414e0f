"""Practices that spread: the list, its downloads, and recording one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView, View

from config.words import day_words
from partnerships.actions.spread import edit_adoption, record_adoption
from partnerships.forms.spread import AdoptionForm, as_parts
from partnerships.models import Adoption, Programme
from partnerships.queries.spread import TABLE_COLUMNS, adoptions_of, table
from partnerships.renderers.programmes import adoption_item
from people.access import ActionForm, PartnershipView, VersionedForm
from people.permissions import Permission
from reports.renderers.csv import csv_lines
from reports.renderers.xlsx import Cover, Sheet, write_workbook

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = (8, 40, 24, 24, 24, 24, 24, 24, 12, 60, 60)


class SpreadPage(PartnershipView):
    """What these pages share."""

    def url(self, name: str, *args: Any) -> str:
        return reverse(name, args=[self.partnership.slug, *args])

    def get_success_url(self) -> str:
        return self.url("spread-list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [{"label": "Programmes", "url": self.url("programme-list")}]
        if self.request.path != self.get_success_url():
            crumbs.append({"label": "What spread", "url": self.get_success_url()})
        return super().get_context_data(**{"breadcrumbs": crumbs, **kwargs})


class SpreadList(SpreadPage, TemplateView):
    permission = Permission.VIEW
    template_name = "partnerships/programmes/spread.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_manage = self.may(Permission.MANAGE_PROGRAMMES)
        slug = self.partnership.slug
        found = adoptions_of(self.partnership)
        return super().get_context_data(
            page_title="What spread",
            items=[adoption_item(one, slug, with_link=may_manage) for one in found],
            downloads=[
                {"label": "What spread", "url": self.url("spread-xlsx"), "kind": "Excel"},
                {"label": "What spread", "url": self.url("spread-csv"), "kind": "CSV"},
            ],
            may_manage=may_manage,
            **kwargs,
        )


class SpreadExport(PartnershipView, View):
    permission = Permission.VIEW
    kind = "csv"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        rows = table(adoptions_of(self.partnership))
        name = f"{self.partnership.slug}-spread-{timezone.localdate():%Y-%m-%d}.{self.kind}"
        if self.kind == "csv":
            response: Any = StreamingHttpResponse(csv_lines(TABLE_COLUMNS, rows), content_type="text/csv")
            response["Content-Disposition"] = f'attachment; filename="{name}"'
            return response
        cover = Cover(
            f"What spread, {self.partnership.name}",
            [
                f"Practices that others took up, as recorded on {day_words(timezone.localdate())}.",
                "A date is as exact as it is known: a day, a month or a year.",
            ],
        )
        file = write_workbook(cover, [Sheet("What spread", TABLE_COLUMNS, rows, WIDTHS)])
        return FileResponse(file, as_attachment=True, filename=name, content_type=EXCEL)


class RecordAdoption(ActionForm, SpreadPage, FormView):
    permission = Permission.MANAGE_PROGRAMMES
    template_name = "layouts/form.html"
    form_class = AdoptionForm
    extra_context = {"page_title": "Record what spread", "submit_label": "Record"}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def get_initial(self) -> dict[str, Any]:
        """The programme from whose page somebody came, with what is known of it."""
        asked = self.request.GET.get("programme", "")
        rows = Programme.objects.filter(partnership=self.partnership)
        programme = rows.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 10 else None
        return {"programme": programme, "from_organisation": programme.provider} if programme else {}

    def act(self, form: BaseForm) -> None:
        adoption = record_adoption(partnership=self.partnership, by=self.request.user, **form.said())  # type: ignore[attr-defined]
        messages.success(self.request, f"“{adoption.practice}” is recorded as spread.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(cancel_url=self.get_success_url(), **kwargs)


class ChangeAdoption(VersionedForm, SpreadPage, FormView):
    permission = Permission.MANAGE_PROGRAMMES
    template_name = "partnerships/programmes/adoption.html"
    form_class = AdoptionForm
    extra_context = {"page_title": "Change what spread"}

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.adoption = get_object_or_404(adoptions_of(self.partnership), pk=kwargs["pk"])

    def record(self) -> Adoption:
        return self.adoption

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def get_initial(self) -> dict[str, Any]:
        names = [name for name in AdoptionForm.base_fields if name != "when"]
        return {name: getattr(self.adoption, name) for name in names} | {"when": as_parts(self.adoption)}

    def act(self, form: BaseForm) -> None:
        edit_adoption(
            adoption=self.adoption,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.said(),  # type: ignore[attr-defined]
        )
        messages.success(self.request, "Your changes are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            cancel_url=self.get_success_url(),
            adoption=self.adoption,
            may_see_history=self.may(Permission.VIEW_HISTORY),
            **kwargs,
        )
