"""Asking for mails about renewals: 60 and 14 days before, once each."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from config.words import day_words
from partnerships.models import Agreement, AgreementReminder, NoticeKind
from partnerships.tasks.agreements import occasion_of, send_agreement_reminder
from partnerships.tasks.telling import short, tell

DAYS_BEFORE = (14, 60)
TRIES_FOR = timedelta(days=3)


@transaction.atomic
def ask_for_agreement_reminders(*, today: date | None = None) -> int:
    """A reminder for each agreement that comes up for renewal, to who looks after it. Run again, it asks for nothing twice.

    An agreement recorded ten days before gets the nearer reminder only. What the mail server refused is tried again for
    three days.
    """
    today = today or timezone.localdate()
    soon = Agreement.objects.filter(
        ended_on__isnull=True,
        owner__isnull=False,
        renews_on__gte=today,
        renews_on__lte=today + timedelta(days=max(DAYS_BEFORE)),
    ).select_related("partnership")
    wanted = [
        AgreementReminder(
            partnership=agreement.partnership,
            agreement=agreement,
            person_id=agreement.owner_id,
            days_before=min(days for days in DAYS_BEFORE if (agreement.renews_on - today).days <= days),
            renews_on=agreement.renews_on,
        )
        for agreement in soon
    ]
    known = set(
        AgreementReminder.objects.filter(agreement__in=soon.values("pk")).values_list(
            "agreement", "person", "days_before", "renews_on"
        )
    )
    for reminder in wanted:
        if (reminder.agreement_id, reminder.person_id, reminder.days_before, reminder.renews_on) not in known:
            _tell(reminder)
    AgreementReminder.objects.bulk_create(wanted, ignore_conflicts=True)
    unsent = AgreementReminder.objects.filter(
        sent_at__isnull=True,
        asked_at__gte=timezone.now() - TRIES_FOR,
        agreement__ended_on__isnull=True,
        agreement__renews_on=F("renews_on"),
    )
    ids = list(unsent.values_list("pk", flat=True))
    for pk in ids:
        transaction.on_commit(partial(send_agreement_reminder.delay, pk))
    return len(ids)


def _tell(reminder: AgreementReminder) -> None:
    agreement = reminder.agreement
    tell(
        partnership=agreement.partnership,
        kind=NoticeKind.AGREEMENT,
        occasion=occasion_of(reminder),
        sentence=f"To be renewed by {day_words(reminder.renews_on)}: {short(agreement.title, 200)}",
        path=reverse("agreement-detail", args=[agreement.partnership.slug, agreement.pk]),
        people=[reminder.person_id],
    )
