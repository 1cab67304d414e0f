"""The letter that invites somebody in."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone

from people.models import Invitation
from people.permissions import ROLES, Role


def invitation_letter(invitation: Invitation, link: str) -> EmailMessage:
    role = Role(invitation.role)
    context = {
        "invitation": invitation,
        "partnership": invitation.partnership.name,
        "inviter": invitation.invited_by.name if invitation.invited_by else "",
        "role": role.label,
        "role_sentence": ROLES[role].sentence,
        "link": link,
        "last_day": timezone.localtime(invitation.expires_at).date(),
        "service": settings.BASE_URL,
    }
    subject = render_to_string("people/emails/invitation_subject.txt", context)
    body = render_to_string("people/emails/invitation.txt", context)
    letter = EmailMessage(" ".join(subject.split()), body.strip() + "\n", to=[invitation.email])
    if invitation.invited_by and invitation.invited_by.email:
        letter.reply_to = [invitation.invited_by.email]
    return letter
