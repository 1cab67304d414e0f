"""The mail that says a report is there. It carries a link and no figures: mail boxes outlive roles."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse

from reports.models import Delivery


def send_report_made(delivery: Delivery, *, period: str) -> None:
    """Send it; `period` is the report's period in words. Raises what the mail backend raises; the caller tries again later."""
    report = delivery.report
    address = settings.BASE_URL + reverse("report-detail", args=[report.partnership.slug, report.pk])
    send_mail(
        subject=f"{report.definition.name}, {period}: the report is ready",
        message=(
            f"Hello {delivery.person.get_short_name()}\n\n"
            f"The {report.definition.name} of {report.partnership.name} for {period} has been made. "
            f"Read it, or take the PDF, here:\n\n{address}\n\n"
            "You receive this because you are on the report's list. A manager of the partnership can take you off it.\n"
        ),
        from_email=None,
        recipient_list=[delivery.person.email],
    )
