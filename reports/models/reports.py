import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from partnerships.models import Editable, Partnership, ReportFrequency, TenantRecord


@pghistory.track()
class ReportDefinition(TenantRecord, Editable):
    """A report that is made again each period: what it is called, how often, and who is told."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="report_definitions")
    name = models.CharField(max_length=150)
    frequency = models.CharField(max_length=8, choices=ReportFrequency)
    recipients = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["partnership", "name"], name="report_name_once")]

    def __str__(self) -> str:
        return self.name


class ReportStatus(models.TextChoices):
    WAITING = "waiting", "Waiting to be made"
    MADE = "made", "Made"


class Report(TenantRecord):
    """One period's report. The row is made first, so that a period has one report however often it is asked for.

    `document` freezes what the board saw, as JSON; `pdf` is the file made from it, in the same transaction.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="reports")
    definition = models.ForeignKey(ReportDefinition, on_delete=models.PROTECT, related_name="reports")
    period_start = models.DateField()
    period_end = models.DateField()
    status = models.CharField(max_length=8, choices=ReportStatus, default=ReportStatus.WAITING)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    as_of = models.DateTimeField(null=True)
    made_at = models.DateTimeField(null=True)
    document = models.JSONField(null=True)
    pdf = models.BinaryField(null=True)
    problem = models.TextField(blank=True)

    class Meta:
        ordering = ["-period_end", "-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["definition", "period_start", "period_end"], name="one_report_a_period"
            ),
            models.CheckConstraint(
                name="report_period_in_order", condition=Q(period_end__gte=models.F("period_start"))
            ),
            models.CheckConstraint(
                name="made_report_is_whole",
                condition=~Q(status="made")
                | Q(document__isnull=False, pdf__isnull=False, as_of__isnull=False, made_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.definition} {self.period_start} to {self.period_end}"


class Delivery(TenantRecord):
    """One person told of one report, once."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="deliveries")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "person"], name="told_once")]
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"{self.report} to {self.person_id}"
