"""The page that explains the partner API, written from the schema that the API answers with."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.generic import TemplateView
from drf_spectacular.generators import SchemaGenerator

from people.partner_access.problems import PROBLEMS
from people.partner_access.schema import TAGS
from people.permissions import Scope

TYPES = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
FORMATS = {
    "date": "day, as 2026-11-22",
    "date-time": "moment, as 2026-11-22T09:30:00Z",
    "uri": "address",
    "binary": "file",
}
Schema = dict[str, Any]


class Documentation(TemplateView):
    """For anybody: it says how to ask, and holds nothing of any partnership."""

    template_name = "api/documentation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Partner API",
            groups=operations_by_group(),
            problems=[
                {"name": p.name, "status": p.status, "title": p.title, "what_to_do": with_code(p.what_to_do)}
                for p in PROBLEMS
            ],
            scopes=[{"name": scope.value, "label": scope.label} for scope in Scope],
            token_url=self.request.build_absolute_uri(reverse("api-token")),
            root_url=self.request.build_absolute_uri(reverse("api-root", args=["SLUG"])),
            schema_url=reverse("api-schema"),
            requests=rate_words("partner-api", "request"),
            exports=rate_words("partner-export", "export"),
            **kwargs,
        )


def rate_words(scope: str, what: str) -> str:
    """600 requests a minute"""
    number, _, unit = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"][scope].partition("/")
    whole = {"s": "second", "m": "minute", "h": "hour", "d": "day"}[unit[0]]
    return f"{int(number):,} {what}{'' if number == '1' else 's'} a {whole}".replace("a hour", "an hour")


@lru_cache(maxsize=1)
def operations_by_group() -> list[dict[str, Any]]:
    """Every operation of the schema, ready to be printed; it changes with the software only."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    reader = Reader(schema)
    groups: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in TAGS}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            groups[operation["tags"][0]].append(reader.operation(path, method, operation))
    return [
        {"name": tag["name"], "description": tag["description"], "operations": groups[tag["name"]]}
        for tag in TAGS
    ]


def with_code(text: str) -> SafeString:
    """`names` between backticks set as code; everything is escaped first."""
    marked = re.sub(r"`([^`]+)`", r'<code class="tl-code-word">\1</code>', escape(text))
    return mark_safe(marked)  # noqa: S308


class Reader:
    """Turns parts of an OpenAPI schema into words."""

    def __init__(self, schema: Schema) -> None:
        self.components = schema["components"]["schemas"]

    def operation(self, path: str, method: str, operation: Schema) -> dict[str, Any]:
        done = operation["responses"].get("200") or operation["responses"]["201"]
        content = done.get("content", {})
        media, body = next(iter(content.items()))
        examples = list(body.get("examples", {}).values())
        scopes = [scope for needed in operation.get("security", []) for scope in needed.get("partner", [])]
        text = examples[0]["value"] if examples else ""
        return {
            "id": operation["operationId"].replace("_", "-"),
            "method": method.upper(),
            "path": path,
            "summary": operation["summary"],
            "description": operation.get("description", "").strip().split("\n\n"),
            "scope": scopes[0] if scopes else "",
            "parameters": [
                self.parameter(p) for p in operation.get("parameters", []) if p["in"] in ("query", "header")
            ],
            "sent": self.sent(operation),
            "fields": self.answer(body["schema"]) if media == "application/json" else [],
            "formats": list(content),
            "example": text if isinstance(text, str) else json.dumps(text, indent=2, ensure_ascii=False),
        }

    def sent(self, operation: Schema) -> dict[str, Any] | None:
        """What the request of an operation that writes holds; None for one that reads."""
        if "requestBody" not in operation:
            return None
        body = operation["requestBody"]["content"]["application/json"]
        shown = next(iter(body["examples"].values()))["value"]
        return {
            "members": self.fields(body["schema"]),
            "example": json.dumps(shown, indent=2, ensure_ascii=False),
        }

    def parameter(self, parameter: Schema) -> dict[str, Any]:
        schema = parameter["schema"]
        default = f" {schema['default']} where it is left out." if "default" in schema else ""
        said = parameter.get("description", "").split("* `")[0].strip()
        return self._member(parameter["name"], self.kind(schema), f"{said}{default}".strip())

    def answer(self, schema: Schema) -> list[dict[str, Any]]:
        """The members of an answer; those of each item of a list apart, since they are what is read."""
        members = self._plain(schema).get("properties", {})
        if "items" not in members:
            return [{"title": "Members", "members": self.fields(schema)}]
        around = [self._member(name, self.kind(m), self._said(m)) for name, m in members.items()]
        return [
            {"title": "Each of items", "members": self.fields(self._plain(members["items"])["items"])},
            {"title": "Around them", "members": around},
        ]

    def fields(self, schema: Schema, before: str = "") -> list[dict[str, Any]]:
        """The members of an object, those of objects in it below them with their whole name."""
        found = []
        for name, member in self._plain(schema).get("properties", {}).items():
            plain = self._plain(member)
            found.append(self._member(before + name, self.kind(member), self._said(member)))
            inner = plain["items"] if plain.get("type") == "array" else plain
            nested = "[]" if plain.get("type") == "array" else ""
            found += self.fields(inner, f"{before}{name}{nested}.")
        return found

    def kind(self, schema: Schema) -> str:
        """What a value is, in words: text, day, list of …, one of …; "or null" where it may be missing."""
        plain = self._plain(schema)
        values = self._values(schema)
        if values:
            words = "one of " + ", ".join(value if value else "(empty)" for value in values)
        elif plain.get("type") == "array":
            words = f"list of {self.kind(plain['items'])}".replace("of object", "of objects")
        elif plain.get("type") == "object":
            words = "object"
        else:
            words = FORMATS.get(plain.get("format", ""), TYPES.get(plain.get("type", ""), "any"))
        return f"{words}, or null" if schema.get("nullable") or plain.get("nullable") else words

    def _member(self, name: str, kind: str, said: str) -> dict[str, Any]:
        return {"name": name, "kind": kind[:1].upper() + kind[1:], "said": with_code(said)}

    def _said(self, schema: Schema) -> str:
        text = schema.get("description", "") or (
            "" if self._values(schema) else self._plain(schema).get("description", "")
        )
        # The values of an enumeration follow their description as a list.
        return text.split("* `")[0].strip()

    def _plain(self, schema: Schema) -> Schema:
        """The schema that a reference, or a single alternative, leads to."""
        while True:
            if "$ref" in schema:
                schema = self.components[schema["$ref"].rpartition("/")[2]]
            elif len(schema.get("allOf", ())) == 1:
                schema = schema["allOf"][0]
            else:
                return schema

    def _values(self, schema: Schema) -> list[str]:
        plain = self._plain(schema)
        alternatives = plain.get("oneOf", [plain])
        return [str(v) for one in alternatives for v in self._plain(one).get("enum", ()) if v is not None]
