"""The contact register: whom to ask for what at an organisation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Organisation, OrganisationContact, Partnership
from partnerships.queries.activities import organisations_of


@transaction.atomic
def add_contact(
    *,
    partnership: Partnership,
    organisation: Organisation,
    role: str,
    person: Any = None,
    email: str = "",
    phone: str = "",
    starts_on: date | None = None,
    by: Any = None,
) -> OrganisationContact:
    """A person, a mailbox or a telephone for a role. People are named as far as the partnership knows them."""
    if not organisations_of(partnership).filter(pk=organisation.pk).exists():
        raise DomainError("Choose an organisation from the list.", field="organisation")
    role = _checked(role, person, email, phone)
    same = OrganisationContact.objects.filter(
        partnership=partnership,
        organisation=organisation,
        role__iexact=role,
        person=person,
        email=email,
        ends_on__isnull=True,
    )
    if same.exists():
        raise DomainError("This contact is in the register already.", field="role")
    return OrganisationContact.objects.create(
        partnership=partnership,
        organisation=organisation,
        role=role,
        person=person,
        email=email,
        phone=phone.strip(),
        starts_on=starts_on or timezone.localdate(),
        created_by=by,
    )


@transaction.atomic
def edit_contact(
    *,
    contact: OrganisationContact,
    expected_version: int,
    by: Any,
    role: str,
    person: Any = None,
    email: str = "",
    phone: str = "",
) -> OrganisationContact:
    changes = {
        "role": _checked(role, person, email, phone),
        "person": person,
        "email": email,
        "phone": phone.strip(),
    }
    return save_edit(contact, expected_version=expected_version, changes=changes)


@transaction.atomic
def end_contact(*, contact: OrganisationContact, on: date, by: Any) -> OrganisationContact:
    """The last day on which to ask there. Ended twice, the first day stands."""
    contact = OrganisationContact.objects.select_for_update().get(pk=contact.pk)
    if contact.ends_on is not None and contact.ends_on < timezone.localdate():
        return contact
    if on < contact.starts_on:
        raise DomainError("The last day must be on or after the first.", field="on")
    return save_edit(contact, expected_version=contact.version, changes={"ends_on": on})


def _checked(role: str, person: Any, email: str, phone: str) -> str:
    role = " ".join(role.split())
    if not role:
        raise DomainError("Enter what to ask for.", field="role")
    if person is None and not email and not phone.strip():
        raise DomainError("Choose a person, or enter an email address or a telephone number.", field="person")
    return role
