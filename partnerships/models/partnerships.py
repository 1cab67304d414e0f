from __future__ import annotations

from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from partnerships.models.base import Editable, TenantRecord
from partnerships.models.organisations import Organisation, Sector
from partnerships.models.places import Place


class PartnershipQuerySet(models.QuerySet["Partnership"]):
    def visible_to(self, user: Any) -> PartnershipQuerySet:
        """The partnerships that are this person's: a current membership, or a current seat on one of their boards."""
        if not getattr(user, "is_authenticated", False) or not user.is_active:
            return self.none()
        today = timezone.localdate()
        current = Q(starts_on__lte=today) & (Q(ends_on__isnull=True) | Q(ends_on__gte=today))
        memberships = self.model._meta.get_field("memberships").related_model.objects
        seats = self.model._meta.get_field("seats").related_model.objects
        return self.filter(
            Exists(memberships.current(today).filter(partnership=OuterRef("pk"), person=user))
            | Exists(seats.filter(current, partnership=OuterRef("pk"), person=user))
        )


class ReportFrequency(models.TextChoices):
    MONTH = "month", "Every month"
    QUARTER = "quarter", "Every quarter"


@pghistory.track()
class Partnership(Editable):
    """A group of bodies and residents who change a system together. Every other record belongs to one."""

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    vision = models.TextField(blank=True)
    ethos = models.TextField(blank=True)
    started_on = models.DateField()
    places = models.ManyToManyField(Place, through="PartnershipPlace", related_name="partnerships")
    second_factor_roles = models.JSONField(
        default=list, blank=True, help_text="Roles whose holders must use a second factor to come in."
    )

    reviews_activities = models.BooleanField(
        default=False,
        help_text="Whether what officers log is looked at by somebody before it counts as accepted.",
    )
    allows_embedding = models.BooleanField(
        default=False,
        help_text="Whether charts may be shown on other bodies' web pages, by a signed address.",
    )
    opens_influence = models.BooleanField(
        default=False,
        help_text="Whether partners' systems may read which boards are linked. Names of people are never among it.",
    )

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class PartnershipPlace(TenantRecord):
    """A place that the partnership covers. The main one is whose published figures the dashboard shows first."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="covered")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    is_main = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "place"], name="a_place_once_a_partnership"),
            models.UniqueConstraint(fields=["partnership"], condition=Q(is_main=True), name="one_main_place"),
        ]

    def __str__(self) -> str:
        return str(self.place)


@pghistory.track()
class OrganisationCorrection(TenantRecord):
    """How one partnership would write an organisation that others use too, until somebody from another agrees or not."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="corrections")
    name = models.CharField(max_length=200)
    sector = models.CharField(max_length=20, choices=Sector)
    org_id = models.CharField("org-id identifier", max_length=60, blank=True)
    reason = models.CharField(max_length=300)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    was_accepted = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["proposed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "organisation"],
                condition=Q(decided_at__isnull=True),
                name="one_open_correction_a_partnership",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.name}"


class OrganisationRole(models.TextChoices):
    LEAD = "lead", "Lead"
    FUNDER = "funder", "Funder"
    INTERMEDIARY = "intermediary", "Intermediary"
    PLACE = "place", "Place"
    DELIVERY = "delivery", "Delivery"
    SUPPORT = "support", "Support"
    SYSTEM = "system", "System partner"
    RESIDENTS = "residents", "Voice of residents"


@pghistory.track()
class PartnershipOrganisation(TenantRecord):
    """The part an organisation plays in a partnership, while it plays it."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="organisation_roles")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=20, choices=OrganisationRole)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "organisation", "role", "starts_on"], name="one_part_at_a_time"
            ),
            models.CheckConstraint(
                name="part_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_role_display()}"


@pghistory.track()
class SimpleRule(TenantRecord, Editable):
    """A simple rule that partners agreed to decide by. One that no longer holds is ended, never rewritten."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="simple_rules")
    text = models.CharField(max_length=300)
    explanation = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "text"], condition=Q(ends_on__isnull=True), name="simple_rule_once"
            )
        ]

    def __str__(self) -> str:
        return self.text


