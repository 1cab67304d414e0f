"""What was said of a measure: by point, and as a discussion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from outcomes.models import Measure, Remark
from partnerships.models import Partnership, Place


@dataclass(frozen=True, slots=True)
class Said:
    """One remark with the answers to it, oldest first. Of one that was taken back only that it was there is left."""

    pk: int
    text: str
    author: str
    author_id: int
    written_at: datetime
    is_withdrawn: bool
    period_end: date | None
    period_label: str
    group: str
    replies: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Remarks:
    """`pinned` by period, oldest period first; `discussion` oldest first."""

    pinned: tuple[Said, ...]
    discussion: tuple[Said, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.pinned or self.discussion)


def remarks_on(measure: Measure, place: Place, *, as_of: datetime) -> Remarks:
    """What had been said by then of a measure as a whole, and of its points in a place: one query.

    What was taken back since then is not shown for an earlier day either.
    """
    rows = list(
        Remark.objects.filter(
            Q(place=place) | Q(place__isnull=True), measure=measure, written_at__lte=as_of
        ).select_related("author", "group")
    )
    answers: dict[int, list[Said]] = {}
    for row in rows:
        if row.reply_to_id:
            answers.setdefault(row.reply_to_id, []).append(_said(row))
    firsts = [(row, _said(row, tuple(answers.get(row.pk, ())))) for row in rows if not row.reply_to_id]
    pinned = [said for row, said in firsts if row.period_end]
    return Remarks(
        tuple(sorted(pinned, key=lambda said: said.period_end or date.min)),
        tuple(said for row, said in firsts if not row.period_end),
    )


def remarks_in(partnership: Partnership) -> QuerySet[Remark]:
    return Remark.objects.filter(partnership=partnership).select_related("measure", "author", "reply_to")


def _said(row: Remark, replies: tuple[Said, ...] = ()) -> Said:
    return Said(
        row.pk,
        row.text,
        row.author.name,
        row.author_id,
        row.written_at,
        row.withdrawn_at is not None,
        row.period_end,
        row.period_label,
        row.group.name if row.group else "",
        replies,
    )
