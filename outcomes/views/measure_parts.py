"""Pages beside a measure's own: one breakdown with its gap, and places of one's choice side by side."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.generic import TemplateView

from outcomes import charts
from outcomes.forms.measure_page import CompareForm
from outcomes.queries.beside import comparable_places, series_of_places
from outcomes.queries.dashboard import moment
from outcomes.queries.groups import Breakdown, compares
from outcomes.queries.readings import main_place
from outcomes.renderers.charts import compare_chart, since
from outcomes.renderers.groups import Drawn, gap_table, multiples, ranges, slopes
from outcomes.views.looking import Look, MeasureView
from outcomes.views.measures import shown
from partnerships.models import PlaceKind
from people.permissions import Permission


class GroupsPage(MeasureView, TemplateView):
    """One breakdown: a chart for each group, then and now, the gap over time, all as tables."""

    template_name = "outcomes/measure/groups.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        look = self.look()
        if look is None:
            raise Http404("There are no figures here.")
        if look.is_without_groups:
            return redirect(self.url("measure", query=look.query))
        return self.render_to_response(self.get_context_data(look=look, **kwargs))

    def get_context_data(self, look: Look, **kwargs: Any) -> dict[str, Any]:
        found = look.breakdowns()
        asked = kwargs["group"]
        breakdown = next((b for b in found if any(g.group.pk == asked for g in b.groups)), None)
        if breakdown is None:
            raise Http404("This measure has no such breakdown here.")
        return super().get_context_data(
            page_title=f"{self.measure.name} by {breakdown.name}",
            breadcrumbs=self.crumbs(to_measure=True),
            look=look,
            breakdown=breakdown,
            others=[self._link(one, look, current=one is breakdown) for one in found],
            compares=compares(self.measure),
            may_comment=self.may(Permission.COMMENT),
            data_url=self.url("measure-groups-data", query=look.query),
            back_url=self.url("measure", query=look.query),
            **self._charts(breakdown, look),
            **kwargs,
        )

    def _link(self, one: Breakdown, look: Look, *, current: bool) -> dict[str, Any]:
        url = self.url("measure-groups", one.key, query=look.query)
        return {"label": one.dimension, "url": url, "current": current}

    def _charts(self, breakdown: Breakdown, look: Look) -> dict[str, Any]:
        drawn = Drawn(breakdown, look.reading.place.name, look.first)
        now_and_then = slopes(drawn, chart_id="slopes") if compares(self.measure) else None
        gap = ranges(drawn, chart_id="ranges")
        return {
            "multiples": shown(multiples(drawn, chart_id="groups"), charts.small_multiples),
            "slopes": shown(now_and_then, charts.slope_chart) if now_and_then else None,
            "ranges": shown(gap, charts.range_chart) | {"table": gap_table(drawn)} if gap else None,
        }


class ComparePlaces(MeasureView, TemplateView):
    """Up to six places as lines and as a table; which ones stands in the address."""

    template_name = "outcomes/measure/compare.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        choices = comparable_places(self.measure)
        # The partnership's own place is the one that the others stand beside, whichever was ticked first.
        main = main_place(self.partnership)
        first = [place.pk for place in choices if place.kind == PlaceKind.NATION or place == main]
        form = CompareForm(self.request.GET or _chosen(first), places=choices)
        form.full_clean()
        answers = form.cleaned_data
        as_of = moment(answers.get("as_of"))
        by_pk = {place.pk: place for place in choices}
        places = sorted((by_pk[pk] for pk in answers.get("place", ())), key=lambda place: place != main)
        found = series_of_places(self.measure, places, as_of=as_of) if places else []
        drawn = since(compare_chart(self.measure, found), answers.get("from")) if found else None
        return super().get_context_data(
            page_title=f"Compare places: {self.measure.name}",
            breadcrumbs=self.crumbs(to_measure=True),
            form=form,
            as_of=as_of,
            choices=choices,
            found=shown(drawn, charts.line_chart) if drawn else None,
            without=[place.name for place in places if place.pk not in {one.place.pk for one in found}],
            data_url=self.url("measure-places-data"),
            **kwargs,
        )


def _chosen(places: list[int]) -> QueryDict:
    """What the page begins with, as if it had been asked for."""
    made = QueryDict(mutable=True)
    made.setlist("place", [str(pk) for pk in places])
    return made
