"""Saying what somebody knows, can help with or is trusted with. Only they decide whether others see it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Partnership
from people.models import Offer, Person
from people.queries.signing_in import has_been_let_in

MOST = 50


@transaction.atomic
def add_offer(
    *,
    partnership: Partnership,
    person: Person,
    kind: str,
    text: str,
    is_shown: bool = False,
    agreed_on: date | None = None,
    agreed_how: str = "",
    by: Any,
) -> Offer:
    Person.objects.select_for_update().get(pk=person.pk)
    if Offer.objects.filter(partnership=partnership, person=person).count() >= MOST:
        raise DomainError(f"Take something away first: there is room for {MOST}.")
    facts = _facts(person, kind, text, is_shown, agreed_on, agreed_how, by)
    return Offer.objects.create(partnership=partnership, person=person, created_by=by, **facts)


@transaction.atomic
def change_offer(
    *,
    offer: Offer,
    kind: str,
    text: str,
    is_shown: bool = False,
    agreed_on: date | None = None,
    agreed_how: str = "",
    expected_version: int,
    by: Any,
) -> Offer:
    facts = _facts(offer.person, kind, text, is_shown, agreed_on, agreed_how, by)
    return save_edit(offer, expected_version=expected_version, changes=facts)


@transaction.atomic
def remove_offer(*, offer: Offer, by: Any) -> None:
    """The person may always take it back, and so may whoever wrote it down for somebody who does not sign in."""
    _check_theirs(offer.person, by)
    Offer.objects.filter(pk=offer.pk).delete()


def _facts(
    person: Person, kind: str, text: str, is_shown: bool, agreed_on: date | None, agreed_how: str, by: Any
) -> dict[str, Any]:
    _check_theirs(person, by)
    text, agreed_how = " ".join(text.split()), " ".join(agreed_how.split())
    today = timezone.localdate()
    if not text:
        raise DomainError("Say what it is.", field="text")
    if person == by:
        return {
            "kind": kind,
            "text": text,
            "is_shown": is_shown,
            "agreed_on": today if is_shown else None,
            "agreed_how": "",
        }
    if agreed_on is None:
        raise DomainError("Enter the day on which they agreed.", field="agreed_on")
    if agreed_on > today:
        raise DomainError("The day on which they agreed must be today or before.", field="agreed_on")
    if not agreed_how:
        raise DomainError("Say how they agreed, such as: told me on the phone.", field="agreed_how")
    return {"kind": kind, "text": text, "is_shown": True, "agreed_on": agreed_on, "agreed_how": agreed_how}


def _check_theirs(person: Person, by: Any) -> None:
    if person != by and has_been_let_in(person):
        raise DomainError(f"{person.name} signs in, and says this for themselves.")
