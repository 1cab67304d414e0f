"""The contribution map of an outcome: the page, its file, and its stepping stones."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.text import slugify
from django.views.generic import FormView, TemplateView, View

from outcomes.actions.contribution import add_stone, edit_stone, look_at_stone, move_stone, remove_stone
from outcomes.charts.flow import flow_chart
from outcomes.forms.contribution import LookForm, StoneForm
from outcomes.models import SteppingStone
from outcomes.queries.contribution import contribution_map
from outcomes.renderers.contribution import COLUMNS, explanation_row, flow_of, map_rows, stone_row
from outcomes.renderers.readings import svg
from outcomes.views.outcomes import OutcomeView
from partnerships.forms.documents import ConfirmForm
from partnerships.renderers.rows import activity_row
from people.access import ActionForm, VersionedForm
from people.permissions import Permission
from reports.renderers.csv import csv_lines


class ContributionMapPage(OutcomeView, TemplateView):
    template_name = "outcomes/contribution/map.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = contribution_map(self.outcome, self.partnership, viewer=self.request.user)
        slug = self.partnership.slug
        return super().get_context_data(
            page_title=f"What should lead to it: {self.outcome.title}",
            drawing=svg(flow_chart(flow_of(found))) if found.last else "",
            stones=[stone_row(one, slug) for one in found.stones],
            explanations=[explanation_row(one) for one in found.explanations],
            unlinked=[activity_row(one, slug) for one in found.unlinked],
            unlinked_count=found.unlinked_count,
            may_judge=self.may(Permission.JUDGE_MEASURES),
            may_see_history=self.may(Permission.VIEW_HISTORY),
            **kwargs,
        )


class ContributionMapFile(OutcomeView):
    """Everything on the map that this person may see, as a CSV file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = contribution_map(self.outcome, self.partnership, viewer=request.user)
        response = HttpResponse(csv_lines(COLUMNS, map_rows(found)), content_type="text/csv; charset=utf-8")
        name = f"{slugify(self.outcome.title)[:60] or 'outcome'}-map.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


class MapForm(ActionForm, OutcomeView, FormView):
    """A form that changes the map, and leads back to it."""

    permission = Permission.JUDGE_MEASURES
    template_name = "layouts/form.html"
    page_title = ""

    def get_success_url(self) -> str:
        return self.url("outcome-map", self.outcome.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [
            {"label": "Outcomes", "url": self.url("dashboard")},
            {"label": self.outcome.title, "url": self.url("outcome-detail", self.outcome.pk)},
            {"label": "What should lead to it", "url": self.get_success_url()},
        ]
        found = {
            "page_title": self.page_title,
            "breadcrumbs": crumbs,
            "cancel_url": self.get_success_url(),
            "caption": self.outcome.title,
        }
        return super().get_context_data(**found | kwargs)


class StonePage(OutcomeView):
    """One stepping stone, `stone` in the address."""

    @cached_property
    def stone(self) -> SteppingStone:
        rows = SteppingStone.objects.filter(outcome=self.outcome)
        return get_object_or_404(rows, pk=self.kwargs["stone"])


class AddStone(MapForm):
    form_class = StoneForm
    page_title = "Add a stepping stone"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"outcome": self.outcome}

    def act(self, form: BaseForm) -> None:
        add_stone(outcome=self.outcome, by=self.request.user, **form.cleaned_data)


class EditStone(VersionedForm, StonePage, MapForm):
    form_class = StoneForm
    template_name = "layouts/versioned_form.html"
    page_title = "Change a stepping stone"

    def record(self) -> SteppingStone:
        return self.stone

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"outcome": self.outcome, "stone": self.stone}

    def get_initial(self) -> dict[str, Any]:
        stone = self.stone
        return {"title": stone.title, "expected": stone.expected, "leads_to": stone.leads_to_id}

    def act(self, form: BaseForm) -> None:
        edit_stone(
            stone=self.stone,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )


class LookAtStone(StonePage, MapForm):
    form_class = LookForm

    def get_initial(self) -> dict[str, Any]:
        stone = self.stone
        return {"progress": stone.progress, "confidence": stone.confidence, "on": timezone.localdate()}

    def act(self, form: BaseForm) -> None:
        look_at_stone(stone=self.stone, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "What you saw is kept, and the looks before it too.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = f"Look at it again: {self.stone.title}"
        return super().get_context_data(**{"page_title": title, "submit_label": "Save what I saw"} | kwargs)


class RemoveStone(StonePage, MapForm):
    form_class = ConfirmForm
    template_name = "outcomes/contribution/remove.html"

    def act(self, form: BaseForm) -> None:
        remove_stone(stone=self.stone, by=self.request.user)
        messages.success(self.request, "The stepping stone is off the map.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = {
            "page_title": f"Remove the stepping stone “{self.stone.title}”",
            "what_happens": "Its evidence and what helps it go with it. What led to it then leads to what comes after it.",
            "submit_label": "Remove it",
        }
        return super().get_context_data(**found | kwargs)


class MoveStone(StonePage, View):
    permission = Permission.JUDGE_MEASURES
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        move_stone(stone=self.stone, up=kwargs["way"] == "up", by=request.user)
        return redirect(self.url("outcome-map", self.outcome.pk) + f"#stone-{self.stone.pk}")
