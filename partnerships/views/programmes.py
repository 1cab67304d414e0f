"""Programmes: the list, one programme, and setting them up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import FormView, TemplateView

from config.words import day_words
from outcomes.queries.programmes import measures_of
from partnerships.actions.programmes import add_programme, edit_programme
from partnerships.forms.programmes import ProgrammeForm
from partnerships.models import Programme, ProgrammeStatus
from partnerships.queries.activities import visible
from partnerships.renderers.rows import activity_row
from people.access import ActionForm, PartnershipView, VersionedForm
from people.permissions import Permission

TONES = {
    ProgrammeStatus.PLANNED: "blue",
    ProgrammeStatus.RUNNING: "green",
    ProgrammeStatus.PAUSED: "yellow",
    ProgrammeStatus.STOPPED: "orange",
    ProgrammeStatus.FINISHED: "grey",
}


class ProgrammeList(PartnershipView, TemplateView):
    permission = Permission.VIEW
    template_name = "partnerships/programmes/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        programmes = Programme.objects.filter(partnership=self.partnership).select_related("provider")
        return super().get_context_data(
            page_title="Programmes",
            rows=[row(programme, self.partnership.slug) for programme in programmes],
            may_manage=self.may(Permission.MANAGE_PROGRAMMES),
            **kwargs,
        )


def row(programme: Programme, slug: str) -> dict[str, Any]:
    provider = f", run by {programme.provider.name}" if programme.provider else ""
    return {
        "title": programme.name,
        "url": reverse("programme-detail", args=[slug, programme.pk]),
        "text": programme.summary,
        "meta": f"{programme.get_kind_display()}{provider}",
        "tag": {"text": programme.get_status_display(), "tone": TONES[ProgrammeStatus(programme.status)]},
    }


class ProgrammePage(PartnershipView):
    """What the pages of one programme share."""

    permission = Permission.VIEW
    programme: Programme

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            rows = Programme.objects.select_related("provider")
            self.programme = get_object_or_404(rows, partnership=self.partnership, pk=kwargs["pk"])

    def get_success_url(self) -> str:
        return reverse("programme-detail", args=[self.partnership.slug, self.programme.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [{"label": "Programmes", "url": reverse("programme-list", args=[self.partnership.slug])}]
        return super().get_context_data(**{"breadcrumbs": crumbs, **kwargs, "programme": self.programme})


class ProgrammeDetail(ProgrammePage, TemplateView):
    template_name = "partnerships/programmes/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug = self.partnership.slug
        newest = visible(self.partnership, self.request.user).filter(programme=self.programme)[:10]
        return super().get_context_data(
            page_title=self.programme.name,
            tag={
                "text": self.programme.get_status_display(),
                "tone": TONES[ProgrammeStatus(self.programme.status)],
            },
            facts=facts(self.programme, slug),
            measures=[
                {
                    "title": measure.name,
                    "url": reverse("measure", args=[slug, measure.slug]),
                    "meta": f"{measure.get_quadrant_display() or 'Measure'}, should help “{measure.outcome.title}”",
                }
                for measure in measures_of(self.programme)
            ],
            activities=[activity_row(activity, slug) for activity in newest],
            may_manage=self.may(Permission.MANAGE_PROGRAMMES),
            may_see_history=self.may(Permission.VIEW_HISTORY),
            **kwargs,
        )


def facts(programme: Programme, slug: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [{"label": "Kind", "value": programme.get_kind_display()}]
    if programme.provider:
        url = reverse("organisation-detail", args=[slug, programme.provider_id])
        rows.append({"label": "Run by", "value": programme.provider.name, "url": url})
    if programme.starts_on:
        rows.append({"label": "From", "value": day_words(programme.starts_on)})
    if programme.ends_on:
        rows.append({"label": "Until", "value": day_words(programme.ends_on)})
    return rows


class AddProgramme(ActionForm, PartnershipView, FormView):
    permission = Permission.MANAGE_PROGRAMMES
    template_name = "layouts/form.html"
    form_class = ProgrammeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def act(self, form: BaseForm) -> None:
        self.programme = add_programme(
            partnership=self.partnership, by=self.request.user, **form.cleaned_data
        )
        messages.success(self.request, f"{self.programme.name} is set up.")

    def get_success_url(self) -> str:
        return reverse("programme-detail", args=[self.partnership.slug, self.programme.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        list_url = reverse("programme-list", args=[self.partnership.slug])
        return super().get_context_data(
            page_title="Add a programme",
            breadcrumbs=[{"label": "Programmes", "url": list_url}],
            submit_label="Add",
            cancel_url=list_url,
            **kwargs,
        )


class ChangeProgramme(VersionedForm, ProgrammePage, FormView):
    permission = Permission.MANAGE_PROGRAMMES
    template_name = "layouts/versioned_form.html"
    form_class = ProgrammeForm

    def record(self) -> Programme:
        return self.programme

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def get_initial(self) -> dict[str, Any]:
        plain = ("name", "kind", "status", "summary", "starts_on", "ends_on")
        return {name: getattr(self.programme, name) for name in plain} | {
            "provider": self.programme.provider_id
        }

    def act(self, form: BaseForm) -> None:
        edit_programme(
            programme=self.programme,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "Your changes are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Change {self.programme.name}", cancel_url=self.get_success_url(), **kwargs
        )
