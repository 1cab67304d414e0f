"""What stands beside the figures when a measure is judged: rebases, the strength of its evidence, remarks, shown elsewhere."""

import secrets

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from outcomes.models.measures import Measure
from outcomes.models.observations import Group
from partnerships.models import Activity, Decision, Editable, Partnership, Place, TenantRecord


class RebaseCause(models.TextChoices):
    CHANGE = "change", "The way of working changed"
    DEFINITION = "definition", "The way of counting changed"
    SETBACK = "setback", "A setback from outside"
    OTHER = "other", "Something else"


@pghistory.track()
class Rebase(TenantRecord, Editable):
    """From this point on a chart's limits are worked out anew, for a reason that stands on the chart."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="rebases")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    period_end = models.DateField(help_text="The end of the first period of the new segment.")
    period_label = models.CharField(max_length=40)
    cause = models.CharField(max_length=10, choices=RebaseCause)
    reason = models.TextField()
    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, null=True, blank=True, related_name="rebases"
    )
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="rebases"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_because = models.TextField(blank=True)

    class Meta:
        ordering = ["period_end", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "place", "group", "period_end"],
                condition=Q(withdrawn_at__isnull=True),
                nulls_distinct=False,
                name="one_rebase_a_point",
            ),
            models.CheckConstraint(name="rebase_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.measure} from {self.period_label}"


@pghistory.track()
class EvidenceStandard(TenantRecord, Editable):
    """Something that good evidence fulfils, in the partnership's own words."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="evidence_standards")
    name = models.CharField(max_length=120)
    description = models.TextField("what it takes", blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "name"],
                condition=Q(ended_on__isnull=True),
                name="evidence_standard_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Fulfilled(models.TextChoices):
    YES = "yes", "Yes"
    PARTLY = "partly", "In part"
    NO = "no", "No"
    UNKNOWN = "unknown", "We do not know"


@pghistory.track()
class EvidenceCheck(TenantRecord):
    """What somebody found of a measure against one standard. The newest of each standard counts."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="evidence_checks")
    standard = models.ForeignKey(EvidenceStandard, on_delete=models.PROTECT, related_name="checks")
    fulfilled = models.CharField(max_length=8, choices=Fulfilled)
    note = models.CharField(max_length=500, blank=True)
    checked_at = models.DateTimeField(default=timezone.now)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-checked_at", "-pk"]
        indexes = [models.Index(fields=["measure", "standard", "-checked_at"], name="evidence_check_newest")]

    def __str__(self) -> str:
        return f"{self.measure}: {self.standard}"


@pghistory.track()
class Remark(TenantRecord):
    """What somebody said of a measure: pinned to one of its points, or in the discussion below it."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="remarks")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    period_start = models.DateField(null=True, blank=True)
    period_end = models.DateField(null=True, blank=True)
    period_label = models.CharField(max_length=40, blank=True)
    reply_to = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies"
    )
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(name="remark_text_given", condition=~Q(text="")),
            models.CheckConstraint(
                name="remark_pinned_to_a_whole_point",
                condition=Q(period_start__isnull=True, period_end__isnull=True)
                | Q(
                    period_start__isnull=False,
                    period_end__isnull=False,
                    place__isnull=False,
                    period_end__gte=F("period_start"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]


def new_nonce() -> str:
    return secrets.token_hex(16)


@pghistory.track(exclude=["nonce", "token_hash"])
class MeasureEmbed(TenantRecord):
    """A signed address under which a measure's chart may stand on another body's web page, until it is ended.

    The address is worked out from the secret key and the nonce, so that it can be shown again; the database holds only
    its hash.
    """

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="embeds")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    shown_where = models.CharField("where it will stand", max_length=200)
    nonce = models.CharField(max_length=32, default=new_nonce)
    token_hash = models.CharField(max_length=64, unique=True)
    ends_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.measure} on {self.shown_where}"
