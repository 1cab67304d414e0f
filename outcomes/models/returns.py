import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from outcomes.models.measures import Measure
from outcomes.models.observations import Group, Marker
from partnerships.models import (
    Editable,
    Organisation,
    Partnership,
    Place,
    Programme,
    ProgrammePeriod,
    TenantRecord,
)


class ReturnStatus(models.TextChoices):
    OWED = "owed", "Not sent yet"
    SUBMITTED = "submitted", "Sent, waiting to be accepted"
    SENT_BACK = "sent_back", "Sent back"
    ACCEPTED = "accepted", "Accepted"
    NOT_NEEDED = "not_needed", "Not needed after all"


@pghistory.track()
class Return(TenantRecord, Editable):
    """What one partner owes a programme for one period: figures, and words about what got in the way.

    It is filled in, sent, sent back or accepted. An accepted return is locked; its figures are then observations.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="returns")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="returns")
    period = models.ForeignKey(ProgrammePeriod, on_delete=models.PROTECT, related_name="returns")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, related_name="+", help_text="The place that its figures are about."
    )
    status = models.CharField(max_length=10, choices=ReturnStatus, default=ReturnStatus.OWED)
    due_on = models.DateField()
    got_in_the_way = models.TextField("what got in the way", blank=True)
    way_forward = models.TextField("the way forward", blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "organisation__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "period", "organisation", "place"], name="one_return_a_partner_a_period"
            ),
            models.CheckConstraint(
                name="return_sent_has_a_sender",
                condition=Q(status__in=["owed", "not_needed"])
                | Q(submitted_by__isnull=False, submitted_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["partnership", "due_on"],
                condition=Q(status__in=["owed", "sent_back"]),
                name="return_still_owed",
            )
        ]

    def __str__(self) -> str:
        return f"{self.programme}, {self.period}: {self.organisation}"


@pghistory.track()
class ReturnCell(TenantRecord):
    """One figure of a return: a measure, for everybody or for one group. A cell nobody filled in has no row."""

    returned_in = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="cells")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    value = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    numerator = models.DecimalField(max_digits=18, decimal_places=3, null=True, blank=True)
    denominator = models.DecimalField(max_digits=18, decimal_places=3, null=True, blank=True)
    marker = models.CharField(max_length=4, choices=Marker, blank=True)
    explanation = models.CharField(
        max_length=500, blank=True, help_text="Why it is right although it looks odd."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["returned_in", "measure", "group"], nulls_distinct=False, name="a_cell_once_a_return"
            ),
            models.CheckConstraint(
                name="cell_has_a_figure_or_a_marker",
                condition=Q(marker="", value__isnull=False)
                | Q(marker="", numerator__isnull=False, denominator__isnull=False)
                | (~Q(marker="") & Q(value__isnull=True, numerator__isnull=True, denominator__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}: {self.value}"


@pghistory.track()
class ReturnQuestion(TenantRecord):
    """Something that a programme asks in words with its figures, such as what parents said."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="questions")
    text = models.CharField(max_length=200)
    hint = models.CharField(max_length=300, blank=True)
    is_annual = models.BooleanField(default=False, help_text="Asked once a year only.")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text


@pghistory.track()
class ReturnAnswer(TenantRecord):
    """What a partner answered to a question."""

    returned_in = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(ReturnQuestion, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["returned_in", "question"], name="an_answer_once_a_question")
        ]

    def __str__(self) -> str:
        return self.text[:80]


class ReturnStep(TenantRecord):
    """One step of a return's way: sent, sent back with feedback, accepted, opened again with a reason."""

    returned_in = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="steps")
    status = models.CharField(max_length=10, choices=ReturnStatus)
    comment = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="return_sent_back_with_a_comment", condition=~Q(status="sent_back") | ~Q(comment="")
            )
        ]

    def __str__(self) -> str:
        return self.get_status_display()


class ReturnMailKind(models.TextChoices):
    OPEN = "open", "Asked for"
    DUE = "due", "Soon due"
    OVERDUE = "overdue", "Overdue"
    SENT_BACK = "sent_back", "Sent back"


class ReturnMail(TenantRecord):
    """A mail about a return: once a person, a kind and an occasion."""

    returned_in = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="mails")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=ReturnMailKind)
    occasion = models.CharField(max_length=40, help_text="The due date, or the step that it tells of.")
    asked_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["returned_in", "person", "kind", "occasion"], name="one_mail_an_occasion"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.returned_in_id}"
