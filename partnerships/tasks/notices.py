"""Sends what people are told: what they want at once by itself, the rest of a day or a week in one mail."""

from __future__ import annotations

from datetime import datetime, time

import structlog
from celery import shared_task
from django.db import transaction
from django.utils import timezone

from partnerships.emails.notices import digest_letter, notice_letter
from partnerships.models import Digest, MailFrequency, Notice, NoticeKind
from partnerships.queries.notices import (
    WITH_OWN_LETTER,
    frequency_of,
    readable,
    waiting_for_mail,
)

log = structlog.get_logger(__name__)
# When the day's mail is put together, in the partnerships' time.
SEVEN = time(7)


@shared_task(name="partnerships.tasks.send_notices")
def send_notices(partnership_id: int | None = None, occasion: str = "") -> None:
    """Mail what people want at once and has not gone: of one occasion, or (asked by the clock) all of it.

    A row is locked while its mail goes out, so two workers never send the same. What the mail server refuses stays.
    """
    found = waiting_for_mail(MailFrequency.AT_ONCE, until=timezone.now()).exclude(kind__in=WITH_OWN_LETTER)
    if partnership_id is not None:
        found = found.filter(partnership=partnership_id, occasion=occasion)
    for pk in list(found.order_by("pk").values_list("pk", flat=True)[:500]):
        _send_notice(pk)


@transaction.atomic
def _send_notice(pk: int) -> None:
    notice = (
        Notice.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("person", "partnership")
        .filter(pk=pk, mailed_at__isnull=True, seen_at__isnull=True)
        .first()
    )
    if notice is None:
        return
    try:
        # What they may no longer read is settled without a mail, or it would be looked at for ever.
        if readable(notice.person).filter(pk=pk).exists():
            notice_letter(notice).send()
    except OSError as problem:  # SMTP's own errors are OSErrors.
        log.warning("notice not sent", notice=pk, problem=type(problem).__name__)
        return
    notice.mailed_at = timezone.now()
    notice.save(update_fields=["mailed_at"])


@shared_task(name="partnerships.tasks.send_digest")
def send_digest(digest_id: int) -> None:
    """Send a digest if it has not gone: all that its person may still read, was not mailed and not read, and wants so often.

    The row is locked while the mail goes out. Where nothing is left to say there is no mail, and no digest either.
    """
    with transaction.atomic():
        digest = (
            Digest.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("person")
            .filter(pk=digest_id, sent_at__isnull=True)
            .first()
        )
        if digest is None:
            return
        frequency = MailFrequency(digest.frequency)
        mine = readable(digest.person).values("pk")
        found = waiting_for_mail(frequency, until=cut_off(digest)).filter(person=digest.person, pk__in=mine)
        # Held as well: the digest of the day before may be on its way late, with the same in it.
        held = found.select_for_update(of=("self",)).select_related("partnership")
        notices = list(held.order_by("-happened_at", "-pk"))
        if not notices:
            digest.delete()
            return
        try:
            digest_letter(digest, notices).send()
        except OSError as problem:
            log.warning("digest not sent", digest=digest_id, problem=type(problem).__name__)
            return
        digest.sent_at = timezone.now()
        digest.save(update_fields=["sent_at"])
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(
            mailed_at=digest.sent_at, digest=digest
        )


def cut_off(digest: Digest) -> datetime:
    """What happened later waits for the next one, however late this one is sent."""
    return timezone.make_aware(datetime.combine(digest.day, SEVEN))


# --- Letters that other tasks send -------------------------------------------------------------------------------
def wants_own_letter(*, person: int, partnership: int, kind: NoticeKind) -> bool:
    """Whether this person wants the letter about this kind now. Otherwise the digest, or nobody, tells them by mail."""
    return frequency_of(person=person, partnership=partnership, kind=kind) == MailFrequency.AT_ONCE


def note_mailed(*, person: int, partnership: int, occasion: str) -> None:
    """The letter has gone, so no digest says the same again."""
    Notice.objects.filter(
        person=person, partnership=partnership, occasion=occasion, mailed_at__isnull=True
    ).update(mailed_at=timezone.now())
