"""Every address that the product answers, with real arguments: what no table here knows fails loudly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.demo_place import Things

OURS = "p/<slug:partnership>/"
API = "api/v1/p/<slug:partnership>/"


@dataclass(frozen=True)
class Address:
    """One URL pattern. `view` is its class, or its function."""

    route: str
    name: str
    view: Any
    arguments: tuple[str, ...]

    def __str__(self) -> str:
        return self.name or self.route


def addresses() -> list[Address]:
    return list(_walk(get_resolver().url_patterns, "", ()))


def _walk(patterns: list[Any], route: str, arguments: tuple[str, ...]) -> Iterator[Address]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        taken = arguments + tuple(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, here, taken)
        elif isinstance(pattern, URLPattern):
            call = pattern.callback
            view = getattr(call, "view_class", None) or getattr(call, "cls", None) or call
            yield Address(here, pattern.name or "", view, taken)


# What `pk` is, by how the address is called; the longest beginning counts.
RECORDS = {
    "activity-": "activity",
    "api-activity": "activity",
    "api-client": "client",
    "api-programme": "programme",
    "api-commitment": "commitment",
    "api-report": "report",
    "cohort": "cohort",
    "cohort-new": "course",
    "cohort-place": "cohort_place",
    "cohort-places": "cohort",
    "commitment-": "commitment",
    "course-": "course",
    "document": "paper",
    "element-": "element",
    "import-": "batch",
    "import-recipe-": "recipe",
    "import-undo": "saved_batch",
    "influenced-edit": "influenced",
    "influenced-new": "cohort_place",
    "invitation-": "invitation",
    "joining-code": "joining_code",
    "leading-": "leading",
    "learning-": "learning",
    "outcome-": "outcome",
    "programme-": "programme",
    "programme-rules": "holidays",
    "programme-template-": "programme_template",
    "report-": "report",
    "return-": "owed",
    "api-return": "owed",
    "spread-": "adoption",
    "report-change": "definition",
    "report-make": "definition",
    "wanted-link-": "wanted_link",
}
# Arguments that say what they are by their own name.
NAMED = {
    "rebase": "rebase",
    "stone": "stone",
    "contribution": "contribution",
    "evidence": "contribution_evidence",
    "explanation": "explanation",
    "standard": "standard",
    "commentary": "commentary",
    "agreement": "agreement",
    "contact": "contact",
    "correction": "correction",
    "place": "place",
    "rule": "rule",
    "story": "story",
    "strategy": "strategy",
    "theme": "theme",
    "activity": "activity",
    "board": "board",
    "decision": "decision",
    "item": "item",
    "meeting": "meeting",
    "standing": "standing",
    "vacancy": "vacancy",
    "effect": "effect",
    "introduction": "introduction",
    "adopted": "outcome_adoption",
    "breakdown": "breakdown",
    "entry": "framework_item",
    "framework": "framework",
    "link": "outcome_link",
    "target": "target",
    "line": "money_line",
    "measure": "measure",
    "group": "group",
    "remark": "remark",
    "embed": "embed",
    "membership": "membership",
    "message": "message",
    "notice": "notice",
    "offer": "offer",
    "organisation": "organisation",
    "other": "other_member",
    "part": "part",
    "period": "period",
    "person": "member",
    "seat": "seat",
    "voice": "voice",
    "comment": "comment",
    "own_kind": "own_kind",
    "sheet": "sheet",
    "template": "template",
}
# Records with a page of history, by the word in its address.
HISTORIES = {
    "agreement": "agreement",
    "contact": "contact",
    "partnership": "partnership",
    "rule": "rule",
    "stone": "stone",
    "strategy": "strategy",
    "activity": "activity",
    "adoption": "adoption",
    "api-client": "client",
    "board": "board",
    "commentary": "commentary",
    "commitment": "commitment",
    "decision": "decision",
    "meeting": "meeting",
    "element": "element",
    "introduction": "introduction",
    "leading": "leading",
    "wanted-link": "wanted_link",
    "joining-code": "joining_code",
    "learning": "learning",
    "measure": "measure",
    "remark": "remark",
    "measure-embed": "embed",
    "membership": "membership",
    "message": "message",
    "organisation": "organisation",
    "outcome": "outcome",
    "outcome-adoption": "outcome_adoption",
    "place": "place",
    "programme": "programme",
    "programme-template": "programme_template",
    "report": "definition",
    "return": "owed",
    "seat": "seat",
    "target": "target",
    "voice": "voice",
    "voice-effect": "effect",
}
WORDS = {
    "outcome-stone-move": [{"way": "up"}, {"way": "down"}],
    "evidence-standard-move": [{"way": "up"}, {"way": "down"}],
    "agenda-item-move": [{"way": "up"}, {"way": "down"}],
    "breakdown-move": [{"way": "up"}, {"way": "down"}],
    "standing-item-move": [{"way": "up"}, {"way": "down"}],
    "activity-export": [{"kind": "csv"}, {"kind": "xlsx"}],
    "api-nothing-here": [{"rest": "nowhere"}],
    "commitment-export": [{"kind": "csv"}, {"kind": "xlsx"}],
    "contact-export": [{"kind": "csv"}, {"kind": "xlsx"}],
    "voice-export": [{"kind": "csv"}, {"kind": "xlsx"}],
}


def record_of(address: Address) -> str:
    beginnings = [start for start in RECORDS if address.name.startswith(start)]
    if not beginnings:
        raise AssertionError(f"{address}: say in RECORDS of tests/sweeps/addresses.py what its pk is.")
    return RECORDS[max(beginnings, key=len)]


def between(things: Things) -> str:
    """The two boards that this address cannot do without."""
    other = things.partnership.boards.filter(ended_on=None).exclude(pk=things.board.pk).first()
    return f"?from={things.board.pk}&to={other.pk}"


def paths(address: Address, things: Things, below: Things | None = None) -> list[str]:
    """Its paths with the records of `things`, below the partnership of `below` (the same if none is given)."""
    slug = (below or things).partnership.slug
    if address.name == "history":
        return [
            reverse("history", args=[slug, kind, getattr(things, name).pk])
            for kind, name in HISTORIES.items()
        ]
    found = []
    for words in WORDS.get(address.name, [{}]):
        given: dict[str, Any] = dict(words)
        for argument in address.arguments:
            if argument in given:
                continue
            if argument == "partnership":
                given[argument] = slug
            elif argument == "pk":
                given[argument] = getattr(things, record_of(address)).pk
            elif argument in NAMED:
                record = getattr(things, NAMED[argument])
                given[argument] = record.slug if argument == "measure" else record.pk
            else:
                raise AssertionError(
                    f"{address}: say in NAMED of tests/sweeps/addresses.py what {argument} is."
                )
        found.append(
            reverse(address.name, kwargs=given) + (between(things) if address.name == "api-channels" else "")
        )
    return found


def of_partnerships() -> list[Address]:
    return [address for address in addresses() if address.route.startswith(OURS)]


def of_partners_systems() -> list[Address]:
    return [address for address in addresses() if address.route.startswith(API)]


def of_everybody() -> list[Address]:
    """All the others: the front door, signing in, the account, what is about the product."""
    return [address for address in addresses() if not address.route.startswith((OURS, API))]
