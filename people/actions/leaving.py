"""Leaving a partnership, and being forgotten by all of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pgtrigger
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from partnerships.actions.seats import end_seat
from partnerships.errors import DomainError
from partnerships.models import (
    ActivitySheet,
    ActivityTemplate,
    Contact,
    Digest,
    Draft,
    LastLook,
    Notice,
    NotificationChoice,
    OrganisationContact,
    Partnership,
    SavedFilter,
    Seat,
)
from people.actions.memberships import end_membership, other_managers
from people.actions.person_merging import partnerships_with
from people.models import (
    AccessExport,
    CalendarFeed,
    Forgetting,
    Invitation,
    Joined,
    JoiningCode,
    Membership,
    NotDuplicates,
    Offer,
    Person,
    PersonMerge,
    RealName,
    Voice,
)
from people.permissions import Permission, Role
from people.queries.signing_in import has_been_let_in

FORGOTTEN = "Somebody who asked to be forgotten"
# What is theirs alone, and goes: by model, the keys that name the person.
DELETED: dict[type[models.Model], tuple[str, ...]] = {
    EmailAddress: ("user",),
    Authenticator: ("user",),
    SocialAccount: ("user",),
    UserSession: ("user",),
    CalendarFeed: ("person",),
    AccessExport: ("person", "asked_by"),
    RealName: ("person",),
    Offer: ("person",),
    Draft: ("person",),
    SavedFilter: ("person",),
    Notice: ("person",),
    NotificationChoice: ("person",),
    Digest: ("person",),
    LastLook: ("person",),
    Joined: ("person",),
    JoiningCode: ("person",),
    NotDuplicates: ("one", "other"),
}
# What stays as part of the partnership's history, without what told who they were: there and in every event of it.
BLANKED: dict[type[models.Model], tuple[str, dict[str, Any]]] = {
    Person: ("pk", {"name": FORGOTTEN, "job_title": "", "email": None}),
    Invitation: ("person", {"name": FORGOTTEN, "email": ""}),
    OrganisationContact: ("person", {"email": "", "phone": ""}),
    Voice: ("speaker", {"said_as": FORGOTTEN}),
    JoiningCode: ("person", {"name": FORGOTTEN}),
    PersonMerge: ("kept", {"reason": FORGOTTEN}),
}


@transaction.atomic
def leave(*, partnership: Partnership, person: Person, on: date | None = None, by: Any) -> None:
    """End every role and seat that somebody has in a partnership, on a day. What they did stays."""
    on = on or timezone.localdate()
    if on < timezone.localdate():
        raise DomainError("The last day must be today or later.", field="ends_on")
    roles, seats = _open(partnership, person)
    if not roles and not seats:
        raise DomainError("They have no role and no seat here to leave.")
    for role in roles:
        end_membership(membership=role, on=on, by=by)
    for seat in seats:
        if seat.starts_on > on:
            # It has not begun, and now never will.
            seat.delete()
        else:
            end_seat(seat=seat, on=on, by=by)


@transaction.atomic
def forget(*, person: Person, how_asked: str = "", by: Any) -> Forgetting:
    """Anonymise somebody everywhere: their name and details go, here and in what history kept; what happened stays.

    Whoever signs in does this themselves, or asks a manager, who says how they asked. Done twice, it is done once.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    done = Forgetting.objects.filter(person=person).first()
    if done:
        return done
    how_asked = " ".join(how_asked.split())
    refused = why_not_forget(person, by)
    if refused:
        raise DomainError(refused)
    if person != by and not how_asked:
        raise DomainError("Say how they asked, such as: in a letter of 3 March.", field="how_asked")
    for partnership in partnerships_with(person):
        _end_all(partnership, person, by)
    people = [person.pk, *PersonMerge.objects.filter(kept=person).values_list("merged", flat=True)]
    _blank(people)
    _delete(people)
    _close(people)
    return Forgetting.objects.create(
        person=person, how_asked="" if person == by else how_asked[:300], by=None if person == by else by
    )


