"""Who is in a partnership, in which role, from when to when."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Organisation, Partnership
from people.actions.known_as import tell_real_name
from people.models import Membership, Person
from people.permissions import HUMAN_ROLES, Role
from people.queries.organisations import organisations_of
from people.queries.signing_in import has_been_let_in


@transaction.atomic
def add_person(*, name: str, email: str | None = None, job_title: str = "", by: Any = None) -> Person:
    """Record a person who need not sign in. Raises DomainError when the email address is somebody's already."""
    name = " ".join(name.split())
    if not name:
        raise DomainError("Enter the person’s name.", field="name")
    if email and Person.objects.filter(email__iexact=email).exists():
        raise DomainError("Somebody with this email address is recorded already.", field="email")
    return Person.objects.create_user(email, name=name, job_title=job_title.strip())


@transaction.atomic
def add_member(
    *,
    partnership: Partnership,
    name: str,
    role: Role,
    job_title: str = "",
    organisation: Organisation | None = None,
    by: Any = None,
) -> Person:
    """Record somebody who takes part and does not sign in. They can be invited later."""
    person = add_person(name=name, job_title=job_title, by=by)
    give_role(partnership=partnership, person=person, role=role, organisation=organisation, by=by)
    return person


@transaction.atomic
def edit_person(
    *, person: Person, name: str, job_title: str = "", real_name: str | None = None, by: Any = None
) -> Person:
    """Correct a name or job title. Whoever signs in looks after their own, so nobody else may.

    `real_name` is the person's own word on who is behind the name, for those who manage people; None leaves it.
    """
    name = " ".join(name.split())
    if not name:
        raise DomainError("Enter a name.", field="name")
    if person != by and has_been_let_in(person):
        raise DomainError(f"{person.name} signs in, and changes their own details.")
    person.name, person.job_title = name, job_title.strip()
    person.save(update_fields=["name", "job_title"])
    if real_name is not None:
        tell_real_name(person=person, name=real_name, by=by)
    return person


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
    if person.is_system != (role not in HUMAN_ROLES):
        raise DomainError("This role is for partners’ systems only.", field="role")
    check_organisation(partnership, organisation)
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
    """End a role; it stays in the partnership's history. With a last day of today or before, access ends at once.

    The last manager can't be ended, or nobody could let people in.
    """
    today = timezone.localdate()
    on = on or today
    # Two managers who end each other's role at the same moment take turns here.
    Partnership.objects.select_for_update().get(pk=membership.partnership_id)
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership.ended_at is not None:
        raise DomainError("This role has ended already.")
    if membership.starts_on > today:
        on = membership.starts_on  # It has not begun, and now never will.
    elif on < membership.starts_on:
        raise DomainError("The last day must be on or after the first.", field="ends_on")
    if membership.role == Role.MANAGER and not other_managers(membership).exists():
        raise DomainError("This is the last manager. Make somebody else a manager first.")
    membership.ends_on = on
    membership.ended_at = timezone.now() if on <= today or membership.starts_on > today else None
    membership.save(update_fields=["ends_on", "ended_at"])
    return membership


@transaction.atomic
def ask_for_second_factor(
    *, partnership: Partnership, roles: Collection[Role], expected_version: int, by: Any = None
) -> Partnership:
    """Choose the roles whose holders must set up a second step at sign-in before they can come in."""
    chosen = [role.value for role in HUMAN_ROLES if role in set(roles)]
    return save_edit(partnership, expected_version=expected_version, changes={"second_factor_roles": chosen})


def check_organisation(partnership: Partnership, organisation: Organisation | None) -> None:
    if organisation and not organisations_of(partnership).filter(pk=organisation.pk).exists():
        raise DomainError("Choose an organisation of this partnership.", field="organisation")


def other_managers(membership: Membership) -> QuerySet[Membership]:
    """Other managers without a last day who can come in: one who never signs in can let nobody in."""
    signs_in = EmailAddress.objects.filter(user=OuterRef("person"), verified=True)
    return (
        Membership.objects.current()
        .filter(partnership=membership.partnership_id, role=Role.MANAGER, ends_on__isnull=True)
        .filter(Exists(signs_in), person__is_active=True)
        .exclude(person=membership.person_id)
    )
