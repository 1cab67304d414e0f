"""Tells people that a comment names them."""

from __future__ import annotations

from smtplib import SMTPException

import structlog
from celery import shared_task
from django.db import transaction
from django.utils import timezone

from partnerships.emails.mentions import mention_letter
from partnerships.emails.notices import with_way_out
from partnerships.models import Mention, NoticeKind
from partnerships.queries.comments import people_who_may_read
from partnerships.tasks.notices import note_mailed, wants_own_letter

log = structlog.get_logger(__name__)


@shared_task(name="partnerships.tasks.tell_mentioned")
def tell_mentioned(mention_id: int) -> None:
    """Send the letter if it has not gone yet, to somebody who may still read the record and can sign in.

    Run twice, it sends one letter. Where the mail server refuses, the clock tries again. Who wants no letter at once hears of
    it in a digest, or on their page only: then it is settled without one.
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
        here = {"person": mention.person_id, "partnership": mention.partnership_id}
        wanted = wants_own_letter(**here, kind=NoticeKind.MENTION)
        try:
            if wanted:
                letter = mention_letter(mention, about)
                with_way_out(
                    letter, person=mention.person, partnership=mention.partnership, kind=NoticeKind.MENTION
                ).send()
        except (SMTPException, OSError) as error:
            log.warning("mention_not_sent", mention=mention.pk, reason=type(error).__name__)
            return
        mention.told_at = timezone.now()
        mention.save(update_fields=["told_at"])
        if wanted:
            note_mailed(**here, occasion=f"comment {mention.comment_id} mention")
