"""What every record of a partnership has in common."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class TenantRecord(models.Model):
    """A record that belongs to one partnership, and to nobody outside it."""

    partnership = models.ForeignKey("partnerships.Partnership", on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class Editable(models.Model):
    """A record that people edit: who made it, when it last changed, and the version an edit starts from."""

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        abstract = True
