from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from partnerships.models.base import Editable, TenantRecord
from partnerships.models.organisations import Organisation
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
    started_on = models.DateField()
    places = models.ManyToManyField(Place, through="PartnershipPlace", related_name="partnerships")
    second_factor_roles = models.JSONField(
        default=list, blank=True, help_text="Roles whose holders must use a second factor to come in."
    )

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


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
