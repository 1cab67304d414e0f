"""The page of one measure, its chart and its figures as files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView

from outcomes import charts
from outcomes.forms.dashboard import AsOfForm
from outcomes.models import Measure
from outcomes.queries import dashboard as queries
from outcomes.queries.origins import origins_of
from outcomes.queries.readings import PlaceFigure, Reading, beside_similar, england, main_place, readings_for
from outcomes.queries.series import series_for
from outcomes.renderers.charts import measure_chart, places_chart
from outcomes.renderers.origins import origin_tables
from outcomes.renderers.readings import PROGRESS_WORDS, marks, svg
from outcomes.statistics.rounding import format_change
from partnerships.renderers.rows import activity_row
from people.access import PartnershipView
from people.permissions import Permission
from reports.renderers.csv import csv_lines


class MeasureView(PartnershipView):
    """What the pages of one measure share."""

    permission = Permission.VIEW
    measure: Measure

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            found = Measure.objects.select_related("outcome", "programme", "partnership")
            self.measure = get_object_or_404(found, partnership=self.partnership, slug=kwargs["measure"])

    def crumbs(self, *, to_measure: bool = False) -> list[dict[str, str]]:
        slug = self.partnership.slug
        found = [{"label": "Outcomes", "url": reverse("dashboard", args=[slug])}]
        if to_measure:
            found.append(
                {"label": self.measure.name, "url": reverse("measure", args=[slug, self.measure.slug])}
            )
        return found

    def read(self) -> Reading | None:
        """The measure as the day in the address (or today) knows it; None where the partnership covers no place yet."""
        form = AsOfForm(self.request.GET or None)
        day = form.cleaned_data.get("as_of") if form.is_bound and form.is_valid() else None
        place = main_place(self.partnership)
        if place is None:
            return None
        self.as_of = queries.moment(day)
        self.as_of_form = form
        return readings_for([self.measure], place, as_of=self.as_of, nation=england())[self.measure.pk]


def stats(reading: Reading) -> list[dict[str, str]]:
    """The four figures at the top of a measure's page: latest, direction, target, England."""
    latest, measure = reading.latest, reading.measure
    if latest is None:
        return []
    provisional = " (provisional)" if latest.provisional else ""
    words = PROGRESS_WORDS[reading.judgement.progress]
    found = [
        {
            "label": f"{reading.place.name}, {latest.period_label}{provisional}",
            "value": latest.text,
            "note": latest.note,
        },
        {"label": "Direction", "value": words, "note": measure.get_direction_display()},
    ]
    if reading.goal:
        found.append({"label": "Target", "value": reading.goal.text, "note": reading.goal.sentence})
    else:
        found.append({"label": "Target", "value": "None set"})
    if reading.england:
        found.append(
            {"label": "England, same period", "value": reading.england.text, "note": beside_england(reading)}
        )
    return [{"note": "", "change": ""} | stat for stat in found]


def beside_england(reading: Reading) -> str:
    """How far the place is from England, in words; empty where one of them has no number."""
    here, there = reading.latest, reading.england
    if here is None or there is None or here.value is None or there.value is None:
        return ""
    gap = round(here.value - there.value, 9)
    if not gap:
        return f"{reading.place.name} is the same as England"
    size = format_change(gap, reading.measure.decimals, reading.measure.unit)
    return f"{reading.place.name} is {size} {'higher' if gap > 0 else 'lower'}"


class MeasurePage(MeasureView, TemplateView):
    template_name = "outcomes/measure.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reading = self.read()
        kwargs |= {"measure": self.measure}
        context = super().get_context_data(
            page_title=self.measure.name,
            breadcrumbs=self.crumbs(),
            reading=reading,
            may_comment=self.may(Permission.COMMENT),
            may_manage=self.may(Permission.MANAGE_OUTCOMES),
            may_see_history=self.may(Permission.VIEW_HISTORY),
            **kwargs,
        )
        return context if reading is None else context | self._shown(reading)

    def _shown(self, reading: Reading) -> dict[str, Any]:
        drawn = self._chart(reading, england())
        found = queries.helping_activities(self.partnership, self.measure.outcome, viewer=self.request.user)
        return {
            "as_of": self.as_of,
            "as_of_form": self.as_of_form,
            "marks": marks(reading),
            "stats": stats(reading),
            "chart": svg(charts.line_chart(drawn, width=900)),
            "chart_narrow": svg(charts.line_chart(_renamed(drawn, "narrow"), width=320)),
            "table": charts.table_of(drawn),
            "places": self._places(reading, beside_similar(reading, as_of=self.as_of)),
            "origins": origin_tables(
                origins_of(self.measure, reading.place, reading.series, as_of=self.as_of),
                self.partnership.slug,
                reading.place.name,
                may_open_imports=self.may(Permission.IMPORT_FIGURES),
            ),
            "activities": [
                activity_row(a, self.partnership.slug, more=a.programme.name if a.programme else "")
                for a in found
            ],
            "commentaries": queries.commentaries(self.measure, as_of=self.as_of),
        }

    def _chart(self, reading: Reading, nation: Any) -> charts.LineChart:
        beside = {}
        if nation is not None and nation.pk != reading.place.pk:
            found = series_for([self.measure], [nation.pk], as_of=self.as_of).get(
                (self.measure.pk, nation.pk)
            )
            if found:
                beside["England"] = found
        return measure_chart(reading, chart_id="measure", beside=beside)

    def _places(self, reading: Reading, beside: list[PlaceFigure]) -> dict[str, Any] | None:
        if not beside:
            return None
        drawn = places_chart(reading, beside, reading.england, chart_id="places")
        return {
            "chart": svg(charts.ranked_dots(drawn, width=900)),
            "chart_narrow": svg(charts.ranked_dots(_renamed(drawn, "narrow"), width=320)),
            "table": charts.table_of(drawn),
        }


def _renamed(drawn: Any, suffix: str) -> Any:
    """The same chart under another id: a page holds a wide and a narrow drawing, and shows one."""
    return replace(drawn, chart_id=f"{drawn.chart_id}-{suffix}")


class MeasureChart(MeasureView):
    """The measure's chart as an SVG file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reading = self.read()
        if reading is None:
            return redirect("dashboard", partnership=self.partnership.slug)
        text = charts.line_chart(measure_chart(reading, chart_id=self.measure.slug), width=900)
        response = HttpResponse(text, content_type="image/svg+xml")
        response["Content-Disposition"] = f'attachment; filename="{self.measure.slug}.svg"'
        return response


COLUMNS = ("period", "period_start", "period_end", "value", "text", "lower", "upper", "marker", "provisional")


def figure_rows(reading: Reading) -> Iterator[tuple[Any, ...]]:
    for f in reading.series.figures:
        yield (
            f.period_label,
            f.period_start,
            f.period_end,
            f.value,
            f.text,
            f.lower,
            f.upper,
            f.marker,
            f.provisional,
        )


class MeasureData(MeasureView):
    """The measure's figures as a CSV file: the same table that stands beside the chart."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reading = self.read()
        if reading is None:
            return redirect("dashboard", partnership=self.partnership.slug)
        lines = csv_lines(COLUMNS, figure_rows(reading))
        response = HttpResponse(b"".join(lines), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.measure.slug}.csv"'
        return response
