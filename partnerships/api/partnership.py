"""What the partnership says of itself, the organisations in it and the places it covers: without people and contacts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Prefetch
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from partnerships.api.activities import place_of
from partnerships.models import (
    Organisation,
    OrganisationRole,
    PartnershipOrganisation,
    Place,
    PlaceKind,
    Sector,
)
from partnerships.queries.activities import organisations_of
from partnerships.queries.partnership_page import rules_of, strategies_of
from people.partner_access.endpoints import ListEndpoint, PartnerEndpoint, behind
from people.partner_access.schema import PARTNERSHIP, described, example, listed
from people.permissions import Scope
from people.queries.names import names_in
from reports.renderers.partner_csv import CsvRenderer

PARTNERSHIP_EXAMPLE = {
    "slug": "exampleborough",
    "name": "Exampleborough Together",
    "started_on": "2021-09-01",
    "vision": "Everybody can move, belong and be heard.",
    "ethos": "We ask before we offer.",
    "rules": [
        {
            "id": "3",
            "text": "The nearest table decides",
            "explanation": "What a forum can decide is not decided above it.",
            "starts_on": "2022-03-01",
            "ends_on": None,
            "cited_by_decisions": 4,
        }
    ],
    "strategies": [
        {
            "id": "2",
            "name": "Exampleborough 2040",
            "organisation": "Exampleborough Council",
            "from_year": 2024,
            "to_year": 2040,
            "link": "https://www.example.org/2040",
            "themes": [{"id": "7", "name": "Growing up well"}],
        }
    ],
    "updated_at": "2026-11-13T08:45:00Z",
}
ORGANISATION_EXAMPLE = {
    "id": "8",
    "name": "Exampleborough Leisure Trust",
    "sector": "leisure",
    "org_id": "GB-CHC-1000000",
    "place_id": "91",
    "place_code": "E08000012",
    "place_name": "Exampleborough",
    "roles": [{"role": "delivery", "starts_on": "2021-10-04", "ends_on": None}],
    "earlier_ids": ["19"],
    "updated_at": "2026-11-13T08:45:00Z",
}
PLACE_EXAMPLE = {
    "id": "91",
    "code": "E08000012",
    "name": "Exampleborough",
    "kind": "local_authority",
    "is_main": True,
    "within": "North West",
    "valid_from": "2009-01-01",
    "valid_to": None,
    "is_current": True,
    "successor_codes": [],
}


class RuleEntry(serializers.Serializer):
    id = serializers.CharField()
    text = serializers.CharField()
    explanation = serializers.CharField(allow_blank=True)
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True, help_text="Its last day; null while it holds.")
    cited_by_decisions = serializers.IntegerField()


class ThemeEntry(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()


class StrategyEntry(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()
    organisation = serializers.CharField(allow_null=True, help_text="Whose strategy it is.")
    from_year = serializers.IntegerField(allow_null=True)
    to_year = serializers.IntegerField(allow_null=True)
    link = serializers.CharField(allow_blank=True)
    themes = ThemeEntry(many=True)


class PartnershipItem(serializers.Serializer):
    """What the partnership wants and how it decides. Names of people are taken out of its texts."""

    slug = serializers.CharField()
    name = serializers.CharField()
    started_on = serializers.DateField()
    vision = serializers.CharField(allow_blank=True)
    ethos = serializers.CharField(allow_blank=True)
    rules = RuleEntry(many=True, help_text="Simple rules in their order, ended ones too.")
    strategies = StrategyEntry(many=True, help_text="Strategies of others that it aligns to.")
    updated_at = serializers.DateTimeField()


class RoleEntry(serializers.Serializer):
    role = serializers.ChoiceField(OrganisationRole.choices)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True, help_text="The last day; null while it lasts.")


class OrganisationItem(serializers.Serializer):
    """An organisation with the parts that it plays or played here. Whom to ask there is left out."""

    id = serializers.CharField(help_text="Stays the same, until two records are made one.")
    name = serializers.CharField()
    sector = serializers.ChoiceField(Sector.choices)
    org_id = serializers.CharField(
        allow_null=True, help_text="An org-id.guide identifier, where one is recorded."
    )
    place_id = serializers.CharField(allow_null=True)
    place_code = serializers.CharField(allow_null=True)
    place_name = serializers.CharField(allow_null=True)
    roles = RoleEntry(many=True)
    earlier_ids = serializers.ListField(
        child=serializers.CharField(), help_text="Ids of records that were merged into this one."
    )
    updated_at = serializers.DateTimeField()


class PlaceItem(serializers.Serializer):
    """A place that the partnership covers."""

    id = serializers.CharField()
    code = serializers.CharField(allow_null=True, help_text="GSS code; null for places that have none.")
    name = serializers.CharField()
    kind = serializers.ChoiceField(PlaceKind.choices)
    is_main = serializers.BooleanField(help_text="Whether its figures are shown first.")
    within = serializers.CharField(allow_null=True, help_text="The place that it lies in.")
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)
    is_current = serializers.BooleanField()
    successor_codes = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of the places that took over."
    )


@described(
    tags=[PARTNERSHIP],
    operation_id="get_partnership",
    summary="Read what the partnership says of itself",
    responses={200: PartnershipItem},
    examples=example(PARTNERSHIP_EXAMPLE),
)
class PartnershipPage(PartnerEndpoint):
    """Vision, ethos, simple rules and the strategies that it aligns to."""

    scope = Scope.ORGANISATIONS

    def get(self, request: Request, **kwargs: Any) -> Response:
        ours, names = self.partnership, names_in(self.partnership)
        rules = [
            {
                "id": str(rule.pk),
                "text": names.removed_from(rule.text),
                "explanation": names.removed_from(rule.explanation),
                "starts_on": rule.starts_on,
                "ends_on": rule.ends_on,
                "cited_by_decisions": rule.cited,
            }
            for rule in rules_of(ours)
        ]
        return Response(
            {
                "slug": ours.slug,
                "name": ours.name,
                "started_on": ours.started_on,
                "vision": names.removed_from(ours.vision),
                "ethos": names.removed_from(ours.ethos),
                "rules": rules,
                "strategies": [strategy(one) for one in strategies_of(ours)],
                "updated_at": ours.updated_at,
            }
        )


def strategy(found: Any) -> dict[str, Any]:
    return {
        "id": str(found.pk),
        "name": found.name,
        "organisation": found.organisation.name if found.organisation else None,
        "from_year": found.from_year,
        "to_year": found.to_year,
        "link": found.link,
        "themes": [{"id": str(theme.pk), "name": theme.name} for theme in found.themes.all()],
    }


@described(
    tags=[PARTNERSHIP],
    operation_id="list_organisations",
    summary="List organisations",
    **listed(OrganisationItem, ORGANISATION_EXAMPLE),
)
class Organisations(ListEndpoint):
    """Organisations with a part in the partnership, now or before, in the order in which they were recorded."""

    scope = Scope.ORGANISATIONS
    renderer_classes: ClassVar = [JSONRenderer, CsvRenderer]
    item = OrganisationItem

    def items(self, *, after: int, limit: int) -> list[dict[str, Any]]:
        parts = PartnershipOrganisation.objects.filter(partnership=self.partnership)
        found = (
            organisations_of(self.partnership)
            .select_related("place")
            .prefetch_related(
                Prefetch("roles", queryset=parts.order_by("starts_on", "pk"), to_attr="parts_here"),
                Prefetch("merged_from", queryset=Organisation.objects.order_by("pk")),
            )
        )
        return [organisation(one) for one in behind(found, after, limit)]


def organisation(found: Any) -> dict[str, Any]:
    return {
        "id": str(found.pk),
        "name": found.name,
        "sector": found.sector,
        "org_id": found.org_id,
        **place_of(found.place),
        "roles": [
            {"role": part.role, "starts_on": part.starts_on, "ends_on": part.ends_on}
            for part in found.parts_here
        ],
        "earlier_ids": [str(one.pk) for one in found.merged_from.all()],
        "updated_at": found.updated_at,
    }


@described(
    tags=[PARTNERSHIP],
    operation_id="list_places",
    summary="List places",
    **listed(PlaceItem, PLACE_EXAMPLE),
)
class Places(ListEndpoint):
    """Places that the partnership covers."""

    scope = Scope.ORGANISATIONS
    renderer_classes: ClassVar = [JSONRenderer, CsvRenderer]
    item = PlaceItem

    def items(self, *, after: int, limit: int) -> list[dict[str, Any]]:
        covered = self.partnership.covered
        found = (
            Place.objects.filter(pk__in=covered.values("place"))
            .annotate(is_main=Exists(covered.filter(is_main=True, place=OuterRef("pk"))))
            .select_related("parent")
            .prefetch_related("successors")
        )
        return [
            {
                "id": str(place.pk),
                "code": place.code,
                "name": place.name,
                "kind": place.kind,
                "is_main": place.is_main,
                "within": place.parent.name if place.parent else None,
                "valid_from": place.valid_from,
                "valid_to": place.valid_to,
                "is_current": place.is_current,
                "successor_codes": [one.code for one in place.successors.all() if one.code],
            }
            for place in behind(found, after, limit)
        ]
