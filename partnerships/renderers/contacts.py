"""The contact register as a table, for components/table.html."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from config.words import day_words
from partnerships.models import OrganisationContact
from partnerships.queries.contacts import address_of


def contact_table(
    contacts: Iterable[OrganisationContact], slug: str, *, may_change: bool, of_one: bool = False
) -> dict[str, Any]:
    """`of_one`: all are of the organisation whose page it is, so that it is not named again."""
    labels = ["Ask about", "Who", "Email", "Telephone", "Since"]
    columns = [{"label": label} for label in (labels if of_one else ["Organisation", *labels])]
    rows = [_row(contact, slug, may_change, of_one) for contact in contacts]
    return {
        "id": "contacts",
        "caption": "Contacts by role",
        "columns": columns,
        "rows": rows,
        "hide_caption": of_one,
    }


def _row(contact: OrganisationContact, slug: str, may_change: bool, of_one: bool) -> list[dict[str, Any]]:
    address = address_of(contact)
    cells: list[dict[str, Any]] = [
        {"text": contact.role, "header": True} | _change(contact, slug, may_change),
        {"text": contact.person.name, "url": reverse("person-detail", args=[slug, contact.person_id])}
        if contact.person
        else {"text": "Shared"},
        {"text": address, "url": f"mailto:{address}"} if address else {"text": "–"},
        {"text": contact.phone or "–"},
        {"text": day_words(contact.starts_on)},
    ]
    if not of_one:
        url = reverse("organisation-detail", args=[slug, contact.organisation_id])
        cells.insert(0, {"text": contact.organisation.name, "url": url})
    return cells


def _change(contact: OrganisationContact, slug: str, may_change: bool) -> dict[str, str]:
    """Whoever may change a contact comes to its form by what it is asked about."""
    return {"url": reverse("contact-edit", args=[slug, contact.pk])} if may_change else {}
