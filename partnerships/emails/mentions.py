"""The letter that says that a comment names somebody. What the comment says stays behind the sign-in."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from partnerships.models import Activity, Commitment, Mention


def mention_letter(mention: Mention, about: Activity | Commitment) -> EmailMessage:
    page = "activity-detail" if isinstance(about, Activity) else "commitment-detail"
    path = reverse(page, args=[mention.partnership.slug, about.pk])
    context = {
        "name": mention.person.name,
        "author": mention.comment.author.name,
        "partnership": mention.partnership.name,
        "link": f"{settings.BASE_URL}{path}#comments",
        "service": settings.BASE_URL,
    }
    body = render_to_string("partnerships/emails/mention.txt", context)
    subject = " ".join(f"{context['author']} named you in a comment".split())
    return EmailMessage(subject, body.strip() + "\n", to=[mention.person.email])
