"""The secret address under which a calendar program reads a person's meetings."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from people.models import CalendarFeed, Person
from people.models.calendars import new_nonce
from people.queries.calendars import token_for
from people.queries.invitations import hash_of

# Programs look every hour; that it is in use is worth one write a day.
NOTED_EVERY = timedelta(days=1)


@transaction.atomic
def make_feed(*, person: Person) -> CalendarFeed:
    """The person's address. Asking twice gives the same one."""
    # Two presses at once find one row: the second waits for the person's.
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    found = CalendarFeed.objects.filter(person=person).first()
    if found is not None:
        return found
    nonce = new_nonce()
    return CalendarFeed.objects.create(person=person, nonce=nonce, token_hash=hash_of(token_for(nonce)))


@transaction.atomic
def renew_feed(*, person: Person) -> CalendarFeed:
    """A new address; the one before shows nothing from now on."""
    end_feed(person=person)
    return make_feed(person=person)


@transaction.atomic
def end_feed(*, person: Person) -> None:
    """No calendar program reads anything any more."""
    CalendarFeed.objects.filter(person=person).delete()


def note_read(*, feed: CalendarFeed) -> None:
    """So that its person sees whether a program still reads it."""
    now = timezone.now()
    if feed.last_read_at is None or feed.last_read_at < now - NOTED_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=now)
