"""Everything that a loaded demo says, without the numbers that the database gave its rows."""

from __future__ import annotations

import hashlib
from typing import Any

from learning.models import LearningEntry
from outcomes.models import Commentary, Measure, Observation, Target
from partnerships.models import Activity, Board, Organisation, Place, Programme, Seat
from people.models import Membership, Person
from reports.models import ReportDefinition

NAMED = {
    Place: ("name", "kind", "code", "parent__name", "is_fictional"),
    Organisation: ("name", "sector", "place__name", "is_fictional"),
    Person: ("name", "job_title", "email"),
    Membership: ("partnership__slug", "person__name", "role", "organisation__name", "starts_on", "ends_on"),
    Board: ("partnership__slug", "name", "level", "purpose", "reports_to__name"),
    Seat: ("board__name", "person__name", "kind", "starts_on", "ends_on"),
    Programme: ("partnership__slug", "name", "kind", "summary", "starts_on"),
    Measure: ("outcome__title", "name", "definition", "unit", "source", "created_at"),
    Target: ("measure__name", "due_on", "value", "created_at"),
    Commentary: ("measure__name", "written_on", "story", "author__name", "created_at"),
    Observation: (
        "measure__name", "place__name", "group__name", "period_start", "period_end", "period_label", "value", "numerator",
        "denominator", "lower", "upper", "marker", "status", "note", "source", "recorded_at", "superseded_at",
    ),
    Activity: (
        "partnership__slug", "title", "happened_on", "kind", "minutes", "what_happened", "next_step", "next_step_on",
        "next_step_done_on", "programme__name", "board__name", "place__name", "visibility", "is_complete",
        "created_by__name", "created_at",
    ),
    LearningEntry: ("title", "learned_on", "expected", "happened", "verdict", "why", "activity__title", "created_at"),
    ReportDefinition: ("name", "frequency"),
}  # fmt: skip


def everything() -> dict[str, list[tuple[Any, ...]]]:
    told = {
        model.__name__: sorted(model.objects.values_list(*names), key=repr) for model, names in NAMED.items()
    }
    for name in ("organisations", "people"):
        links = Activity.objects.values_list("title", "happened_on", f"{name}__name")
        told[name] = sorted(links, key=repr)
    told["outcomes"] = sorted(
        Activity.objects.values_list("title", "outcome_links__outcome__title"), key=repr
    )
    return told


def fingerprint() -> str:
    return hashlib.sha256(repr(everything()).encode()).hexdigest()
