"""Writing figures: a partner's system records its own organisation's part."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from outcomes.actions.observations import NewObservation
from outcomes.actions.observations_of_partners import record_own_part
from outcomes.models import Group, Marker, Measure, ObservationStatus
from outcomes.queries.readings import main_place
from partnerships.models import Place
from people.partner_access.endpoints import IdField, PlaceField
from people.partner_access.schema import FIGURES
from people.partner_access.writing import StrictSerializer, Writing
from people.permissions import Scope

SENT = {
    "measure": "sessions-offered",
    "observations": [
        {
            "period_start": "2026-10-01",
            "period_end": "2026-10-31",
            "period_label": "October 2026",
            "value": 42,
            "status": "provisional",
        },
        {
            "group_dimension": "Sex",
            "group_name": "Girls",
            "period_start": "2026-10-01",
            "period_end": "2026-10-31",
            "period_label": "October 2026",
            "value": 20,
        },
    ],
}
ANSWER = {
    "observations": [
        {"id": "913", "recorded_at": "2026-11-02T06:00:00Z"},
        {"id": "914", "recorded_at": "2026-11-02T06:00:00Z"},
    ]
}
TEXT = r"\A[^\x00]*\Z"


class ObservationBody(StrictSerializer):
    """One value for a period. Say a `value`, or a `marker` for why there is none."""

    place = PlaceField(help_text="GSS code; the partnership's main place by default.")
    place_id = IdField(help_text="For places that have no GSS code.")
    group_id = IdField(allow_null=True, help_text="Null for everybody.")
    group_dimension = serializers.RegexField(
        TEXT,
        max_length=80,
        required=False,
        help_text="With `group_name`, in place of `group_id`: such as `Sex`.",
    )
    group_name = serializers.RegexField(
        TEXT, max_length=120, required=False, help_text="A group of that breakdown, such as `Girls`."
    )
    period_start = serializers.DateField()
    period_end = serializers.DateField()
    period_label = serializers.RegexField(TEXT, max_length=40)
    value = serializers.DecimalField(18, 6, allow_null=True, default=None)
    numerator = serializers.DecimalField(15, 3, allow_null=True, default=None)
    denominator = serializers.DecimalField(15, 3, allow_null=True, default=None)
    marker = serializers.ChoiceField(
        [(Marker.UNAVAILABLE.value, "Not available"), (Marker.NOT_APPLICABLE.value, "Not applicable")],
        allow_blank=True,
        default="",
    )
    status = serializers.ChoiceField(ObservationStatus.choices, default=ObservationStatus.PROVISIONAL.value)
    note = serializers.RegexField(TEXT, max_length=500, allow_blank=True, default="")
    source = serializers.RegexField(TEXT, max_length=300, allow_blank=True, default="")


class ObservationsBody(StrictSerializer):
    measure = serializers.RegexField(
        r"\A[-a-zA-Z0-9_]{1,80}\Z",
        help_text="The `slug` of a measure of a programme in which your organisation is a partner.",
    )
    observations = ObservationBody(many=True, min_length=1, max_length=1_000)


class WrittenItem(serializers.Serializer):
    id = serializers.CharField()
    recorded_at = serializers.DateTimeField(
        help_text="When it became known; earlier where it was said before."
    )


class WrittenObservations(serializers.Serializer):
    """What stands now, in the order in which it was sent."""

    observations = WrittenItem(many=True)


written = extend_schema(
    tags=[FIGURES],
    operation_id="write_observations",
    summary="Write your organisation’s figures",
    description="Records your organisation's own part of a measure's figures, all of them or none. A correction supersedes; "
    "saying the same again changes nothing. Periods for which a return is asked are sent as a return.",
    request=ObservationsBody,
    responses={201: WrittenObservations},
    examples=[
        OpenApiExample("Sent", SENT, media_type="application/json", request_only=True),
        OpenApiExample(
            "One", ANSWER, media_type="application/json", response_only=True, status_codes=["201"]
        ),
    ],
)


class WritesObservations(Writing):
    """The half of the observations' address that writes."""

    write_scope = Scope.WRITE_OBSERVATIONS

    @written
    def post(self, request: Request, **kwargs: Any) -> Response:
        return self.write_once(request, ObservationsBody, status=201)

    def write(self, said: dict[str, Any]) -> dict[str, Any]:
        ours = Measure.objects.filter(partnership=self.partnership).select_related("programme__provider")
        measure = ours.filter(slug=said["measure"]).first()
        if measure is None:
            raise ValidationError({"measure": ["There is no such thing in this partnership."]})
        kept = record_own_part(
            measure=measure,
            organisation=self.organisation,
            rows=[self.row(index, row) for index, row in enumerate(said["observations"])],
            by=self.request.user,
        )
        return {"observations": [{"id": str(one.pk), "recorded_at": one.recorded_at} for one in kept]}

    def row(self, index: int, said: dict[str, Any]) -> NewObservation:
        given = dict(said)
        where = f"observations[{index}]"
        about = [given.pop(name, None) for name in ("group_id", "group_dimension", "group_name")]
        return NewObservation(
            place=self.place(where, given.pop("place", None), given.pop("place_id", None)),
            group=self.group(where, *about),
            **given,
        )

    @cached_property
    def groups(self) -> list[Group]:
        return list(Group.objects.filter(partnership=self.partnership))

    def group(self, where: str, pk: str | None, dimension: str | None, name: str | None) -> Group | None:
        """By its id, or by the names of its breakdown and its own; groups are made by people and not on the way."""
        if pk is None and dimension is None and name is None:
            return None
        if pk is not None and (dimension is not None or name is not None):
            raise ValidationError(
                {f"{where}.group_id": ["Name the group by its id or by its names, not by both."]}
            )
        if pk is not None:
            return self.found(f"{where}.group_id", [one for one in self.groups if str(one.pk) == pk])
        if not dimension or not name:
            missing = "group_name" if dimension else "group_dimension"
            raise ValidationError({f"{where}.{missing}": ["Send both group_dimension and group_name."]})
        of_dimension = [one for one in self.groups if one.dimension.casefold() == dimension.casefold()]
        if not of_dimension:
            raise ValidationError(
                {f"{where}.group_dimension": ["There is no such breakdown in this partnership."]}
            )
        named = [one for one in of_dimension if one.name.casefold() == name.casefold()]
        if not named:
            known = ", ".join(one.name for one in of_dimension[:20])
            raise ValidationError(
                {f"{where}.group_name": [f"{of_dimension[0].dimension} has no such group. It has: {known}."]}
            )
        return next((one for one in named if one.name == name), named[0])

    @staticmethod
    def found(where: str, rows: list[Group]) -> Group:
        if not rows:
            raise ValidationError({where: ["There is no such thing in this partnership."]})
        return rows[0]

    def place(self, where: str, code: str | None, pk: str | None) -> Place:
        covered = Place.objects.filter(pk__in=self.partnership.covered.values("place"))
        found = (
            self.known(f"{where}.place", covered, code=code)
            or self.known(f"{where}.place_id", covered, pk=pk)
            or main_place(self.partnership)
        )
        if found is None:
            raise ValidationError({f"{where}.place": ["Say which place it is."]})
        return found

    @staticmethod
    def known(where: str, rows: Any, **wanted: Any) -> Any:
        if any(value is None for value in wanted.values()):
            return None
        found = rows.filter(**wanted).first()
        if found is None:
            raise ValidationError({where: ["There is no such thing in this partnership."]})
        return found
