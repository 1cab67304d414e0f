import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from partnerships.models.base import Editable, TenantRecord
from partnerships.models.boards import Board
from partnerships.models.organisations import Organisation
from partnerships.models.partnerships import SimpleRule


class MeetingStatus(models.TextChoices):
    PLANNED = "planned", "Planned"
    HELD = "held", "Held"
    CANCELLED = "cancelled", "Cancelled"


@pghistory.track()
class Meeting(TenantRecord, Editable):
    """One meeting of a board: when and where, and afterwards its minutes."""

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="meetings"
    )
    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="meetings")
    held_on = models.DateField("day")
    starts_at = models.TimeField("starts", null=True, blank=True)
    ends_at = models.TimeField("ends", null=True, blank=True)
    title = models.CharField(
        max_length=200, blank=True, help_text="Where it is more than an ordinary meeting."
    )
    where = models.CharField(max_length=200, blank=True)
    link = models.URLField("link to join", blank=True)
    papers_due_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=MeetingStatus, default=MeetingStatus.PLANNED)
    status_reason = models.CharField(max_length=300, blank=True)
    minutes = models.TextField(blank=True)
    minutes_agreed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-held_on", "-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="meeting_ends_after_start",
                condition=Q(ends_at__isnull=True) | Q(starts_at__isnull=False, ends_at__gt=F("starts_at")),
            ),
            models.UniqueConstraint(
                fields=["board", "held_on", "starts_at"],
                condition=~Q(status="cancelled"),
                nulls_distinct=False,
                name="one_meeting_a_board_a_time",
            ),
        ]
        indexes = [models.Index(fields=["partnership", "held_on"], name="meeting_by_day")]

    def __str__(self) -> str:
        return self.title or f"{self.board} meeting"


@pghistory.track()
class StandingItem(TenantRecord, Editable):
    """Something that stands on every agenda of a board, from a day to a day."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="standing_items")
    title = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)
    minutes = models.PositiveSmallIntegerField("how long, in minutes", null=True, blank=True)
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "title"], condition=Q(ends_on__isnull=True), name="standing_item_once"
            ),
            models.CheckConstraint(
                name="standing_item_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ItemPurpose(models.TextChoices):
    INFORMATION = "information", "For information"
    DISCUSSION = "discussion", "For discussion"
    DECISION = "decision", "For decision"


@pghistory.track()
class AgendaItem(TenantRecord, Editable):
    """One item of a meeting's agenda, and what was said about it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    standing_item = models.ForeignKey(
        StandingItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="agenda_items"
    )
    title = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)
    purpose = models.CharField(max_length=12, choices=ItemPurpose, default=ItemPurpose.DISCUSSION)
    minutes = models.PositiveSmallIntegerField("how long, in minutes", null=True, blank=True)
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    needs_paper = models.BooleanField(default=False)
    notes = models.TextField(blank=True, help_text="What was said, for the minutes.")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "standing_item"],
                condition=Q(standing_item__isnull=False),
                name="a_standing_item_once_a_meeting",
            )
        ]

    def __str__(self) -> str:
        return self.title


class AttendanceKind(models.TextChoices):
    PRESENT = "present", "Present"
    REPRESENTED = "represented", "Represented by somebody"
    APOLOGIES = "apologies", "Apologies"
    ABSENT = "absent", "Not present"


@pghistory.track()
class Attendance(TenantRecord):
    """Who was at a meeting. It is for the minutes; nobody is ranked by it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=12, choices=AttendanceKind)
    represented_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="a_person_once_a_meeting")]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_kind_display()}"


class DecisionEffect(models.TextChoices):
    WAITING = "waiting", "Nothing has followed yet"
    UNDER_WAY = "under_way", "Under way"
    DONE = "done", "It was done"
    CHANGED = "changed", "Changed by a later decision"
    DROPPED = "dropped", "Not followed up"


@pghistory.track()
class Decision(TenantRecord, Editable):
    """What a board decided at a meeting, why, by which rule, and what became of it."""

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="decisions"
    )
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions")
    agenda_item = models.ForeignKey(
        AgendaItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="decisions"
    )
    what = models.CharField("decision", max_length=500)
    why = models.TextField(blank=True)
    rule = models.ForeignKey(
        SimpleRule, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    effect = models.CharField(
        "what became of it", max_length=10, choices=DecisionEffect, default=DecisionEffect.WAITING
    )
    effect_note = models.TextField("how we know", blank=True)
    effect_on = models.DateField("looked at on", null=True, blank=True)

    class Meta:
        ordering = ["-meeting__held_on", "pk"]

    def __str__(self) -> str:
        return self.what
