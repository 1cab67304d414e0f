"""Deciding who is written to about which return. Above outcomes, since it must know roles."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from outcomes.models import Return, ReturnMail, ReturnMailKind, ReturnStatus, ReturnStep
from outcomes.queries.returns import STILL_OWED
from partnerships.models import NoticeKind, ProgrammeStatus
from partnerships.tasks.telling import tell
from people.models import Membership
from people.permissions import ROLES, Permission
from reports.emails.returns import return_path, subject_of
from reports.tasks.returns import occasion_of, send_return_mails

SOON = timedelta(days=7)
WEEKS_OVERDUE = 4
# What is older than this was asked for before anybody could be written to; the pages show it, and no mail goes out.
NEWLY_ASKED = timedelta(days=14)


def ask_for_return_mails(*, today: date | None = None) -> int:
    """What the clock does: write down each mail that is due, once for a person and an occasion, and have them sent.

    Returns how many were written down. Run twice it writes nothing new; killed half way, the next run goes on.
    """
    today = today or timezone.localdate()
    owed = Return.objects.filter(status__in=STILL_OWED).exclude(
        programme__status__in=[ProgrammeStatus.STOPPED, ProgrammeStatus.PAUSED]
    )
    made = 0
    for found in owed.select_related("partnership", "programme", "period", "organisation"):
        for kind, occasion in occasions(found, today):
            made += _write_down(found, kind, occasion)
    if ReturnMail.objects.filter(sent_at__isnull=True).exists():
        transaction.on_commit(send_return_mails.delay)
    return made


def occasions(found: Return, today: date) -> Iterable[tuple[ReturnMailKind, str]]:
    """What is to be told about a return today: where it stands on its way, and whether it was sent back."""
    due = found.due_on
    if found.status == ReturnStatus.SENT_BACK:
        step = (
            ReturnStep.objects.filter(returned_in=found, status=ReturnStatus.SENT_BACK)
            .order_by("-at", "-pk")
            .first()
        )
        if step is not None and timezone.localdate(step.at) > today - NEWLY_ASKED:
            yield ReturnMailKind.SENT_BACK, f"step {step.pk}"
    if today > due:
        week = (today - due - timedelta(days=1)).days // 7
        if week < WEEKS_OVERDUE:
            yield ReturnMailKind.OVERDUE, f"{due} week {week + 1}"
    elif today >= due - SOON:
        yield ReturnMailKind.DUE, str(due)
    elif found.status == ReturnStatus.OWED and timezone.localdate(found.created_at) > today - NEWLY_ASKED:
        yield ReturnMailKind.OPEN, str(due)


def _write_down(found: Return, kind: ReturnMailKind, occasion: str) -> int:
    known = set(
        ReturnMail.objects.filter(returned_in=found, kind=kind, occasion=occasion).values_list(
            "person", flat=True
        )
    )
    people = {membership.person_id for membership in recipients(found)} - known
    if people:
        tell(
            partnership=found.partnership,
            kind=NoticeKind.RETURN,
            occasion=occasion_of(found.pk, kind, occasion),
            sentence=subject_of(found, kind),
            path=return_path(found),
            people=people,
        )
    ReturnMail.objects.bulk_create(
        (
            ReturnMail(
                partnership_id=found.partnership_id,
                returned_in=found,
                person_id=person,
                kind=kind,
                occasion=occasion,
            )
            for person in sorted(people)
        ),
        ignore_conflicts=True,
    )
    return len(people)


def recipients(found: Return) -> QuerySet[Membership]:
    """Those who may send it for the partner; where the partner has nobody here, the officers who accept it."""
    here = Membership.objects.current().filter(
        partnership=found.partnership_id,
        person__is_active=True,
        person__is_system=False,
        person__email__isnull=False,
    )
    own = here.filter(organisation=found.organisation_id, role__in=_roles(Permission.SUBMIT_RETURN))
    return own if own.exists() else here.filter(role__in=_roles(Permission.ACCEPT_RETURN))


def _roles(permission: Permission) -> list[str]:
    return [role.value for role, said in ROLES.items() if permission in said.permissions]
