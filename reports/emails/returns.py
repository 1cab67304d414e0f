"""Mails about returns: asked for, soon due, overdue, sent back. They carry a link and no figures."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from config.words import day_words
from outcomes.models import Return, ReturnMail, ReturnMailKind
from partnerships.emails.notices import with_way_out
from partnerships.models import NoticeKind

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


def return_letter(mail: ReturnMail) -> EmailMessage:
    found = mail.returned_in
    words = words_of(found)
    address = settings.BASE_URL + return_path(found)
    letter = EmailMessage(
        subject=subject_of(found, ReturnMailKind(mail.kind)),
        body=(
            f"Hello {mail.person.get_short_name()}\n\n{TEXTS[ReturnMailKind(mail.kind)].format(**words)}\n\n{address}\n\n"
            "Where there is nothing to tell, or it is not needed, tell an officer of the partnership.\n"
        ),
        to=[mail.person.email],
    )
    return with_way_out(letter, person=mail.person, partnership=found.partnership, kind=NoticeKind.RETURN)


def subject_of(found: Return, kind: ReturnMailKind) -> str:
    """What the mail and the notice about a return say in one line."""
    return " ".join(f"{found.organisation.name}: {SUBJECTS[kind].format(**words_of(found))}".split())


def return_path(found: Return) -> str:
    return reverse("return-detail", args=[found.partnership.slug, found.pk])


def words_of(found: Return) -> dict[str, str]:
    return {
        "partnership": found.partnership.name,
        "organisation": found.organisation.name,
        "what": f"{found.programme.name}, {found.period.name}",
        "due": day_words(found.due_on),
    }
