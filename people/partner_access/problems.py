"""What a partner's system is told when it gets nothing: problem details (RFC 9457) that say what to do."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.core import exceptions as django_exceptions
from django.core.signals import got_request_exception
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from rest_framework import exceptions

from people.partner_access.tokens import ScopeMissing

CONTENT_TYPE = "application/problem+json"
log = structlog.get_logger(__name__)


class Busy(exceptions.APIException):
    """The server is asked for more at once than it does."""

    status_code = 503
    default_detail = "Too many exports run at this moment."
    wait = 30


class Conflict(exceptions.APIException):
    """Somebody else changed it meanwhile."""

    status_code = 409


class Refused(exceptions.APIException):
    """A rule refuses what was sent."""

    status_code = 422

    def __init__(self, detail: str, *, field: str | None = None) -> None:
        super().__init__(detail)
        self.field = field


class NotOpened(exceptions.PermissionDenied):
    """What a partnership has to open first, and has not."""

    default_detail = "The partnership has not opened this to partners' systems."


class KeyReused(exceptions.APIException):
    """An idempotency key came again with another request."""

    status_code = 422


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of problem: its name in addresses, its status, its title, and what to do about it."""

    name: str
    status: int
    title: str
    what_to_do: str

    @property
    def type(self) -> str:
        return f"{settings.BASE_URL}{reverse('api-docs')}#problem-{self.name}"


PARAMETER = Problem(
    "parameter",
    400,
    "A parameter is wrong",
    "Correct or leave out the parameters, headers or members of the body that `errors` names.",
)
REQUEST = Problem("request", 400, "The request cannot be understood", "Compare it with the documentation.")
TOKEN = Problem(
    "token",
    401,
    "A valid token is needed",
    "Ask the token endpoint for a new token and send it as `Authorization: Bearer …`. If it gives you none, ask the "
    "partnership manager whether your sign-in has ended.",
)
SCOPE = Problem(
    "scope",
    403,
    "The token may not do this",
    "Ask for a token with the scope that `scope` names. If you get none, ask the partnership manager to add it to your sign-in.",
)
FORBIDDEN = Problem("forbidden", 403, "This is not allowed", "Ask the partnership manager.")
CLOSED = Problem(
    "closed",
    403,
    "The partnership has not opened this",
    "Ask the partnership manager, who finds the switch under “Partners’ systems”. A new token is not needed.",
)
MISSING = Problem(
    "not-found",
    404,
    "There is no such thing here",
    "Check the address. A sign-in sees the one partnership that it was made for.",
)
METHOD = Problem(
    "method",
    405,
    "This method is not offered",
    "Use one of the methods that the documentation lists for this address.",
)
CONFLICT = Problem(
    "conflict",
    409,
    "Somebody else changed it",
    "Read it again, and send your change with its newest `version`.",
)
REFUSED = Problem(
    "refused",
    422,
    "What was sent is refused",
    "Put right what `detail` says. The same idempotency key may come again.",
)
KEY_REUSED = Problem(
    "key-reused",
    422,
    "The idempotency key was used before",
    "Give each request a key of its own; send the same key only with the same request.",
)
FORMAT = Problem(
    "format", 406, "There is no such format here", "Ask for one of the formats that the documentation lists."
)
OFTEN = Problem("too-often", 429, "Too many requests", "Wait as many seconds as `Retry-After` says.")
BUSY = Problem("busy", 503, "The server is busy", "Try again after as many seconds as `Retry-After` says.")
FAILED = Problem(
    "failed",
    500,
    "Something went wrong here",
    "Try again later. If it stays, tell the people who run this service.",
)
PROBLEMS = (
    PARAMETER,
    REQUEST,
    TOKEN,
    SCOPE,
    CLOSED,
    FORBIDDEN,
    MISSING,
    METHOD,
    FORMAT,
    CONFLICT,
    REFUSED,
    KEY_REUSED,
    OFTEN,
    FAILED,
    BUSY,
)

# The first that fits counts.
_KINDS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], Problem], ...] = (
    (exceptions.ValidationError, PARAMETER),
    ((exceptions.NotAuthenticated, exceptions.AuthenticationFailed), TOKEN),
    (ScopeMissing, SCOPE),
    (NotOpened, CLOSED),
    ((exceptions.PermissionDenied, django_exceptions.PermissionDenied), FORBIDDEN),
    ((Http404, exceptions.NotFound), MISSING),
    (exceptions.MethodNotAllowed, METHOD),
    (exceptions.NotAcceptable, FORMAT),
    (exceptions.Throttled, OFTEN),
    (Busy, BUSY),
    (Conflict, CONFLICT),
    (Refused, REFUSED),
    (KeyReused, KEY_REUSED),
    ((exceptions.APIException, django_exceptions.BadRequest, django_exceptions.SuspiciousOperation), REQUEST),
)


def problem_response(exc: Exception, context: dict[str, Any]) -> HttpResponse:
    """Any exception of the API as a problem. One that nobody foresaw is logged and shows nothing of its inside."""
    problem = next((problem for kinds, problem in _KINDS if isinstance(exc, kinds)), FAILED)
    if problem is FAILED:
        request = context["request"]._request
        got_request_exception.send(sender=problem_response, request=request)
        log.error("partner_api_failed", path=request.path, exc_info=exc)
    return as_response(problem, _detail(exc, problem), extra=_members(exc), headers=_headers(exc))


def as_response(
    problem: Problem,
    detail: str,
    *,
    extra: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    body = {
        "type": problem.type,
        "title": problem.title,
        "status": problem.status,
        "detail": detail,
        "what_to_do": problem.what_to_do,
        **(extra or {}),
    }
    response = JsonResponse(body, status=problem.status, content_type=CONTENT_TYPE, headers=headers)
    response["Cache-Control"] = "no-store"
    return response


def _detail(exc: Exception, problem: Problem) -> str:
    if isinstance(exc, exceptions.ValidationError):
        return " ".join(f"{error['parameter']}: {error['problem']}" for error in _errors(exc.detail))
    if isinstance(exc, exceptions.NotAuthenticated):
        return "The request carries no token."
    if isinstance(exc, exceptions.Throttled):
        return "This sign-in asks more often than is allowed."
    if isinstance(exc, Http404):
        return str(exc) if str(exc) and "matches the given query" not in str(exc) else problem.title
    if isinstance(exc, exceptions.APIException):
        return str(exc.detail)
    return problem.title


def _members(exc: Exception) -> dict[str, Any]:
    if isinstance(exc, exceptions.ValidationError):
        return {"errors": list(_errors(exc.detail))}
    if isinstance(exc, Refused) and exc.field:
        return {"errors": [{"parameter": exc.field, "problem": str(exc.detail)}]}
    return {"scope": exc.scope.value} if isinstance(exc, ScopeMissing) else {}


def _errors(detail: Any) -> Iterator[dict[str, str]]:
    for name, problems in detail.items():
        for problem in problems:
            yield {"parameter": name, "problem": str(problem)}


def _headers(exc: Exception) -> dict[str, str]:
    wait = getattr(exc, "wait", None)
    if wait is not None:
        return {"Retry-After": str(max(1, math.ceil(wait)))}
    challenge = getattr(exc, "auth_header", "")
    if isinstance(exc, ScopeMissing):
        return {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{exc.scope.value}"'}
    if isinstance(exc, exceptions.AuthenticationFailed):
        return {"WWW-Authenticate": f'{challenge}, error="invalid_token", error_description="{exc.detail}"'}
    return {"WWW-Authenticate": challenge} if challenge else {}
