"""Who changed what, when, from what to what: read from the rows that database triggers keep."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import formats

from config.words import moment_words
from learning.models import LearningEntry
from outcomes.models import (
    Commentary,
    Measure,
    MeasureEmbed,
    Outcome,
    OutcomeAdoption,
    ProgrammeTemplate,
    Remark,
    Return,
    SteppingStone,
    Target,
)
from partnerships.models import (
    Activity,
    Adoption,
    Agreement,
    Board,
    Commitment,
    Decision,
    Meeting,
    Organisation,
    OrganisationContact,
    Partnership,
    Place,
    Programme,
    Seat,
    SimpleRule,
    Strategy,
    Visibility,
)
from partnerships.models.activities import (
    ActivityAuthorEvent,
    ActivityOrganisationEvent,
    ActivityPersonEvent,
)
from partnerships.queries.places import visible_places
from people.models import (
    ApiClient,
    Introduction,
    JoiningCode,
    LeadershipElement,
    Leading,
    Membership,
    Message,
    Person,
    Voice,
    VoiceEffect,
    WantedLink,
)
from people.queries.organisations import known_organisations_of
from people.queries.people import known_people_of
from reports.models import ReportDefinition

# The records that have a history page, by the word in its address.
KINDS: dict[str, type[models.Model]] = {
    "activity": Activity,
    "adoption": Adoption,
    "agreement": Agreement,
    "api-client": ApiClient,
    "board": Board,
    "decision": Decision,
    "meeting": Meeting,
    "commentary": Commentary,
    "commitment": Commitment,
    "contact": OrganisationContact,
    "element": LeadershipElement,
    "introduction": Introduction,
    "joining-code": JoiningCode,
    "leading": Leading,
    "learning": LearningEntry,
    "measure": Measure,
    "measure-embed": MeasureEmbed,
    "membership": Membership,
    "message": Message,
    "organisation": Organisation,
    "outcome": Outcome,
    "outcome-adoption": OutcomeAdoption,
    "partnership": Partnership,
    "place": Place,
    "programme": Programme,
    "programme-template": ProgrammeTemplate,
    "remark": Remark,
    "report": ReportDefinition,
    "return": Return,
    "rule": SimpleRule,
    "seat": Seat,
    "stone": SteppingStone,
    "strategy": Strategy,
    "target": Target,
    "voice": Voice,
    "voice-effect": VoiceEffect,
    "wanted-link": WantedLink,
}
# What changes by itself with every save, and what the page says in its own way.
# Of records that several partnerships share, what tells of another one.
SHARED: dict[type[models.Model], set[str]] = {
    Organisation: {"merged_into", "merged_at", "merged_by", "merge_reason"},
    Place: {"added_by"},
}
ELSEWHERE = "Somebody of another partnership"
QUIET = {"id", "version", "created_at", "updated_at", "created_by", "partnership", "search", "content"}


@dataclass(frozen=True, slots=True)
class Change:
    """One field, from what to what, in words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One save of a record: when, by whom ("" where the database changed by other means), and the fields that changed."""

    at: datetime
    who: str
    is_first: bool
    changes: tuple[Change, ...]


def history_of(record: models.Model, within: Partnership | None = None) -> list[Entry]:
    """Every save of a record, newest first. A constant number of queries, whatever the number of saves.

    Of a record that several partnerships share, those who do not belong to `within` are not named.
    """
    event_model = type(record).pgh_event_model
    events = list(
        event_model.objects.filter(pgh_obj_id=record.pk).select_related("pgh_context").order_by("pgh_id")
    )
    links = _link_events(record, after=events[0].pgh_created_at) if events else []
    names = _names(events, links, event_model)
    voice = record if isinstance(record, Voice) else getattr(record, "voice", None)
    if voice is not None and voice.speaker_id:
        # Whoever speaks is known to others by the name that they chose, in the history too.
        names[(Person, voice.speaker_id)] = voice.said_as
    if type(record) in SHARED:
        _keep_to(within, names)
    entries: list[Entry] = []
    before = None
    for event in events:
        changes = tuple(_changes(event_model, before, event, names))
        if before is None or changes:
            entries.append(Entry(event.pgh_created_at, _who(event, names), before is None, changes))
        before = event
    entries += [
        Entry(event.pgh_created_at, _who(event, names), False, (_link_change(event, names),))
        for event in links
    ]
    return sorted(entries, key=lambda entry: (entry.at, not entry.is_first), reverse=True)


def _link_events(record: models.Model, *, after: datetime) -> list[Any]:
    """Naming organisations and people at the moment of logging is part of the first entry, so only later changes count."""
    if not isinstance(record, Activity):
        return []
    found: list[Any] = []
    for model in (ActivityOrganisationEvent, ActivityPersonEvent, ActivityAuthorEvent):
        named = model.objects.filter(activity_id=record.pk, pgh_created_at__gt=after)
        found += named.select_related("pgh_context")
    return found


def _link_change(event: Any, names: dict[tuple[type, Any], str]) -> Change:
    model, key, word = (
        (Organisation, event.organisation_id, "Organisations")
        if isinstance(event, ActivityOrganisationEvent)
        else (Person, event.person_id, "Authors" if isinstance(event, ActivityAuthorEvent) else "People")
    )
    name = names.get(
        (model, key), "Somebody no longer recorded" if model is Person else "One no longer recorded"
    )
    return Change(word, "", name) if event.pgh_label == "insert" else Change(word, name, "")


def _changes(
    event_model: Any, before: Any, after: Any, names: dict[tuple[type, Any], str]
) -> Iterable[Change]:
    for field in _fields(event_model):
        new = getattr(after, field.attname)
        old = getattr(before, field.attname) if before is not None else None
        if new == old or (before is None and new in (None, "", [])):
            continue
        label = str(field.verbose_name)
        yield Change(label[:1].upper() + label[1:], _words(field, old, names), _words(field, new, names))


def _fields(event_model: Any) -> list[models.Field]:
    return [
        f
        for f in event_model._meta.concrete_fields
        if not f.name.startswith("pgh_")
        and f.name not in QUIET | SHARED.get(event_model.pgh_tracked_model, set())
    ]


def _words(field: models.Field, value: Any, names: dict[tuple[type, Any], str]) -> str:
    if value is None or value == "" or value == []:
        return ""
    if field.is_relation:
        return names.get((field.related_model, value), "one no longer recorded")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return moment_words(value)
    if isinstance(value, date):
        return formats.date_format(value, "DATE_FORMAT")
    return str(value)


def _names(events: list[Any], links: list[Any], event_model: Any) -> dict[tuple[type, Any], str]:
    """The names of everything that the events point at, one query a model."""
    wanted: dict[type, set[Any]] = {Person: set()}
    for field in _fields(event_model):
        if field.is_relation:
            wanted.setdefault(field.related_model, set()).update(getattr(e, field.attname) for e in events)
    for event in links:
        if isinstance(event, ActivityOrganisationEvent):
            wanted.setdefault(Organisation, set()).add(event.organisation_id)
        else:
            wanted[Person].add(event.person_id)
    wanted[Person].update(_user_id(event) for event in [*events, *links])
    names: dict[tuple[type, Any], str] = {}
    for model, keys in wanted.items():
        for found in model._default_manager.filter(pk__in=[key for key in keys if key is not None]):
            names[(model, found.pk)] = _told(found)
    return names


def _keep_to(partnership: Partnership | None, names: dict[tuple[type, Any], str]) -> None:
    asked = [key for model, key in names if model is Person]
    ours = known_people_of(partnership).filter(pk__in=asked) if partnership else Person.objects.none()
    known = set(ours.values_list("pk", flat=True))
    for key in asked:
        if key not in known:
            names[(Person, key)] = ELSEWHERE


def _told(record: models.Model) -> str:
    """What a record is called, without the title of an activity that some may not see."""
    is_kept = isinstance(record, Activity) and record.visibility != Visibility.PARTNERSHIP
    return "An activity that not everybody sees" if is_kept else str(record)


def _user_id(event: Any) -> int | None:
    return event.pgh_context.metadata.get("user") if event.pgh_context else None


def _who(event: Any, names: dict[tuple[type, Any], str]) -> str:
    return names.get((Person, _user_id(event)), "")


def record_for(partnership: Partnership, kind: str, pk: int) -> models.Model | None:
    """The partnership's record of that kind, or None. Of partnerships it has one: itself."""
    model = KINDS.get(kind)
    if model is Organisation:
        return known_organisations_of(partnership).filter(pk=pk).first()
    if model is Place:
        return visible_places(partnership).filter(pk=pk).first()
    if model is Partnership:
        return partnership if partnership.pk == pk else None
    return model._default_manager.filter(partnership=partnership, pk=pk).first() if model else None
