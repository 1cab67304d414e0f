"""Telling people something, once each, on their page; whether a mail goes out too is theirs to choose."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import Truncator

from partnerships.models import Activity, Board, Notice, NoticeKind, Partnership
from partnerships.queries.notices import MAILED_WITHIN, WITH_OWN_LETTER, readers
from partnerships.tasks.notices import send_notices

LONGEST = Notice._meta.get_field("sentence").max_length


def tell(
    *,
    partnership: Partnership,
    kind: NoticeKind,
    occasion: str,
    sentence: str,
    path: str,
    people: Iterable[int | None],
    by: Any = None,
    board: Board | None = None,
    activity: Activity | None = None,
    at: datetime | None = None,
) -> None:
    """Put one notice on the page of each of these people who may read it, except `by`, who did it. Told twice, it stands once.

    `occasion` is what makes it one thing; it begins with a word and a key, such as "meeting 12", by which `untell` finds it.
    The sentence names records and no people: names change, and can ask to be forgotten. What happened weeks ago is no news.
    """
    at = at or timezone.now()
    wanted = {pk for pk in people if pk is not None} - {getattr(by, "pk", None)}
    if not wanted or at < timezone.now() - MAILED_WITHIN:
        return
    may_read = readers(partnership, board=board, activity=activity).filter(pk__in=wanted)
    made = [
        Notice(
            partnership_id=partnership.pk,
            person_id=person,
            kind=kind,
            occasion=occasion,
            sentence=Truncator(" ".join(sentence.split())).chars(LONGEST),
            path=path,
            board=board,
            activity=activity,
            happened_at=at,
        )
        for person in may_read.order_by("pk").values_list("pk", flat=True)
    ]
    Notice.objects.bulk_create(made, ignore_conflicts=True)
    if made and kind not in WITH_OWN_LETTER:
        transaction.on_commit(lambda: send_notices.delay(partnership.pk, occasion), robust=True)


def untell(*, partnership_id: int, about: str, but: Iterable[int | None] = ()) -> None:
    """Take back every notice about something that is gone or that fewer may read now, such as "comment 12"."""
    found = Notice.objects.filter(Q(occasion=about) | Q(occasion__startswith=f"{about} "))
    found.filter(partnership=partnership_id).exclude(person__in=[pk for pk in but if pk is not None]).delete()


def short(text: str, longest: int = 120) -> str:
    """A title as a sentence quotes it."""
    return Truncator(" ".join(text.split())).chars(longest)
