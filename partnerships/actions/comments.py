"""What people say about an activity or a commitment, whom they name in it, and when it is settled."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import pgtrigger
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from partnerships.actions.notices import mark_read_about
from partnerships.errors import DomainError
from partnerships.models import Activity, Comment, Commitment, Mention, NoticeKind
from partnerships.queries.comments import people_who_may_read
from partnerships.tasks.mentions import tell_mentioned
from partnerships.tasks.telling import short, tell, untell

LONGEST = 5_000
MOST_NAMED = 20
# How long one may take one's own words back.
A_WHILE = timedelta(hours=1)
REMOVED = "A manager removed this comment."
TOLD_WITHIN = timedelta(days=2)


@transaction.atomic
def write_comment(
    *,
    about: Activity | Commitment,
    text: str,
    by: Any,
    mentions: Collection[Any] = (),
    written_at: datetime | None = None,
) -> Comment:
    """Say something about a record and tell those who are named. Answering is proof of having read: what named `by` here
    is seen.

    Raises DomainError for empty or too long text, and for naming somebody who may not read the record.
    """
    text = text.replace("\r\n", "\n").strip()
    if not text or "\x00" in text:
        raise DomainError("Write a comment.", field="text")
    if len(text) > LONGEST:
        raise DomainError(
            f"The comment must be {LONGEST:,} characters or fewer. It has {len(text):,}.", field="text"
        )
    named = {person.pk: person for person in mentions if person.pk != by.pk}
    if len(named) > MOST_NAMED:
        raise DomainError(f"Name {MOST_NAMED} people at most.", field="mentions")
    readers = people_who_may_read(about)
    if not readers.filter(pk=by.pk).exists():
        raise DomainError("You cannot see this record any more.")
    if readers.filter(pk__in=named).count() < len(named):
        raise DomainError(
            "One of the people you named cannot see this, so they are not told.", field="mentions"
        )
    comment = Comment.objects.create(
        partnership_id=about.partnership_id,
        **{_word(about): about},
        text=text,
        author=by,
        written_at=written_at or timezone.now(),
    )
    made = Mention.objects.bulk_create(
        Mention(partnership_id=about.partnership_id, comment=comment, person=person)
        for person in named.values()
    )
    mark_seen(about=about, by=by)
    _tell(comment, about, named=list(named), by=by)
    for mention in made:
        transaction.on_commit(lambda pk=mention.pk: tell_mentioned.delay(pk), robust=True)
    return comment


def _tell(comment: Comment, about: Activity | Commitment, *, named: list[int], by: Any) -> None:
    """Those who are named, and those whose record it is."""
    if isinstance(about, Activity):
        whose = {about.created_by_id, *about.authors.values_list("pk", flat=True)}
        title, activity = short(about.title), about
    else:
        whose = {about.owner_id, about.accountable_id}
        title, activity = short(about.what), None
    said = {
        "partnership": about.partnership,
        "path": comments_path(about),
        "activity": activity,
        "by": by,
        "at": comment.written_at,
    }
    tell(
        **said,
        kind=NoticeKind.MENTION,
        occasion=f"comment {comment.pk} mention",
        sentence=f"You are named in a comment on “{title}”",
        people=named,
    )
    whats = "what you logged" if activity else "what you promised or answer for"
    tell(
        **said,
        kind=NoticeKind.DISCUSSION,
        occasion=f"comment {comment.pk}",
        sentence=f"New comment on {whats}: “{title}”",
        people=whose - set(named),
    )


def comments_path(about: Activity | Commitment) -> str:
    slug = about.partnership.slug
    return f"{reverse(f'{_word(about)}-detail', args=[slug, about.pk])}#comments"


@transaction.atomic
def mark_seen(*, about: Activity | Commitment, by: Any) -> int:
    """This person has read where they are named about this record."""
    mark_read_about(partnership_id=about.partnership_id, person=by, path=comments_path(about))
    mine = Mention.objects.filter(person=by, seen_at=None, **{f"comment__{_word(about)}": about})
    return mine.update(seen_at=timezone.now())


@transaction.atomic
def resolve_comment(*, comment: Comment, by: Any) -> Comment:
    """Say that a comment is settled. Saying it twice changes nothing."""
    current = Comment.objects.select_for_update().get(pk=comment.pk)
    if current.resolved_at is None:
        current.resolved_at, current.resolved_by = timezone.now(), by
        current.save(update_fields=["resolved_at", "resolved_by"])
    return current


@transaction.atomic
def reopen_comment(*, comment: Comment, by: Any) -> Comment:
    current = Comment.objects.select_for_update().get(pk=comment.pk)
    if current.resolved_at is not None:
        current.resolved_at = current.resolved_by = None
        current.save(update_fields=["resolved_at", "resolved_by"])
    return current


@transaction.atomic
def delete_comment(*, comment: Comment, by: Any) -> None:
    """Take back one's own words while they are fresh, with what history kept of them. What is gone already is no error."""
    current = Comment.objects.select_for_update().filter(pk=comment.pk).first()
    if current is None:
        return
    if current.author_id != by.pk:
        raise DomainError("Only the person who wrote a comment can delete it.")
    if timezone.now() - current.written_at > A_WHILE:
        raise DomainError("A comment can be deleted for an hour. Answer it, or ask a manager to remove it.")
    current.delete()
    untell(partnership_id=current.partnership_id, about=f"comment {comment.pk}")
    _forget(comment.pk)


@transaction.atomic
def redact_comment(*, comment: Comment, by: Any) -> Comment:
    """Take out what should never have been written, such as a resident's name. That somebody commented stays visible."""
    current = Comment.objects.select_for_update().get(pk=comment.pk)
    if current.text != REMOVED:
        current.text = REMOVED
        current.save(update_fields=["text"])
        _forget(current.pk)
    return current


def tell_waiting() -> None:
    """Send what could not be sent, as when the mail server was down; after two days the home page has to do."""
    since = timezone.now() - TOLD_WITHIN
    waiting = Mention.objects.filter(told_at=None, seen_at=None, comment__written_at__gte=since)
    for pk in waiting.values_list("pk", flat=True)[:200]:
        tell_mentioned.delay(pk)


def _forget(pk: int) -> None:
    """History is only ever added to, but for this: a name that should not have been written is not kept in it either."""
    events = Comment.pgh_event_model
    with pgtrigger.ignore(f"{events._meta.label}:append_only"):
        events.objects.filter(pgh_obj_id=pk).exclude(text=REMOVED).update(text=REMOVED)


def _word(about: Activity | Commitment) -> str:
    return type(about).__name__.lower()
