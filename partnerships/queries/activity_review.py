"""What waits to be reviewed, and what a review said."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from partnerships.models import Activity, Partnership, ReviewNote, ReviewStatus
from partnerships.queries.activities import visible, written_by


def waiting_for_review(partnership: Partnership, person: Any) -> QuerySet[Activity]:
    """What others submitted and this person may see, the longest waiting first. Who may decide is a permission's matter."""
    submitted = ReviewNote.objects.filter(activity=OuterRef("pk"), step=ReviewStatus.SUBMITTED)
    return (
        visible(partnership, person)
        .filter(review=ReviewStatus.SUBMITTED)
        .exclude(written_by(person))
        .annotate(submitted_at=Subquery(submitted.order_by("-at").values("at")[:1]))
        .order_by("submitted_at", "pk")
    )


def sent_back(partnership: Partnership, person: Any) -> QuerySet[Activity]:
    """What this person wrote and a reviewer sent back."""
    return visible(partnership, person).filter(written_by(person), review=ReviewStatus.SENT_BACK)


def review_of(activity: Activity) -> list[ReviewNote]:
    """Every step of its review, the newest first."""
    return list(activity.review_notes.select_related("by").order_by("-at", "-pk"))
