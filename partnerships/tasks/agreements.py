"""Sends the mails about renewals."""

from __future__ import annotations

import structlog
from celery import shared_task
from django.db import transaction
from django.utils import timezone

from partnerships.emails.agreements import renewal_letter
from partnerships.emails.notices import with_way_out
from partnerships.models import AgreementReminder, NoticeKind, Partnership
from partnerships.tasks.notices import note_mailed, wants_own_letter

log = structlog.get_logger(__name__)


@shared_task(name="partnerships.tasks.send_agreement_reminder")
def send_agreement_reminder(reminder_id: int) -> None:
    """Send it if it has not gone yet and still holds: the same date, the same person, who is still in the partnership.

    The row is locked while the mail goes out, so that two workers never send the same. Who wants no mail at once
    about agreements gets none here: then it is settled, and a digest may say it.
    """
    with transaction.atomic():
        reminder = (
            AgreementReminder.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("agreement", "partnership", "person")
            .filter(pk=reminder_id, sent_at__isnull=True, agreement__ended_on__isnull=True)
            .first()
        )
        if reminder is None or not _still_holds(reminder):
            return
        here = {"person": reminder.person_id, "partnership": reminder.partnership_id}
        wanted = wants_own_letter(**here, kind=NoticeKind.AGREEMENT)
        try:
            if wanted:
                letter = renewal_letter(reminder, today=timezone.localdate())
                with_way_out(
                    letter,
                    person=reminder.person,
                    partnership=reminder.partnership,
                    kind=NoticeKind.AGREEMENT,
                ).send()
        except OSError as problem:  # SMTP's own errors are OSErrors.
            log.warning("agreement reminder not sent", reminder=reminder_id, problem=type(problem).__name__)
            return
        reminder.sent_at = timezone.now()
        reminder.save(update_fields=["sent_at"])
        if wanted:
            note_mailed(**here, occasion=occasion_of(reminder))


def occasion_of(reminder: AgreementReminder) -> str:
    """How the notice is called that says the same."""
    return f"agreement {reminder.agreement_id} {reminder.days_before} {reminder.renews_on}"


def _still_holds(reminder: AgreementReminder) -> bool:
    agreement, person = reminder.agreement, reminder.person
    is_same = agreement.renews_on == reminder.renews_on and agreement.owner_id == reminder.person_id
    is_in = Partnership.objects.visible_to(person).filter(pk=reminder.partnership_id).exists()
    return is_same and is_in and bool(person.email)
