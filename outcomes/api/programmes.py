"""Programmes: what partners run together, where each stands and why, what it should help, and its money in sums."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from outcomes.models import ProgrammeOutcome
from partnerships.models import (
    Calendar,
    CoDesign,
    MoneyKind,
    Partnership,
    Programme,
    ProgrammeKind,
    ProgrammeStatus,
)
from partnerships.queries.money import summed
from partnerships.queries.programmes import ProgrammeFilters, is_co_created, programmes_of
from people.partner_access.endpoints import ListEndpoint, PageParameters, PartnerEndpoint, SinceField, behind
from people.partner_access.schema import PROGRAMME, described, example, listed
from people.permissions import Scope
from people.queries.names import names_in
from reports.renderers.partner_csv import CsvRenderer

EXAMPLE = {
    "id": "2",
    "name": "Exampleborough Holidays",
    "kind": "haf",
    "status": "running",
    "summary": "Free places with a meal in the school holidays.",
    "theory_of_change": "If children have somewhere to go, they eat, move and make friends.",
    "provider": "Exampleborough Council",
    "commissioner": None,
    "partners": [{"id": "8", "name": "Exampleborough Leisure Trust", "org_id": "GB-CHC-1000000"}],
    "places": [{"place_id": "91", "place_code": "E08000012", "place_name": "Exampleborough"}],
    "starts_on": "2024-04-01",
    "ends_on": None,
    "calendar": "holiday",
    "co_design": "co_designed",
    "is_co_created": True,
    "outcomes": [
        {"id": "3", "title": "School holidays are good for every child", "how": "Places with a meal"}
    ],
    "status_changes": [
        {
            "status": "paused",
            "changed_on": "2025-01-06",
            "reason": "The kitchen closed.",
            "context": "Repairs until spring.",
        }
    ],
    "money_budget": 120000.0,
    "money_spent": 80000.0,
    "money_match": None,
    "money_in_kind": None,
    "created_at": "2024-03-12T09:30:00Z",
    "updated_at": "2026-03-02T14:05:00Z",
}


class ProgrammePartner(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()
    org_id = serializers.CharField(allow_null=True)


class ProgrammePlace(serializers.Serializer):
    place_id = serializers.CharField()
    place_code = serializers.CharField(allow_null=True)
    place_name = serializers.CharField()


class ProgrammeHelps(serializers.Serializer):
    id = serializers.CharField()
    title = serializers.CharField()
    how = serializers.CharField(
        allow_blank=True, help_text="How it should help: a contribution, never a cause."
    )


class StatusChangeItem(serializers.Serializer):
    status = serializers.ChoiceField(ProgrammeStatus.choices)
    changed_on = serializers.DateField()
    reason = serializers.CharField()
    context = serializers.CharField(allow_blank=True)


class MoneyField(serializers.FloatField):
    def __init__(self, **kwargs: Any) -> None:
        hint = "The sum in pounds; null where nothing is recorded, which is not nothing spent."
        super().__init__(allow_null=True, help_text=hint, **kwargs)


class ProgrammeItem(serializers.Serializer):
    """Work that partners run together for the people who use it. Names of people are taken out of its texts."""

    id = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(ProgrammeKind.choices)
    status = serializers.ChoiceField(ProgrammeStatus.choices)
    summary = serializers.CharField(allow_blank=True)
    theory_of_change = serializers.CharField(allow_blank=True)
    provider = serializers.CharField(allow_null=True)
    commissioner = serializers.CharField(allow_null=True)
    partners = ProgrammePartner(many=True)
    places = ProgrammePlace(many=True)
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    calendar = serializers.ChoiceField(
        Calendar.choices, allow_blank=True, help_text="How often partners send figures."
    )
    co_design = serializers.ChoiceField(CoDesign.choices, allow_blank=True)
    is_co_created = serializers.BooleanField(
        help_text="Residents designed or led it, and something changed because of them."
    )
    outcomes = ProgrammeHelps(many=True)
    status_changes = StatusChangeItem(many=True, help_text="Newest first.")
    money_budget = MoneyField()
    money_spent = MoneyField()
    money_match = MoneyField()
    money_in_kind = MoneyField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ProgrammeParameters(PageParameters):
    kind = serializers.ChoiceField(ProgrammeKind.choices, required=False)
    status = serializers.ChoiceField(ProgrammeStatus.choices, required=False)
    changed_since = SinceField("made or changed")


def whole(rows: QuerySet[Programme]) -> QuerySet[Programme]:
    """With everything that an item says, in a fixed number of queries."""
    links = ProgrammeOutcome.objects.select_related("outcome").order_by("outcome__position", "pk")
    return rows.select_related("provider", "commissioner").prefetch_related(
        "partners", "places", "status_changes", "money", Prefetch("outcome_links", queryset=links)
    )


def items(partnership: Partnership, programmes: Iterable[Programme]) -> list[dict[str, Any]]:
    clean = names_in(partnership).removed_from
    return [shown(programme, clean) for programme in programmes]


def shown(programme: Programme, clean: Any) -> dict[str, Any]:
    same = (
        "name",
        "kind",
        "status",
        "starts_on",
        "ends_on",
        "calendar",
        "co_design",
        "created_at",
        "updated_at",
    )
    texts = ("summary", "theory_of_change")
    named = {name: getattr(programme, name) for name in ("provider", "commissioner")}
    return (
        {"id": str(programme.pk)}
        | {name: getattr(programme, name) for name in same}
        | {name: clean(getattr(programme, name)) for name in texts}
        | {name: one.name if one else None for name, one in named.items()}
        | {
            "partners": [
                {"id": str(one.pk), "name": one.name, "org_id": one.org_id}
                for one in programme.partners.all()
            ],
            "places": [
                {"place_id": str(one.pk), "place_code": one.code, "place_name": one.name}
                for one in programme.places.all()
            ],
            "is_co_created": is_co_created(programme),
            "outcomes": [
                {"id": str(link.outcome_id), "title": link.outcome.title, "how": clean(link.how)}
                for link in programme.outcome_links.all()  # type: ignore[attr-defined]
            ],
            "status_changes": [
                {
                    "status": one.status,
                    "changed_on": one.changed_on,
                    "reason": clean(one.reason),
                    "context": clean(one.context),
                }
                for one in programme.status_changes.all()
            ],
            **money_sums(programme),
        }
    )


def money_sums(programme: Programme) -> dict[str, float | None]:
    totals = summed(list(programme.money.all())).totals
    return {f"money_{kind.value}": float(totals[kind]) if kind in totals else None for kind in MoneyKind}


@described(
    tags=[PROGRAMME],
    operation_id="list_programmes",
    summary="List programmes",
    **listed(ProgrammeItem, EXAMPLE),
)
class Programmes(ListEndpoint):
    """Every programme of the partnership, with its status history, the outcomes it should help and its money in sums."""

    scope = Scope.PROGRAMMES
    parameters = ProgrammeParameters
    renderer_classes: ClassVar = [JSONRenderer, CsvRenderer]
    item = ProgrammeItem

    def items(self, *, after: int, limit: int) -> list[dict[str, Any]]:
        asked = {name: self.asked[name] for name in ("kind", "status") if name in self.asked}
        rows = programmes_of(self.partnership, ProgrammeFilters(**asked)).order_by()
        if "changed_since" in self.asked:
            rows = rows.filter(updated_at__gte=self.asked["changed_since"])
        return items(self.partnership, whole(behind(rows, after, limit)))


@described(
    tags=[PROGRAMME],
    operation_id="get_programme",
    summary="Read one programme",
    responses={200: ProgrammeItem},
    examples=example(EXAMPLE),
)
class OneProgramme(PartnerEndpoint):
    """One programme of the partnership."""

    scope = Scope.PROGRAMMES

    def get(self, request: Request, pk: int, **kwargs: Any) -> Response:
        rows = whole(programmes_of(self.partnership))
        return Response(items(self.partnership, [get_object_or_404(rows, pk=pk)])[0])
