"""Agreements as plain data for the components."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from config.words import day_words
from partnerships.models import Agreement, AgreementRenewal
from partnerships.queries.agreements import is_due_soon, is_overdue


def renewal_words(agreement: Agreement, today: date | None = None) -> str:
    """When it has to be renewed, with how far away that is where it matters."""
    today = today or timezone.localdate()
    if agreement.ended_on:
        return f"Ended on {day_words(agreement.ended_on)}"
    if agreement.renews_on is None:
        return "No renewal is set"
    days = (agreement.renews_on - today).days
    if days < 0:
        return f"Was to be renewed by {day_words(agreement.renews_on)}, {_days(-days)} ago"
    if is_due_soon(agreement, today):
        return f"To be renewed by {day_words(agreement.renews_on)}, {'today' if not days else f'in {_days(days)}'}"
    return f"To be renewed by {day_words(agreement.renews_on)}"


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"


def tag(agreement: Agreement) -> dict[str, str] | None:
    if agreement.ended_on:
        return {"text": "Ended", "tone": "grey"}
    if is_overdue(agreement):
        return {"text": "Renewal overdue", "tone": "red"}
    if is_due_soon(agreement):
        return {"text": "Renewal soon", "tone": "yellow"}
    if agreement.signed_on is None:
        return {"text": "Not signed yet", "tone": "blue"}
    return None


def agreement_row(agreement: Agreement, slug: str) -> dict[str, Any]:
    """From `agreements_of`, which fetches the owner and the parties."""
    names = ", ".join(party.name for party in agreement.parties.all())
    looks_after = f"looked after by {agreement.owner.name}" if agreement.owner else "nobody looks after it"
    return {
        "title": agreement.title,
        "url": reverse("agreement-detail", args=[slug, agreement.pk]),
        "text": names,
        "meta": f"{agreement.get_kind_display()}. {renewal_words(agreement)}; {looks_after}",
        "tag": tag(agreement),
    }


def facts(agreement: Agreement, slug: str) -> list[dict[str, Any]]:
    parties = [
        {"text": party.name, "url": reverse("organisation-detail", args=[slug, party.pk])}
        for party in agreement.parties.all()
    ]
    found: list[dict[str, Any]] = [
        {"label": "Kind", "value": agreement.get_kind_display()},
        {"label": "Between", "values_list": parties},
    ]
    if agreement.purpose:
        found.append({"label": "What it is for", "value": agreement.purpose})
    if agreement.owner:
        url = reverse("person-detail", args=[slug, agreement.owner_id])
        found.append({"label": "Who looks after it", "value": agreement.owner.name, "url": url})
    else:
        found.append({"label": "Who looks after it", "value": "Nobody, so nobody is reminded"})
    found.append(
        {"label": "Signed", "value": day_words(agreement.signed_on) if agreement.signed_on else "Not yet"}
    )
    found.append({"label": "Renewal", "value": renewal_words(agreement)})
    return found


def renewals(found: Iterable[AgreementRenewal]) -> list[dict[str, Any]]:
    return [
        {
            "when": day_words(one.renewed_on),
            "when_iso": one.renewed_on.isoformat(),
            "title": f"Renewed until {day_words(one.renews_on)}",
            "text": one.note,
        }
        for one in found
    ]
