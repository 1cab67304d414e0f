import pghistory
from django.db import models
from django.db.models import Q

from partnerships.models.base import Editable, TenantRecord
from partnerships.models.organisations import Organisation


class ProgrammeKind(models.TextChoices):
    HAF = "haf", "Holiday Activities and Food"
    SOCIAL_PRESCRIBING = "social_prescribing", "Social prescribing"
    SEND = "send", "Special educational needs and disabilities"
    TRAINING = "training", "Training"
    OTHER = "other", "Other"


class ProgrammeStatus(models.TextChoices):
    PLANNED = "planned", "Planned"
    RUNNING = "running", "Running"
    PAUSED = "paused", "Paused"
    STOPPED = "stopped", "Stopped"
    FINISHED = "finished", "Finished"


@pghistory.track()
class Programme(TenantRecord, Editable):
    """Work that partners run together for the people who use it."""

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="programmes"
    )
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=ProgrammeKind)
    status = models.CharField(max_length=10, choices=ProgrammeStatus, default=ProgrammeStatus.RUNNING)
    summary = models.TextField(blank=True)
    provider = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "name"], name="programme_name_once"),
            models.CheckConstraint(
                name="programme_ends_after_start",
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=models.F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.name
