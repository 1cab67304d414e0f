"""By which groups a measure is asked for: declared, changed, ordered, ended."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView, TemplateView

from outcomes.actions import breakdowns as actions
from outcomes.forms.breakdowns import ChangeForm, DeclareForm
from outcomes.models import Measure, MeasureBreakdown
from outcomes.queries import breakdowns as queries
from people.access import ActionForm, PartnershipView
from people.permissions import Permission


class BreakdownPages(PartnershipView):
    """What the pages about one measure's breakdowns share."""

    permission = Permission.MANAGE_OUTCOMES
    measure: Measure

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            rows = Measure.objects.select_related("partnership")
            self.measure = get_object_or_404(rows, partnership=self.partnership, slug=kwargs["measure"])

    def url(self, name: str, *args: Any) -> str:
        return reverse(name, args=[self.partnership.slug, self.measure.slug, *args])

    def get_success_url(self) -> str:
        return self.url("breakdown-list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [
            {"label": "Outcomes", "url": reverse("dashboard", args=[self.partnership.slug])},
            {"label": self.measure.name, "url": self.url("measure")},
        ]
        if self.request.path != self.get_success_url():
            crumbs.append({"label": "Breakdowns", "url": self.get_success_url()})
        return super().get_context_data(**{"breadcrumbs": crumbs, **kwargs, "measure": self.measure})


class BreakdownList(BreakdownPages, TemplateView):
    permission = Permission.VIEW
    template_name = "outcomes/breakdowns/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_manage = self.may(Permission.MANAGE_OUTCOMES)
        found = queries.declared_for(self.measure)
        return super().get_context_data(
            page_title=f"Breakdowns of {self.measure.name}",
            rows=[
                {
                    "pk": one.breakdown.pk,
                    "dimension": one.breakdown.dimension,
                    "adds_up": one.breakdown.adds_up,
                    "groups": [group.name for group in one.groups],
                    "others": one.others,
                    "first": number == 0,
                    "last": number == len(found) - 1,
                }
                for number, one in enumerate(found)
            ],
            may_manage=may_manage,
            new_url=self.url("breakdown-new") if may_manage else "",
            **kwargs,
        )


class Declare(ActionForm, BreakdownPages, FormView):
    template_name = "outcomes/breakdowns/new.html"
    form_class = DeclareForm

    def act(self, form: BaseForm) -> None:
        made = actions.declare_breakdown(measure=self.measure, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"{self.measure.name} is asked for by {made.dimension} too.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Break {self.measure.name} down",
            known=queries.dimensions_of(self.partnership.pk),
            cancel_url=self.get_success_url(),
            **kwargs,
        )


class OneBreakdown(ActionForm, BreakdownPages):
    breakdown: MeasureBreakdown

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            rows = MeasureBreakdown.objects.select_related("measure")
            self.breakdown = get_object_or_404(rows, measure=self.measure, pk=kwargs["breakdown"])


class Change(OneBreakdown, FormView):
    template_name = "outcomes/breakdowns/edit.html"
    form_class = ChangeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        groups = queries.groups_of(self.breakdown)
        fixed = queries.groups_with_figures(groups)
        return super().get_form_kwargs() | {"groups": groups, "fixed": fixed}

    def get_initial(self) -> dict[str, Any]:
        keys = [str(group.pk) for group in queries.groups_of(self.breakdown)]
        return {
            "dimension": self.breakdown.dimension,
            "adds_up": self.breakdown.adds_up,
            "seen": ",".join(keys),
        }

    def act(self, form: BaseForm) -> None:
        actions.change_breakdown(
            breakdown=self.breakdown,
            dimension=form.cleaned_data["dimension"],
            adds_up=form.cleaned_data["adds_up"],
            groups=[actions.Named(name, pk) for name, pk in form.wanted()],
            seen=form.seen_keys(),
            by=self.request.user,
        )
        messages.success(self.request, "Your changes are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        others = next(
            one.others for one in queries.declared_for(self.measure) if one.breakdown.pk == self.breakdown.pk
        )
        return super().get_context_data(
            page_title=f"{self.measure.name} by {self.breakdown.dimension}",
            others=others,
            cancel_url=self.get_success_url(),
            **kwargs,
        )


class End(OneBreakdown, FormView):
    template_name = "outcomes/breakdowns/end.html"
    form_class = forms.Form

    def act(self, form: BaseForm) -> None:
        actions.end_breakdown(breakdown=self.breakdown, by=self.request.user)
        messages.success(self.request, f"It is no longer asked for by {self.breakdown.dimension}.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"No longer ask for {self.measure.name} by {self.breakdown.dimension}",
            submit_label="End it",
            cancel_url=self.get_success_url(),
            **kwargs,
        )


class Move(OneBreakdown):
    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if kwargs["way"] not in ("up", "down"):
            raise Http404("Up or down.")
        actions.move_breakdown(breakdown=self.breakdown, way=kwargs["way"], by=request.user)
        return redirect(self.get_success_url())
