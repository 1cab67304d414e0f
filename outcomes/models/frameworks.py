"""Frameworks of outcomes that several places share, and how a partnership's own outcomes stand to them."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from outcomes.models.measures import Outcome
from partnerships.models import Editable, Organisation, Partnership, TenantRecord


class Framework(models.Model):
    """A list of outcomes that others may link to: a national one, or one that a partnership shares. Loaded, not typed."""

    name = models.CharField(max_length=200)
    publisher = models.CharField(max_length=200, blank=True)
    edition = models.CharField(max_length=60, blank=True)
    source_url = models.URLField(blank=True)
    licence = models.CharField(max_length=100, blank=True)
    shared_by = models.ForeignKey(
        Partnership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="frameworks",
        help_text="The partnership that shares it. None means that it was loaded for everybody.",
    )
    loaded_at = models.DateTimeField(default=timezone.now)
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "shared_by"],
                condition=Q(ended_on__isnull=True),
                nulls_distinct=False,
                name="one_current_framework_a_name",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.edition})" if self.edition else self.name


class FrameworkItem(models.Model):
    """One outcome or theme of a framework, in its publisher's words."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="items")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="parts")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)
    outcome = models.ForeignKey(
        Outcome,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="shared_as",
        help_text="The outcome of the sharing partnership whose words these are.",
    )
    ended_on = models.DateField(
        null=True, blank=True, help_text="When a later edition no longer had it; links to it stay."
    )

    class Meta:
        ordering = ["framework", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["framework", "code"], name="a_code_once_a_framework")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class OutcomeLink(TenantRecord):
    """A partnership's outcome that stands for an item of a shared framework, as it is or adapted to the place."""

    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="framework_links")
    item = models.ForeignKey(FrameworkItem, on_delete=models.PROTECT, related_name="outcome_links")
    is_copy = models.BooleanField(default=False, help_text="Whether the outcome began as a copy of the item.")
    title_then = models.CharField(
        max_length=300, blank=True, help_text="The item's title when it was linked."
    )
    description_then = models.TextField(blank=True)
    linked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["outcome", "item"], name="an_item_once_an_outcome")]

    def __str__(self) -> str:
        return f"{self.outcome} → {self.item}"


@pghistory.track()
class OutcomeAdoption(TenantRecord, Editable):
    """An organisation that says of an outcome: we share this."""

    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="adoptions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    adopted_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    words = models.TextField("how they put it", blank=True)
    where = models.CharField("where it is written", max_length=300, blank=True)

    class Meta:
        ordering = ["adopted_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["outcome", "organisation"],
                condition=Q(ended_on__isnull=True),
                name="an_outcome_adopted_once_at_a_time",
            ),
            models.CheckConstraint(
                name="adoption_ends_after_start",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("adopted_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} shares {self.outcome}"
