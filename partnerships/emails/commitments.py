"""The mail that says that a commitment falls due or is overdue. It carries a link and no more than the promise."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from config.words import day_words
from partnerships.models import CommitmentReminder, ReminderKind, Seat


def reminder_letter(reminder: CommitmentReminder, *, today: date) -> EmailMessage:
    commitment = reminder.commitment
    is_late = reminder.kind == ReminderKind.AFTER
    what = " ".join(commitment.what.split())
    context = {
        "name": reminder.person.get_short_name(),
        "what": what,
        "partnership": reminder.partnership.name,
        "owner": "" if commitment.owner_id == reminder.person_id else _name_of(commitment.owner),
        "owns": commitment.owner_id == reminder.person_id,
        "due": day_words(commitment.due_on),
        "days": abs((commitment.due_on - today).days),
        "link": f"{settings.BASE_URL}{page_of(reminder)}",
    }
    body = render_to_string(f"partnerships/emails/commitment_{'overdue' if is_late else 'due'}.txt", context)
    subject = f"Overdue since {context['due']}: {what}" if is_late else f"Due on {context['due']}: {what}"
    return EmailMessage(subject, body.strip() + "\n", to=[reminder.person.email])


def page_of(reminder: CommitmentReminder) -> str:
    """Its own page; for somebody with nothing but a seat, the board's, which is what they may read."""
    commitment, partnership = reminder.commitment, reminder.partnership
    if partnership.memberships.current().filter(person=reminder.person_id).exists():
        return reverse("commitment-detail", args=[partnership.slug, commitment.pk])
    sits = (
        commitment.board_id
        and Seat.objects.filter(person=reminder.person_id, board=commitment.board_id).exists()
    )
    return (
        reverse("board-detail", args=[partnership.slug, commitment.board_id])
        if sits
        else reverse("home", args=[partnership.slug])
    )


def _name_of(owner: object | None) -> str:
    return str(owner) if owner is not None else ""
