import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from partnerships.models.activities import Activity
from partnerships.models.base import TenantRecord
from partnerships.models.meetings import AgendaItem, Meeting
from partnerships.models.partnerships import Agreement
from partnerships.models.programmes import Programme

PARENTS = ("meeting", "activity", "programme", "agreement")


def only(parent: str) -> Q:
    return Q(**{f"{name}__isnull": name != parent for name in PARENTS})


@pghistory.track(exclude=["file"])
class Document(TenantRecord):
    """A file that somebody attached: a board paper, a photo of a visit, a signed agreement.

    It belongs to one record, and whoever may read that record may read the file.
    """

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="documents"
    )
    title = models.CharField(max_length=200)
    file = models.FileField(upload_to="documents/%Y/%m/")
    file_name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="In bytes.")
    sha256 = models.CharField(max_length=64)
    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, null=True, blank=True, related_name="papers"
    )
    agenda_item = models.ForeignKey(
        AgendaItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="papers"
    )
    activity = models.ForeignKey(
        Activity, on_delete=models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, null=True, blank=True, related_name="documents"
    )
    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, null=True, blank=True, related_name="documents"
    )
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["uploaded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="document_belongs_to_one_record",
                condition=only("meeting") | only("activity") | only("programme") | only("agreement"),
            ),
            models.CheckConstraint(
                name="document_item_of_a_meeting",
                condition=Q(agenda_item__isnull=True) | Q(meeting__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title
