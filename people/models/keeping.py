"""What is kept about people is theirs: records made one, records forgotten, and copies that were asked for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from partnerships.models import Partnership, TenantRecord


class PersonMerge(TenantRecord):
    """Two records were one person. What pointed at `merged` points at `kept`; history keeps what it said at the time."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    kept = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="merges")
    merged = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="merged_into"
    )
    reason = models.CharField(max_length=300)
    moved = models.JSONField(default=dict, help_text="How many of what were moved.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]
        constraints = [models.CheckConstraint(name="merged_with_another", condition=~Q(kept=F("merged")))]

    def __str__(self) -> str:
        return f"{self.merged_id} is {self.kept_id}"


class NotDuplicates(TenantRecord):
    """Somebody looked at two records that resemble each other and said that they are two people."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    one = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "not duplicates"
        constraints = [
            models.UniqueConstraint(fields=["partnership", "one", "other"], name="told_apart_once"),
            models.CheckConstraint(name="told_apart_in_order", condition=Q(one__lt=F("other"))),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} is not {self.other_id}"


class Forgetting(models.Model):
    """Somebody was anonymised: when, and who saw to it. It says nothing of who they were."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="forgetting"
    )
    how_asked = models.CharField(max_length=300, blank=True, help_text="Empty where they did it themselves.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.person_id} is forgotten"


class AccessExport(models.Model):
    """A copy of everything held about a person, made for them in the background and kept for a few days."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="access_exports"
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    content = models.BinaryField(null=True)
    size = models.PositiveIntegerField(default=0)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "asked_by"],
                condition=Q(made_at__isnull=True, deleted_at__isnull=True),
                name="one_copy_in_the_making",
            ),
            models.CheckConstraint(
                name="deleted_copy_is_empty", condition=Q(deleted_at__isnull=True) | Q(content__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"Copy of {self.asked_at:%Y-%m-%d}"
