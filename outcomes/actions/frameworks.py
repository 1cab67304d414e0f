"""Frameworks: loaded for everybody or by a partnership, shared from a partnership's own outcomes, ended."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone

from config.words import day_words
from outcomes.imports.frameworks import Item, checked
from outcomes.models import Framework, FrameworkItem, Outcome
from outcomes.queries.frameworks import own_framework
from partnerships.errors import DomainError
from partnerships.models import Partnership

OWN_CODE = "O{}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: the items that are new, that say something else now, and that the edition no longer has."""

    framework: Framework
    added: tuple[str, ...]
    changed: tuple[str, ...]
    ended: tuple[str, ...]

    @property
    def sentence(self) -> str:
        counted = [
            f"{len(items)} {words}"
            for items, words in ((self.added, "new"), (self.changed, "changed"), (self.ended, "ended"))
            if items
        ]
        return f"{', '.join(counted)}." if counted else "Nothing changed."


@transaction.atomic
def load_framework(
    *,
    name: str,
    items: Sequence[Item],
    publisher: str = "",
    edition: str = "",
    source_url: str = "",
    licence: str = "",
    shared_by: Partnership | None = None,
    by: Any = None,
) -> Loaded:
    """Make a framework, or bring the one of this name to what `items` say.

    The same items again change nothing. Items that are gone end; what is linked to them stays linked.
    """
    facts = {"publisher": publisher, "edition": edition, "source_url": source_url, "licence": licence}
    name, facts = _checked(name, facts)
    items = checked(list(enumerate(items, 2)))
    if shared_by is not None:
        # Two loads of one name at once: the second waits, and finds what the first made.
        Partnership.objects.select_for_update(no_key=True).get(pk=shared_by.pk)
        own = own_framework(shared_by)
        if own is not None and own.name == name and not any(item.outcome for item in items):
            raise DomainError("You share your own outcomes under this name. Choose another.", field="name")
    framework = Framework.objects.filter(name=name, shared_by=shared_by, ended_on__isnull=True).first()
    if framework is None:
        framework = Framework.objects.create(name=name, shared_by=shared_by, loaded_by=by, **facts)
    done = _bring(framework, items)
    if done.sentence != "Nothing changed." or any(
        getattr(framework, key) != value for key, value in facts.items()
    ):
        Framework.objects.filter(pk=framework.pk).update(**facts, loaded_at=timezone.now(), loaded_by=by)
        framework.refresh_from_db()
    return done


def _checked(name: str, facts: dict[str, str]) -> tuple[str, dict[str, str]]:
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        raise DomainError("Enter the framework’s name.", field="name")
    facts = {key: " ".join(value.replace("\x00", "").split()) for key, value in facts.items()}
    for field, value in {"name": name, **facts}.items():
        limit = Framework._meta.get_field(field).max_length
        if len(value) > limit:
            raise DomainError(f"This must be {limit} characters or fewer.", field=field)
    if facts.get("source_url"):
        try:
            URLValidator(["http", "https"])(facts["source_url"])
        except ValidationError:
            raise DomainError(
                "Enter a web address that begins with https:// or http://.", field="source_url"
            ) from None
    return name, facts


def _bring(framework: Framework, items: Sequence[Item]) -> Loaded:
    known = {row.code.casefold(): row for row in FrameworkItem.objects.filter(framework=framework)}
    codes = {row.pk: code for code, row in known.items()}
    added, changed, kept = [], [], {}
    for position, item in enumerate(items):
        code = item.code.casefold()
        row = known.get(code) or FrameworkItem(framework=framework, code=item.code)
        before = (row.title, row.description, codes.get(row.parent_id, ""), row.ended_on)
        row.title, row.description, row.ended_on = item.title, item.description, None
        row.position, row.outcome_id = position, item.outcome
        if code not in known:
            added.append(row)
        elif before != (row.title, row.description, item.parent.casefold(), None):
            changed.append(row)
        kept[code] = row
    FrameworkItem.objects.bulk_create(added)
    for item in items:
        kept[item.code.casefold()].parent = kept.get(item.parent.casefold())
    FrameworkItem.objects.bulk_update(
        kept.values(), ["title", "description", "ended_on", "position", "outcome", "parent"], batch_size=500
    )
    gone = [row for code, row in known.items() if code not in kept and row.ended_on is None]
    FrameworkItem.objects.filter(pk__in=[row.pk for row in gone]).update(ended_on=timezone.localdate())
    return Loaded(framework, *(tuple(row.title for row in rows) for rows in (added, changed, gone)))


@transaction.atomic
def share_outcomes(
    *, partnership: Partnership, outcomes: Collection[Outcome], name: str, licence: str = "", by: Any
) -> Loaded:
    """Share these outcomes' titles and descriptions, and nothing else, with every partnership here.

    Sharing again brings the text up to date; what is no longer shared ends.
    """
    if not outcomes:
        raise DomainError("Choose at least one outcome to share.", field="outcomes")
    if any(outcome.partnership_id != partnership.pk for outcome in outcomes):
        raise DomainError("Choose outcomes of this partnership.", field="outcomes")
    # Two who share for the first time at once must not make two.
    Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)
    shared = own_framework(partnership)
    name = " ".join(name.split())
    taken = Framework.objects.filter(shared_by=partnership, name=name, ended_on__isnull=True)
    if taken.exclude(pk=shared.pk if shared else None).exists():
        raise DomainError("This partnership already shares another framework of this name.", field="name")
    if shared is not None and shared.name != name:
        _checked(name, {})
        Framework.objects.filter(pk=shared.pk).update(name=name)
    items = [
        Item(OWN_CODE.format(one.pk), one.title, one.description, outcome=one.pk)
        for one in sorted(outcomes, key=lambda one: (one.position, one.title))
    ]
    return load_framework(
        name=name, items=items, publisher=partnership.name, licence=licence, shared_by=partnership, by=by
    )


@transaction.atomic
def end_framework(*, framework: Framework, by: Any = None) -> Framework:
    """Nobody can link to it any more. What is linked stays, and so do its words."""
    found = Framework.objects.select_for_update(of=("self",)).get(pk=framework.pk)
    if found.ended_on is not None:
        raise DomainError(f"It ended on {day_words(found.ended_on)} already.")
    found.ended_on = timezone.localdate()
    found.save(update_fields=["ended_on"])
    return found
