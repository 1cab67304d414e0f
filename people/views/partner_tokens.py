"""Where a partner's system signs in: client ID and secret for a token (OAuth 2.0, client credentials)."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core.internal.httpkit import extract_basic_auth
from allauth.idp.oidc.models import Client
from allauth.idp.oidc.views import RevokeView, TokenView
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt

from people.actions.api_clients import note_token_given
from people.partner_access.throttling import seconds_to_wait
from people.partner_access.tokens import REALM
from people.queries.api_clients import open_api_client

UNKNOWN = (
    "The client ID is unknown, the secret is wrong, or the sign-in has ended or expired. "
    "Ask the partnership manager to renew it."
)


class SignInEndpoint:
    """What both endpoints share: POST only, limits by address and by client ID, and only sign-ins that work."""

    http_method_names = ["post"]

    # No browser sends this form, and no cookie counts in it.
    @method_decorator(csrf_exempt)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            refused = self.refusal(request)
            if refused is not None:
                return refused
        response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return unknown_client() if response.status_code == 401 else never_kept(response)

    def refusal(self, request: HttpRequest) -> HttpResponse | None:
        name = client_id_of(request)
        wait = seconds_to_wait(address=get_account_adapter().get_client_ip(request), client=name)
        if wait:
            said = (
                f"Too many requests for a token. Wait {wait} seconds; a token works for an hour, so keep it."
            )
            return oauth_error("temporarily_unavailable", said, 429, {"Retry-After": str(wait)})
        self.client = open_api_client(name)  # type: ignore[attr-defined]
        return unknown_client() if self.client is None else None


class GiveToken(SignInEndpoint, TokenView):
    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get("grant_type") != Client.GrantType.CLIENT_CREDENTIALS:
            return oauth_error("unsupported_grant_type", "Send grant_type=client_credentials.", 400)
        if "resource" in request.POST:
            return oauth_error(
                "invalid_target", "Leave out `resource`: a token is for this service alone.", 400
            )
        response = super().post(request)
        if response.status_code == 200:
            note_token_given(client=self.client)
        return response


class RevokeToken(SignInEndpoint, RevokeView):
    """For a system that has done its work and wants its token to stop before the hour is over."""


def client_id_of(request: HttpRequest) -> str:
    """Who asks, read as allauth reads it: from the header, or else from the form."""
    name, _ = extract_basic_auth(dict(request.headers))
    return name or request.POST.get("client_id", "")


def unknown_client() -> HttpResponse:
    return oauth_error("invalid_client", UNKNOWN, 401, {"WWW-Authenticate": f'Basic realm="{REALM}"'})


def oauth_error(error: str, said: str, status: int, headers: dict[str, str] | None = None) -> HttpResponse:
    body = {"error": error, "error_description": said}
    return never_kept(JsonResponse(body, status=status, headers=headers))


def never_kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
