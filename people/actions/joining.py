"""Codes that let residents join without a work email address, and back in when they forget their password."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from partnerships.errors import DomainError
from partnerships.models import Partnership
from people.actions.known_as import note_real_name
from people.actions.memberships import give_role
from people.models import Joined, JoiningCode, Membership, Person
from people.models.memberships import new_nonce
from people.permissions import Permission, Role
from people.queries.joining import code_for, hash_of_code, new_sign_in_name

MOST_USES = 500
MOST_DAYS = 366
WAY_BACK_DAYS = 7
GONE = "This code does not work any more. Ask for a new one."


@transaction.atomic
def make_joining_code(
    *,
    partnership: Partnership,
    name: str,
    uses_allowed: int,
    expires_on: date,
    role_ends_on: date | None = None,
    by: Any,
) -> JoiningCode:
    """A code by which so many residents may join until a day. It gives the role of resident and no other."""
    today = timezone.localdate()
    name = " ".join(name.split())
    if not name:
        raise DomainError("Say what the code is for.", field="name")
    if not 1 <= uses_allowed <= MOST_USES:
        raise DomainError(f"Enter a number from 1 to {MOST_USES}.", field="uses_allowed")
    if expires_on < today:
        raise DomainError("The last day must be today or later.", field="expires_on")
    if expires_on > today + timedelta(days=MOST_DAYS):
        raise DomainError("A code works for a year at most.", field="expires_on")
    if role_ends_on is not None and role_ends_on < expires_on:
        raise DomainError("The role must last at least as long as the code works.", field="role_ends_on")
    return _make(
        partnership=partnership,
        name=name,
        uses_allowed=uses_allowed,
        expires_on=expires_on,
        role_ends_on=role_ends_on,
        created_by=by,
    )


@transaction.atomic
def withdraw_joining_code(*, code: JoiningCode, by: Any) -> JoiningCode:
    """It stops working at once. Those who joined by it stay."""
    code = JoiningCode.objects.select_for_update().get(pk=code.pk)
    if code.revoked_at is None:
        code.revoked_at = timezone.now()
        code.save(update_fields=["revoked_at"])
    return code


@transaction.atomic
def join(*, code: JoiningCode, name: str, password: str, real_name: str = "") -> Person:
    """A resident comes in under the name they choose. They sign in with a name that is made for them, and the password."""
    name = " ".join(name.split())
    if not name:
        raise DomainError("Enter the name that others are to know you by.", field="name")
    code = _use(code)
    person = Person.objects.create_user(None, password, name=name, sign_in_name=new_sign_in_name())
    _let_in(code, person)
    note_real_name(partnership=code.partnership, person=person, name=real_name, by=person)
    return person


@transaction.atomic
def join_as(*, code: JoiningCode, person: Person) -> Membership:
    """Somebody who signs in already joins one more partnership. Whoever is a resident there stays one, and uses nothing up."""
    held = Membership.objects.current().filter(
        partnership=code.partnership_id, person=person, role=Role.RESIDENT
    )
    found = held.first()
    if found:
        return found
    return _let_in(_use(code), person)


@transaction.atomic
def make_way_back(*, partnership: Partnership, person: Person, by: Any) -> JoiningCode:
    """A code by which one resident without an email address sets a new password, once. Earlier ones stop working."""
    Person.objects.select_for_update().get(pk=person.pk)
    reason = why_no_way_back(person, by)
    if reason:
        raise DomainError(reason)
    JoiningCode.objects.filter(
        partnership=partnership, person=person, revoked_at__isnull=True, uses=0
    ).update(revoked_at=timezone.now())
    return _make(
        partnership=partnership,
        name=f"New password for {person.name}"[:120],
        person=person,
        expires_on=timezone.localdate() + timedelta(days=WAY_BACK_DAYS),
        created_by=by,
    )


def why_no_way_back(person: Person, by: Any) -> str:
    """Empty where this manager may let the person set a new password: nobody may open a door to a partnership not theirs."""
    if not person.sign_in_name or not person.is_active:
        return "Only somebody who joined without an email address needs a code to come back."
    if EmailAddress.objects.filter(user=person, verified=True).exists():
        return f"{person.name} has an email address and can set a new password with it."
    held = Membership.objects.current().filter(person=person).select_related("partnership")
    if any(one.role != Role.RESIDENT for one in held):
        return f"{person.name} has more than the role of a resident here. Invite them by email instead."
    if not all(by.has_perm(Permission.MANAGE_PEOPLE, one.partnership) for one in held):
        return f"{person.name} is in another partnership too, so its manager has to agree. Ask the people who run this service."
    return ""


@transaction.atomic
def come_back(*, code: JoiningCode, password: str) -> Person:
    """Set a new password by a code that was made for one person. Whoever was signed in with the old one no longer is."""
    code = _use(code)
    person = Person.objects.select_for_update().get(pk=code.person_id)
    person.set_password(password)
    person.save(update_fields=["password"])
    Joined.objects.get_or_create(code=code, person=person, defaults={"partnership": code.partnership})
    return person


def _make(**facts: Any) -> JoiningCode:
    nonce = new_nonce()
    return JoiningCode.objects.create(nonce=nonce, code_hash=hash_of_code(code_for(nonce)), **facts)


def _use(code: JoiningCode) -> JoiningCode:
    """Count one use. Two who send the last use at the same moment take turns here."""
    code = JoiningCode.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=code.pk)
    if not code.works:
        raise DomainError(GONE)
    code.uses += 1
    code.save(update_fields=["uses"])
    return code


def _let_in(code: JoiningCode, person: Person) -> Membership:
    Joined.objects.get_or_create(code=code, person=person, defaults={"partnership": code.partnership})
    return give_role(
        partnership=code.partnership,
        person=person,
        role=Role.RESIDENT,
        ends_on=code.role_ends_on,
        by=code.created_by,
    )
