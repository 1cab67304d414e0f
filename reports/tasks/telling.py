"""Tells the recipients of a report that it is there, each once."""

from __future__ import annotations

import structlog
from celery import shared_task
from django.db import transaction
from django.utils import timezone

from partnerships.models import NoticeKind
from partnerships.tasks.notices import note_mailed, wants_own_letter
from reports.emails.report_made import report_made_letter
from reports.models import Delivery
from reports.queries.periods import Period

log = structlog.get_logger(__name__)


@shared_task(name="reports.tell_people")
def tell_people(report_id: int) -> None:
    """One mail for each delivery not yet sent. A row is locked while its mail goes out, so two workers never send the same.

    What cannot be sent stays unsent, and the clock asks again. Who wants no mail at once about reports gets none here: then it
    is settled, and a digest may say it.
    """
    for pk in Delivery.objects.filter(report_id=report_id, sent_at__isnull=True).values_list("pk", flat=True):
        with transaction.atomic():
            delivery = (
                Delivery.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("report__definition", "report__partnership", "person")
                .defer("report__document", "report__pdf")
                .filter(pk=pk, sent_at__isnull=True)
                .first()
            )
            if delivery is None:
                continue
            period = Period(delivery.report.period_start, delivery.report.period_end).words
            here = {"person": delivery.person_id, "partnership": delivery.partnership_id}
            wanted = wants_own_letter(**here, kind=NoticeKind.REPORT)
            try:
                if wanted:
                    report_made_letter(delivery, period=period).send()
            except (
                OSError
            ) as problem:  # SMTP's own errors are OSErrors. One full mail box must not stop the others.
                log.warning("report mail not sent", delivery=pk, problem=type(problem).__name__)
                continue
            delivery.sent_at = timezone.now()
            delivery.save(update_fields=["sent_at"])
            if wanted:
                note_mailed(**here, occasion=f"report {report_id}")
