"""Bodies that share outcomes: the table of them, and saying, changing and ending it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from config.words import day_words
from outcomes.actions import adoptions as actions
from outcomes.forms.adoptions import AdoptForm, AdoptionWordsForm, EndAdoptionForm
from outcomes.models import OutcomeAdoption
from outcomes.queries import adoptions as queries
from outcomes.views.frameworks import FrameworkPages
from outcomes.views.outcomes import OutcomeView
from people.access import ActionForm, VersionedForm
from people.permissions import Permission


class WhoShares(FrameworkPages, TemplateView):
    template_name = "outcomes/adoptions/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = queries.who_shares(self.partnership)
        return super().get_context_data(
            page_title="Which bodies share which outcomes",
            breadcrumbs=[{"label": "Outcomes", "url": self.url("dashboard")}],
            columns=[
                {
                    "title": outcome.title,
                    "url": self.url("outcome-detail", outcome.pk),
                    "count": found.shared_by(number),
                }
                for number, outcome in enumerate(found.outcomes)
            ],
            rows=[self.row(row, found) for row in found.rows],
            new_url=self.url("outcome-new") if self.may(Permission.MANAGE_OUTCOMES) else "",
            without=[one.name for one in found.without],
            **kwargs,
        )

    def row(self, row: queries.BodyRow, found: queries.WhoShares) -> dict[str, Any]:
        return {
            "name": row.organisation.name,
            "url": self.url("organisation-detail", row.organisation.pk),
            "cells": [
                {"label": outcome.title, "text": f"Since {day_words(one.adopted_on)}" if one else ""}
                for outcome, one in zip(found.outcomes, row.adoptions, strict=True)
            ],
        }


class Adopt(ActionForm, OutcomeView, FormView):
    """A manager says it for any partner; whoever may make commitments says it for the organisation that they are from."""

    permission = Permission.COMMIT
    template_name = "outcomes/adoptions/form.html"
    form_class = AdoptForm

    def check_permission(self) -> None:
        if self.may(Permission.MANAGE_OUTCOMES):
            return
        super().check_permission()
        if not self.own_organisations():
            raise PermissionDenied("You are here for no organisation, so you can’t say what one shares.")

    def get_form_kwargs(self) -> dict[str, Any]:
        found = queries.organisations_to_adopt(self.partnership, self.own_organisations())
        return super().get_form_kwargs() | {"organisations": found}

    def get_initial(self) -> dict[str, Any]:
        own = self.own_organisations() or set()
        asked = self.request.GET.get("organisation", "")
        return {
            "adopted_on": timezone.localdate(),
            "organisation": next(iter(own)) if len(own) == 1 else asked,
        }

    def act(self, form: BaseForm) -> None:
        made = actions.adopt_outcome(outcome=self.outcome, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"{made.organisation} shares “{self.outcome.title}”.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Who shares “{self.outcome.title}”?", cancel_url=self.get_success_url(), **kwargs
        )


class AdoptionView(VersionedForm, OutcomeView):
    """A page of one adoption."""

    permission = Permission.COMMIT
    adoption: OutcomeAdoption

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        if request.user.is_authenticated:
            rows = OutcomeAdoption.objects.select_related("organisation", "outcome")
            self.adoption = get_object_or_404(
                rows, partnership__slug=kwargs["partnership"], pk=kwargs["adopted"]
            )
            kwargs["pk"] = self.adoption.outcome_id
        super().setup(request, *args, **kwargs)

    def check_permission(self) -> None:
        own = self.own_organisations()
        if own is not None and self.adoption.organisation_id not in own:
            raise PermissionDenied(
                f"Only somebody from {self.adoption.organisation}, or who sets up outcomes, can change this."
            )

    def record(self) -> OutcomeAdoption:
        return self.adoption


class EditAdoption(AdoptionView, FormView):
    template_name = "layouts/versioned_form.html"
    form_class = AdoptionWordsForm

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.adoption, name) for name in ("adopted_on", "words", "where")}

    def act(self, form: BaseForm) -> None:
        actions.edit_adoption(
            adoption=self.adoption,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "Your changes are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"What {self.adoption.organisation} says of “{self.outcome.title}”",
            cancel_url=self.get_success_url(),
            **kwargs,
        )


class EndAdoption(AdoptionView, FormView):
    template_name = "layouts/versioned_form.html"
    form_class = EndAdoptionForm

    def get_initial(self) -> dict[str, Any]:
        return {"ended_on": timezone.localdate()}

    def act(self, form: BaseForm) -> None:
        actions.end_adoption(
            adoption=self.adoption,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, f"{self.adoption.organisation} no longer shares it.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"{self.adoption.organisation} no longer shares “{self.outcome.title}”",
            submit_label="End it",
            cancel_url=self.get_success_url(),
            **kwargs,
        )
