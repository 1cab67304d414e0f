"""How what partners do should lead to an outcome, step by step: contribution, never cause and never a sum."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from outcomes.models.measures import Measure, Outcome
from partnerships.models import (
    Activity,
    Commitment,
    Document,
    Editable,
    Programme,
    TenantRecord,
)


class Strength(models.TextChoices):
    """How strong the evidence is that one thing helped another. Contribution analysis; see docs/decisions.md."""

    STRONG = "strong", "Strong: several sources agree, and other explanations were looked at"
    MODERATE = "moderate", "Moderate: one good source"
    WEAK = "weak", "Weak: it is likely, and little shows it"
    UNTESTED = "untested", "Not tested yet"


class StoneProgress(models.TextChoices):
    NOT_BEGUN = "not_begun", "Not begun"
    ON_THE_WAY = "on_the_way", "On the way"
    REACHED = "reached", "Reached"
    SLIPPED = "slipped", "Slipped back"
    GIVEN_UP = "given_up", "Given up"


@pghistory.track()
class SteppingStone(TenantRecord, Editable):
    """A change that has to happen on the way to an outcome."""

    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="stones")
    leads_to = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="comes_from",
        help_text="The next stepping stone. None means that it leads to the outcome itself.",
    )
    title = models.CharField(max_length=200)
    expected = models.TextField("what we expect to see", blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    progress = models.CharField(max_length=10, choices=StoneProgress, default=StoneProgress.NOT_BEGUN)
    progress_note = models.TextField("how we know", blank=True)
    confidence = models.CharField(max_length=10, choices=Strength, default=Strength.UNTESTED)
    looked_at_on = models.DateField("last looked at", null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["outcome", "title"], name="a_stepping_stone_once_an_outcome")
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class Contribution(TenantRecord, Editable):
    """An activity, a commitment or a programme that should help to reach a stepping stone."""

    stone = models.ForeignKey(SteppingStone, on_delete=models.CASCADE, related_name="contributions")
    activity = models.ForeignKey(
        Activity, on_delete=models.CASCADE, null=True, blank=True, related_name="contributions"
    )
    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, null=True, blank=True, related_name="contributions"
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, null=True, blank=True, related_name="contributions"
    )
    how = models.CharField("how it should help", max_length=300, blank=True)
    strength = models.CharField(max_length=10, choices=Strength, default=Strength.UNTESTED)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="contribution_of_one_thing",
                condition=Q(activity__isnull=False, commitment__isnull=True, programme__isnull=True)
                | Q(activity__isnull=True, commitment__isnull=False, programme__isnull=True)
                | Q(activity__isnull=True, commitment__isnull=True, programme__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["stone", "activity", "commitment", "programme"],
                nulls_distinct=False,
                name="a_contribution_once_a_stone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity or self.commitment or self.programme} → {self.stone}"


class Points(models.TextChoices):
    FOR = "for", "For it"
    AGAINST = "against", "Against it"
    UNCLEAR = "unclear", "Either way"


@pghistory.track()
class ContributionEvidence(TenantRecord, Editable):
    """Something that shows, or speaks against, that a stepping stone was reached through what partners did."""

    stone = models.ForeignKey(SteppingStone, on_delete=models.CASCADE, related_name="evidence")
    what_it_shows = models.TextField()
    points = models.CharField(max_length=8, choices=Points, default=Points.FOR)
    strength = models.CharField(max_length=10, choices=Strength, default=Strength.UNTESTED)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    url = models.URLField("web address", max_length=500, blank=True)
    happened_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "contribution evidence"
        constraints = [
            models.CheckConstraint(name="contribution_evidence_said", condition=~Q(what_it_shows=""))
        ]

    def __str__(self) -> str:
        return self.what_it_shows[:80]


@pghistory.track()
class OtherExplanation(TenantRecord, Editable):
    """What else could explain a change: looked for on purpose, so that nobody claims what was not theirs."""

    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="other_explanations")
    stone = models.ForeignKey(
        SteppingStone, on_delete=models.CASCADE, null=True, blank=True, related_name="other_explanations"
    )
    what = models.CharField("what else could explain it", max_length=300)
    weight = models.CharField(
        "how much of it this could be",
        max_length=10,
        choices=[
            ("most", "Most of it"),
            ("some", "Some of it"),
            ("little", "Little of it"),
            ("unknown", "Not known"),
        ],
        default="unknown",
    )
    what_we_know = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="other_explanation_said", condition=~Q(what=""))]

    def __str__(self) -> str:
        return self.what


class StoneLook(TenantRecord):
    """One look at a stepping stone: how far it was and how sure people were, so that the way can be told afterwards."""

    stone = models.ForeignKey(SteppingStone, on_delete=models.CASCADE, related_name="looks")
    progress = models.CharField(max_length=10, choices=StoneProgress)
    confidence = models.CharField(max_length=10, choices=Strength)
    note = models.TextField(blank=True)
    looked_at_on = models.DateField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-looked_at_on", "-pk"]

    def __str__(self) -> str:
        return self.get_progress_display()
