"""Where a name stands in what people wrote: free text that a person has to look at, as no rule can change it safely."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Cast

from partnerships.models import Activity, Partnership, TenantRecord
from partnerships.queries.activities import visible
from partnerships.queries.references import is_history
from people.models import Person, RealName, Voice
from people.queries.held import kind_in_words
from people.queries.voices import visible_voices

# Rows of sign-in and of this very search, which hold names as names.
OUTSIDE = {"Invitation", "RealName", "JoiningCode", "PersonMerge", "ApiClient"}
EACH = 20


@dataclass(frozen=True, slots=True)
class Mention:
    """Records of one kind whose text holds the name: some of them, and how many there are."""

    kind: str
    records: tuple[models.Model, ...]
    number: int


def names_of(person: Person) -> list[str]:
    """All that the person is or was called here: what others see, what managers know, and what history kept."""
    events = Person.pgh_event_model.objects.filter(pgh_obj=person).values_list("name", flat=True)
    real = RealName.objects.filter(person=person).values_list("name", flat=True)
    return sorted({person.name, *real, *events})


def mentions_of(names: Iterable[str], partnership: Partnership, viewer: Person) -> list[Mention]:
    """By kind of record. Of activities that only their authors see, the viewer learns nothing."""
    names = list(names)
    found = []
    for model in apps.get_models():
        if not issubclass(model, TenantRecord) or is_history(model) or model.__name__ in OUTSIDE:
            continue
        holding = _holding(model, names, _rows(model, partnership, viewer))
        number = holding.count() if holding is not None else 0
        if number:
            found.append(Mention(kind_in_words(model), tuple(holding.order_by("pk")[:EACH]), number))
    return sorted(found, key=lambda mention: mention.kind)


def _rows(model: type[models.Model], partnership: Partnership, viewer: Person) -> QuerySet:
    if model is Activity:
        return visible(partnership, viewer)
    if model is Voice:
        return visible_voices(partnership, viewer)
    return model._base_manager.filter(partnership=partnership)


def _holding(model: type[models.Model], names: list[str], rows: QuerySet) -> QuerySet | None:
    texts = [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField) and not field.choices
    ]
    documents = [f.name for f in model._meta.concrete_fields if isinstance(f, models.JSONField)]
    rows = rows.annotate(**{f"{name}_text": Cast(name, models.TextField()) for name in documents})
    columns = [*texts, *(f"{name}_text" for name in documents)]
    if not columns or not names:
        return None
    holds = Q()
    for column in columns:
        for name in names:
            holds |= Q(**{f"{column}__icontains": name})
    return rows.filter(holds).defer(*documents, *_heavy(model))


def _heavy(model: type[models.Model]) -> list[str]:
    return [f.name for f in model._meta.concrete_fields if isinstance(f, models.BinaryField)]
