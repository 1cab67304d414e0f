"""What a log line says of a request: the route, and not the address.

An address can hold what belongs in no log: the token of an invitation or of a new password, the words of a search.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django_structlog.middlewares import RequestMiddleware


class RequestLog(RequestMiddleware):
    @staticmethod
    def format_request(request: HttpRequest) -> str:
        try:
            return f"{request.method} /{resolve(request.path_info).route}"
        except Resolver404:
            return f"{request.method} (no such address)"
