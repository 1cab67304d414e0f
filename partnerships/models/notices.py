"""What a person is told, how often they want to be told it by mail, and when they last looked."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from partnerships.models.activities import Activity
from partnerships.models.base import TenantRecord
from partnerships.models.boards import Board


class NoticeKind(models.TextChoices):
    MENTION = "mention", "Somebody names you in a comment"
    COMMITMENT = "commitment", "What you promised falls due or is overdue"
    RETURN = "return", "Figures are asked of you, or sent back"
    MEETING = "meeting", "Agendas, papers and minutes of your boards"
    VOICE = "voice", "What people said, and the answers to it"
    REVIEW = "review", "Decisions about what you logged"
    DISCUSSION = "discussion", "Comments on what you wrote or look after"
    MEASURE = "measure", "Figures of measures that you look after"
    REPORT = "report", "Reports that are ready"
    AGREEMENT = "agreement", "Agreements to renew"


class MailFrequency(models.TextChoices):
    AT_ONCE = "at_once", "At once"
    DAILY = "daily", "Once a day"
    WEEKLY = "weekly", "Once a week"
    NEVER = "never", "Never by email"


class NotificationChoice(TenantRecord):
    """How often a person wants mail about one kind of thing. Without a row the kind's usual frequency holds."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_choices"
    )
    kind = models.CharField(max_length=12, choices=NoticeKind)
    frequency = models.CharField(max_length=8, choices=MailFrequency)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "person", "kind"], name="a_notification_choice_once_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_frequency_display()}"


class Digest(models.Model):
    """A mail with everything that a person wanted once a day or once a week, across their partnerships: one a day."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests")
    frequency = models.CharField(max_length=8, choices=MailFrequency)
    day = models.DateField()
    asked_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "frequency", "day"], name="one_digest_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.get_frequency_display()} to {self.person_id}, {self.day}"


class Notice(TenantRecord):
    """One thing that a person is told, once. It stands on their page whether or not a mail went out."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=12, choices=NoticeKind)
    occasion = models.CharField(
        max_length=120, help_text="What makes it one thing, such as: commitment 12 overdue since 2026-11-30."
    )
    sentence = models.CharField(max_length=300)
    path = models.CharField(max_length=300, help_text="The page that it leads to.")
    board = models.ForeignKey(
        Board,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whoever holds nothing but a seat reads it while they sit on this board.",
    )
    activity = models.ForeignKey(
        Activity,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="Read only by those who see this activity.",
    )
    happened_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    digest = models.ForeignKey(
        Digest, on_delete=models.SET_NULL, null=True, blank=True, related_name="notices"
    )

    class Meta:
        ordering = ["-happened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "person", "occasion"], name="a_notice_once_an_occasion"
            )
        ]
        indexes = [
            models.Index(fields=["person", "partnership", "-happened_at"], name="notice_latest_first"),
            models.Index(
                fields=["kind", "happened_at"],
                condition=models.Q(mailed_at__isnull=True, seen_at__isnull=True),
                name="notice_not_yet_mailed",
            ),
        ]

    def __str__(self) -> str:
        return self.sentence


class LastLook(TenantRecord):
    """When a person last looked at what changed in a partnership, and the time before."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="last_looks")
    looked_at = models.DateTimeField(default=timezone.now)
    before_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "person"], name="one_last_look_a_partnership")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.looked_at}"
