import pghistory
from django.conf import settings
from django.db import models

from partnerships.models.base import Editable
from partnerships.models.places import Place


class Sector(models.TextChoices):
    HEALTH_AND_CARE = "health_care", "Integrated health and care"
    VOLUNTARY = "voluntary", "Voluntary and community"
    YOUNG_PEOPLE = "young_people", "Young people services and education"
    WELLBEING = "wellbeing", "Wellbeing"
    SPORT = "sport", "Sport"
    LEISURE = "leisure", "Leisure"
    TRANSPORT = "transport", "Transport"
    HOUSING = "housing", "Housing"
    ENVIRONMENT = "environment", "Environment"
    COMMUNITY_SAFETY = "community_safety", "Community safety"
    PLANNING = "planning", "Planning"
    COUNCIL = "council", "Council (several sectors)"
    POLICE_AND_JUSTICE = "justice", "Courts, probation and justice"
    FUNDER = "funder", "Funder"
    RESEARCH = "research", "Research and evaluation"
    FAITH = "faith", "Faith"
    BUSINESS = "business", "Business"
    OTHER = "other", "Other"


@pghistory.track()
class Organisation(Editable):
    """A body, recorded once for all partnerships; its part in each is a `PartnershipOrganisation`."""

    name = models.CharField(max_length=200, unique=True)
    sector = models.CharField(max_length=20, choices=Sector)
    org_id = models.CharField(
        "org-id identifier",
        max_length=60,
        null=True,
        blank=True,
        unique=True,
        help_text="Such as GB-LAE-LUT for a council or GB-CHC-1112345 for a charity.",
    )
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
        help_text="The same body under the record that is kept; this one is only there for old links.",
    )
    merged_at = models.DateTimeField(null=True, blank=True)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    merge_reason = models.CharField(max_length=300, blank=True)
    is_fictional = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="org_id_form",
                condition=models.Q(org_id__isnull=True)
                | models.Q(org_id__regex=r"^[A-Z]{2,3}-[A-Z]{2,6}-[A-Za-z0-9._-]+$"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class CouncilIdentifier(models.Model):
    """A council in the published lookup: its org-id identifier and the GSS code of its area."""

    org_id = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    gss_code = models.CharField(max_length=9, blank=True, db_index=True)
    is_current = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
