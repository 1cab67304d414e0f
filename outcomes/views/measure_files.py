"""A measure's chart and figures as files to take away: as the page shows them, protected in the same way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from outcomes import charts
from outcomes.queries.beside import comparable_places, series_of_places
from outcomes.queries.readings import Reading
from outcomes.queries.remarks import remarks_on
from outcomes.renderers.groups import COLUMNS as GROUP_COLUMNS
from outcomes.renderers.groups import group_rows
from outcomes.renderers.pictures import png
from outcomes.renderers.remarks import pins
from outcomes.views.looking import Look, MeasureView
from reports.renderers.csv import csv_lines

COLUMNS = ("period", "period_start", "period_end", "value", "text", "lower", "upper", "marker", "provisional")
PLACE_COLUMNS = ("place", "place_code", *COLUMNS)


def figure_rows(reading: Reading, look: Look | None = None) -> Iterator[tuple[Any, ...]]:
    for f in reading.series.figures:
        if look is None or look.first is None or f.period_end >= look.first:
            yield _cells(f)


def _cells(f: Any) -> tuple[Any, ...]:
    return (
        f.period_label, f.period_start, f.period_end, f.value, f.text, f.lower, f.upper, f.marker, f.provisional,
    )  # fmt: skip


class MeasureFile(MeasureView):
    """Answers with one file, named after the measure."""

    content_type = "text/csv; charset=utf-8"
    ending = ".csv"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        look = self.look()
        if look is None:
            return redirect("dashboard", partnership=self.partnership.slug)
        response = HttpResponse(self.content(look), content_type=self.content_type)
        response["Content-Disposition"] = f'attachment; filename="{self.measure.slug}{self.ending}"'
        return response

    def content(self, look: Look) -> bytes:
        raise NotImplementedError

    def drawn(self, look: Look) -> str:
        remarks = remarks_on(self.measure, look.reading.place, as_of=look.as_of)
        chart, _ = self.drawing(look, notes=pins(remarks), chart_id=self.measure.slug)
        return charts.line_chart(chart, width=900)


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    return b"".join(csv_lines(columns, rows))


class MeasureChart(MeasureFile):
    content_type, ending = "image/svg+xml", ".svg"

    def content(self, look: Look) -> bytes:
        return self.drawn(look).encode()


class MeasurePicture(MeasureFile):
    content_type, ending = "image/png", ".png"

    def content(self, look: Look) -> bytes:
        return png(self.drawn(look))


class MeasureData(MeasureFile):
    """The same table that stands beside the chart."""

    def content(self, look: Look) -> bytes:
        return table(COLUMNS, figure_rows(look.reading, look))


class GroupData(MeasureFile):
    ending = "-groups.csv"

    def content(self, look: Look) -> bytes:
        return table(GROUP_COLUMNS, group_rows(look.breakdowns()))


class PlacesData(MeasureFile):
    """Every place of which the partnership has figures."""

    ending = "-places.csv"

    def content(self, look: Look) -> bytes:
        found = series_of_places(self.measure, comparable_places(self.measure), as_of=look.as_of)
        rows = (
            (one.place.name, one.place.code or "", *_cells(f))
            for one in found
            for f in one.series.figures
            if look.first is None or f.period_end >= look.first
        )
        return table(PLACE_COLUMNS, rows)
