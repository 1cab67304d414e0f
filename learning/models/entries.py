import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models

from outcomes.models import Outcome
from partnerships.models import Activity, Editable, Partnership, TenantRecord


class Verdict(models.TextChoices):
    WORKED = "worked", "It worked"
    MIXED = "mixed", "Some of it worked"
    DID_NOT_WORK = "did_not_work", "It did not work"


class CameFrom(models.TextChoices):
    OBSERVATION = "observation", "What we saw"
    RESIDENT = "resident", "What a resident told us"
    DATA = "data", "What the numbers showed"
    CONVERSATION = "conversation", "A conversation between partners"


@pghistory.track(exclude=["search"])
class LearningEntry(TenantRecord, Editable):
    """What partners expected, what happened, whether it worked, and what changes because of it."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="learning")
    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, null=True, blank=True, related_name="learning"
    )
    outcome = models.ForeignKey(
        Outcome, on_delete=models.PROTECT, null=True, blank=True, related_name="learning"
    )
    title = models.CharField(max_length=200)
    learned_on = models.DateField()
    expected = models.TextField()
    happened = models.TextField()
    verdict = models.CharField(max_length=12, choices=Verdict)
    why = models.TextField(blank=True)
    what_changes = models.TextField(blank=True)
    came_from = models.CharField(max_length=12, choices=CameFrom, default=CameFrom.OBSERVATION)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    review_on = models.DateField(null=True, blank=True)
    search = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="english")
        + SearchVector("expected", "happened", "why", "what_changes", weight="B", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        ordering = ["-learned_on", "-pk"]
        verbose_name_plural = "learning entries"
        indexes = [
            models.Index(fields=["partnership", "-learned_on"], name="learning_latest_first"),
            GinIndex(fields=["search"], name="learning_search"),
        ]

    def __str__(self) -> str:
        return self.title
