"""The mail that says a report is there. It carries a link and no figures: mail boxes outlive roles."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from partnerships.emails.notices import with_way_out
from partnerships.models import NoticeKind
from reports.models import Delivery


def report_made_letter(delivery: Delivery, *, period: str) -> EmailMessage:
    """The letter; `period` is the report's period in words."""
    report = delivery.report
    address = settings.BASE_URL + reverse("report-detail", args=[report.partnership.slug, report.pk])
    letter = EmailMessage(
        subject=f"{report.definition.name}, {period}: the report is ready",
        body=(
            f"Hello {delivery.person.get_short_name()}\n\n"
            f"The {report.definition.name} of {report.partnership.name} for {period} has been made. "
            f"Read it, or take the PDF, here:\n\n{address}\n\n"
            "You receive this because you are on the report's list. A manager of the partnership can take you off it.\n"
        ),
        to=[delivery.person.email],
    )
    return with_way_out(
        letter, person=delivery.person, partnership=report.partnership, kind=NoticeKind.REPORT
    )
