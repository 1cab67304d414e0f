import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from partnerships.models.activities import Activity
from partnerships.models.base import TenantRecord
from partnerships.models.commitments import Commitment


@pghistory.track()
class Comment(TenantRecord):
    """What somebody said about an activity or a commitment, until it is resolved."""

    activity = models.ForeignKey(
        Activity, on_delete=models.CASCADE, null=True, blank=True, related_name="comments"
    )
    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, null=True, blank=True, related_name="comments"
    )
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="comment_is_about_one_record",
                condition=Q(activity__isnull=True, commitment__isnull=False)
                | Q(activity__isnull=False, commitment__isnull=True),
            ),
            models.CheckConstraint(name="comment_text_given", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Mention(TenantRecord):
    """Somebody named in a comment, and when they were told."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentions")
    seen_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True, help_text="When the mail was sent.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "person"], name="a_mention_once_a_comment")]

    def __str__(self) -> str:
        return f"{self.person} in comment {self.comment_id}"
