"""Review of what was logged, where a partnership wants it: submitted, sent back with a comment, accepted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from partnerships.errors import DomainError, EditConflict
from partnerships.models import Activity, NoticeKind, Partnership, ReviewNote, ReviewStatus, Visibility
from partnerships.queries.activities import is_author, visible
from partnerships.tasks.telling import short, tell

LONGEST_COMMENT = 2_000
CHANGED_AFTER = "Changed after it was accepted."
TAKEN_BACK = "Taken back."


@transaction.atomic
def set_review(*, partnership: Partnership, wanted: bool, by: Any) -> Partnership:
    """Say whether the partnership wants what is logged to be looked at. What was accepted stays accepted."""
    if partnership.reviews_activities != wanted:
        Partnership.objects.filter(pk=partnership.pk).update(
            reviews_activities=wanted, updated_at=timezone.now()
        )
        partnership.refresh_from_db()
    return partnership


@transaction.atomic
def submit(*, activity: Activity, by: Any, at: datetime | None = None) -> Activity:
    """Ask for an activity to be looked at. Asking twice changes nothing. `at` is for what was done elsewhere and earlier."""
    current = _locked(activity, by)
    if not current.partnership.reviews_activities:
        raise DomainError("Activities are not reviewed in this partnership.")
    if not is_author(current, by):
        raise DomainError("Only its authors can submit it.")
    if not current.is_complete:
        raise DomainError("Finish it first: it was saved to be finished later.")
    if current.visibility == Visibility.AUTHORS:
        raise DomainError("Only its authors can see it. Change who can see it, then submit it.")
    if current.review in (ReviewStatus.SUBMITTED, ReviewStatus.ACCEPTED):
        return current
    return _step(current, ReviewStatus.SUBMITTED, by, at=at)


@transaction.atomic
def take_back(*, activity: Activity, by: Any) -> Activity:
    """Its authors may take back what nobody has looked at yet."""
    current = _locked(activity, by)
    if not is_author(current, by):
        raise DomainError("Only its authors can take it back.")
    if current.review != ReviewStatus.SUBMITTED:
        raise DomainError("It is not waiting to be reviewed.")
    return _step(current, ReviewStatus.NONE, by, TAKEN_BACK)


@transaction.atomic
def accept(
    *, activity: Activity, expected_version: int, by: Any, comment: str = "", at: datetime | None = None
) -> Activity:
    """Accept what was submitted, as it was read. Raises EditConflict when it was changed since."""
    return _judge(activity, expected_version, ReviewStatus.ACCEPTED, by, comment, at)


@transaction.atomic
def send_back(
    *, activity: Activity, expected_version: int, by: Any, comment: str, at: datetime | None = None
) -> Activity:
    """Send it back to its authors, saying what it lacks. Raises EditConflict when it was changed since it was read."""
    if not comment.strip():
        raise DomainError("Say what it lacks, so that its authors know what to do.", field="comment")
    return _judge(activity, expected_version, ReviewStatus.SENT_BACK, by, comment, at)


def withdraw(*, activity: Activity, by: Any) -> None:
    """What was accepted and then changed is no longer accepted; called by the edit, inside its transaction."""
    accepted = Activity.objects.filter(pk=activity.pk, review=ReviewStatus.ACCEPTED)
    if accepted.update(review=ReviewStatus.NONE):
        activity.review = ReviewStatus.NONE
        _note(activity, ReviewStatus.NONE, by, CHANGED_AFTER)


def _judge(
    activity: Activity, version: int, step: ReviewStatus, by: Any, comment: str, at: datetime | None
) -> Activity:
    current = _locked(activity, by)
    if is_author(current, by):
        raise DomainError("You wrote this yourself. Somebody else has to review it.")
    if current.review == step:  # A second press of the same button.
        return current
    if current.review != ReviewStatus.SUBMITTED:
        raise DomainError("It is not waiting to be reviewed any more.")
    if current.version != version:
        raise EditConflict(
            "Its authors changed it while you were reading. Read it as it is now, then decide.",
            current_version=current.version,
        )
    if len(comment) > LONGEST_COMMENT or "\x00" in comment:
        raise DomainError(f"The comment must be {LONGEST_COMMENT:,} characters or fewer.", field="comment")
    _step(current, step, by, comment.strip(), at)
    _tell(current, step, by)
    return current


def _tell(activity: Activity, step: ReviewStatus, by: Any) -> None:
    """Its authors: what was sent back waits for them."""
    title = short(activity.title)
    tell(
        partnership=activity.partnership,
        kind=NoticeKind.REVIEW,
        occasion=f"activity {activity.pk} {step} {activity.updated_at:%Y-%m-%dT%H:%M:%S.%f}",
        sentence=f"Accepted: “{title}”"
        if step == ReviewStatus.ACCEPTED
        else f"Sent back, because it lacks something: “{title}”",
        path=reverse("activity-detail", args=[activity.partnership.slug, activity.pk]),
        people=[activity.created_by_id, *activity.authors.values_list("pk", flat=True)],
        activity=activity,
        by=by,
        at=activity.updated_at,
    )


def _locked(activity: Activity, by: Any) -> Activity:
    """The activity as it is now, so that of two people who decide at once the second sees what the first did."""
    seen = visible(activity.partnership, by).select_related("partnership", "board")
    current = seen.select_for_update(of=["self"], no_key=True).filter(pk=activity.pk).first()
    if current is None:
        raise DomainError("There is no such activity here.")
    return current


def _step(
    activity: Activity, step: ReviewStatus, by: Any, comment: str = "", at: datetime | None = None
) -> Activity:
    activity.review, activity.updated_at = step, at or timezone.now()
    Activity.objects.filter(pk=activity.pk).update(review=step, updated_at=activity.updated_at)
    _note(activity, step, by, comment, activity.updated_at)
    return activity


def _note(
    activity: Activity, step: ReviewStatus, by: Any, comment: str, at: datetime | None = None
) -> ReviewNote:
    return ReviewNote.objects.create(
        partnership_id=activity.partnership_id,
        activity=activity,
        step=step,
        comment=comment,
        by=by,
        at=at or timezone.now(),
    )
