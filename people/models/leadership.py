import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q

from partnerships.models import BoardLevel, Editable, Organisation, Partnership, Programme, TenantRecord
from partnerships.models.boards import DateRange


@pghistory.track()
class LeadershipElement(TenantRecord, Editable):
    """A part of the work that somebody leads, such as training of champions or the link to schools."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="leadership")
    name = models.CharField(max_length=150)
    description = models.TextField("what belongs to it", blank=True)
    level = models.CharField(max_length=20, choices=BoardLevel)
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="leadership"
    )
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "name"], condition=Q(ended_on__isnull=True), name="element_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Authority(models.TextChoices):
    DECIDES = "decides", "Decides alone"
    TOGETHER = "together", "Decides together with others"
    PROPOSES = "proposes", "Proposes, others decide"
    NONE = "none", "Carries out what others decide"


@pghistory.track()
class Leading(TenantRecord, Editable):
    """Who leads an element from a day to a day: owner, who is accountable, what they may decide, from whom they took over."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="leadings")
    element = models.ForeignKey(LeadershipElement, on_delete=models.CASCADE, related_name="leadings")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="leading")
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="for which organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    accountable = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    authority = models.CharField("may decide", max_length=10, choices=Authority)
    successor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="who could take over",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    note = models.TextField("how it was handed over", blank=True)

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="leading_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="somebody_else_takes_over",
                condition=Q(successor__isnull=True) | ~Q(successor=F("owner")),
            ),
            ExclusionConstraint(
                name="one_leads_an_element",
                expressions=[
                    ("element", RangeOperators.EQUAL),
                    (
                        DateRange(
                            "starts_on", "ends_on", RangeBoundary(inclusive_lower=True, inclusive_upper=True)
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner}: {self.element}"
