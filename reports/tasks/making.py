"""Makes a report once and only once, however often the message comes and wherever a worker dies."""

from __future__ import annotations

from celery import shared_task
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from partnerships.models import NoticeKind
from partnerships.tasks.telling import tell
from reports.models import Delivery, Report, ReportStatus
from reports.queries.cross_system import collect
from reports.queries.periods import Period
from reports.renderers.cross_system import compose
from reports.renderers.document import to_json
from reports.renderers.pdf import render_pdf
from reports.tasks.telling import tell_people

# The first half of the advisory lock's key, so that other uses of such locks never meet this one.
LOCK = 7301


@shared_task(name="reports.make_report")
def make_report(report_id: int) -> None:
    """Collect, freeze, render and mark as made in one transaction. A second message finds it made and does nothing."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, report_id % 2**31])
            if not cursor.fetchone()[0]:
                return  # Another worker is at it; if that one dies, the clock asks again.
        report = (
            Report.objects.select_related("partnership", "definition")
            .select_for_update(of=("self",))
            .get(pk=report_id)
        )
        if report.status == ReportStatus.MADE:
            return
        now = timezone.now()
        content = collect(report.partnership, Period(report.period_start, report.period_end), as_of=now)
        document = compose(content, title=report.definition.name)
        report.document = to_json(document)
        report.pdf = render_pdf(document)
        report.as_of = report.made_at = now
        report.status = ReportStatus.MADE
        report.problem = ""
        report.save(update_fields=["document", "pdf", "as_of", "made_at", "status", "problem"])
        Delivery.objects.bulk_create(
            Delivery(partnership_id=report.partnership_id, report=report, person=person)
            for person in report.definition.recipients.filter(is_active=True, email__isnull=False)
        )
        _tell(report)
        transaction.on_commit(lambda: tell_people.delay(report_id))


def _tell(report: Report) -> None:
    words = Period(report.period_start, report.period_end).words
    tell(
        partnership=report.partnership,
        kind=NoticeKind.REPORT,
        occasion=f"report {report.pk}",
        sentence=f"{report.definition.name}, {words}: the report is ready",
        path=reverse("report-detail", args=[report.partnership.slug, report.pk]),
        people=report.definition.recipients.values_list("pk", flat=True),
    )
