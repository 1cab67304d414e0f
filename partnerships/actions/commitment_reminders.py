"""Asking for mails about commitments: before they are due, on the day after, and weekly from then on, up to four."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from config.words import day_words
from partnerships.emails.commitments import page_of
from partnerships.models import Commitment, CommitmentReminder, CommitmentStatus, NoticeKind, ReminderKind
from partnerships.tasks.commitments import occasion_of, send_commitment_reminder
from partnerships.tasks.telling import short, tell

MOST_AFTER = 4
WEEK = timedelta(days=7)
TRIES_FOR = timedelta(days=3)


@transaction.atomic
def ask_for_commitment_reminders(*, today: date | None = None) -> int:
    """A reminder for whoever owns a commitment that falls due, and for who answers for it when it is overdue.

    Run again, it asks for nothing twice. Another due date begins anew. What the mail server refused is tried again for
    three days. Where the clock stood still for weeks, only the newest mail is sent, not all that were missed.
    """
    today = today or timezone.localdate()
    due = Commitment.objects.filter(
        status=CommitmentStatus.OPEN,
        due_on__gte=today - MOST_AFTER * WEEK,
        due_on__lte=today + timedelta(days=settings.COMMITMENT_REMINDER_DAYS),
    ).select_related("owner", "accountable", "partnership", "board")
    wanted = [reminder for commitment in due for reminder in _reminders(commitment, today)]
    known = set(
        CommitmentReminder.objects.filter(commitment__in=due.values("pk")).values_list(
            "commitment", "person", "kind", "number", "due_on"
        )
    )
    new = [reminder for reminder in wanted if _key(reminder) not in known]
    CommitmentReminder.objects.bulk_create(new, ignore_conflicts=True)
    for reminder in new:
        _tell(reminder)
    unsent = CommitmentReminder.objects.filter(
        sent_at__isnull=True,
        asked_at__gte=timezone.now() - TRIES_FOR,
        commitment__status=CommitmentStatus.OPEN,
        commitment__due_on=F("due_on"),
    )
    ids = list(unsent.values_list("pk", flat=True))
    for pk in ids:
        transaction.on_commit(partial(send_commitment_reminder.delay, pk))
    return len(ids)


def _key(reminder: CommitmentReminder) -> tuple[int, int, str, int, date]:
    return (
        reminder.commitment_id,
        reminder.person_id,
        reminder.kind,
        reminder.number,
        reminder.due_on,
    )


def _tell(reminder: CommitmentReminder) -> None:
    commitment = reminder.commitment
    is_late = reminder.kind == ReminderKind.AFTER
    tell(
        partnership=commitment.partnership,
        kind=NoticeKind.COMMITMENT,
        occasion=occasion_of(reminder),
        sentence=f"{'Overdue since' if is_late else 'Due on'} {day_words(commitment.due_on)}: {short(commitment.what, 200)}",
        path=page_of(reminder),
        people=[reminder.person_id],
        board=commitment.board,
    )


def _reminders(commitment: Commitment, today: date) -> Iterator[CommitmentReminder]:
    """What to send about a commitment today. Whoever promised today need not be reminded today."""
    if timezone.localdate(commitment.created_at) >= today:
        return
    late = (today - commitment.due_on).days
    if late <= 0:
        kind, number, people = ReminderKind.BEFORE, 1, [commitment.owner]
    else:
        kind, number = ReminderKind.AFTER, (late - 1) // WEEK.days + 1
        people = [commitment.owner, commitment.accountable]
    for person in dict.fromkeys(people):
        if person is not None and person.is_active and not person.is_system:
            yield CommitmentReminder(
                partnership=commitment.partnership,
                commitment=commitment,
                person=person,
                kind=kind,
                number=number,
                due_on=commitment.due_on,
            )
