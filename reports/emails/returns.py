"""Mails about returns: asked for, soon due, overdue, sent back. They carry a link and no figures."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse

from config.words import day_words
from outcomes.models import ReturnMail, ReturnMailKind

SUBJECTS = {
    ReturnMailKind.OPEN: "figures for {what} are asked for by {due}",
    ReturnMailKind.DUE: "figures for {what} are due by {due}",
    ReturnMailKind.OVERDUE: "figures for {what} were due by {due}",
    ReturnMailKind.SENT_BACK: "figures for {what} were sent back",
}
TEXTS = {
    ReturnMailKind.OPEN: "{partnership} asks {organisation} for its figures of {what}. They are due by {due}.",
    ReturnMailKind.DUE: "The figures of {organisation} for {what} are due by {due} and have not been sent yet.",
    ReturnMailKind.OVERDUE: "The figures of {organisation} for {what} were due by {due} and have not been sent yet. Until they "
    "come, every total says that {organisation} is missing.",
    ReturnMailKind.SENT_BACK: "The figures of {organisation} for {what} were sent back: something needs another look. What that "
    "is stands above the form.",
}


def send_return_mail(mail: ReturnMail) -> None:
    """Send it. Raises what the mail backend raises; the caller tries again later."""
    found = mail.returned_in
    words = {
        "partnership": found.partnership.name,
        "organisation": found.organisation.name,
        "what": f"{found.programme.name}, {found.period.name}",
        "due": day_words(found.due_on),
    }
    kind = ReturnMailKind(mail.kind)
    address = settings.BASE_URL + reverse("return-detail", args=[found.partnership.slug, found.pk])
    subject = SUBJECTS[kind].format(**words)
    send_mail(
        subject=" ".join(f"{found.organisation.name}: {subject}".split()),
        message=(
            f"Hello {mail.person.get_short_name()}\n\n{TEXTS[kind].format(**words)}\n\n{address}\n\n"
            "Where there is nothing to tell, or it is not needed, tell an officer of the partnership.\n"
        ),
        from_email=None,
        recipient_list=[mail.person.email],
    )
