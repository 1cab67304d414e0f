"""Places of England, as published, with the neighbourhoods that partnerships add."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models

from partnerships.models.base import Editable


class PlaceKind(models.TextChoices):
    NATION = "nation", "Nation"
    REGION = "region", "Region"
    COMBINED_AUTHORITY = "combined_authority", "Combined authority"
    HEALTH_SYSTEM = "icb", "Integrated care system"
    UPPER_TIER = "upper_tier", "County"
    LOCAL_AUTHORITY = "local_authority", "Local authority"
    WARD = "ward", "Ward"
    NEIGHBOURHOOD = "neighbourhood", "Neighbourhood"
    HYPER_LOCAL = "hyper_local", "Estate, street or other small area"


@pghistory.track()
class Place(Editable):
    """A place, shared by all partnerships. A neighbourhood may have no code; an old code points at its successors."""

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=PlaceKind)
    code = models.CharField("GSS code", max_length=9, null=True, blank=True, unique=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    upper_tier = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    combined_authority = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    successors = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="predecessors")
    is_current = models.BooleanField(default=True)
    valid_from = models.DateField(null=True, blank=True, help_text="First day of the code.")
    valid_to = models.DateField(null=True, blank=True, help_text="Last day of the code, once it is known.")
    added_by = models.ForeignKey(
        "partnerships.Partnership",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The partnership whose people added a neighbourhood that has no published code.",
    )
    small_areas = ArrayField(
        models.CharField(max_length=9),
        default=list,
        blank=True,
        help_text="Codes of the LSOAs that a neighbourhood is made of, as far as they are known.",
    )
    is_fictional = models.BooleanField(
        default=False, help_text="Invented for the demo; never compared as if real."
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="place_code_form",
                condition=models.Q(code__isnull=True) | models.Q(code__regex=r"^[A-Z][0-9]{8}$"),
            ),
            models.CheckConstraint(
                name="place_code_ends_after_start",
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_from__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
            ),
        ]
        indexes = [models.Index(fields=["kind", "name"])]

    def __str__(self) -> str:
        return self.name


class AuthorityDeprivation(models.Model):
    """Published summary of the Indices of Deprivation for a local authority. Rank 1 is the most deprived."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="deprivation")
    year = models.PositiveSmallIntegerField()
    average_score = models.DecimalField(max_digits=7, decimal_places=3)
    average_score_rank = models.PositiveSmallIntegerField()
    average_rank = models.DecimalField(max_digits=9, decimal_places=2)
    average_rank_rank = models.PositiveSmallIntegerField()
    share_most_deprived = models.DecimalField(
        max_digits=6,
        decimal_places=4,
        help_text="Share of neighbourhoods in England's most deprived tenth, 0 to 1.",
    )
    source = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "year"], name="one_deprivation_summary_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.year}"


class SmallAreaDeprivation(models.Model):
    """Indices of Deprivation for one lower-layer super output area (LSOA). Decile 1 is the most deprived tenth."""

    code = models.CharField(max_length=9)
    year = models.PositiveSmallIntegerField()
    decile = models.PositiveSmallIntegerField()
    rank = models.PositiveIntegerField()
    score = models.DecimalField(max_digits=7, decimal_places=3)
    income_decile = models.PositiveSmallIntegerField()
    education_decile = models.PositiveSmallIntegerField()
    health_decile = models.PositiveSmallIntegerField()
    authority_code = models.CharField(
        max_length=9,
        blank=True,
        default="",
        db_default="",
        help_text="GSS code of the local authority that it lies in, where the file says so.",
    )

    class Meta:
        indexes = [models.Index(fields=["authority_code", "year"], name="small_areas_of_an_authority")]
        constraints = [
            models.UniqueConstraint(fields=["code", "year"], name="one_small_area_score_a_year"),
            models.CheckConstraint(name="decile_1_to_10", condition=models.Q(decile__range=(1, 10))),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.year}"
