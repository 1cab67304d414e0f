"""The mail that says an agreement is to be renewed. It carries a link and no more than the title."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from config.words import day_words
from partnerships.models import AgreementReminder


def renewal_letter(reminder: AgreementReminder, *, today: date) -> EmailMessage:
    agreement = reminder.agreement
    days = (reminder.renews_on - today).days
    when = f"in {days} days" if days > 1 else "tomorrow" if days == 1 else "today" if days == 0 else "overdue"
    page = reverse("agreement-detail", args=[reminder.partnership.slug, agreement.pk])
    title = " ".join(agreement.title.split())
    return EmailMessage(
        subject=f"To be renewed by {day_words(reminder.renews_on)}: {title}",
        body=(
            f"Hello {reminder.person.get_short_name()}\n\n"
            f"You look after “{title}” for {reminder.partnership.name}. "
            f"It is to be renewed by {day_words(reminder.renews_on)}, which is {when}.\n\n"
            f"Renew it, or say that it ended, here:\n\n{settings.BASE_URL}{page}\n\n"
            "You receive this because you are named as the one who looks after it. "
            "Somebody who manages the partnership can name another person there.\n"
        ),
        to=[reminder.person.email],
    )
