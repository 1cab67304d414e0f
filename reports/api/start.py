"""Where a partner's system begins: what is there, and which of it its token may read."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from people.partner_access.endpoints import PartnerEndpoint
from people.partner_access.schema import START, described, example
from people.permissions import Scope

# Route name, what it is, and the scope it needs.
RESOURCES = (
    ("api-activities", "activities", Scope.ACTIVITIES),
    ("api-commitments", "commitments", Scope.COMMITMENTS),
    ("api-boards", "boards", Scope.COMMITMENTS),
    ("api-meetings", "meetings", Scope.COMMITMENTS),
    ("api-decisions", "decisions", Scope.COMMITMENTS),
    ("api-links", "links", Scope.INFLUENCE),
    ("api-channels", "channels", Scope.INFLUENCE),
    ("api-outcomes", "outcomes", Scope.OBSERVATIONS),
    ("api-measures", "measures", Scope.OBSERVATIONS),
    ("api-observations", "observations", Scope.OBSERVATIONS),
    ("api-observations-export", "observations.csv", Scope.OBSERVATIONS),
    ("api-programmes", "programmes", Scope.PROGRAMMES),
    ("api-returns", "returns", Scope.PROGRAMMES),
    ("api-partnership", "partnership", Scope.ORGANISATIONS),
    ("api-organisations", "organisations", Scope.ORGANISATIONS),
    ("api-places", "places", Scope.ORGANISATIONS),
    ("api-reports", "reports", Scope.REPORTS),
)
EXAMPLE = {
    "partnership": {"slug": "exampleborough", "name": "Exampleborough Together"},
    "sign_in": {
        "name": "Leisure trust data warehouse",
        "scopes": ["activities:read", "observations:read"],
        "expires_on": "2027-11-21",
    },
    "places": [{"place_id": "91", "place_code": "E08000012", "place_name": "Exampleborough"}],
    "resources": [
        {
            "name": "activities",
            "url": "https://throughline.example.org/api/v1/p/exampleborough/activities",
            "scope": "activities:read",
            "allowed": True,
        }
    ],
}


class NamedPartnership(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()


class SignIn(serializers.Serializer):
    name = serializers.CharField()
    scopes = serializers.ListField(
        child=serializers.ChoiceField(Scope.choices), help_text="Scopes of this token."
    )
    expires_on = serializers.DateField(help_text="The last day on which the sign-in works.")


class CoveredPlace(serializers.Serializer):
    place_id = serializers.CharField()
    place_code = serializers.CharField(allow_null=True)
    place_name = serializers.CharField()


class Resource(serializers.Serializer):
    name = serializers.CharField()
    url = serializers.URLField()
    scope = serializers.ChoiceField(Scope.choices)
    allowed = serializers.BooleanField(
        help_text="Whether this token has the scope, and the partnership opened it."
    )


class StartItem(serializers.Serializer):
    partnership = NamedPartnership()
    sign_in = SignIn()
    places = CoveredPlace(many=True, help_text="Places that the partnership covers.")
    resources = Resource(many=True)


@described(
    tags=[START],
    operation_id="start",
    summary="See what is there",
    responses={200: StartItem},
    examples=example(EXAMPLE),
)
class Start(PartnerEndpoint):
    """The partnership, what the sign-in may read and until when, and where everything is. Any token may ask."""

    def get(self, request: Request, **kwargs: Any) -> Response:
        scopes = request.auth.scopes
        covered = self.partnership.covered.select_related("place").order_by("-is_main", "place__name")
        return Response(
            {
                "partnership": {"slug": self.partnership.slug, "name": self.partnership.name},
                "sign_in": {
                    "name": request.auth.client.name,
                    "scopes": [scope.value for scope in Scope if scope in scopes],
                    "expires_on": request.auth.client.expires_on,
                },
                "places": [
                    {
                        "place_id": str(row.place_id),
                        "place_code": row.place.code,
                        "place_name": row.place.name,
                    }
                    for row in covered
                ],
                "resources": [self.resource(*row) for row in RESOURCES],
            }
        )

    def resource(self, route: str, name: str, scope: Scope) -> dict[str, Any]:
        address = self.request.build_absolute_uri(reverse(route, args=[self.partnership.slug]))
        return {
            "name": name,
            "url": address,
            "scope": scope.value,
            "allowed": scope in self.request.auth.scopes
            and (scope is not Scope.INFLUENCE or self.partnership.opens_influence),
        }
