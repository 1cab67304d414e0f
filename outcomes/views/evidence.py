"""The partnership's standards for evidence, and checking a measure against them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView, View

from outcomes.actions.evidence import (
    add_standard,
    check_evidence,
    edit_standard,
    end_standard,
    move_standard,
    start_with_common_standards,
)
from outcomes.forms.evidence import EvidenceForm, RewordStandardForm, StandardForm
from outcomes.models import EvidenceStandard
from outcomes.queries.evidence import Found, checks_of, confidence, found_of, standing_standards
from outcomes.renderers.judging import check_table
from outcomes.views.rebases import MeasureForm
from partnerships.forms.documents import ConfirmForm
from people.access import ActionForm, PartnershipView, VersionedForm
from people.permissions import Permission


class StandardsPage(PartnershipView):
    permission = Permission.MANAGE_OUTCOMES

    def get_success_url(self) -> str:
        return reverse("evidence-standards", args=[self.partnership.slug])

    @cached_property
    def standard(self) -> EvidenceStandard:
        rows = EvidenceStandard.objects.filter(partnership=self.partnership, ended_on=None)
        return get_object_or_404(rows, pk=self.kwargs["standard"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [{"label": "Outcomes", "url": reverse("dashboard", args=[self.partnership.slug])}]
        if self.request.path != self.get_success_url():
            crumbs.append({"label": "Standards for evidence", "url": self.get_success_url()})
        more = {"breadcrumbs": crumbs, "cancel_url": self.get_success_url()}
        return super().get_context_data(**more | kwargs)


class Standards(StandardsPage, TemplateView):
    """Everybody may read by what evidence is judged; who sets outcomes up may change it."""

    permission = Permission.VIEW
    template_name = "outcomes/measures/standards.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ended = EvidenceStandard.objects.filter(
            partnership=self.partnership, ended_on__lte=timezone.localdate()
        )
        return super().get_context_data(
            page_title="Standards for evidence",
            standards=list(standing_standards(self.partnership)),
            ended=list(ended.order_by("-ended_on", "pk")[:50]),
            may_manage=self.may(Permission.MANAGE_OUTCOMES),
            **kwargs,
        )  # fmt: skip


class StartWithCommon(StandardsPage, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        start_with_common_standards(partnership=self.partnership, by=request.user)
        return redirect(self.get_success_url())


class AddStandard(ActionForm, StandardsPage, FormView):
    form_class = StandardForm
    template_name = "layouts/form.html"
    extra_context = {"page_title": "Add a standard for evidence"}

    def act(self, form: BaseForm) -> None:
        add_standard(partnership=self.partnership, by=self.request.user, **form.cleaned_data)


class EditStandard(VersionedForm, StandardsPage, FormView):
    form_class = RewordStandardForm
    template_name = "layouts/versioned_form.html"
    extra_context = {"page_title": "Reword a standard for evidence"}

    def record(self) -> EvidenceStandard:
        return self.standard

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.standard.name, "description": self.standard.description}

    def act(self, form: BaseForm) -> None:
        edit_standard(
            standard=self.standard,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )


class EndStandard(ActionForm, StandardsPage, FormView):
    form_class = ConfirmForm
    template_name = "outcomes/measures/standard_end.html"

    def act(self, form: BaseForm) -> None:
        end_standard(standard=self.standard, by=self.request.user)
        messages.success(self.request, f"“{self.standard.name}” is asked no more.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = f"End the standard “{self.standard.name}”"
        return super().get_context_data(
            page_title=title, standard_words=self.standard, submit_label="End it", **kwargs
        )


class MoveStandard(StandardsPage, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        move_standard(standard=self.standard, up=kwargs["way"] == "up", by=request.user)
        return redirect(self.get_success_url())


class CheckEvidence(MeasureForm):
    form_class = EvidenceForm
    template_name = "outcomes/measures/evidence.html"
    page_title = "Check the evidence of a measure"

    @cached_property
    def found(self) -> list[Found]:
        return found_of(self.measure, as_of=timezone.now())

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"found": self.found}

    def act(self, form: EvidenceForm) -> None:
        written = check_evidence(
            measure=self.measure,
            answers=form.answers,
            all_again=form.cleaned_data["all_again"],
            by=self.request.user,
        )
        messages.success(self.request, "What you found is kept." if written else "Nothing was different.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            confidence=confidence(self.found, as_of=timezone.now()),
            has_standards=bool(self.found),
            may_manage=self.may(Permission.MANAGE_OUTCOMES),
            checks=check_table(list(checks_of(self.measure)[:100])),
            submit_label="Save what I found",
            **kwargs,
        )
