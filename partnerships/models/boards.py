import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from partnerships.models.base import Editable, TenantRecord
from partnerships.models.organisations import Organisation
from partnerships.models.places import Place


class BoardLevel(models.TextChoices):
    HYPER_LOCAL = "hyper_local", "Hyper-local"
    OPERATIONAL = "operational", "Operational"
    STEERING = "steering", "Steering"
    STRATEGIC = "strategic", "Strategic"
    REGIONAL = "regional", "Regional"


@pghistory.track()
class Board(TenantRecord, Editable):
    """A board, forum or group that meets: from a residents' forum to a strategic board."""

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="boards"
    )
    name = models.CharField(max_length=200)
    level = models.CharField(max_length=20, choices=BoardLevel)
    purpose = models.TextField(blank=True)
    meets = models.CharField(
        max_length=100, blank=True, help_text="How often it meets, such as every six weeks."
    )
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    host = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reports_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reporting"
    )
    also_reports_to = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="also_reporting"
    )
    terms = models.TextField(
        "terms of reference", blank=True, help_text="What it may decide, who sits on it, how it decides."
    )
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["partnership", "name"], name="board_name_once")]

    def __str__(self) -> str:
        return self.name


class SeatKind(models.TextChoices):
    CHAIR = "chair", "Chair"
    VICE_CHAIR = "vice_chair", "Vice-chair"
    MEMBER = "member", "Member"
    REPRESENTED = "represented", "Represented"
    IN_ATTENDANCE = "in_attendance", "In attendance"
    OBSERVER = "observer", "Observer"


class DateRange(Func):
    function = "DATERANGE"
    output_field = models.Field()


@pghistory.track()
class Seat(TenantRecord, Editable):
    """A person's place on a board, from a day to a day. The same person never holds two seats on one board at once."""

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="seats"
    )
    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="seats")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=20, choices=SeatKind, default=SeatKind.MEMBER)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="seat_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            ExclusionConstraint(
                name="one_seat_a_person_a_board",
                expressions=[
                    ("board", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    (
                        DateRange(
                            "starts_on", "ends_on", RangeBoundary(inclusive_lower=True, inclusive_upper=True)
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes = [models.Index(fields=["person", "board"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.board}"


@pghistory.track()
class Vacancy(TenantRecord, Editable):
    """A seat that nobody holds, so that everybody sees that it is empty."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="vacancies")
    kind = models.CharField(max_length=20, choices=SeatKind, default=SeatKind.MEMBER)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField("who is looked for", max_length=200, blank=True)
    since = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    filled_by = models.OneToOneField(
        Seat, on_delete=models.SET_NULL, null=True, blank=True, related_name="filled_vacancy"
    )

    class Meta:
        ordering = ["since", "pk"]
        verbose_name_plural = "vacancies"
        constraints = [
            models.CheckConstraint(
                name="vacancy_closes_after_it_opens",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("since")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.board}: vacant"
