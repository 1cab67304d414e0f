"""Who leads which part of the work, and handing it over."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from config.words import day_words
from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import BoardLevel, Organisation, Partnership, Programme
from partnerships.queries.activities import organisations_of
from people.actions.voices import check_text
from people.models import Authority, LeadershipElement, Leading, Person
from people.queries.known import is_known

LONGEST = {"description": 2_000, "note": 2_000}


@transaction.atomic
def add_element(
    *,
    partnership: Partnership,
    name: str,
    level: BoardLevel | str,
    description: str = "",
    programme: Programme | None = None,
    by: Any,
) -> LeadershipElement:
    """Name a part of the work that somebody leads or should lead."""
    facts = _element_facts(
        partnership, {"name": name, "level": level, "description": description, "programme": programme}
    )
    try:
        with transaction.atomic():
            return LeadershipElement.objects.create(partnership=partnership, created_by=by, **facts)
    except IntegrityError:
        raise DomainError("There is already a part of the work of this name.", field="name") from None


@transaction.atomic
def edit_element(
    *, element: LeadershipElement, expected_version: int, by: Any, **changes: Any
) -> LeadershipElement:
    """Change what a part of the work is. Raises EditConflict when somebody saved it since."""
    names = ("name", "level", "description", "programme")
    facts = {name: getattr(element, name) for name in names} | changes
    changes = _element_facts(element.partnership, facts)
    try:
        with transaction.atomic():
            return save_edit(element, expected_version=expected_version, changes=changes)
    except IntegrityError:
        raise DomainError("There is already a part of the work of this name.", field="name") from None


@transaction.atomic
def end_element(*, element: LeadershipElement, expected_version: int, by: Any) -> LeadershipElement:
    """Say that a part of the work is not there any more. Whoever leads it ceases to today."""
    if element.ended_on:
        raise DomainError("This part of the work has ended already.")
    today = timezone.localdate()
    current = _leading_now(element)
    if current:
        save_edit(
            current, expected_version=current.version, changes={"ends_on": max(today, current.starts_on)}
        )
    return save_edit(element, expected_version=expected_version, changes={"ended_on": today})


@transaction.atomic
def hand_over(
    *,
    element: LeadershipElement,
    owner: Person,
    starts_on: date,
    authority: Authority | str,
    organisation: Organisation | None = None,
    accountable: Person | None = None,
    successor: Person | None = None,
    note: str = "",
    by: Any,
) -> Leading:
    """Give a part of the work to somebody from a day on. Whoever led it until then ceases to on the day before.

    Raises DomainError, naming the field, for somebody unknown here, a day in the future or before the present one began.
    """
    if element.ended_on:
        raise DomainError("This part of the work has ended.")
    # Two who hand over at once take turns at the element.
    element = LeadershipElement.objects.select_for_update(no_key=True).get(pk=element.pk)
    partnership = element.partnership
    if starts_on > timezone.localdate():
        raise DomainError("The day must be today or in the past.", field="starts_on")
    if starts_on < partnership.started_on:
        began = day_words(partnership.started_on)
        raise DomainError(f"The partnership began on {began}. Check the year.", field="starts_on")
    facts = {
        "owner": owner,
        "organisation": organisation,
        "accountable": accountable,
        "successor": successor,
        "authority": authority,
        "note": note.strip(),
    }
    _check_leading(partnership, facts, changed=set(facts))
    later = element.leadings.filter(starts_on__gte=starts_on).order_by("-starts_on").first()
    if later:
        began = day_words(later.starts_on)
        raise DomainError(f"{later.owner} has led this since {began}. Enter a later day.", field="starts_on")
    current = _leading_now(element)
    if current:
        ends_on = starts_on - timedelta(days=1)
        save_edit(current, expected_version=current.version, changes={"ends_on": ends_on})
    return Leading.objects.create(
        partnership=partnership, element=element, starts_on=starts_on, created_by=by, **facts
    )


@transaction.atomic
def edit_leading(*, leading: Leading, expected_version: int, by: Any, **changes: Any) -> Leading:
    """Correct who is accountable, what may be decided, who could take over, or how it was handed over."""
    if "note" in changes:
        changes["note"] = changes["note"].strip()
    names = ("owner", "organisation", "accountable", "successor", "authority", "note")
    facts = {name: getattr(leading, name) for name in names} | changes
    changed = {name for name in changes if facts[name] != getattr(leading, name)}
    _check_leading(leading.partnership, facts, changed=changed)
    return save_edit(leading, expected_version=expected_version, changes=changes)


@transaction.atomic
def stop_leading(*, leading: Leading, expected_version: int, ends_on: date, by: Any) -> Leading:
    """Say that nobody leads it after a day: the gap is then shown."""
    if leading.ends_on is not None:
        raise DomainError("This has ended already.")
    if ends_on > timezone.localdate():
        raise DomainError("The day must be today or in the past.", field="ends_on")
    if ends_on < leading.starts_on:
        began = day_words(leading.starts_on)
        raise DomainError(f"They began on {began}. Enter that day or a later one.", field="ends_on")
    return save_edit(leading, expected_version=expected_version, changes={"ends_on": ends_on})


def _element_facts(partnership: Partnership, facts: dict[str, Any]) -> dict[str, Any]:
    facts = facts | {"name": " ".join(facts["name"].split()), "description": facts["description"].strip()}
    if not facts["name"]:
        raise DomainError("Enter a name.", field="name")
    check_text(facts["name"], "name", 150)
    check_text(facts["description"], "description", LONGEST["description"])
    if facts["level"] not in BoardLevel.values:
        raise DomainError("Choose a level.", field="level")
    programme = facts["programme"]
    if programme is not None and programme.partnership_id != partnership.pk:
        raise DomainError("Choose a programme of this partnership.", field="programme")
    return facts


def _check_leading(partnership: Partnership, facts: dict[str, Any], *, changed: set[str]) -> None:
    for field in {"owner", "accountable", "successor"} & changed:
        person = facts[field]
        if person is not None and (person.is_system or not is_known(person, partnership)):
            raise DomainError("Choose a person of this partnership.", field=field)
    if facts["successor"] is not None and facts["successor"] == facts["owner"]:
        raise DomainError("Choose somebody else: they lead it now.", field="successor")
    organisation = facts["organisation"]
    if (
        "organisation" in changed
        and organisation is not None
        and not organisations_of(partnership).filter(pk=organisation.pk).exists()
    ):
        raise DomainError("Choose an organisation of this partnership.", field="organisation")
    if facts["authority"] not in Authority.values:
        raise DomainError("Choose what they may decide.", field="authority")
    check_text(facts["note"], "note", LONGEST["note"])


def _leading_now(element: LeadershipElement) -> Leading | None:
    return element.leadings.filter(ends_on__isnull=True).first()
