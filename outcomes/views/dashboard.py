"""The outcome dashboard and the page of one measure."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.generic import FormView, TemplateView

from outcomes import charts
from outcomes.actions.setting_up import write_commentary
from outcomes.forms.dashboard import AsOfForm, CommentaryForm
from outcomes.models import Measure
from outcomes.queries import dashboard as queries
from outcomes.queries.readings import PlaceFigure, Reading, beside_similar, england, main_place, readings_for
from outcomes.queries.series import series_for
from outcomes.renderers.charts import measure_chart, places_chart, tile_sparkline
from outcomes.statistics.rounding import format_change
from outcomes.statistics.spc_text import ASSURANCE_MARKS, VARIATION_MARKS
from outcomes.statistics.terms import Progress
from partnerships.errors import DomainError
from people.access import PartnershipView, take_kept_form
from people.permissions import Permission

PROGRESS_WORDS = {
    Progress.BETTER: "Getting better",
    Progress.WORSE: "Getting worse",
    Progress.NO_CHANGE: "No significant change",
    Progress.CANNOT_TELL: "Cannot tell yet",
}


def tile(reading: Reading, slug: str) -> dict[str, Any]:
    """What a tile prints: plain data, so that rendering runs no query."""
    judgement = reading.judgement
    spc = judgement.spc
    marks = []
    if spc and spc.variation:
        marks.append(VARIATION_MARKS[spc.variation])
    if spc and spc.assurance:
        marks.append(ASSURANCE_MARKS[spc.assurance])
    has_figure = reading.latest is not None
    return {
        "id": reading.measure.pk,
        "name": reading.measure.name,
        "url": reverse("measure", kwargs={"partnership": slug, "measure": reading.measure.slug}),
        "latest": reading.latest,
        "progress": judgement.progress.value if has_figure else "missing",
        "progress_words": PROGRESS_WORDS[judgement.progress] if has_figure else "No figure yet",
        "sentence": judgement.sentence if has_figure else "No figure has been entered yet.",
        "target": reading.goal,
        "target_sentence": judgement.target_sentence,
        "marks": marks,
        "england": reading.england,
        "freshness": reading.freshness,
        "ownership": reading.measure.get_ownership_display(),
        "kind": reading.measure.get_kind_display(),
        "programme": reading.measure.programme,
        "quadrant": reading.measure.get_quadrant_display(),
        "is_headline": reading.measure.is_headline,
        "sparkline": svg(
            charts.sparkline(
                tile_sparkline(reading, chart_id=f"spark-{reading.measure.pk}"), width=160, height=40
            )
        ),
    }


def svg(text: str) -> SafeString:
    """Our chart functions escape everything that they are given."""
    return mark_safe(text)  # noqa: S308


class Dashboard(PartnershipView, TemplateView):
    permission = Permission.VIEW
    template_name = "outcomes/dashboard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = AsOfForm(self.request.GET or None)
        day = form.cleaned_data.get("as_of") if form.is_bound and form.is_valid() else None
        as_of = queries.moment(day)
        found = queries.dashboard(self.partnership, as_of=as_of, viewer=self.request.user)
        context = super().get_context_data(
            page_title="Outcomes",
            as_of=as_of,
            is_today=day is None or day >= timezone.localdate(),
            as_of_form=form,
            found=found,
            may_manage=self.may(Permission.MANAGE_OUTCOMES),
            may_import=self.may(Permission.IMPORT_FIGURES),
            **kwargs,
        )
        if found is not None:
            context |= self._shown(found)
        return context

    def _shown(self, found: queries.Dashboard) -> dict[str, Any]:
        tiles = {reading.measure.pk: tile(reading, self.partnership.slug) for reading in found.readings}

        def of(readings: tuple[Reading, ...]) -> list[dict[str, Any]]:
            return [tiles[reading.measure.pk] for reading in readings]

        return {
            "summary": [
                ("better", "Got better", of(found.better)),
                ("worse", "Got worse", of(found.worse)),
                ("cannot_tell", "Cannot tell yet", of(found.cannot_tell)),
                ("missing", "Missing or late", of(found.late)),
            ],
            "no_change": of(found.no_change),
            "outcomes": [
                {
                    "outcome": entry.outcome,
                    "indicators": of(entry.indicators),
                    "performance": of(entry.performance),
                    "recent_activities": entry.recent_activities,
                }
                for entry in found.outcomes
            ],
        }


class MeasureView(PartnershipView):
    """What the pages of one measure share."""

    permission = Permission.VIEW
    measure: Measure

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            found = Measure.objects.select_related("outcome", "programme", "partnership")
            self.measure = get_object_or_404(found, partnership=self.partnership, slug=kwargs["measure"])

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


class MeasurePage(MeasureView, TemplateView):
    template_name = "outcomes/measure.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reading = self.read()
        context = super().get_context_data(
            page_title=self.measure.name,
            measure=self.measure,
            reading=reading,
            may_comment=self.may(Permission.COMMENT),
            may_manage=self.may(Permission.MANAGE_OUTCOMES),
            may_see_history=self.may(Permission.VIEW_HISTORY),
            **kwargs,
        )
        if reading is None:
            return context
        nation = england()
        beside = beside_similar(reading, as_of=self.as_of)
        drawn = self._chart(reading, nation)
        return context | {
            "as_of": self.as_of,
            "as_of_form": self.as_of_form,
            "tile": tile(reading, self.partnership.slug),
            "chart": svg(charts.line_chart(drawn, width=720)),
            "chart_narrow": svg(charts.line_chart(_renamed(drawn, "narrow"), width=320)),
            "table": charts.table_of(drawn),
            "places": self._places(reading, beside),
            "activities": queries.helping_activities(
                self.partnership, self.measure.outcome, viewer=self.request.user
            ),
            "commentaries": queries.commentaries(self.measure, as_of=self.as_of),
            "learning": [],
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
        difference = ""
        if (
            reading.england
            and reading.england.value is not None
            and reading.latest
            and reading.latest.value is not None
        ):
            gap = reading.latest.value - reading.england.value
            size = format_change(gap, self.measure.decimals, self.measure.unit)
            difference = (
                f"{size} {'higher' if gap > 0 else 'lower'} than England" if gap else "The same as England"
            )
        return {
            "chart": svg(charts.ranked_dots(drawn, width=720)),
            "chart_narrow": svg(charts.ranked_dots(_renamed(drawn, "narrow"), width=320)),
            "table": charts.table_of(drawn),
            "difference": difference,
        }


def _renamed(drawn: Any, suffix: str) -> Any:
    """The same chart under another id: a page holds a wide and a narrow drawing, and shows one."""
    from dataclasses import replace

    return replace(drawn, chart_id=f"{drawn.chart_id}-{suffix}")


class MeasureChart(MeasureView):
    """The measure's chart as an SVG file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reading = self.read()
        if reading is None:
            return redirect("dashboard", partnership=self.partnership.slug)
        text = charts.line_chart(measure_chart(reading, chart_id=self.measure.slug), width=720)
        response = HttpResponse(text, content_type="image/svg+xml")
        response["Content-Disposition"] = f'attachment; filename="{self.measure.slug}.svg"'
        return response


