"""What every endpoint of the partner API shares: one partnership, named parameters, and lists in pages."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from partnerships.models import Partnership
from people.access import partnership_or_404
from people.partner_access.tokens import Access
from people.permissions import Scope

Record = TypeVar("Record", bound=Model)
PAGE_SIZE = 100
MOST_A_PAGE = 1000
FORMAT = "format"


class Negotiation(DefaultContentNegotiation):
    """As usual, but an unknown `format` is a wrong parameter like any other."""

    def filter_renderers(self, renderers: Sequence[BaseRenderer], format: str) -> list[BaseRenderer]:
        found = [renderer for renderer in renderers if renderer.format == format]
        if not found:
            known = " or ".join(renderer.format for renderer in renderers)
            raise ValidationError({FORMAT: [f"Write {known}."]})
        return found


class Parameters(serializers.Serializer):
    """The parameters that an endpoint knows. Any other is an error, so that a slip does not pass for an answer."""


class PageParameters(Parameters):
    cursor = serializers.RegexField(
        r"\A[A-Za-z0-9_-]{1,40}\Z",
        required=False,
        help_text="Where the page begins. Take it, with the whole address, from `next` of the page before.",
        error_messages={"invalid": "This is no cursor: take the address from `next` of the page before."},
    )
    page_size = serializers.IntegerField(
        min_value=1,
        max_value=MOST_A_PAGE,
        default=PAGE_SIZE,
        help_text=f"How many items a page has, {MOST_A_PAGE} at most.",
    )

    def validate_cursor(self, text: str) -> int:
        return after(text)


class PlaceField(serializers.RegexField):
    """A GSS code."""

    def __init__(self, **kwargs: Any) -> None:
        said = {"invalid": "Write a GSS code: a letter and eight digits."}
        super().__init__(r"\A[A-Z][0-9]{8}\Z", required=False, error_messages=said, **kwargs)


class IdField(serializers.RegexField):
    def __init__(self, *, required: bool = False, **kwargs: Any) -> None:
        said = {"invalid": "Write an id, such as 12."}
        super().__init__(r"\A[1-9][0-9]{0,17}\Z", required=required, error_messages=said, **kwargs)


class SinceField(serializers.DateTimeField):
    """For those who fetch only what is new. The moment itself counts, so that nothing is lost between two calls."""

    def __init__(self, what: str) -> None:
        said = {"invalid": "Write a day or a moment in ISO 8601, such as 2026-11-22 or 2026-11-22T09:30:00Z."}
        hint = f"Only what was {what} at or after this moment (ISO 8601)."
        super().__init__(required=False, error_messages=said, help_text=hint)


@method_decorator(conditional_page, name="dispatch")
class PartnerEndpoint(APIView):
    """One thing that a partner's system may read. `self.partnership` is the one in the address."""

    scope: ClassVar[Scope | None] = None
    parameters: ClassVar[type[Parameters]] = Parameters
    http_method_names = ["get", "head"]
    throttle_scope = "partner-api"
    content_negotiation_class = Negotiation
    renderer_classes: ClassVar[Sequence[type[BaseRenderer]]] = [JSONRenderer]
    partnership: Partnership
    asked: dict[str, Any]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method.lower() not in self.http_method_names:
            self.http_method_not_allowed(request)
        super().initial(request, *args, **kwargs)
        self.asked = self.read_parameters(request)

    def check_permissions(self, request: Request) -> None:
        if isinstance(request.auth, Access):
            # Before the scope, so that a token says nothing about partnerships that are not its own.
            self.partnership = partnership_or_404(request, self.kwargs["partnership"])
        super().check_permissions(request)

    def read_parameters(self, request: Request) -> dict[str, Any]:
        given = request.query_params
        reader = self.parameters(data={name: given[name] for name in given})
        known = {*reader.fields, FORMAT}
        wrong = {name: ["There is no such parameter here."] for name in given if name not in known}
        wrong |= {name: ["It is given more than once."] for name in given if len(given.getlist(name)) > 1}
        if given.get(FORMAT) == "":
            wrong[FORMAT] = ["Write a format, or leave it out."]
        if not reader.is_valid():
            wrong |= reader.errors
        if wrong:
            raise ValidationError(wrong)
        return dict(reader.validated_data)

    def finalize_response(
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        patch_vary_headers(response, ["Authorization", "Accept"])
        return response


class ListEndpoint(PartnerEndpoint):
    """A list in pages, in the order in which things were recorded.

    A page begins after an id. Ids only grow and never change, so that a walk through all pages meets each item once,
    whatever is written meanwhile.
    """

    parameters: ClassVar[type[Parameters]] = PageParameters
    item: ClassVar[type[serializers.Serializer]]

    def get(self, request: Request, **kwargs: Any) -> Response:
        size = self.asked["page_size"]
        found = self.items(after=self.asked.get("cursor", 0), limit=size + 1)
        body: dict[str, Any] = {**self.about(), "next": None, "items": found[:size]}
        response = Response(body)
        if len(found) > size:
            body["next"] = self.next_address(found[size - 1]["id"])
            response["Link"] = f'<{body["next"]}>; rel="next"'
        return response

    def items(self, *, after: int, limit: int) -> list[dict[str, Any]]:
        """The next so many items behind the id, each with its `id`."""
        raise NotImplementedError

    def about(self) -> dict[str, Any]:
        """What is said once about the whole list."""
        return {}

    def pinned(self) -> Mapping[str, str]:
        """Parameters that the following pages must have, whether or not this one was asked with them."""
        return {}

    def next_address(self, last_id: str) -> str:
        query = self.request.query_params.copy()
        for name, value in self.pinned().items():
            query[name] = value
        query["cursor"] = cursor(int(last_id))
        return f"{self.request.build_absolute_uri(self.request.path)}?{query.urlencode()}"


def named(parameter: str, rows: QuerySet[Record], **wanted: Any) -> Record:
    """The record that a parameter names. A name that leads nowhere is an error, so that a slip is no empty answer."""
    found = rows.filter(**wanted).first()
    if found is None:
        raise ValidationError({parameter: ["There is no such thing in this partnership."]})
    return found


def behind(rows: QuerySet[Model], after_id: int, limit: int) -> QuerySet[Model]:
    """The next so many rows behind an id, oldest first."""
    return rows.filter(pk__gt=after_id).order_by("pk")[:limit]


def cursor(last_id: int) -> str:
    return base64.urlsafe_b64encode(f"after:{last_id}".encode()).decode().rstrip("=")


def after(text: str) -> int:
    """The id that a cursor stands behind. Raises ValidationError for what is no cursor of ours."""
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        plain = ""
    found = re.fullmatch(r"after:(0|[1-9][0-9]{0,17})", plain)
    if found is None:
        raise ValidationError("This is no cursor: take the address from `next` of the page before.")
    return int(found[1])
