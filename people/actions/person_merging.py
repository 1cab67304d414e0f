"""Two records of one person become one."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone

from partnerships.actions.moving import join_periods, move_references
from partnerships.errors import DomainError
from partnerships.models import Contact, Partnership, Seat
from people.models import (
    AccessExport,
    CalendarFeed,
    Forgetting,
    Membership,
    NotDuplicates,
    Person,
    PersonMerge,
)
from people.permissions import Permission
from people.queries.named import people_to_name
from people.queries.signing_in import has_been_let_in

# What belongs to a sign-in and to the record that goes: it is ended and not moved.
ENDED = (EmailAddress, Authenticator, SocialAccount, UserSession, CalendarFeed, AccessExport, NotDuplicates)
LEFT = frozenset({*(model._meta.label for model in ENDED), "people.PersonMerge.merged"})


@transaction.atomic
def merge_people(
    *,
    partnership: Partnership,
    kept: Person,
    merged: Person,
    reason: str,
    asked_them: bool = False,
    by: Any,
) -> PersonMerge:
    """Make everything that names `merged` name `kept`, whose sign-in, name and details stay. History stays as it is.

    `asked_them` says that the person agreed, which is needed where both records have a sign-in: one of them ends.
    """
    locked = {
        p.pk: p for p in Person.objects.select_for_update().filter(pk__in=[kept.pk, merged.pk]).order_by("pk")
    }
    kept, merged = locked[kept.pk], locked[merged.pk]
    reason = " ".join(reason.split())
    if not reason:
        raise DomainError("Say how you know that they are the same person.", field="reason")
    refused = why_not_merge(partnership, kept, merged, by)
    if refused:
        raise DomainError(refused)
    if has_been_let_in(merged) and not asked_them:
        raise DomainError(
            "Both records have a sign-in. Ask the person which one they use, and tick that they agree.",
            field="asked_them",
        )
    for model in ENDED:
        model._base_manager.filter(_naming(model, merged)).delete()
    moved = move_references(source=merged, target=kept, clashes=CLASHES, leave=LEFT)
    _take_over(kept, merged)
    return PersonMerge.objects.create(
        partnership=partnership,
        kept=kept,
        merged=merged,
        reason=reason[:300],
        moved={"moved": moved.moved, "joined": moved.joined},
        by=by,
    )


@transaction.atomic
def tell_apart(*, partnership: Partnership, one: Person, other: Person, by: Any) -> None:
    """They are two people: the pair is not shown again. Said twice, it is kept once."""
    first, second = sorted((one, other), key=lambda person: person.pk)
    NotDuplicates.objects.get_or_create(partnership=partnership, one=first, other=second, defaults={"by": by})


def why_not_merge(partnership: Partnership, kept: Person, merged: Person, by: Any) -> str:
    """Why these two can't become one, in a sentence; empty where they can."""
    if kept.pk == merged.pk:
        return "Choose two different records."
    if PersonMerge.objects.filter(merged__in=[kept, merged]).exists():
        return "One of these records is part of another already."
    if Forgetting.objects.filter(person__in=[kept, merged]).exists():
        return "One of them asked to be forgotten, and stays so."
    if people_to_name(partnership).filter(pk__in=[kept.pk, merged.pk]).count() != 2:
        return "Both have to be people of this partnership."
    if not all(by.has_perm(Permission.MANAGE_PEOPLE, place) for place in partnerships_with(kept, merged)):
        return "One of them is in another partnership too. Somebody who manages the people of both has to do this."
    if has_been_let_in(merged) and not has_been_let_in(kept):
        return f"{merged.name} signs in and the other record does not. Keep the one that signs in."
    if has_been_let_in(merged) and by.pk in (kept.pk, merged.pk):
        return "Both records have a sign-in, and one is yours. Ask another manager to do this."
    return ""


def partnerships_with(*people: Person) -> models.QuerySet[Partnership]:
    """Every partnership in which one of them has or had a role or a seat, or is a contact."""
    here = Q()
    for model in (Membership, Seat, Contact):
        here |= Q(pk__in=model.objects.filter(person__in=people).values("partnership"))
    return Partnership.objects.filter(here)


def _naming(model: type[models.Model], person: Person) -> Q:
    """Rows of the model that point at the person, by whichever key."""
    keys = [
        f.name
        for f in model._meta.concrete_fields
        if f.related_model is Person and f.name not in ("by", "asked_by")
    ]
    found = Q()
    for name in keys:
        found |= Q(**{name: person})
    return found


def _take_over(kept: Person, merged: Person) -> None:
    """An address or a job title that only the other record had, and the end of that record's sign-in."""
    email, title = merged.email, merged.job_title
    merged.email = merged.sign_in_name = None
    merged.is_active = False
    merged.set_unusable_password()
    merged.save(update_fields=["email", "sign_in_name", "is_active", "password"])
    if not kept.email and not has_been_let_in(kept):
        kept.email = email
    kept.job_title = kept.job_title or title
    kept.save(update_fields=["email", "job_title"])


def _join_roles(row: Any, key: models.ForeignKey, target: Any) -> None:
    join_periods(row, key, target, alike=["partnership_id", "role"], among=Q(ended_at__isnull=True))


def _join_seats(row: Any, key: models.ForeignKey, target: Any) -> None:
    join_periods(row, key, target, alike=["board_id"])


def _rename(row: Any, key: models.ForeignKey, target: Any) -> None:
    """Two of one's own things with one name: the second keeps what is in it and gets a number."""
    longest = row._meta.get_field("name").max_length
    for number in range(2, 100):
        ending = f" ({number})"
        try:
            with transaction.atomic():
                type(row)._base_manager.filter(pk=row.pk).update(
                    name=row.name[: longest - len(ending)] + ending, **{key.name: target}
                )
        except IntegrityError:
            continue
        return
    raise DomainError(f"There are too many of the name “{row.name}”. Rename one first.")


def _withdraw(row: Any, key: models.ForeignKey, target: Any) -> None:
    """An invitation to a role to which the person that stays is invited already."""
    type(row)._base_manager.filter(pk=row.pk).update(revoked_at=timezone.now(), **{key.name: target})


CLASHES = {
    "people.Membership": _join_roles,
    "partnerships.Seat": _join_seats,
    "partnerships.SavedFilter": _rename,
    "partnerships.ActivityTemplate": _rename,
    "people.Invitation": _withdraw,
}
