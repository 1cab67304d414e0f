"""Copies of what is held about a person: asked for, made in the background, deleted after seven days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from partnerships.errors import DomainError
from people.actions.person_merging import partnerships_with
from people.models import AccessExport, Person
from people.permissions import Permission
from people.queries.signing_in import has_been_let_in
from people.tasks.access import make_access_export

PATIENCE = timedelta(minutes=2)
PERSISTENCE = timedelta(days=2)
A_COPY_AN_HOUR = timedelta(hours=1)


@transaction.atomic
def ask_for_copy(*, person: Person, by: Any) -> AccessExport:
    """The person's own copy, or one that a manager hands to somebody who does not sign in. Asked twice, it is made once."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    refused = why_no_copy(person, by)
    if refused:
        raise DomainError(refused)
    recent = AccessExport.objects.filter(
        Q(made_at__isnull=True) | Q(made_at__gt=timezone.now() - A_COPY_AN_HOUR),
        person=person,
        asked_by=by,
        deleted_at__isnull=True,
    ).first()
    if recent:
        return recent
    export = AccessExport.objects.create(person=person, asked_by=by)
    # Robust: with the broker away, the request stands and the clock sends it later.
    transaction.on_commit(lambda: make_access_export.delay(export.pk), robust=True)
    return export


def why_no_copy(person: Person, by: Any) -> str:
    """Why this one may not have a copy of what is held about that one; empty where they may."""
    if person == by:
        return ""
    if has_been_let_in(person):
        return f"{person.name} signs in, and gets their copy under “Your account”."
    if not all(by.has_perm(Permission.MANAGE_PEOPLE, one) for one in partnerships_with(person)):
        return "They are in another partnership too. Somebody who manages the people of both has to do this."
    return ""


def send_waiting_copies() -> int:
    """Hand requests that were not done to the worker again: the broker was away, or the worker was."""
    now = timezone.now()
    waiting = AccessExport.objects.filter(
        made_at__isnull=True,
        deleted_at__isnull=True,
        asked_at__lt=now - PATIENCE,
        asked_at__gt=now - PERSISTENCE,
    ).values_list("pk", flat=True)
    for pk in waiting:
        make_access_export.delay(pk)
    return len(waiting)


@transaction.atomic
def delete_old_copies() -> int:
    """What was made seven days ago goes; that it was asked for stays."""
    now = timezone.now()
    old = AccessExport.objects.filter(expires_at__lte=now, deleted_at__isnull=True)
    return old.update(content=None, deleted_at=now)
