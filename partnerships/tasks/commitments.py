"""Sends the mails about commitments."""

from __future__ import annotations

import structlog
from celery import shared_task
from django.db import transaction
from django.utils import timezone

from partnerships.emails.commitments import reminder_letter
from partnerships.emails.notices import with_way_out
from partnerships.models import CommitmentReminder, CommitmentStatus, NoticeKind, Partnership, ReminderKind
from partnerships.tasks.notices import note_mailed, wants_own_letter

log = structlog.get_logger(__name__)


@shared_task(name="partnerships.tasks.send_commitment_reminder")
def send_commitment_reminder(reminder_id: int) -> None:
    """Send it if it has not gone yet and still holds: open, the same date and person, who may still come in.

    The row is locked while the mail goes out, so that two workers never send the same. Who wants no mail at once about
    commitments gets none here: then it is settled, and a digest may say it.
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
        here = {"person": reminder.person_id, "partnership": reminder.partnership_id}
        wanted = wants_own_letter(**here, kind=NoticeKind.COMMITMENT)
        try:
            if wanted:
                letter = reminder_letter(reminder, today=timezone.localdate())
                with_way_out(
                    letter,
                    person=reminder.person,
                    partnership=reminder.partnership,
                    kind=NoticeKind.COMMITMENT,
                ).send()
        except OSError as problem:  # SMTP's own errors are OSErrors.
            log.warning("commitment reminder not sent", reminder=reminder_id, problem=type(problem).__name__)
            return
        reminder.sent_at = timezone.now()
        reminder.save(update_fields=["sent_at"])
        if wanted:
            note_mailed(**here, occasion=occasion_of(reminder))


def occasion_of(reminder: CommitmentReminder) -> str:
    """How the notice is called that says the same."""
    return f"commitment {reminder.commitment_id} {reminder.kind} {reminder.number} {reminder.due_on}"


def _still_holds(reminder: CommitmentReminder) -> bool:
    commitment, person = reminder.commitment, reminder.person
    is_same = commitment.status == CommitmentStatus.OPEN and commitment.due_on == reminder.due_on
    concerned = {commitment.owner_id}
    if reminder.kind == ReminderKind.AFTER:
        concerned.add(commitment.accountable_id)
    is_in = Partnership.objects.visible_to(person).filter(pk=reminder.partnership_id).exists()
    return is_same and person.pk in concerned and is_in and bool(person.email)
