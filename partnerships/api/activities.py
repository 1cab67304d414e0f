"""Shared activities, with the organisations that took part and without the people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from outcomes.queries.activities import outcomes_of
from partnerships.models import (
    Activity,
    ActivityKind,
    Partnership,
    Place,
    Programme,
    ReviewStatus,
    Sector,
)
from partnerships.queries.activities import ActivityFilters, author_counts, find, visible
from people.partner_access.endpoints import (
    IdField,
    ListEndpoint,
    PageParameters,
    PartnerEndpoint,
    PlaceField,
    SinceField,
    behind,
    named,
)
from people.partner_access.schema import ACTIVITY, described, example, listed
from people.permissions import Scope
from people.queries.names import names_in
from reports.renderers.partner_csv import CsvRenderer

EXAMPLE = {
    "id": "1204",
    "title": "Walk and talk at Mill Park",
    "happened_on": "2026-11-12",
    "kind": "event",
    "own_kind": None,
    "minutes": 90,
    "what_happened": "Thirty residents came, twice as many as last month. [name] offered the hall for the winter.",
    "next_step": "Ask the leisure trust for an indoor route",
    "next_step_on": "2026-12-01",
    "next_step_done_on": None,
    "programme_id": "2",
    "programme": "Move together",
    "board_id": None,
    "board": None,
    "place_id": "412",
    "place_code": None,
    "place_name": "Mill Park estate",
    "organisations": [
        {"id": "8", "name": "Exampleborough Leisure Trust", "org_id": "GB-CHC-1000000", "sector": "leisure"}
    ],
    "outcomes": [{"id": "3", "title": "More people are active"}],
    "author_count": 2,
    "review": "accepted",
    "is_complete": True,
    "created_at": "2026-11-12T16:20:00Z",
    "updated_at": "2026-11-13T08:45:00Z",
}


class NamedOrganisation(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()
    org_id = serializers.CharField(
        allow_null=True, help_text="An org-id.guide identifier, where one is recorded."
    )
    sector = serializers.ChoiceField(Sector.choices)


class NamedOutcome(serializers.Serializer):
    id = serializers.CharField()
    title = serializers.CharField()


class ActivityItem(serializers.Serializer):
    """Something that partners did. Names of people are left out, and taken out of its texts."""

    id = serializers.CharField(help_text="Stays the same for ever.")
    title = serializers.CharField()
    happened_on = serializers.DateField()
    kind = serializers.ChoiceField(ActivityKind.choices)
    own_kind = serializers.CharField(
        allow_null=True, help_text="The partnership's own word for the kind, where `kind` is `other`."
    )
    minutes = serializers.IntegerField(allow_null=True, help_text="How long it took.")
    what_happened = serializers.CharField(allow_blank=True)
    next_step = serializers.CharField(allow_blank=True)
    next_step_on = serializers.DateField(allow_null=True)
    next_step_done_on = serializers.DateField(allow_null=True)
    programme_id = serializers.CharField(allow_null=True)
    programme = serializers.CharField(allow_null=True)
    board_id = serializers.CharField(allow_null=True)
    board = serializers.CharField(allow_null=True)
    place_id = serializers.CharField(allow_null=True)
    place_code = serializers.CharField(allow_null=True, help_text="GSS code; null for places that have none.")
    place_name = serializers.CharField(allow_null=True)
    organisations = NamedOrganisation(many=True)
    outcomes = NamedOutcome(
        many=True, help_text="Outcomes that it should help: a contribution, never a cause."
    )
    author_count = serializers.IntegerField(help_text="How many people wrote it. Their names are left out.")
    review = serializers.ChoiceField(
        [choice for choice in ReviewStatus.choices if choice[0]],
        allow_null=True,
        help_text="Null where nobody asked for a review.",
    )
    is_complete = serializers.BooleanField(help_text="False while its author means to finish it later.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ActivityParameters(PageParameters):
    kind = serializers.ChoiceField(ActivityKind.choices, required=False)
    programme = IdField(help_text="The `programme_id` of a programme of this partnership.")
    place = PlaceField(help_text="GSS code. Smaller places inside it count too.")
    changed_since = SinceField("logged or changed")

    def get_fields(self) -> dict[str, serializers.Field]:
        # `from` is a word of Python, and so cannot be the name of an attribute.
        return super().get_fields() | {
            "from": serializers.DateField(required=False, help_text="The first day on which it happened."),
            "to": serializers.DateField(required=False, help_text="The last day on which it happened."),
        }


def shared(partnership: Partnership) -> QuerySet[Activity]:
    """What everyone in the partnership can see, and so may leave."""
    rows = visible(partnership, None)
    return rows.select_related("programme", "board", "place").prefetch_related("organisations")


def items(partnership: Partnership, activities: Iterable[Activity]) -> list[dict[str, Any]]:
    activities = list(activities)
    outcomes, names, others = outcomes_of(activities), names_in(partnership), author_counts(activities)
    return [
        {
            "id": str(activity.pk),
            "title": names.removed_from(activity.title),
            "happened_on": activity.happened_on,
            "kind": activity.kind,
            "own_kind": activity.own_kind.name if activity.own_kind else None,
            "minutes": activity.minutes,
            "what_happened": names.removed_from(activity.what_happened),
            "next_step": names.removed_from(activity.next_step),
            "next_step_on": activity.next_step_on,
            "next_step_done_on": activity.next_step_done_on,
            **reference("programme", activity.programme),
            **reference("board", activity.board),
            **place_of(activity.place),
            "organisations": [
                {"id": str(o.pk), "name": o.name, "org_id": o.org_id, "sector": o.sector}
                for o in activity.organisations.all()
            ],
            "outcomes": [{"id": str(o.pk), "title": o.title} for o in outcomes.get(activity.pk, ())],
            "author_count": others.get(activity.pk, 0) + (activity.created_by_id is not None),
            "review": activity.review or None,
            "is_complete": activity.is_complete,
            "created_at": activity.created_at,
            "updated_at": activity.updated_at,
        }
        for activity in activities
    ]


def reference(name: str, record: Any) -> dict[str, Any]:
    return {f"{name}_id": str(record.pk) if record else None, name: record.name if record else None}


def place_of(place: Place | None) -> dict[str, Any]:
    return {
        "place_id": str(place.pk) if place else None,
        "place_code": place.code if place else None,
        "place_name": place.name if place else None,
    }


@described(
    tags=[ACTIVITY],
    operation_id="list_activities",
    summary="List activities",
    **listed(ActivityItem, EXAMPLE),
)
class Activities(ListEndpoint):
    """Activities that everyone in the partnership can see, in the order in which they were logged."""

    scope = Scope.ACTIVITIES
    parameters = ActivityParameters
    renderer_classes: ClassVar = [JSONRenderer, CsvRenderer]
    item = ActivityItem

    def items(self, *, after: int, limit: int) -> list[dict[str, Any]]:
        asked = self.asked
        filters = ActivityFilters(
            starts_on=asked.get("from"),
            ends_on=asked.get("to"),
            kind=asked.get("kind", ""),
            programme=self.programme(),
            place=self.place(),
        )
        found = find(shared(self.partnership), filters).activities
        if "changed_since" in asked:
            found = found.filter(updated_at__gte=asked["changed_since"])
        return items(self.partnership, behind(found, after, limit))

    def programme(self) -> Programme | None:
        ours = Programme.objects.filter(partnership=self.partnership)
        return named("programme", ours, pk=self.asked["programme"]) if "programme" in self.asked else None

    def place(self) -> Place | None:
        return (
            named("place", Place.objects.all(), code=self.asked["place"]) if "place" in self.asked else None
        )


@described(
    tags=[ACTIVITY],
    operation_id="get_activity",
    summary="Read one activity",
    responses={200: ActivityItem},
    examples=example(EXAMPLE),
)
class OneActivity(PartnerEndpoint):
    """One activity that everyone in the partnership can see."""

    scope = Scope.ACTIVITIES

    def get(self, request: Request, pk: int, **kwargs: Any) -> Response:
        return Response(items(self.partnership, [get_object_or_404(shared(self.partnership), pk=pk)])[0])
