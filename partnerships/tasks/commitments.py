"""Sends the mails about commitments."""

from __future__ import annotations

import structlog
from celery import shared_task
from django.db import transaction
from django.utils import timezone

from partnerships.emails.commitments import reminder_letter
from partnerships.models import CommitmentReminder, CommitmentStatus, Partnership, ReminderKind

log = structlog.get_logger(__name__)


@shared_task(name="partnerships.tasks.send_commitment_reminder")
def send_commitment_reminder(reminder_id: int) -> None:
    """Send it if it has not gone yet and still holds: open, the same date and person, who may still come in.

    The row is locked while the mail goes out, so that two workers never send the same.
    """
    with transaction.atomic():
        reminder = (
            CommitmentReminder.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("commitment__owner", "partnership", "person")
            .filter(pk=reminder_id, sent_at__isnull=True)
            .first()
        )
        if reminder is None or not _still_holds(reminder):
            return
        try:
            reminder_letter(reminder, today=timezone.localdate()).send()
        except OSError as problem:  # SMTP's own errors are OSErrors.
            log.warning("commitment reminder not sent", reminder=reminder_id, problem=type(problem).__name__)
            return
        reminder.sent_at = timezone.now()
        reminder.save(update_fields=["sent_at"])


def _still_holds(reminder: CommitmentReminder) -> bool:
    commitment, person = reminder.commitment, reminder.person
    is_same = commitment.status == CommitmentStatus.OPEN and commitment.due_on == reminder.due_on
    concerned = {commitment.owner_id}
    if reminder.kind == ReminderKind.AFTER:
        concerned.add(commitment.accountable_id)
    is_in = Partnership.objects.visible_to(person).filter(pk=reminder.partnership_id).exists()
    return is_same and person.pk in concerned and is_in and bool(person.email)
