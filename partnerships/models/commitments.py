import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from partnerships.models.activities import Activity
from partnerships.models.base import Editable, TenantRecord
from partnerships.models.boards import Board
from partnerships.models.meetings import AgendaItem, Decision, Meeting
from partnerships.models.organisations import Organisation
from partnerships.models.programmes import Programme


class CommitmentStatus(models.TextChoices):
    OPEN = "open", "Open"
    KEPT = "kept", "Kept"
    CHANGED = "changed", "Changed"
    LET_GO = "let_go", "Let go"


class Verdict(models.TextChoices):
    ADEQUATE = "adequate", "It was adequate"
    NOT_ADEQUATE = "not_adequate", "It was not adequate"


@pghistory.track()
class Commitment(TenantRecord, Editable):
    """Something that somebody promised to do. It may begin without an owner, and is then first on everybody's page."""

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="commitments"
    )
    what = models.CharField(max_length=300)
    detail = models.TextField(blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="commitments"
    )
    owner_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    accountable = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    enabler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="who can make it happen",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    due_on = models.DateField("due", null=True, blank=True)
    board = models.ForeignKey(
        Board, on_delete=models.PROTECT, null=True, blank=True, related_name="commitments"
    )
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="commitments"
    )
    agenda_item = models.ForeignKey(
        AgendaItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="commitments"
    )
    decision = models.ForeignKey(
        Decision, on_delete=models.SET_NULL, null=True, blank=True, related_name="commitments"
    )
    activity = models.ForeignKey(
        Activity,
        verbose_name="activity it came from",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments_made",
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="commitments"
    )
    status = models.CharField(max_length=8, choices=CommitmentStatus, default=CommitmentStatus.OPEN)
    closed_on = models.DateField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField("what was done, or why", blank=True)
    changed_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="changed_from"
    )
    verdict = models.CharField(max_length=12, choices=Verdict, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    verified_on = models.DateField(null=True, blank=True)
    verification = models.TextField("what the verifier saw", blank=True)

    class Meta:
        ordering = [F("due_on").asc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(name="commitment_what_given", condition=~Q(what="")),
            models.CheckConstraint(
                name="commitment_closed_with_a_day",
                condition=Q(status="open", closed_on__isnull=True, closed_by__isnull=True)
                | (~Q(status="open") & Q(closed_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="commitment_let_go_with_a_reason",
                condition=~Q(status__in=["changed", "let_go"]) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="commitment_verified_when_closed",
                condition=Q(verdict="", verified_by__isnull=True, verified_on__isnull=True)
                | (
                    ~Q(verdict="")
                    & ~Q(status="open")
                    & Q(verified_by__isnull=False, verified_on__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="commitment_verified_by_another",
                condition=Q(verified_by__isnull=True)
                | (
                    (Q(owner__isnull=True) | ~Q(verified_by=F("owner")))
                    & (Q(closed_by__isnull=True) | ~Q(verified_by=F("closed_by")))
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["partnership", "due_on"], condition=Q(status="open"), name="commitment_open_by_due"
            ),
            models.Index(
                fields=["partnership", "owner"], condition=Q(status="open"), name="commitment_open_by_owner"
            ),
        ]

    def __str__(self) -> str:
        return self.what


class ReminderKind(models.TextChoices):
    BEFORE = "before", "Soon due"
    AFTER = "after", "Overdue"


class CommitmentReminder(TenantRecord):
    """A mail about a commitment that was sent, or is being sent: once a person, a kind, a number and a due date.

    Overdue ones are mailed more than once, which is what `number` counts.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="reminders")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=ReminderKind)
    number = models.PositiveSmallIntegerField(default=1)
    due_on = models.DateField()
    asked_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "person", "kind", "number", "due_on"],
                name="one_reminder_a_number_a_due_date",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.commitment}"
