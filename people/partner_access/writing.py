"""What every endpoint that writes shares: a scope of its own, a body that is checked, and a key that makes it happen once."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.exceptions import ParseError, PermissionDenied, ValidationError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from partnerships.errors import DomainError, EditConflict
from partnerships.models import Organisation
from people.actions.api_requests import Answered, KeyUsed, answer_once
from people.partner_access.problems import Conflict, KeyReused, Refused
from people.permissions import Scope

KEY = "Idempotency-Key"
LONGEST_KEY = 255


class StrictSerializer(serializers.Serializer):
    """A body whose unknown members are errors, so that a slip does not pass for nothing said."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, dict):
            unknown = [name for name in data if name not in self.fields]
            if unknown:
                raise serializers.ValidationError(
                    {name: ["There is no such member here."] for name in unknown}
                )
        return super().to_internal_value(data)


class OfOneOrganisation:
    """For an endpoint that is about the organisation whose system asks, and about no other."""

    @property
    def organisation(self) -> Organisation:
        found = self.request.auth.client.organisation  # type: ignore[attr-defined]
        if found is None:
            raise PermissionDenied(
                "This sign-in belongs to no organisation, so it has none of its own here. A partnership manager can say whose it is."
            )
        return found


class Writing(OfOneOrganisation):
    """For an endpoint that also writes. `write_scope` is what its token needs for that."""

    write_scope: ClassVar[Scope]
    parser_classes: ClassVar = [JSONParser]

    def write_once(self, request: Request, body: type[serializers.Serializer], status: int = 200) -> Response:
        """Checks key and body, then calls `write` with what the body says, once for the key."""
        key = request.headers.get(KEY, "")
        if not re.fullmatch(r"[\x21-\x7e]{1,255}", key):
            raise ValidationError(
                {
                    KEY: [
                        f"Send this header with a text of 1 to {LONGEST_KEY} visible characters, new for each request."
                    ]
                }
            )
        given = request.data
        if not isinstance(given, dict):
            raise ParseError("The body must be a JSON object.")
        reader = body(data=given)
        if not reader.is_valid():
            raise ValidationError(dict(flat(reader.errors)))
        try:
            answered = answer_once(
                client=request.auth.client,
                key=key,
                request_hash=_hash(request, given),
                work=lambda: (status, _plain(self.write(reader.validated_data))),
            )
        except KeyUsed as used:
            raise KeyReused(used.message) from None
        except EditConflict as conflict:
            raise Conflict(conflict.message) from None
        except DomainError as refused:
            raise Refused(refused.message, field=refused.field) from None
        return self._response(answered)

    def write(self, said: dict[str, Any]) -> Any:
        """One action call; what it gives back is the answer."""
        raise NotImplementedError

    @staticmethod
    def _response(answered: Answered) -> Response:
        headers = {"Idempotency-Replayed": "true"} if answered.is_replay else {}
        return Response(answered.body, status=answered.status, headers=headers)


def _hash(request: Request, given: Any) -> str:
    said = json.dumps([request.method, request.path, given], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(body: Any) -> Any:
    """As it goes over the wire, so that an answer that is given again is the same."""
    return json.loads(json.dumps(body, cls=JSONEncoder))


def flat(errors: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """The errors of a body by where they are: `cells[2].value`."""
    if isinstance(errors, dict):
        for name, inner in errors.items():
            if name == "non_field_errors":
                yield from flat(inner, path)
            elif isinstance(name, int):
                yield from flat(inner, f"{path}[{name}]")
            else:
                yield from flat(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(errors, list) and any(isinstance(one, dict) for one in errors):
        for index, inner in enumerate(errors):
            if inner:
                yield from flat(inner, f"{path}[{index}]")
    elif errors:
        yield path or "body", [str(one) for one in errors]
