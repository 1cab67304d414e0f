"""Figures: in pages as JSON or CSV, or all of them in one stream."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from outcomes.api.observations_writing import WritesObservations
from outcomes.api.parameters import AsOfField
from outcomes.models import Marker, Measure, ObservationStatus
from outcomes.queries.observations import Wanted, csv_stream, page
from outcomes.queries.series import HIDDEN_TEXT, MARKER_TEXT, words_for
from partnerships.models import Place, Programme
from people.partner_access.endpoints import (
    IdField,
    ListEndpoint,
    PageParameters,
    Parameters,
    PartnerEndpoint,
    PlaceField,
    SinceField,
    named,
)
from people.partner_access.problems import Busy
from people.partner_access.schema import FIGURES, described, listed
from people.permissions import Scope
from reports.renderers.csv import DANGEROUS
from reports.renderers.partner_csv import CsvRenderer

NUMBERS = ("value", "lower", "upper", "numerator", "denominator")
# An export holds a connection to the database until the last byte is taken. Two in a process leave pages enough of them.
EXPORTS_AT_ONCE = threading.BoundedSemaphore(2)
EXAMPLE = {
    "id": "512",
    "measure": "active-adults",
    "measure_name": "Adults who are active",
    "unit": "%",
    "place_id": "91",
    "place_code": "E08000012",
    "place_name": "Exampleborough",
    "organisation_id": None,
    "organisation_name": None,
    "group_dimension": None,
    "group_name": None,
    "period_start": "2024-11-15",
    "period_end": "2025-11-14",
    "period_label": "2024/25",
    "value": 61.3,
    "text": "61.3%",
    "lower": 59.1,
    "upper": 63.5,
    "numerator": None,
    "denominator": None,
    "hidden": False,
    "marker": "",
    "status": "final",
    "source": "Active Lives Adult Survey",
    "recorded_at": "2026-04-24T09:30:00Z",
}


class ObservationItem(serializers.Serializer):
    """One value of a measure for a place and a period, for everybody or for one part of a breakdown."""

    id = serializers.CharField(
        help_text="A correction has an id of its own and takes the place of what it corrects."
    )
    measure = serializers.CharField(help_text="The `slug` of its measure.")
    measure_name = serializers.CharField()
    unit = serializers.CharField()
    place_id = serializers.CharField()
    place_code = serializers.CharField(allow_null=True, help_text="GSS code; null for places that have none.")
    place_name = serializers.CharField()
    organisation_id = serializers.CharField(
        allow_null=True, help_text="The partner whose part it is; null for the whole place."
    )
    organisation_name = serializers.CharField(allow_null=True)
    group_dimension = serializers.CharField(allow_null=True, help_text="Null for everybody.")
    group_name = serializers.CharField(allow_null=True)
    period_start = serializers.DateField()
    period_end = serializers.DateField()
    period_label = serializers.CharField()
    value = serializers.FloatField(
        allow_null=True, help_text="Null where it is missing or hidden. Missing is not zero."
    )
    text = serializers.CharField(help_text="The value as the pages print it.")
    lower = serializers.FloatField(allow_null=True, help_text="Lower end of the 95% confidence interval.")
    upper = serializers.FloatField(allow_null=True, help_text="Upper end of the 95% confidence interval.")
    numerator = serializers.FloatField(allow_null=True)
    denominator = serializers.FloatField(allow_null=True)
    hidden = serializers.BooleanField(help_text="True where a small count is hidden to protect people.")
    marker = serializers.ChoiceField(
        Marker.choices, allow_blank=True, help_text="Why there is no value, or that it rounds to zero."
    )
    status = serializers.ChoiceField(ObservationStatus.choices)
    source = serializers.CharField(allow_blank=True)
    recorded_at = serializers.DateTimeField(help_text="When it became known.")


class FigureParameters(Parameters):
    """Which observations; for pages and for the whole alike."""

    measure = serializers.RegexField(
        r"\A[-a-zA-Z0-9_]{1,80}\Z", required=False, help_text="The `slug` of a measure of this partnership."
    )
    programme = IdField(help_text="Only measures of this programme.")
    place = PlaceField(help_text="GSS code of the place itself.")
    place_id = IdField(help_text="For places that have no GSS code.")
    changed_since = SinceField("recorded or corrected")
    as_of = AsOfField(
        required=False,
        help_text="Figures as they were known at this moment, or at the end of this day; now by default.",
    )

    def get_fields(self) -> dict[str, serializers.Field]:
        # `from` is a word of Python, and so cannot be the name of an attribute.
        return super().get_fields() | {
            "from": serializers.DateField(
                required=False, help_text="Periods that begin on or after this day."
            ),
            "to": serializers.DateField(required=False, help_text="Periods that end on or before this day."),
        }


class ObservationParameters(FigureParameters, PageParameters):
    pass


class Figures(PartnerEndpoint):
    """What pages and export share: which observations are wanted."""

    scope = Scope.OBSERVATIONS
    parameters = FigureParameters

    def wanted(self) -> Wanted:
        asked = self.asked
        self.as_of = asked.get("as_of") or timezone.now()
        self.measures = {measure.slug: measure for measure in self.known_measures()}
        return Wanted(
            partnership=self.partnership,
            measure_ids=tuple(measure.pk for measure in self.measures.values()),
            as_of=self.as_of,
            place_ids=tuple(self.known_places()),
            starts_on=asked.get("from"),
            ends_on=asked.get("to"),
            recorded_since=asked.get("changed_since"),
        )

    def known_measures(self) -> list[Measure]:
        rows = Measure.objects.filter(partnership=self.partnership, created_at__lte=self.as_of)
        if "measure" in self.asked:
            known = Measure.objects.filter(partnership=self.partnership)
            rows = rows.filter(pk=named("measure", known, slug=self.asked["measure"]).pk)
        if "programme" in self.asked:
            ours = Programme.objects.filter(partnership=self.partnership)
            rows = rows.filter(programme=named("programme", ours, pk=self.asked["programme"]))
        return list(rows)

    def known_places(self) -> Iterator[int]:
        for parameter, lookup in (("place", "code"), ("place_id", "pk")):
            if parameter in self.asked:
                yield named(parameter, Place.objects.all(), **{lookup: self.asked[parameter]}).pk


@described(
    tags=[FIGURES],
    operation_id="list_observations",
    summary="List observations",
    **listed(ObservationItem, EXAMPLE, pinned={"as_of": "2026-11-22T10:00:00Z"}),
)
class Observations(WritesObservations, Figures, ListEndpoint):
    """Figures in pages, as they were known at one moment. All pages of a walk have the moment of the first."""

    http_method_names = ["get", "head", "post"]
    parameters = ObservationParameters
    renderer_classes: ClassVar = [JSONRenderer, CsvRenderer]
    item = ObservationItem

    def items(self, *, after: int, limit: int) -> list[dict[str, Any]]:
        return [self.shown(row) for row in page(self.wanted(), after=after, limit=limit)]

    def about(self) -> dict[str, Any]:
        return {"as_of": self.as_of}

    def pinned(self) -> Mapping[str, str]:
        return {"as_of": self.as_of.isoformat()}

    def shown(self, row: dict[str, Any]) -> dict[str, Any]:
        measure = self.measures[row["measure"]]
        if row["hidden"]:
            text = HIDDEN_TEXT
        elif row["value"] is None:
            text = MARKER_TEXT.get(row["marker"], "Not available")
        else:
            text = words_for(measure, row["value"])
        return row | {name: _whole(row[name]) for name in NUMBERS} | {"text": text}


@described(
    tags=[FIGURES],
    operation_id="export_observations",
    summary="Export all observations",
    responses={(200, "text/csv"): OpenApiTypes.STR},
    examples=[
        OpenApiExample(
            "The first lines",
            "\r\n".join(
                (
                    ",".join(name for name in EXAMPLE if name != "text"),
                    ",".join(
                        "" if value is None else str(value)
                        for name, value in EXAMPLE.items()
                        if name != "text"
                    ),
                )
            ),
            media_type="text/csv",
            response_only=True,
        )
    ],
)
class ObservationsExport(Figures):
    """All of the observations in one CSV file, in no particular order, as fast as the database writes them.

    The columns are those of the list without `text`. The response has no length: it is whole when it ends in a line break
    and the connection closes without an error.
    """

    renderer_classes: ClassVar = [CsvRenderer]
    throttle_scope = "partner-export"

    def get(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        wanted = self.wanted()
        headers = {
            "Content-Disposition": f'attachment; filename="{self.partnership.slug}-observations.csv"',
            "Cache-Control": "no-store",
            "As-Of": wanted.as_of.isoformat(),
        }
        kind = "text/csv; charset=utf-8"
        if request.method == "HEAD":
            return HttpResponse(headers=headers, content_type=kind)
        return StreamingHttpResponse(OneExport(wanted), headers=headers, content_type=kind)


class OneExport:
    """One running export, counted until it is read to its end, given up, or forgotten without ever being read."""

    _is_counted = False

    def __init__(self, wanted: Wanted) -> None:
        if not EXPORTS_AT_ONCE.acquire(blocking=False):
            raise Busy
        self._is_counted = True
        self._blocks = csv_stream(wanted, dangerous=DANGEROUS)

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._blocks
        finally:
            self.close()

    def close(self) -> None:
        if self._is_counted:
            self._is_counted = False
            EXPORTS_AT_ONCE.release()
            self._blocks.close()

    __del__ = close


def _whole(number: float | None) -> float | int | None:
    """12 rather than 12.0, as the export has it."""
    return int(number) if number is not None and number.is_integer() else number
