"""Sends the letters that invite people."""

from __future__ import annotations

from smtplib import SMTPException

import structlog
from celery import shared_task
from django.db import transaction
from django.utils import timezone

from people.emails.invitations import invitation_letter
from people.models import Invitation
from people.queries.invitations import hash_of, link_of, token_for

log = structlog.get_logger(__name__)


@shared_task(name="people.tasks.send_invitation")
def send_invitation(invitation_id: int) -> None:
    """Send the letter if it has not gone yet. Run twice, it sends one letter; killed in between, both hold the same link.

    Where the mail server refuses, the invitation says so to the manager, and the clock tries again.
    """
    with transaction.atomic():
        invitation = (
            Invitation.objects.select_for_update(of=["self"])
            .select_related("partnership", "organisation", "invited_by")
            .filter(pk=invitation_id, sent_at__isnull=True, accepted_at__isnull=True, revoked_at__isnull=True)
            .filter(expires_at__gt=timezone.now())
            .first()
        )
        if invitation is None:
            return
        # Once more, in case the secret key was changed since the invitation was made.
        invitation.token_hash = hash_of(token_for(invitation.nonce))
        try:
            invitation_letter(invitation, link_of(invitation)).send()
        except (SMTPException, OSError) as error:
            log.warning("invitation_not_sent", invitation=invitation.pk, reason=type(error).__name__)
            invitation.failed_at = timezone.now()
        else:
            invitation.sent_at, invitation.failed_at = timezone.now(), None
        invitation.save(update_fields=["token_hash", "sent_at", "failed_at"])
