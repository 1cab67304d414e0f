import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from partnerships.models import (
    Activity,
    Decision,
    Editable,
    Organisation,
    Partnership,
    Programme,
    TenantRecord,
)
from people.models.influence import Evidence, Message


@pghistory.track()
class Course(TenantRecord, Editable):
    """Training or a leadership programme that people of the partnership take part in."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="courses")
    name = models.CharField(max_length=150)
    purpose = models.TextField("what it is for", blank=True)
    provider = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="courses"
    )

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["partnership", "name"], name="course_name_once")]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Cohort(TenantRecord, Editable):
    """One run of a course."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="cohorts")
    name = models.CharField(max_length=100)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["course", "name"], name="cohort_name_once"),
            models.CheckConstraint(
                name="cohort_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course}, {self.name}"


class Attended(models.TextChoices):
    PLACED = "placed", "Has a place"
    COMPLETED = "completed", "Completed it"
    PARTLY = "partly", "Took part in some of it"
    LEFT = "left", "Did not take it up"


@pghistory.track()
class CohortPlace(TenantRecord, Editable):
    """A person's place in a cohort, and whether they became a champion."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="places")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cohort_places"
    )
    attended = models.CharField(max_length=10, choices=Attended, default=Attended.PLACED)
    champion_since = models.DateField(null=True, blank=True)
    champion_of = models.CharField(
        max_length=150, blank=True, help_text="Such as: inclusive sport at the leisure centre."
    )

    class Meta:
        ordering = ["person__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["cohort", "person"], name="a_place_once_a_cohort")]

    def __str__(self) -> str:
        return f"{self.person} in {self.cohort}"


@pghistory.track()
class Influenced(TenantRecord, Editable):
    """What somebody then set in motion: training as such is no outcome."""

    place = models.ForeignKey(CohortPlace, on_delete=models.CASCADE, related_name="influenced")
    what = models.CharField(max_length=300)
    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, null=True, blank=True, related_name="influenced_by"
    )
    message = models.ForeignKey(
        Message, on_delete=models.PROTECT, null=True, blank=True, related_name="influenced_by"
    )
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="influenced_by"
    )
    happened_on = models.DateField()
    evidence = models.CharField(max_length=10, choices=Evidence, default=Evidence.UNTESTED)
    evidence_note = models.TextField("what shows it", blank=True)

    class Meta:
        ordering = ["-happened_on", "-pk"]
        verbose_name_plural = "influenced"
        constraints = [models.CheckConstraint(name="influenced_said", condition=~Q(what=""))]

    def __str__(self) -> str:
        return self.what
