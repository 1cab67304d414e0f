"""The contact register of a partnership."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from partnerships.models import Organisation, OrganisationContact, Partnership

TABLE_COLUMNS = ("Organisation", "Ask about", "Person", "Email", "Telephone", "From", "Last day")


def contacts_of(partnership: Partnership, *, on: date | None = None) -> QuerySet[OrganisationContact]:
    """Those who can be asked today; ended ones are left out."""
    on = on or timezone.localdate()
    found = OrganisationContact.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on), partnership=partnership
    )
    return found.select_related("organisation", "person").order_by("organisation__name", "role", "pk")


def matching(
    contacts: QuerySet[OrganisationContact], *, text: str = "", organisation: Organisation | None = None
) -> QuerySet[OrganisationContact]:
    if organisation is not None:
        contacts = contacts.filter(organisation=organisation)
    for word in text.split():
        contacts = contacts.filter(
            Q(role__icontains=word)
            | Q(organisation__name__icontains=word)
            | Q(person__name__icontains=word)
            | Q(email__icontains=word)
        )
    return contacts


def address_of(contact: OrganisationContact) -> str:
    """Where to write: the contact's own address, else that of the person."""
    return contact.email or (contact.person.email or "" if contact.person else "")


def table(contacts: Iterable[OrganisationContact]) -> Iterator[tuple[Any, ...]]:
    for contact in contacts:
        yield (
            contact.organisation.name,
            contact.role,
            contact.person.name if contact.person else "",
            address_of(contact),
            contact.phone,
            contact.starts_on,
            contact.ends_on,
        )
