"""A person's calendar feed: its secret address, and what it may hold on the day on which it is read."""

from __future__ import annotations

import base64
from datetime import timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from partnerships.models import Board, Commitment, CommitmentStatus, Meeting, Partnership
from people.models import CalendarFeed, Membership, Person
from people.permissions import HUMAN_ROLES, ROLES, Permission
from people.queries.invitations import hash_of
from people.queries.people import current_seats
from people.queries.signing_in import has_second_factor

# How far back a calendar shows what has been.
KEPT = timedelta(days=365)
MOST = 2_000


def token_for(nonce: str) -> str:
    digest = salted_hmac("people.calendar", nonce, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def address_of(feed: CalendarFeed) -> str:
    """Whoever has this address reads the calendar, so it is shown to its person only."""
    return settings.BASE_URL + reverse("calendar-file", args=[token_for(feed.nonce)])


def feed_of(person: Person) -> CalendarFeed | None:
    return CalendarFeed.objects.filter(person=person).first()


def find(token: str) -> CalendarFeed | None:
    """The feed of a person who may still sign in."""
    feeds = CalendarFeed.objects.select_related("person").filter(person__is_active=True)
    return feeds.filter(token_hash=hash_of(token)).first()


def member_of(person: Person, permission: Permission) -> QuerySet[Partnership]:
    """Where the person's roles allow something today; not where a second step is asked for that they have not set up."""
    roles = [role for role in HUMAN_ROLES if permission in ROLES[role].permissions]
    held = Membership.objects.current().filter(person=person, role__in=roles)
    return Partnership.objects.filter(pk__in=held.values("partnership")).exclude(pk__in=_closed_to(person))


def _closed_to(person: Person) -> list[int]:
    if has_second_factor(person):
        return []
    held = Membership.objects.current().filter(person=person).select_related("partnership")
    return [m.partnership_id for m in held if m.role in (m.partnership.second_factor_roles or [])]


def meetings_for(person: Person, *, every_board: bool) -> list[Meeting]:
    """Meetings that the person may read about today: of the boards on which they sit, or of every board open to them."""
    seats = current_seats().filter(person=person).exclude(partnership__in=_closed_to(person))
    boards = Q(pk__in=seats.values("board"))
    if every_board:
        boards |= Q(partnership__in=member_of(person, Permission.VIEW_BOARD))
    found = Meeting.objects.filter(
        board__in=Board.objects.filter(boards), held_on__gte=timezone.localdate() - KEPT
    )
    return list(found.select_related("board", "partnership").order_by("held_on", "pk")[:MOST])


def due_for(person: Person) -> list[Commitment]:
    """Open commitments of the person that have a due date."""
    open_ones = Commitment.objects.filter(owner=person, status=CommitmentStatus.OPEN, due_on__isnull=False)
    found = open_ones.filter(partnership__in=member_of(person, Permission.VIEW))
    return list(found.select_related("partnership").order_by("due_on", "pk")[:MOST])
