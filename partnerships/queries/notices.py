"""What people are told: who may read which notice, and how often who wants mail about what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from partnerships.models import (
    Activity,
    Board,
    LastLook,
    MailFrequency,
    Notice,
    NoticeKind,
    NotificationChoice,
    Partnership,
    Seat,
    Visibility,
)
from partnerships.queries.activities import current_seats, people_who_see

# What holds for whoever has chosen nothing. What waits for one person comes at once, what is for many is gathered.
USUAL = {
    NoticeKind.MENTION: MailFrequency.AT_ONCE,
    NoticeKind.COMMITMENT: MailFrequency.AT_ONCE,
    NoticeKind.RETURN: MailFrequency.AT_ONCE,
    NoticeKind.REVIEW: MailFrequency.AT_ONCE,
    NoticeKind.REPORT: MailFrequency.AT_ONCE,
    NoticeKind.AGREEMENT: MailFrequency.AT_ONCE,
    NoticeKind.MEETING: MailFrequency.DAILY,
    NoticeKind.VOICE: MailFrequency.DAILY,
    NoticeKind.DISCUSSION: MailFrequency.DAILY,
    NoticeKind.MEASURE: MailFrequency.WEEKLY,
}
# Kinds whose mail at once is a letter of its own, sent where it is written.
WITH_OWN_LETTER = (
    NoticeKind.MENTION,
    NoticeKind.COMMITMENT,
    NoticeKind.RETURN,
    NoticeKind.REPORT,
    NoticeKind.AGREEMENT,
)
KEPT = timedelta(days=365)
# Older than this, something is no news that a mail should bring.
MAILED_WITHIN = timedelta(days=14)
SHOWN = 50


# --- Who may read ------------------------------------------------------------------------------------------------
def readers(
    partnership: Partnership, *, board: Board | None = None, activity: Activity | None = None
) -> QuerySet:
    """Who may read a notice of this partnership today: its members, on a board's also whoever sits there."""
    if activity is not None:
        return people_who_see(activity)
    seen = Q(pk__in=partnership.memberships.current().values("person"))
    if board is not None:
        seen |= Q(pk__in=current_seats().filter(board=board).values("person"))
    return get_user_model().objects.filter(seen, is_active=True, is_system=False)


def readable(person: Any) -> QuerySet[Notice]:
    """The person's notices that they may still read, in whichever partnership: `readers` turned around."""
    memberships = Partnership._meta.get_field("memberships").related_model.objects
    member = memberships.current().filter(person=person).values("partnership")
    boards = current_seats().filter(person=person).values("board")
    # Asked of the one activity that a notice names, not of all that there are: this number stands on every page.
    sees = (
        Q(activity__visibility=Visibility.PARTNERSHIP)
        | Q(activity__created_by=person)
        | Q(Exists(Activity.authors.through.objects.filter(activity=OuterRef("activity"), person=person)))
        | Q(activity__visibility=Visibility.BOARD, activity__board__in=boards)
    )
    may = Q(partnership__in=member) & (Q(activity__isnull=True) | sees)
    return Notice.objects.filter(may | Q(board__in=boards, activity__isnull=True), person=person)


def notices_in(partnership: Partnership, person: Any) -> QuerySet[Notice]:
    return readable(person).filter(partnership=partnership)


def unread_counts(person: Any) -> Subquery:
    """To annotate partnerships with how many notices this person has not read there."""
    found = readable(person).filter(partnership=OuterRef("pk"), seen_at__isnull=True)
    counted = found.order_by().values("partnership").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def last_look(partnership: Partnership, person: Any) -> LastLook | None:
    return LastLook.objects.filter(partnership=partnership, person=person).first()


# --- How often ---------------------------------------------------------------------------------------------------
def choices_of(partnership: Partnership, person: Any) -> dict[NoticeKind, MailFrequency]:
    """For every kind what holds: what was chosen, or what is usual."""
    chosen = NotificationChoice.objects.filter(partnership=partnership, person=person)
    said = dict(chosen.values_list("kind", "frequency"))
    return {kind: MailFrequency(said.get(kind, USUAL[kind])) for kind in NoticeKind}


def frequency_of(*, person: int, partnership: int, kind: NoticeKind) -> MailFrequency:
    chosen = NotificationChoice.objects.filter(person=person, partnership=partnership, kind=kind)
    found = chosen.values_list("frequency", flat=True).first()
    return MailFrequency(found or USUAL[kind])


def with_frequency(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Each with the `frequency` at which its person wants mail about its kind."""
    chosen = NotificationChoice.objects.filter(
        person=OuterRef("person"), partnership=OuterRef("partnership"), kind=OuterRef("kind")
    )
    usual = Case(
        *(When(kind=kind, then=Value(frequency.value)) for kind, frequency in USUAL.items()),
        output_field=CharField(),
    )
    return notices.annotate(frequency=Coalesce(Subquery(chosen.values("frequency")[:1]), usual))


def waiting_for_mail(frequency: MailFrequency, *, until: datetime) -> QuerySet[Notice]:
    """What was not mailed and not read, of the last days, and is wanted this often."""
    fresh = Notice.objects.filter(
        mailed_at__isnull=True,
        seen_at__isnull=True,
        happened_at__gt=timezone.now() - MAILED_WITHIN,
        happened_at__lte=until,
        person__is_active=True,
        person__email__isnull=False,
    )
    return with_frequency(fresh).filter(frequency=frequency)


# --- Whom to tell ------------------------------------------------------------------------------------------------
def people_on(board: Board, *, kinds: Iterable[str] = ()) -> list[int]:
    """Who sits on the board today; with `kinds`, who does so as one of them."""
    seats: QuerySet[Seat] = current_seats().filter(board=board)
    if kinds:
        seats = seats.filter(kind__in=list(kinds))
    return list(seats.values_list("person", flat=True))