class MeasureData(MeasureView):
    """The measure's figures as a CSV file: the same table that stands beside the chart."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reading = self.read()
        if reading is None:
            return redirect("dashboard", partnership=self.partnership.slug)
        headers = [
            "period",
            "period_start",
            "period_end",
            "value",
            "text",
            "lower",
            "upper",
            "marker",
            "provisional",
        ]
        rows = (
            [
                f.period_label,
                f.period_start,
                f.period_end,
                f.value,
                f.text,
                f.lower,
                f.upper,
                f.marker,
                f.provisional,
            ]
            for f in reading.series.figures
        )
        response = HttpResponse(b"".join(csv_lines(headers, rows)), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.measure.slug}.csv"'
        return response


class WriteCommentary(MeasureView, FormView):
    """The story behind the curve."""

    permission = Permission.COMMENT
    form_class = CommentaryForm
    template_name = "outcomes/commentary_form.html"

    def get_initial(self) -> dict[str, Any]:
        kept = take_kept_form(self.request)
        return {name: values[0] for name, values in kept.items()} if kept else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Write the story behind the numbers", measure=self.measure, **kwargs
        )

    def form_valid(self, form: CommentaryForm) -> HttpResponse:
        try:
            write_commentary(measure=self.measure, by=self.request.user, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(refused.field, refused.message)
            return self.form_invalid(form)
        return redirect("measure", partnership=self.partnership.slug, measure=self.measure.slug)
