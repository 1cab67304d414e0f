"""Asking for reports, and saying who is told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Partnership, ReportFrequency
from people.models import Person
from reports.models import Delivery, Report, ReportDefinition, ReportStatus
from reports.queries.periods import Period, last_complete
from reports.tasks import make_report, tell_people

# A message may have been lost with a broker or a worker; after this long the clock sends it again, which is harmless.
ASK_AGAIN_AFTER = timedelta(minutes=2)


@transaction.atomic
def define_report(
    *,
    partnership: Partnership,
    name: str,
    frequency: ReportFrequency,
    recipients: Collection[Person] = (),
    by: Any = None,
) -> ReportDefinition:
    """Set up a report that is made again each period."""
    name = " ".join(name.split())
    if not name:
        raise DomainError("Enter a name for the report.", field="name")
    if ReportDefinition.objects.filter(partnership=partnership, name__iexact=name).exists():
        raise DomainError("There is already a report of this name.", field="name")
    definition = ReportDefinition.objects.create(
        partnership=partnership, name=name, frequency=frequency, created_by=by
    )
    definition.recipients.set(recipients)
    return definition


@transaction.atomic
def change_definition(
    *,
    definition: ReportDefinition,
    expected_version: int,
    name: str,
    frequency: ReportFrequency,
    is_active: bool,
    recipients: Collection[Person],
    by: Any,
) -> ReportDefinition:
    """Change a report's name, how often it is made and who is told. Raises EditConflict when somebody was faster."""
    others = ReportDefinition.objects.filter(partnership=definition.partnership, name__iexact=name)
    if others.exclude(pk=definition.pk).exists():
        raise DomainError("There is already a report of this name.", field="name")
    changes = {"name": name, "frequency": frequency, "is_active": is_active}
    changed = save_edit(definition, expected_version=expected_version, changes=changes)
    changed.recipients.set(recipients)
    return changed


@transaction.atomic
def ask_for_report(*, definition: ReportDefinition, period: Period, by: Any = None) -> tuple[Report, bool]:
    """The report of a period, and whether this call was the first to ask for it. A period has one report.

    Raises DomainError for a period that is not over.
    """
    if period.end >= timezone.localdate():
        raise DomainError("This period is not over yet. Choose one that has ended.", field="period")
    report, is_first = Report.objects.get_or_create(
        definition=definition,
        period_start=period.start,
        period_end=period.end,
        defaults={"partnership_id": definition.partnership_id, "asked_at": timezone.now(), "asked_by": by},
    )
    if report.status == ReportStatus.WAITING:
        transaction.on_commit(lambda: make_report.delay(report.pk))
    return report, is_first


def ask_for_due_reports(*, today: date | None = None) -> list[int]:
    """What the clock does: ask for each active report's last complete period, and again for what has waited too long.

    Returns the ids of the reports asked for.
    """
    today = today or timezone.localdate()
    asked = []
    for definition in ReportDefinition.objects.filter(is_active=True).select_related("partnership"):
        period = last_complete(definition.frequency, today)
        if not Report.objects.filter(
            definition=definition, period_start=period.start, period_end=period.end
        ).exists():
            report, _ = ask_for_report(definition=definition, period=period)
            asked.append(report.pk)
    stale = timezone.now() - ASK_AGAIN_AFTER
    for pk in Report.objects.filter(status=ReportStatus.WAITING, asked_at__lt=stale).values_list(
        "pk", flat=True
    ):
        make_report.delay(pk)
        asked.append(pk)
    unsent = Delivery.objects.filter(sent_at__isnull=True, report__made_at__lt=stale)
    for pk in unsent.order_by().values_list("report_id", flat=True).distinct():
        tell_people.delay(pk)
    return asked
