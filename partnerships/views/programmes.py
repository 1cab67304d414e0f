"""Programmes: the list, setting one up, and changing where it stands. The page of one lies in outcomes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from partnerships.actions.programmes import add_programme, change_status, edit_programme
from partnerships.forms.programmes import ProgrammeFilterForm, ProgrammeForm, StatusForm
from partnerships.models import Programme
from partnerships.queries.programmes import programmes_of
from partnerships.renderers.programmes import programme_row
from people.access import ActionForm, PartnershipView, ProgrammeView, VersionedForm
from people.permissions import Permission


class ProgrammeList(PartnershipView, TemplateView):
    permission = Permission.VIEW
    template_name = "partnerships/programmes/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = ProgrammeFilterForm(self.request.GET, partnership=self.partnership)
        found = programmes_of(self.partnership, form.filters())
        slug = self.partnership.slug
        return super().get_context_data(
            page_title="Programmes",
            rows=[programme_row(programme, slug) for programme in found],
            filter_form=form,
            left_out=[f"{form.fields[name].label}: {e}" for name, es in form.errors.items() for e in es],
            clear_url=self.request.path if form.is_used else "",
            spread_url=reverse("spread-list", args=[slug]),
            may_manage=self.may(Permission.MANAGE_PROGRAMMES),
            **kwargs,
        )


class AddProgramme(ActionForm, PartnershipView, FormView):
    permission = Permission.MANAGE_PROGRAMMES
    template_name = "partnerships/programmes/new.html"
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


class ChangeProgramme(VersionedForm, ProgrammeView, FormView):
    permission = Permission.MANAGE_PROGRAMMES
    template_name = "layouts/versioned_form.html"
    form_class = ProgrammeForm

    def record(self) -> Programme:
        return self.programme

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership, "programme": self.programme}

    def get_initial(self) -> dict[str, Any]:
        plain = ("name", "kind", "summary", "starts_on", "ends_on", "theory_of_change", "co_design")
        plain += ("co_design_change", "calendar")
        lists = ("partners", "places", "themes")
        return (
            {name: getattr(self.programme, name) for name in plain}
            | {name: list(getattr(self.programme, name).all()) for name in lists}
            | {"provider": self.programme.provider_id, "commissioner": self.programme.commissioner_id}
        )

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


class ChangeStatus(VersionedForm, ProgrammeView, FormView):
    permission = Permission.MANAGE_PROGRAMMES
    template_name = "partnerships/programmes/status.html"
    form_class = StatusForm

    def record(self) -> Programme:
        return self.programme

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"programme": self.programme}

    def get_initial(self) -> dict[str, Any]:
        return {"changed_on": timezone.localdate()}

    def act(self, form: BaseForm) -> None:
        change = change_status(
            programme=self.programme,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, f"{self.programme.name}: {change.get_status_display().lower()}.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Change where it stands",
            now=self.programme.get_status_display().lower(),
            cancel_url=self.get_success_url(),
            **kwargs,
        )
