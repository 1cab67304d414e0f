"""Reading what one was told, choosing how often mails come, ending them from a mail, and the clock's part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core import signing
from django.db import transaction
from django.utils import timezone

from partnerships.emails.notices import WayOut
from partnerships.errors import DomainError
from partnerships.models import (
    Digest,
    LastLook,
    MailFrequency,
    Notice,
    NoticeKind,
    NotificationChoice,
    Partnership,
)
from partnerships.queries.notices import (
    KEPT,
    choices_of,
    notices_in,
    waiting_for_mail,
)
from partnerships.tasks.notices import SEVEN, send_digest

UNDO_SALT = "partnerships.unsubscribe.undo"
UNDO_FOR = timedelta(days=7)


# --- Reading -----------------------------------------------------------------------------------------------------
@transaction.atomic
def mark_read(*, notice: Notice, by: Any) -> None:
    """This person has read one notice of theirs."""
    Notice.objects.filter(pk=notice.pk, person=by, seen_at__isnull=True).update(seen_at=timezone.now())


@transaction.atomic
def mark_all_read(*, partnership: Partnership, by: Any, until: datetime | None = None) -> int:
    """All that stood on their page, up to the moment at which they were shown it, is read; the mark moves there.

    The mark before it is kept, so that what was just read can be shown once more. Done twice it is done once.
    """
    now = timezone.now()
    until = min(until or now, now)
    unread = notices_in(partnership, by).filter(seen_at__isnull=True, happened_at__lte=until)
    number = Notice.objects.filter(pk__in=unread.order_by().values("pk")).update(seen_at=now)
    LastLook.objects.bulk_create(
        [LastLook(partnership=partnership, person=by, looked_at=until)], ignore_conflicts=True
    )
    look = LastLook.objects.select_for_update().get(partnership=partnership, person=by)
    if look.looked_at < until:
        look.before_at, look.looked_at = look.looked_at, until
        look.save(update_fields=["before_at", "looked_at"])
    return number


def mark_read_about(*, partnership_id: int, person: Any, path: str) -> None:
    """They were on the page that these notices lead to, and said so."""
    found = Notice.objects.filter(partnership=partnership_id, person=person, path=path, seen_at__isnull=True)
    found.update(seen_at=timezone.now())


# --- Choosing ----------------------------------------------------------------------------------------------------
@transaction.atomic
def choose(
    *, partnership: Partnership, frequencies: Mapping[NoticeKind, MailFrequency], by: Any
) -> dict[NoticeKind, MailFrequency]:
    """How often this person wants mail about each of these kinds, here."""
    now = timezone.now()
    before = choices_of(partnership, by)
    changed = {
        NoticeKind(kind): MailFrequency(frequency)
        for kind, frequency in frequencies.items()
        if before[NoticeKind(kind)] != frequency
    }
    NotificationChoice.objects.bulk_create(
        [
            NotificationChoice(
                partnership=partnership, person=by, kind=kind, frequency=frequency, changed_at=now
            )
            for kind, frequency in changed.items()
        ],
        update_conflicts=True,
        unique_fields=["partnership", "person", "kind"],
        update_fields=["frequency", "changed_at"],
    )
    return changed


@dataclass(frozen=True, slots=True)
class Ended:
    """Mails that were ended from a mail: which kinds in which partnerships, and a token that brings them back."""

    frequency: MailFrequency
    kinds: tuple[tuple[Partnership, NoticeKind], ...]
    undo: str


@transaction.atomic
def end_mails(*, way: WayOut) -> Ended:
    """What the link at the foot of a mail does. Pressed twice, the second time there is nothing left to end."""
    person = get_user_model().objects.filter(pk=way.person, is_active=True).first()
    if person is None:
        return Ended(way.frequency or MailFrequency.AT_ONCE, (), "")
    frequency, kinds = way.frequency or MailFrequency.AT_ONCE, []
    places = Partnership.objects.visible_to(person)
    for partnership in places.filter(pk=way.partnership) if way.partnership else places:
        held = choices_of(partnership, person)
        ending = [way.kind] if way.kind else [kind for kind in held if held[kind] == way.frequency]
        if way.kind:
            frequency = held[way.kind]
        ended = choose(
            partnership=partnership, frequencies=dict.fromkeys(ending, MailFrequency.NEVER), by=person
        )
        kinds += [(partnership, kind) for kind in ended]
    undo = {"p": person.pk, "f": frequency, "k": [(place.pk, kind) for place, kind in kinds]}
    return Ended(frequency, tuple(kinds), signing.dumps(undo, salt=UNDO_SALT) if kinds else "")


@transaction.atomic
def bring_back(*, undo: str) -> Ended:
    """Somebody pressed the button of a mail by mistake: everything is as it was before. Raises DomainError after a week."""
    try:
        said = signing.loads(undo, salt=UNDO_SALT, max_age=UNDO_FOR)
    except signing.BadSignature:
        raise DomainError(
            "It is too late to undo this here. Sign in to choose which mails you get."
        ) from None
    person = get_user_model().objects.filter(pk=said["p"], is_active=True).first()
    places = {one.pk: one for one in Partnership.objects.visible_to(person)}
    kinds = [(places[pk], NoticeKind(kind)) for pk, kind in said["k"] if pk in places]
    for place, kind in kinds:
        choose(partnership=place, frequencies={kind: MailFrequency(said["f"])}, by=person)
    return Ended(MailFrequency(said["f"]), tuple(kinds), "")


# --- The clock ---------------------------------------------------------------------------------------------------
@transaction.atomic
def ask_for_digests(*, now: datetime | None = None) -> int:
    """A digest for everybody for whom something waits: after seven in the morning, the weekly ones from Monday on.

    Run again it asks for none twice; what was not sent is asked for again. Returns how many were asked for.
    """
    local = timezone.localtime(now)
    if local.time() < SEVEN:
        return 0
    today = local.date()
    for frequency, day in (
        (MailFrequency.DAILY, today),
        (MailFrequency.WEEKLY, today - timedelta(days=today.weekday())),
    ):
        _gather(frequency, day)
    unsent = Digest.objects.filter(sent_at__isnull=True, asked_at__gte=timezone.now() - timedelta(days=7))
    ids = list(unsent.order_by("pk").values_list("pk", flat=True))
    for pk in ids:
        transaction.on_commit(lambda pk=pk: send_digest.delay(pk), robust=True)
    return len(ids)


def _gather(frequency: MailFrequency, day: date) -> None:
    until = timezone.make_aware(datetime.combine(day, SEVEN))
    people = waiting_for_mail(frequency, until=until).order_by().values_list("person", flat=True).distinct()
    had = Digest.objects.filter(frequency=frequency, day=day).values("person")
    Digest.objects.bulk_create(
        [Digest(person_id=pk, frequency=frequency, day=day) for pk in people.exclude(person__in=had)],
        ignore_conflicts=True,
    )


@transaction.atomic
def forget_old_notices() -> int:
    """After a year a notice has told what it had to tell, and is deleted; so are the digests it went out with."""
    before = timezone.now() - KEPT
    number, _ = Notice.objects.filter(happened_at__lt=before).delete()
    Digest.objects.filter(asked_at__lt=before).delete()
    return number