@pghistory.track()
class StoryVersion(TenantRecord, Editable):
    """The story of us, as it was told on a day and by whom. A new telling is a new version."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="stories_of_us")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    told_on = models.DateField()
    what_changed = models.CharField(max_length=300, blank=True)
    contributors = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    other_contributors = models.CharField(
        max_length=300, blank=True, help_text="Such as: parents at the Brinnington forum."
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "number"], name="story_version_number_once")
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"


@pghistory.track()
class Strategy(TenantRecord, Editable):
    """Somebody's strategy that the partnership aligns to, such as a council's 2040 strategy."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="strategies")
    name = models.CharField(max_length=200)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    summary = models.TextField(blank=True)
    link = models.URLField(blank=True)
    from_year = models.PositiveSmallIntegerField(null=True, blank=True)
    to_year = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "strategies"
        constraints = [
            models.UniqueConstraint(fields=["partnership", "name"], name="strategy_name_once"),
            models.CheckConstraint(
                name="strategy_ends_after_start",
                condition=Q(to_year__isnull=True)
                | Q(from_year__isnull=True)
                | Q(to_year__gte=models.F("from_year")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class StrategyTheme(TenantRecord):
    """One theme of a strategy, which activities, programmes and outcomes can align to."""

    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="themes")
    name = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["strategy__name", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["strategy", "name"], name="theme_once_a_strategy")]

    def __str__(self) -> str:
        return self.name


class AgreementKind(models.TextChoices):
    PARTNERSHIP = "partnership", "Partnership agreement"
    MEMORANDUM = "memorandum", "Memorandum of understanding"
    DATA_SHARING = "data_sharing", "Data-sharing agreement"
    DATA_PROCESSING = "data_processing", "Data-processing agreement"
    GRANT = "grant", "Grant agreement"
    CONTRACT = "contract", "Contract or service level agreement"
    OTHER = "other", "Other"


@pghistory.track()
class Agreement(TenantRecord, Editable):
    """What partners signed, between whom, and when it has to be looked at again."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="agreements")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=AgreementKind)
    parties = models.ManyToManyField(Organisation, related_name="+")
    purpose = models.TextField(blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="who looks after it",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    signed_on = models.DateField(null=True, blank=True)
    renews_on = models.DateField("to be renewed by", null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "title"], condition=Q(ended_on__isnull=True), name="agreement_once"
            ),
            models.CheckConstraint(
                name="agreement_renewed_after_signed",
                condition=Q(renews_on__isnull=True)
                | Q(signed_on__isnull=True)
                | Q(renews_on__gt=models.F("signed_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class AgreementRenewal(TenantRecord):
    """An agreement was looked at again and goes on: until when now, and what was said."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="renewals")
    renewed_on = models.DateField()
    renews_on_before = models.DateField(null=True, blank=True)
    renews_on = models.DateField("next renewal")
    note = models.TextField(blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-renewed_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.agreement}, renewed"


class AgreementReminder(TenantRecord):
    """A mail about a renewal that was sent, or is being sent: once a person, a number of days before and a renewal date."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="reminders")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    days_before = models.PositiveSmallIntegerField()
    renews_on = models.DateField()
    asked_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "person", "days_before", "renews_on"],
                name="one_reminder_a_renewal",
            )
        ]

    def __str__(self) -> str:
        return f"{self.days_before} days before: {self.agreement}"


@pghistory.track()
class OrganisationContact(TenantRecord, Editable):
    """Whom to ask for what at an organisation: one line of the partnership's contact register."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contacts")
    role = models.CharField(max_length=150, help_text="Such as safeguarding lead or finance.")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["organisation__name", "role"]
        constraints = [
            models.CheckConstraint(
                name="contact_can_be_reached",
                condition=Q(person__isnull=False) | ~Q(email="") | ~Q(phone=""),
            ),
            models.CheckConstraint(
                name="contact_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}, {self.organisation}"
