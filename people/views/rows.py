"""People, roles, seats and organisations as plain data for the components."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify

from partnerships.models import Organisation, Partnership, PartnershipOrganisation, Seat
from people.models import Invitation, Membership, Offer, Person


def person_row(
    person: Person, partnership: Partnership, *, for_manager: bool = False, real_name: str = ""
) -> dict[str, Any]:
    """A person from `with_places_held`. Only a manager sees who signs in, and the real name behind the one that is shown."""
    places = [role.get_role_display() for role in person.roles_here]
    places += [f"{seat.get_kind_display()}, {seat.board.name}" for seat in person.seats_here]
    bodies = {
        place.organisation.name for place in (*person.roles_here, *person.seats_here) if place.organisation
    }
    row = {
        "title": person.name,
        "url": reverse("person-detail", args=[partnership.slug, person.pk]),
        "text": ", ".join(text for text in (person.job_title, *sorted(bodies)) if text),
        "meta": " · ".join([*places, *([f"Full name: {real_name}"] if real_name else [])]),
    }
    if for_manager and not person.let_in:
        row["tag"] = (
            {"text": "Invited", "tone": "blue"}
            if person.invited
            else {"text": "Does not sign in", "tone": "grey"}
        )
    return row


def offer_groups(offers: Iterable[Offer]) -> list[dict[str, Any]]:
    """What somebody knows, can help with and is trusted with, by kind."""
    groups: dict[str, list[Offer]] = {}
    for offer in offers:
        groups.setdefault(offer.get_kind_display(), []).append(offer)
    return [
        {
            "label": label,
            "lines": [
                {"text": o.text, "pk": o.pk, "only_you": not o.is_shown, "how": o.agreed_how} for o in lines
            ],
        }
        for label, lines in groups.items()
    ]


def role_table(
    roles: list[Membership], partnership: Partnership, caption: str, *, may_end: bool = False
) -> dict[str, Any]:
    slug = partnership.slug
    columns = [{"label": label} for label in ("Role", "For", "From", "Last day")]
    rows = []
    for role in roles:
        cells = [
            {"text": role.get_role_display(), "header": True},
            _body(role.organisation, slug),
            {"text": day(role.starts_on)},
            {"text": day(role.ends_on) if role.ends_on else "Open"},
        ]
        if may_end:
            url = reverse("role-end", args=[slug, role.person_id, role.pk])
            cells.append({"text": f"End the role of {role.get_role_display().lower()}", "url": url})
        rows.append(cells)
    if may_end:
        columns.append({"label": "Change"})
    return _table(caption, columns, rows)


def seat_table(seats: list[Seat], partnership: Partnership, caption: str) -> dict[str, Any]:
    columns = [{"label": label} for label in ("Board", "Seat", "For", "From", "Last day")]
    rows = [
        [
            {"text": seat.board.name, "header": True},
            {"text": seat.get_kind_display()},
            _body(seat.organisation, partnership.slug),
            {"text": day(seat.starts_on)},
            {"text": day(seat.ends_on) if seat.ends_on else "Open"},
        ]
        for seat in seats
    ]
    return _table(caption, columns, rows)


def organisation_rows(
    organisations: Iterable[Organisation], partnership: Partnership
) -> list[dict[str, Any]]:
    """Organisations from `with_parts_and_counts`."""
    return [
        {
            "title": organisation.name,
            "url": reverse("organisation-detail", args=[partnership.slug, organisation.pk]),
            "text": organisation.get_sector_display(),
            "meta": " · ".join(
                (
                    ", ".join(part.get_role_display() for part in organisation.parts_here),
                    count(organisation.people_count, "person", "people"),
                    count(organisation.activity_count, "activity", "activities"),
                )
            ),
        }
        for organisation in organisations
    ]


def part_table(
    parts: list[PartnershipOrganisation], partnership: Partnership, *, may_end: bool
) -> dict[str, Any]:
    columns = [{"label": label} for label in ("Part", "From", "Last day")]
    today = timezone.localdate()
    rows = []
    for part in parts:
        cells = [
            {"text": part.get_role_display(), "header": True},
            {"text": day(part.starts_on)},
            {"text": day(part.ends_on) if part.ends_on else "Open"},
        ]
        if may_end:
            is_open = part.ends_on is None or part.ends_on >= today
            url = reverse("organisation-part-end", args=[partnership.slug, part.organisation_id, part.pk])
            name = part.get_role_display().lower()
            cells.append({"text": f"End the part of {name}", "url": url} if is_open else {"text": ""})
        rows.append(cells)
    if may_end:
        columns.append({"label": "Change"})
    return _table("Parts it plays", columns, rows)


def invitation_rows(invitations: Iterable[Invitation], partnership: Partnership) -> list[dict[str, Any]]:
    return [
        {
            "name": invitation.name,
            "email": invitation.email,
            "role": invitation.get_role_display(),
            "organisation": invitation.organisation.name if invitation.organisation else "",
            "inviter": invitation.invited_by.name if invitation.invited_by else "",
            "state": invitation_state(invitation),
            "resend_url": reverse("invitation-resend", args=[partnership.slug, invitation.pk]),
            "revoke_url": reverse("invitation-revoke", args=[partnership.slug, invitation.pk]),
        }
        for invitation in invitations
    ]


def invitation_state(invitation: Invitation) -> dict[str, str]:
    if invitation.has_expired:
        return {
            "tag": "Expired",
            "tone": "red",
            "text": f"The link stopped working on {day(invitation.expires_at)}",
        }
    if invitation.sent_at:
        text = f"Sent on {day(invitation.sent_at)}, works until {day(invitation.expires_at)}"
        return {"tag": "Sent", "tone": "green", "text": text}
    if invitation.failed_at:
        return {
            "tag": "Not sent",
            "tone": "red",
            "text": "The mail server did not take it. We keep trying for two days.",
        }
    return {"tag": "Being sent", "tone": "grey", "text": "It leaves in a moment"}


def day(value: date | datetime) -> str:
    return date_format(timezone.localtime(value) if isinstance(value, datetime) else value, "j F Y")


def count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _body(organisation: Organisation | None, slug: str) -> dict[str, Any]:
    if organisation is None:
        return {"text": "–"}
    return {"text": organisation.name, "url": reverse("organisation-detail", args=[slug, organisation.pk])}


def _table(caption: str, columns: list[dict[str, Any]], rows: list[list[dict[str, Any]]]) -> dict[str, Any]:
    return {"id": slugify(caption), "caption": caption, "columns": columns, "rows": rows}
