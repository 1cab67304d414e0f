"""Who asks: the bearer token, the sign-in behind it, and the scopes that both of them have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.idp.oidc.models import Token
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from people.models import ApiClient, Person
from people.permissions import Scope
from people.queries.api_clients import open_api_client

REALM = "Throughline partner API"


@dataclass(frozen=True, slots=True)
class Access:
    """A request's `auth`: the partner's system that asks, and what its token lets it read today."""

    client: ApiClient
    scopes: frozenset[Scope]


class ScopeMissing(PermissionDenied):
    def __init__(self, scope: Scope) -> None:
        super().__init__(f"This token does not let you {scope.label.lower()}.")
        self.scope = scope


class PartnerToken(BaseAuthentication):
    """`Authorization: Bearer …`, and nothing else: no cookie, no token in an address."""

    def authenticate(self, request: Request) -> tuple[Person, Access] | None:
        scheme, _, value = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = Token.objects.lookup(Token.Type.ACCESS_TOKEN, value.strip())
        # The sign-in is asked each time, so that one that has ended or expired is out at once, whatever its token says.
        client = open_api_client(token.client_id) if token is not None and token.client_id else None
        if token is None or client is None:
            raise AuthenticationFailed("The token is unknown, has expired, or its sign-in has ended.")
        granted = set(token.get_scopes()) & set(client.scopes)
        return client.service_person, Access(client, frozenset(s for s in Scope if s.value in granted))

    def authenticate_header(self, request: Request) -> str:
        return f'Bearer realm="{REALM}"'


def scope_for(view: Any, method: str | None) -> Scope | None:
    """What a token needs for this method: endpoints that also write name a scope of their own for that."""
    if method not in SAFE_METHODS:
        return getattr(view, "write_scope", None) or getattr(view, "scope", None)
    return getattr(view, "scope", None)


class PartnerScope(BasePermission):
    """Whether the token has the scope that the endpoint names. An endpoint without one takes any token."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, Access):
            return False
        scope = scope_for(view, request.method)
        if scope is not None and scope not in request.auth.scopes:
            raise ScopeMissing(scope)
        return True
