"""Who is in a partnership, in which role, from when to when."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from partnerships.errors import DomainError
from partnerships.models import Organisation, Partnership
from people.models import Membership, Person
from people.permissions import Role


@transaction.atomic
def add_person(*, name: str, email: str | None = None, job_title: str = "", by: Any = None) -> Person:
    """Record a person who need not sign in. Raises DomainError when the e-mail address is somebody's already."""
    if not name.strip():
        raise DomainError("Enter the person's name.", field="name")
    if email and Person.objects.filter(email__iexact=email).exists():
        raise DomainError("Somebody with this e-mail address is recorded already.", field="email")
    return Person.objects.create_user(email, name=" ".join(name.split()), job_title=job_title)


@transaction.atomic
def give_role(
    *,
    partnership: Partnership,
    person: Person,
    role: Role,
    organisation: Organisation | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    by: Any = None,
) -> Membership:
    starts_on = starts_on or timezone.localdate()
    if ends_on is not None and ends_on < starts_on:
        raise DomainError("The last day must be on or after the first.", field="ends_on")
    try:
        with transaction.atomic():
            return Membership.objects.create(
                partnership=partnership,
                person=person,
                role=role,
                organisation=organisation,
                starts_on=starts_on,
                ends_on=ends_on,
                created_by=by,
            )
    except IntegrityError as error:
        if "one_role_at_a_time" in str(error):
            raise DomainError(f"{person} already has this role in these dates.", field="role") from None
        raise


@transaction.atomic
def end_membership(*, membership: Membership, on: date | None = None, by: Any = None) -> Membership:
    """End a role; it stays in the partnership's history. The last manager can't be ended, or nobody could let people in."""
    on = on or timezone.localdate()
    if on < membership.starts_on:
        raise DomainError("The last day must be on or after the first.", field="ends_on")
    if membership.role == Role.MANAGER:
        others = (
            Membership.objects.select_for_update()
            .filter(partnership=membership.partnership, role=Role.MANAGER, ends_on__isnull=True)
            .exclude(pk=membership.pk)
        )
        if not others.exists():
            raise DomainError("This is the last manager. Make somebody else a manager first.")
    membership.ends_on = on
    membership.save(update_fields=["ends_on"])
    return membership
