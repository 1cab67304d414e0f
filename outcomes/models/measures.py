import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from partnerships.models import (
    Activity,
    Board,
    Decision,
    Editable,
    Organisation,
    Partnership,
    Place,
    Programme,
    TenantRecord,
)


@pghistory.track()
class Outcome(TenantRecord, Editable):
    """A condition of life in the place that partners want for everyone. No one body owns it."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="outcomes")
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "title"]
        constraints = [models.UniqueConstraint(fields=["partnership", "title"], name="outcome_title_once")]

    def __str__(self) -> str:
        return self.title


class MeasureKind(models.TextChoices):
    INDICATOR = "indicator", "Population indicator"
    PERFORMANCE = "performance", "Programme performance measure"


class Quadrant(models.TextChoices):
    HOW_MUCH = "how_much", "How much did we do"
    HOW_WELL = "how_well", "How well did we do it"
    BETTER_OFF = "better_off", "Is anyone better off"


class Direction(models.TextChoices):
    UP = "up", "An increase is good"
    DOWN = "down", "A decrease is good"
    NEUTRAL = "neutral", "No judgement"


class Frequency(models.TextChoices):
    MONTH = "month", "Monthly"
    QUARTER = "quarter", "Quarterly"
    YEAR = "year", "Yearly"
    PERIOD = "period", "Each period of its programme"


class CalculationRule(models.TextChoices):
    SUM = "sum", "Add up"
    WEIGHTED_MEAN = "weighted_mean", "Mean weighted by denominator"
    MAXIMUM = "max", "Largest"
    LATEST = "latest", "Latest"
    RATIO_OF_SUMS = "ratio_of_sums", "Sum of numerators over sum of denominators"
    NOT_ADDABLE = "unique_count", "Unique count that cannot be added"


class Ownership(models.TextChoices):
    OURS = "ours", "Ours to change"
    SHARED = "shared", "Shared with others"
    OUTSIDE = "outside", "Outside our control"


@pghistory.track()
class Measure(TenantRecord, Editable):
    """Something counted, regularly and in one way. A population indicator and a programme's own measure never add up."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="measures")
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="measures")
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="measures"
    )
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80)
    definition = models.TextField(blank=True)
    kind = models.CharField(max_length=12, choices=MeasureKind, default=MeasureKind.INDICATOR)
    quadrant = models.CharField(max_length=12, choices=Quadrant, blank=True)
    is_headline = models.BooleanField(default=False)
    is_in_development = models.BooleanField(
        default=False,
        help_text="A measure that partners want and for which no good data exist yet: the data development agenda.",
    )
    unit = models.CharField(max_length=40, help_text="Such as %, children, per 100,000 people.")
    decimals = models.PositiveSmallIntegerField(default=1)
    direction = models.CharField(max_length=8, choices=Direction)
    frequency = models.CharField(max_length=8, choices=Frequency)
    rule = models.CharField(max_length=14, choices=CalculationRule, default=CalculationRule.LATEST)
    rule_across_periods = models.CharField(
        max_length=14, choices=CalculationRule, blank=True, help_text="Empty means the same rule."
    )
    rule_across_places = models.CharField(
        max_length=14, choices=CalculationRule, blank=True, help_text="Empty means the same rule."
    )
    rule_across_groups = models.CharField(
        max_length=14, choices=CalculationRule, blank=True, help_text="Empty means the same rule."
    )
    ownership = models.CharField(max_length=8, choices=Ownership, default=Ownership.SHARED)
    source = models.CharField(max_length=300, blank=True)
    source_url = models.URLField(blank=True)
    licence = models.CharField(max_length=100, blank=True)
    due_after_days = models.PositiveSmallIntegerField(
        default=60, help_text="How many days after a period ends its figure should be here."
    )
    numerator_name = models.CharField(max_length=120, blank=True, help_text="What is counted on top.")
    denominator_name = models.CharField(max_length=120, blank=True, help_text="Out of what.")
    outside_our_control = models.TextField("what is outside our control", blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    template_key = models.CharField(
        max_length=60,
        blank=True,
        editable=False,
        help_text="Which line of a programme's template it came from, for the rules that know such lines.",
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="Its place on its programme's form.")
    is_running_total = models.BooleanField(
        default=False,
        help_text="Whether each figure counts everything so far, so that it should never go down.",
    )
    hide_below = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="Counts from 1 to just below this number are hidden wherever they are shown.",
    )

    class Meta:
        ordering = ["outcome__position", "-is_headline", "name"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "slug"], name="measure_slug_once"),
            models.UniqueConstraint(fields=["partnership", "name"], name="measure_name_once"),
            models.CheckConstraint(
                name="performance_measure_has_programme",
                condition=Q(kind="indicator", programme__isnull=True)
                | Q(kind="performance", programme__isnull=False),
            ),
            models.CheckConstraint(
                name="headline_measure_is_ready", condition=~Q(is_headline=True, is_in_development=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TargetKind(models.TextChoices):
    BASELINE = "baseline", "Baseline: where we began"
    MILESTONE = "milestone", "Milestone on the way"
    TARGET = "target", "Target"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Target(TenantRecord, Editable):
    """Where partners want a measure to be, for a place, by a day; or where it stood when they began."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="targets")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=6)
    kind = models.CharField(max_length=10, choices=TargetKind, default=TargetKind.TARGET)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "place", "due_on"], name="one_target_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.value.normalize():f} by {self.due_on:%B %Y}"


@pghistory.track()
class Commentary(TenantRecord, Editable):
    """The story behind the curve, as somebody wrote it for a period."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="commentaries")
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="commentaries")
    written_on = models.DateField()
    period_start = models.DateField(null=True, blank=True)
    period_end = models.DateField(null=True, blank=True)
    period_label = models.CharField("period", max_length=40, blank=True)
    story = models.TextField()
    what_works = models.TextField(blank=True)
    what_we_propose = models.TextField(blank=True)
    for_board = models.ForeignKey(
        Board,
        verbose_name="board that should decide",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="commentaries"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-written_on", "-pk"]
        verbose_name_plural = "commentaries"

    def __str__(self) -> str:
        return f"{self.measure}, {self.written_on:%d/%m/%Y}"


@pghistory.track()
class CommentaryPartner(TenantRecord):
    """A partner with a role to play in turning a curve."""

    commentary = models.ForeignKey(Commentary, on_delete=models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    part = models.CharField("their part", max_length=300, blank=True)

    class Meta:
        ordering = ["organisation__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["commentary", "organisation"], name="a_partner_once_a_commentary")
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.part}"


@pghistory.track()
class ActivityOutcome(TenantRecord):
    """An activity that should help an outcome: contribution, never cause and never a sum."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="activity_outcomes")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="outcome_links")
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="activity_links")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "outcome"], name="an_outcome_once_an_activity")
        ]

    def __str__(self) -> str:
        return f"{self.activity} → {self.outcome}"
