"""Working out a chart's limits anew from a point, with a look at it before; and taking that back."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.generic import FormView

from config.forms import as_typed
from outcomes import charts
from outcomes.actions.rebases import rebase, withdraw_rebase
from outcomes.forms.rebases import RebaseForm, WithdrawForm
from outcomes.models import Rebase
from outcomes.queries.readings import Reading
from outcomes.queries.rebasing import hides_a_concern, rebased
from outcomes.renderers.charts import measure_chart, rebase_notes
from outcomes.renderers.readings import svg
from outcomes.views.looking import MeasureView, narrow
from partnerships.queries.activities import visible
from people.access import ActionForm
from people.permissions import Permission


class MeasureForm(ActionForm, MeasureView, FormView):
    """A form about one measure, which leads back to its page."""

    permission = Permission.JUDGE_MEASURES
    template_name = "layouts/form.html"
    page_title = ""

    def get_success_url(self) -> str:
        return self.url("measure")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = {
            "page_title": self.page_title,
            "breadcrumbs": self.crumbs(to_measure=True),
            "cancel_url": self.get_success_url(),
        }
        return super().get_context_data(**found | kwargs)


class AddRebase(MeasureForm):
    form_class = RebaseForm
    template_name = "outcomes/measures/rebase.html"
    page_title = "Work out the limits anew from a point"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().get(request, *args, **kwargs) if self.has_limits else self.nothing_to_do()

    @cached_property
    def reading(self) -> Reading | None:
        return self.read()

    @property
    def has_limits(self) -> bool:
        return self.reading is not None and self.reading.judgement.spc is not None

    def nothing_to_do(self) -> HttpResponseBase:
        crumbs = self.crumbs(to_measure=True)
        self.template_name = "outcomes/measures/no_limits.html"
        context = {"page_title": self.page_title, "breadcrumbs": crumbs, "measure": self.measure}
        return self.render_to_response(context | {"partnership": self.partnership})

    @cached_property
    def point(self) -> date | None:
        """The point that was asked about, if it is one from which limits can begin."""
        typed = self.request.POST.get("period_end", "")
        points = [f.period_end for f in self.reading.series.figures if f.value is not None][1:]
        return next((point for point in points if point.isoformat() == typed), None)

    @cached_property
    def warned(self) -> bool:
        return self.point is not None and hides_a_concern(self.reading, self.point)

    def get_form_kwargs(self) -> dict[str, Any]:
        more = {"reading": self.reading, "partnership": self.partnership, "viewer": self.request.user}
        return super().get_form_kwargs() | more | {"warned": self.warned}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.has_limits:
            return self.nothing_to_do()
        if "preview" not in request.POST:
            return super().post(request, *args, **kwargs)
        typed = as_typed(self.get_form(), dict(request.POST.lists()))
        kwargs = {key: value for key, value in self.get_form_kwargs().items() if key not in ("data", "files")}
        return self.render_to_response(self.get_context_data(form=RebaseForm(**kwargs | {"initial": typed})))

    def act(self, form: RebaseForm) -> None:
        said = form.cleaned_data
        pk = said.get("activity")
        rebase(
            measure=self.measure,
            place=self.reading.place,
            period_end=said["period_end"],
            cause=said["cause"],
            reason=said["reason"],
            activity=visible(self.partnership, self.request.user).get(pk=pk) if pk else None,
            decision=said["decision"],
            hides_knowingly=said.get("hides_knowingly", False),
            by=self.request.user,
        )
        messages.success(self.request, "The limits are worked out anew from that point.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            reading=self.reading,
            now=drawn(self.reading, "now"),
            warned=self.warned,
            preview=self.preview(),
            submit_label="Save",
            **kwargs,
        )

    def preview(self) -> dict[str, Any] | None:
        if self.point is None:
            return None
        found = rebased(self.reading, at=self.point)
        return {"reading": found, **drawn(found, "preview")}


def drawn(reading: Reading, chart_id: str) -> dict[str, Any]:
    """A reading's chart in both widths with its table, as outcomes/_chart.html takes them."""
    wide = measure_chart(reading, chart_id=chart_id, annotations=rebase_notes(reading))
    return {
        "chart": svg(charts.line_chart(wide, width=900)),
        "chart_narrow": svg(charts.line_chart(narrow(wide), width=320)),
        "table": charts.table_of(wide),
    }


class WithdrawRebase(MeasureForm):
    form_class = WithdrawForm
    template_name = "outcomes/measures/rebase_withdraw.html"

    @cached_property
    def rebase(self) -> Rebase:
        rows = Rebase.objects.select_related("created_by")
        return get_object_or_404(rows, measure=self.measure, pk=self.kwargs["rebase"])

    def act(self, form: WithdrawForm) -> None:
        withdraw_rebase(rebase=self.rebase, because=form.cleaned_data["because"], by=self.request.user)
        messages.success(self.request, "The rebase is withdrawn.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = f"Withdraw the rebase from {self.rebase.period_label}"
        return super().get_context_data(
            page_title=title, rebase=self.rebase, submit_label="Withdraw it", **kwargs
        )
