"""Who was at a meeting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from config.words import day_words
from partnerships.actions.meetings import open_meeting
from partnerships.errors import DomainError
from partnerships.models import Attendance, AttendanceKind, Meeting, MeetingStatus, Organisation


@dataclass(frozen=True, slots=True)
class Attended:
    """What is known of one person; an empty `kind` says that nothing is."""

    person: Any
    kind: AttendanceKind | str
    organisation: Organisation | None = None
    represented_by: str = ""


@transaction.atomic
def record_attendance(*, meeting: Meeting, people: Iterable[Attended], by: Any) -> None:
    """Write down who was there, replacing what was written before."""
    found = open_meeting(meeting)
    if found.status == MeetingStatus.CANCELLED:
        raise DomainError("This meeting was cancelled, so nobody attended it.")
    if found.held_on > timezone.localdate():
        raise DomainError(
            f"This meeting is on {day_words(found.held_on)}. Say who was there when it has been."
        )
    said = {attended.person.pk: attended for attended in people if attended.kind}
    for attended in said.values():
        if attended.kind == AttendanceKind.REPRESENTED and not attended.represented_by.strip():
            raise DomainError(
                f"Say who came for {attended.person.name}.", field=f"represented_by_{attended.person.pk}"
            )
    before = {row.person_id: row for row in Attendance.objects.filter(meeting=found)}
    Attendance.objects.filter(meeting=found).exclude(person__in=said).delete()
    for key, attended in said.items():
        values = {
            "kind": attended.kind,
            "organisation_id": attended.organisation.pk if attended.organisation else None,
            "represented_by": attended.represented_by.strip()[:150]
            if attended.kind == AttendanceKind.REPRESENTED
            else "",
        }
        row = before.get(key)
        if row is None:
            Attendance.objects.create(
                partnership_id=found.partnership_id, meeting=found, person=attended.person, **values
            )
        elif any(getattr(row, name) != value for name, value in values.items()):
            Attendance.objects.filter(pk=row.pk).update(**values)
