"""Saying which outcomes stand in line with a theme of a strategy."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import FormView

from outcomes.actions.themes import align_outcomes
from outcomes.forms.themes import AlignOutcomesForm
from outcomes.models import OutcomeTheme
from partnerships.models import StrategyTheme
from people.access import ActionForm, PartnershipView
from people.permissions import Permission


class AlignOutcomes(ActionForm, PartnershipView, FormView):
    permission = Permission.MANAGE_OUTCOMES
    template_name = "layouts/form.html"
    form_class = AlignOutcomesForm
    theme: StrategyTheme

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            found = StrategyTheme.objects.select_related("strategy")
            self.theme = get_object_or_404(found, partnership=self.partnership, pk=kwargs["theme"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def get_initial(self) -> dict[str, Any]:
        return {
            "outcomes": list(OutcomeTheme.objects.filter(theme=self.theme).values_list("outcome", flat=True))
        }

    def act(self, form: forms.Form) -> None:
        align_outcomes(theme=self.theme, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Your changes are saved.")

    def get_success_url(self) -> str:
        return reverse("strategy-detail", args=[self.partnership.slug, self.theme.strategy_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = self.get_success_url()
        return super().get_context_data(
            page_title=f"Outcomes in line with “{self.theme.name}”",
            breadcrumbs=[{"label": self.theme.strategy.name, "url": url}],
            cancel_url=url,
            **kwargs,
        )
