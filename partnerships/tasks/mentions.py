"""Tells people that a comment names them."""

from __future__ import annotations

from smtplib import SMTPException

import structlog
from celery import shared_task
from django.db import transaction
from django.utils import timezone

from partnerships.emails.mentions import mention_letter
from partnerships.models import Mention
from partnerships.queries.comments import people_who_may_read

log = structlog.get_logger(__name__)


@shared_task(name="partnerships.tasks.tell_mentioned")
def tell_mentioned(mention_id: int) -> None:
    """Send the letter if it has not gone yet, to somebody who may still read the record and can sign in.

    Run twice, it sends one letter. Where the mail server refuses, the clock tries again.
    """
    with transaction.atomic():
        mention = (
            Mention.objects.select_for_update(of=["self"], skip_locked=True)
            .select_related(
                "person", "comment__author", "comment__activity", "comment__commitment", "partnership"
            )
            .filter(pk=mention_id, told_at=None, seen_at=None)
            .first()
        )
        if mention is None or not mention.person.email:
            return
        about = mention.comment.activity or mention.comment.commitment
        if not people_who_may_read(about).filter(pk=mention.person_id).exists():
            return
        try:
            mention_letter(mention, about).send()
        except (SMTPException, OSError) as error:
            log.warning("mention_not_sent", mention=mention.pk, reason=type(error).__name__)
            return
        mention.told_at = timezone.now()
        mention.save(update_fields=["told_at"])
