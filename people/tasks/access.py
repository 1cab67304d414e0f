"""Makes the copies of what is held about people."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from people.models import AccessExport
from people.queries.access import everything_about
from people.renderers.access import archive_of

KEPT = timedelta(days=7)


@shared_task(name="people.tasks.make_access_export")
def make_access_export(export_id: int) -> None:
    """Make the copy if it is not there yet. Run twice, it is made once."""
    with transaction.atomic():
        export = (
            AccessExport.objects.select_for_update(of=["self"])
            .select_related("person")
            .filter(pk=export_id, made_at__isnull=True, deleted_at__isnull=True)
            .first()
        )
        if export is None:
            return
        now = timezone.now()
        content = archive_of(everything_about(export.person), now)
        export.content, export.size = content, len(content)
        export.made_at, export.expires_at = now, now + KEPT
        export.save(update_fields=["content", "size", "made_at", "expires_at"])