def why_not_forget(person: Person, by: Any) -> str:
    """Why this person can't be forgotten now, by whoever asks; empty where they can."""
    if person.is_system:
        return "This is a partner’s system."
    if PersonMerge.objects.filter(merged=person).exists():
        return "This record is part of another. Open that one."
    held = Membership.objects.current().filter(person=person, role=Role.MANAGER).select_related("partnership")
    for role in held:
        if not other_managers(role).exists():
            whose = "You are" if person == by else "They are"
            return f"{whose} the only manager of {role.partnership}. Make somebody else a manager first."
    if person == by:
        return ""
    if not all(by.has_perm(Permission.MANAGE_PEOPLE, one) for one in partnerships_with(person)):
        if has_been_let_in(person):
            return "They are in another partnership too. They can do this themselves, under “Your account”."
        return "They are in another partnership too. Somebody who manages the people of both has to do this."
    return ""


def _open(partnership: Partnership, person: Person) -> tuple[list[Membership], list[Seat]]:
    today = timezone.localdate()
    still = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    roles = Membership.objects.filter(still, partnership=partnership, person=person, ended_at__isnull=True)
    seats = Seat.objects.filter(still, partnership=partnership, person=person).select_related("board")
    return list(roles), list(seats)


def _end_all(partnership: Partnership, person: Person, by: Any) -> None:
    roles, seats = _open(partnership, person)
    if roles or seats:
        leave(partnership=partnership, person=person, by=by)
    OrganisationContact.objects.filter(partnership=partnership, person=person, ends_on__isnull=True).update(
        ends_on=timezone.localdate()
    )


def _blank(people: list[int]) -> None:
    for model, (key, values) in BLANKED.items():
        model._base_manager.filter(**{f"{key}__in": people}).update(**values)
    Invitation.objects.filter(person__in=people, accepted_at__isnull=True, revoked_at__isnull=True).update(
        revoked_at=timezone.now()
    )
    for template in ActivityTemplate.objects.filter(created_by__in=people, is_shared=False):
        template.delete()
    ActivitySheet.objects.filter(uploaded_by__in=people).update(rows=[])
    _blank_history(people)


def _blank_history(people: list[int]) -> None:
    """The one place that changes what history wrote: the facts that told who somebody was, and nothing else.

    Events may not be changed; the guard is lifted for these tables and this transaction's statements alone.
    """
    for model, (key, values) in BLANKED.items():
        events = getattr(model, "pgh_event_model", None)
        if events is None:
            continue
        known = {name: value for name, value in values.items() if _has(events, name)}
        with pgtrigger.ignore(f"{events._meta.label}:append_only"):
            events.objects.filter(**{f"{'pgh_obj' if key == 'pk' else key}__in": people}).update(**known)
    with pgtrigger.ignore(f"{TEMPLATE_EVENTS._meta.label}:append_only"):
        TEMPLATE_EVENTS.objects.filter(created_by__in=people, is_shared=False).update(name="", fields={})


TEMPLATE_EVENTS = ActivityTemplate.pgh_event_model


def _has(model: type[models.Model], name: str) -> bool:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True


def _delete(people: list[int]) -> None:
    for model, keys in DELETED.items():
        for key in keys:
            model._base_manager.filter(**{f"{key}__in": people}).delete()
    # A contact has no other fact than that the partnership knows the person, which its activities tell still.
    Contact.objects.filter(person__in=people).exclude(person__activities__isnull=False).delete()


def _close(people: list[int]) -> None:
    """No password, no name to sign in with; sessions end with the password."""
    for person in Person.objects.filter(pk__in=people):
        person.sign_in_name, person.is_active = None, False
        person.set_unusable_password()
        person.save(update_fields=["sign_in_name", "is_active", "password"])


__all__ = ["FORGOTTEN", "forget", "leave", "why_not_forget"]
