import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from partnerships.models.base import Editable, TenantRecord
from partnerships.models.organisations import Organisation
from partnerships.models.partnerships import StrategyTheme
from partnerships.models.places import Place


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


class CoDesign(models.TextChoices):
    """How deep residents went, from the bottom of the ladder to its top. Feedback and consultation are not co-design."""

    NOT_SAID = "", "Not said yet"
    INFORMED = "informed", "They were informed"
    CONSULTED = "consulted", "They were consulted, or gave feedback"
    CO_DESIGNED = "co_designed", "They designed it with us"
    LED = "led", "They led it"


class Calendar(models.TextChoices):
    """How often partners send figures for a programme."""

    NONE = "", "No returns"
    MONTH = "month", "Every month"
    QUARTER = "quarter", "Every quarter"
    HOLIDAY = "holiday", "Every school holiday"
    TERM = "term", "Every school term"
    YEAR = "year", "Every year"


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
    commissioner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    partners = models.ManyToManyField(Organisation, blank=True, related_name="+")
    places = models.ManyToManyField(Place, blank=True, related_name="+")
    themes = models.ManyToManyField(StrategyTheme, blank=True, related_name="programmes")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    theory_of_change = models.CharField(
        max_length=500,
        blank=True,
        help_text="In a sentence: if we do this, then that follows, because of this.",
    )
    co_design = models.CharField(max_length=12, choices=CoDesign, blank=True, default=CoDesign.NOT_SAID)
    co_design_change = models.TextField("what changed because of residents", blank=True)
    calendar = models.CharField(
        "figures are sent", max_length=8, choices=Calendar, blank=True, default=Calendar.NONE
    )
    rules = models.JSONField(
        "what a holiday must offer",
        default=dict,
        blank=True,
        help_text="Days, weeks, hours and shares, where its grant asks for others than is usual.",
    )

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


@pghistory.track()
class StatusChange(TenantRecord):
    """A programme began, paused, stopped, finished or began again: when, why, and what was going on around it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="status_changes")
    status = models.CharField(max_length=10, choices=ProgrammeStatus)
    changed_on = models.DateField()
    reason = models.TextField()
    context = models.TextField("what was going on around it", blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-changed_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.programme}: {self.get_status_display()}"


class MoneyKind(models.TextChoices):
    BUDGET = "budget", "Budget"
    SPENT = "spent", "Spent"
    MATCH = "match", "Match funding"
    IN_KIND = "in_kind", "Given in kind"


class MoneyHeading(models.TextChoices):
    DELIVERY = "delivery", "Delivery"
    FOOD = "food", "Food"
    STAFF = "staff", "Staff"
    TRANSPORT = "transport", "Transport"
    EQUIPMENT = "equipment", "Equipment"
    ADMINISTRATION = "administration", "Administration"
    EVALUATION = "evaluation", "Evaluation"
    OTHER = "other", "Other"


@pghistory.track()
class MoneyLine(TenantRecord, Editable):
    """One line of a programme's money, in pounds."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="money")
    kind = models.CharField(max_length=8, choices=MoneyKind)
    heading = models.CharField(max_length=16, choices=MoneyHeading, default=MoneyHeading.DELIVERY)
    description = models.CharField(max_length=200, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, help_text="In pounds.")
    funder = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["-starts_on", "kind", "heading", "pk"]
        constraints = [
            models.CheckConstraint(name="money_is_not_negative", condition=Q(amount__gte=0)),
            models.CheckConstraint(
                name="money_ends_after_start", condition=Q(ends_on__gte=models.F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_heading_display()}"


@pghistory.track()
class ProgrammePeriod(TenantRecord, Editable):
    """One period of a programme's own calendar, such as a school holiday, for which partners send figures."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="periods")
    name = models.CharField(max_length=80)
    starts_on = models.DateField()
    ends_on = models.DateField()
    returns_due_on = models.DateField()

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "name"], name="period_name_once"),
            models.UniqueConstraint(fields=["programme", "starts_on", "ends_on"], name="period_once"),
            models.CheckConstraint(
                name="programme_period_ends_after_start", condition=Q(ends_on__gte=models.F("starts_on"))
            ),
            models.CheckConstraint(
                name="returns_due_after_start", condition=Q(returns_due_on__gte=models.F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Precision(models.TextChoices):
    """How exactly a day is known, so that nobody has to invent one."""

    DAY = "day", "The day"
    MONTH = "month", "The month"
    YEAR = "year", "The year"


@pghistory.track()
class Adoption(TenantRecord, Editable):
    """A practice that spread: taken up by another place, organisation or a wider system, and changed on the way."""

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="adoptions"
    )
    practice = models.CharField(max_length=200)
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="adoptions"
    )
    from_place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    from_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    to_place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    to_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    to_wider_system = models.CharField(
        "wider system", max_length=200, blank=True, help_text="Such as: the integrated care system."
    )
    adopted_on = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    adapted_how = models.TextField(blank=True)
    what_came_of_it = models.TextField(blank=True)

    class Meta:
        ordering = [models.F("adopted_on").desc(nulls_last=True), "-pk"]
        constraints = [
            models.CheckConstraint(
                name="adoption_has_a_taker",
                condition=Q(to_place__isnull=False)
                | Q(to_organisation__isnull=False)
                | ~Q(to_wider_system=""),
            )
        ]

    def __str__(self) -> str:
        return self.practice
