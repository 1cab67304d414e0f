"""How the API describes itself: the sign-in, the scope each endpoint needs, pages, and problems."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    extend_schema,
    extend_schema_view,
    inline_serializer,
)
from rest_framework import serializers
from rest_framework.views import APIView

from people.partner_access import problems
from people.partner_access.tokens import scope_for
from people.permissions import Scope

START, ACTIVITY, FIGURES, REPORT = "Start", "Activities", "Outcomes and figures", "Reports"
COMMITMENT = "Commitments"
TAGS = [
    {"name": START, "description": "What a sign-in can read."},
    {"name": ACTIVITY, "description": "What partners did. Organisations are named; people are not."},
    {
        "name": COMMITMENT,
        "description": "What was promised and what became of it. Organisations are named; people are not.",
    },
    {
        "name": FIGURES,
        "description": "What partners want to change, how it is measured, and the figures as the pages show them.",
    },
    {"name": REPORT, "description": "Periodic reports, frozen as the board saw them."},
]
PROGRAMME = "Programmes"
TAGS.append({"name": PROGRAMME, "description": "What partners run together, where each stands and why."})
BOARD = "Boards and meetings"
TAGS.append(
    {"name": BOARD, "description": "Boards, their meetings and what they decided, and what became of it."}
)
PARTNERSHIP = "Partnership"
TAGS.append(
    {
        "name": PARTNERSHIP,
        "description": "What the partnership says of itself, its organisations and places. Contacts are left out.",
    }
)
INFLUENCE = "Links between boards"
TAGS.append(
    {
        "name": INFLUENCE,
        "description": "Which boards share people, as numbers and never by name. Closed until a partnership opens it.",
    }
)
SCHEME = "partner"
PROBLEM_SCHEMA = "Problem"


KEY_PARAMETER = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]{1,255}$"},
    OpenApiParameter.HEADER,
    required=True,
    description="A text that you make up for each request. Sent again with the same request, it gets the same answer and nothing "
    "happens twice; it is kept for 48 hours.",
)


class PartnerSchema(AutoSchema):
    """Reads an endpoint's query parameters from its `parameters`; what writes has its key instead."""

    def get_override_parameters(self) -> list[Any]:
        if self.method != "GET":
            return [KEY_PARAMETER]
        parameters = getattr(self.view, "parameters", None)
        return [parameters] if parameters is not None and parameters().fields else []


class PartnerTokenScheme(OpenApiAuthenticationExtension):
    target_class = "people.partner_access.tokens.PartnerToken"
    name = SCHEME

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "oauth2",
            "description": "Client ID and secret, which a partnership manager makes, give a token that works for an hour.",
            "flows": {
                "clientCredentials": {
                    "tokenUrl": f"{settings.BASE_URL}{reverse('api-token')}",
                    "scopes": {scope.value: scope.label for scope in Scope},
                }
            },
        }

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[str]]:
        scope = scope_for(auto_schema.view, auto_schema.method)
        return {self.name: [scope.value] if scope else []}


def described(**operation: Any) -> Callable[[type[APIView]], type[APIView]]:
    """Says what reading an endpoint does: `extend_schema` of its `get`, wherever that is written."""
    return extend_schema_view(get=extend_schema(**operation))


def listed(
    item: type[serializers.Serializer], example: dict[str, Any], *, pinned: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What `extend_schema` is told of a list in pages: as JSON in its envelope, and as CSV."""
    fields: dict[str, Any] = {}
    if pinned:
        fields["as_of"] = serializers.DateTimeField(help_text="The moment at which all of it was known.")
    fields["next"] = serializers.URLField(
        allow_null=True, help_text="The next page; null on the last. It stands in the header `Link`, too."
    )
    fields["items"] = item(many=True)
    name = item.__name__.removesuffix("Item")
    page = inline_serializer(f"{name}Page", fields)
    body = {**(pinned or {}), "next": None, "items": [example]}
    return {
        "responses": {(200, "application/json"): page, (200, "text/csv"): OpenApiTypes.STR},
        "examples": [OpenApiExample("A page", body, media_type="application/json", response_only=True)],
    }


def example(value: dict[str, Any]) -> list[OpenApiExample]:
    return [OpenApiExample("One", value, media_type="application/json", response_only=True)]


def add_problems(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Says of every operation what it answers when it gives nothing: the same everywhere, so it is said in one place."""
    components = result["components"]
    components.setdefault("schemas", {})[PROBLEM_SCHEMA] = _problem_schema()
    components["responses"] = {_name(problem): _response(problem) for problem in problems.PROBLEMS}
    for operations in result["paths"].values():
        for method, operation in operations.items():
            needs_scope = any(operation.get("security", [{}])[0].values())
            found = _problems_of(operation, needs_scope)
            for problem in [*found, *(WRITING if method != "get" else ())]:
                reference = {"$ref": f"#/components/responses/{_name(problem)}"}
                operation["responses"].setdefault(str(problem.status), reference)
    return result


WRITING = (problems.CONFLICT, problems.REFUSED)


def _problems_of(operation: dict[str, Any], needs_scope: bool) -> list[problems.Problem]:
    found = [problems.PARAMETER, problems.TOKEN, problems.MISSING, problems.FORMAT, problems.OFTEN]
    if needs_scope:
        found.append(problems.SCOPE)
    if operation["operationId"].startswith("export_"):
        found.append(problems.BUSY)
    return found


def _name(problem: problems.Problem) -> str:
    return "".join(word.title() for word in problem.name.split("-"))


def _response(problem: problems.Problem) -> dict[str, Any]:
    headers = {}
    if problem in (problems.TOKEN, problems.SCOPE):
        headers["WWW-Authenticate"] = {"schema": {"type": "string"}, "description": "What the token lacks."}
    if problem in (problems.OFTEN, problems.BUSY):
        headers["Retry-After"] = {"schema": {"type": "integer"}, "description": "Seconds to wait."}
    body = {
        "type": problem.type,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.title,
        "what_to_do": problem.what_to_do,
    }
    if problem is problems.PARAMETER:
        body["errors"] = [{"parameter": "page_size", "problem": "A valid integer is required."}]
    schema = {"$ref": f"#/components/schemas/{PROBLEM_SCHEMA}"}
    return {
        "description": f"{problem.title}. {problem.what_to_do}",
        **({"headers": headers} if headers else {}),
        "content": {problems.CONTENT_TYPE: {"schema": schema, "example": body}},
    }


def _problem_schema() -> dict[str, Any]:
    text = {"type": "string"}
    error = {
        "type": "object",
        "properties": {"parameter": text, "problem": text},
        "required": ["parameter", "problem"],
    }
    return {
        "type": "object",
        "description": "Why there is no answer (RFC 9457), and what to do about it.",
        "properties": {
            "type": {
                **text,
                "format": "uri",
                "description": "The kind of problem; it leads to its description.",
            },
            "title": {**text, "description": "The kind of problem in words."},
            "status": {"type": "integer", "description": "The status of the response."},
            "detail": {**text, "description": "What is wrong this time."},
            "what_to_do": {**text, "description": "What helps."},
            "errors": {"type": "array", "items": error, "description": "The parameters that are wrong."},
            "scope": {**text, "description": "The scope that the token lacks."},
        },
        "required": ["type", "title", "status", "detail", "what_to_do"],
    }
