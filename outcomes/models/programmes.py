import pghistory
from django.db import models

from outcomes.models.measures import Measure, Outcome
from partnerships.models import (
    Commitment,
    Editable,
    Partnership,
    Programme,
    ProgrammeKind,
    StrategyTheme,
    TenantRecord,
)


@pghistory.track()
class ProgrammeOutcome(TenantRecord):
    """A programme that should help an outcome: contribution, never cause and never a sum."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="outcome_links")
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="programme_links")
    how = models.CharField("how it should help", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "outcome"], name="an_outcome_once_a_programme")
        ]

    def __str__(self) -> str:
        return f"{self.programme} → {self.outcome}"


@pghistory.track()
class CommitmentOutcome(TenantRecord):
    """A commitment that should help an outcome."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="outcome_links")
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="commitment_links")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commitment", "outcome"], name="an_outcome_once_a_commitment")
        ]

    def __str__(self) -> str:
        return f"{self.commitment} → {self.outcome}"


@pghistory.track()
class OutcomeTheme(TenantRecord):
    """An outcome that stands in line with a theme of somebody's strategy."""

    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="theme_links")
    theme = models.ForeignKey(StrategyTheme, on_delete=models.CASCADE, related_name="outcome_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["outcome", "theme"], name="a_theme_once_an_outcome")]

    def __str__(self) -> str:
        return f"{self.outcome} → {self.theme}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class MeasureBreakdown(TenantRecord):
    """A breakdown in which a measure is asked for beside its total; its parts are the groups of that dimension."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="breakdowns")
    dimension = models.CharField(max_length=80)
    adds_up = models.BooleanField(
        default=True,
        help_text="Whether the parts make the total. Where somebody can be in several, they do not.",
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "dimension"], name="a_breakdown_once_a_measure")
        ]

    def __str__(self) -> str:
        return f"{self.measure} by {self.dimension}"


@pghistory.track()
class ProgrammeTemplate(TenantRecord, Editable):
    """What a programme of one kind begins with: measures, breakdowns, calendar, questions and budget lines.

    The common ones come with the software; these are a partnership's own. A shared one may be used by all partnerships.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="programme_templates")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=ProgrammeKind)
    description = models.TextField(blank=True)
    content = models.JSONField(default=dict)
    is_shared = models.BooleanField(default=False)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "name"],
                condition=models.Q(ended_on__isnull=True),
                name="programme_template_name_once",
            )
        ]

    def __str__(self) -> str:
        return self.name
