"""Somebody was put in touch with somebody by a third, and what came of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from config.words import day_words
from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Activity, Partnership, Programme
from partnerships.queries.activities import visible
from people.actions.voices import check_text
from people.models import Introduction, Person
from people.queries.known import is_known

LONGEST = {"why": 2_000, "note": 2_000}
CAME = {value for value, _ in Introduction._meta.get_field("came_of_it").choices}


@transaction.atomic
def introduce(
    *,
    partnership: Partnership,
    one: Person,
    other: Person,
    made_by: Person,
    made_on: date,
    by: Any,
    why: str = "",
    activity: Activity | None = None,
) -> Introduction:
    """Write down an introduction. Raises DomainError, naming the field, for two names of one person or somebody unknown."""
    facts = {"one": one, "other": other, "made_by": made_by, "made_on": made_on, "why": why.strip()}
    facts["activity"] = activity
    _check(partnership, facts, by=by, changed=set(facts))
    return Introduction.objects.create(partnership=partnership, created_by=by, **facts)


@transaction.atomic
def edit_introduction(
    *, introduction: Introduction, expected_version: int, by: Any, **changes: Any
) -> Introduction:
    if "why" in changes:
        changes["why"] = changes["why"].strip()
    names = ("one", "other", "made_by", "made_on", "why", "activity")
    facts = {name: getattr(introduction, name) for name in names} | changes
    changed = {name for name in changes if facts[name] != getattr(introduction, name)}
    _check(introduction.partnership, facts, by=by, changed=changed, known=introduction)
    looked = introduction.looked_at_on
    if looked is not None and facts["made_on"] > looked:
        raise DomainError(
            f"Somebody wrote on {day_words(looked)} what came of it, so it was made on or before that day.",
            field="made_on",
        )
    return save_edit(introduction, expected_version=expected_version, changes=changes)


@transaction.atomic
def say_what_came(
    *,
    introduction: Introduction,
    expected_version: int,
    came_of_it: str,
    looked_at_on: date,
    by: Any,
    programme: Programme | None = None,
    note: str = "",
) -> Introduction:
    """What came of an introduction, as it is known on a day. "Not known yet" is an answer too: it begins the wait anew."""
    if came_of_it not in CAME:
        raise DomainError("Choose what came of it.", field="came_of_it")
    note = note.strip()
    check_text(note, "note", LONGEST["note"])
    if looked_at_on > timezone.localdate():
        raise DomainError("The day must be today or in the past.", field="looked_at_on")
    if looked_at_on < introduction.made_on:
        raise DomainError(
            f"They were introduced on {day_words(introduction.made_on)}, so nothing came of it before that day.",
            field="looked_at_on",
        )
    if came_of_it == "programme" and programme is None:
        raise DomainError("Choose the programme that came of it.", field="programme")
    if programme is not None and came_of_it != "programme":
        raise DomainError("Choose a programme only where one came of it.", field="programme")
    if programme is not None and programme.partnership_id != introduction.partnership_id:
        raise DomainError("Choose a programme of this partnership.", field="programme")
    changes = {
        "came_of_it": came_of_it,
        "looked_at_on": looked_at_on,
        "programme": programme,
        "note": note,
    }
    return save_edit(introduction, expected_version=expected_version, changes=changes)


def _check(
    partnership: Partnership,
    facts: dict[str, Any],
    *,
    by: Any,
    changed: set[str],
    known: Introduction | None = None,
) -> None:
    one, other, made_by = facts["one"], facts["other"], facts["made_by"]
    if one == other:
        raise DomainError("Choose two different people.", field="other")
    if made_by in (one, other):
        raise DomainError("An introduction is made by a third person.", field="made_by")
    for name in {"one", "other", "made_by"} & changed:
        if facts[name].is_system or not is_known(facts[name], partnership):
            raise DomainError("Choose a person of this partnership.", field=name)
    check_text(facts["why"], "why", LONGEST["why"])
    if facts["made_on"] > timezone.localdate():
        raise DomainError("The day must be today or in the past.", field="made_on")
    if "made_on" in changed and facts["made_on"] < partnership.started_on:
        raise DomainError(f"The partnership began on {day_words(partnership.started_on)}.", field="made_on")
    activity = facts["activity"]
    if (
        "activity" in changed
        and activity is not None
        and not visible(partnership, by).filter(pk=activity.pk).exists()
    ):
        raise DomainError("Choose an activity of this partnership.", field="activity")
    pair = Q(one=one, other=other) | Q(one=other, other=one)
    same = Introduction.objects.filter(pair, partnership=partnership, made_on=facts["made_on"])
    if changed & {"one", "other", "made_on"} and same.exclude(pk=known.pk if known else None).exists():
        raise DomainError("This introduction is written down already.", field="other")
