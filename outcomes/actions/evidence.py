"""The partnership's standards for evidence, and what is found of each measure against them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from outcomes.models import EvidenceCheck, EvidenceStandard, Fulfilled, Measure
from outcomes.queries.evidence import standing_standards
from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Partnership

MOST = 20
COMMON_STANDARDS = (
    ("Counted the same way every time", "A change in the way of counting is said, and the chart shows where it was."),
    ("Covers everybody it speaks of", "Nobody is left out by how the figures are gathered: no area, age, language or group."),
    ("Timely", "The figures are here early enough to act on."),
    ("Checked by somebody else", "Somebody who did not gather them looked through the figures."),
    ("Comparable with other places", "Other places count the same, so a difference is a difference in life and not in counting."),
    ("Enough cases", "There are so many that a handful more or fewer would not change what the figures say."),
    ("The source is known", "Anybody can find where the figures come from, and read how they were made."),
    ("What it leaves out is said", "What the figures do not show is written down beside them."),
)  # fmt: skip


def _locked(partnership_id: int) -> Partnership:
    # Positions and names are worked out from all of them: one change at a time.
    return Partnership.objects.select_for_update(no_key=True).get(pk=partnership_id)


def _check_name(partnership: Partnership, name: str, but: int | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise DomainError("Enter what good evidence fulfils.", field="name")
    standing = EvidenceStandard.objects.filter(partnership=partnership, ended_on=None)
    if standing.filter(name__iexact=name).exclude(pk=but).exists():
        raise DomainError("There is already a standard of this name.", field="name")
    return name


@transaction.atomic
def add_standard(
    *,
    partnership: Partnership,
    name: str,
    description: str = "",
    by: Any,
    created_at: datetime | None = None,
) -> EvidenceStandard:
    partnership = _locked(partnership.pk)
    name = _check_name(partnership, name)
    standing = EvidenceStandard.objects.filter(partnership=partnership, ended_on=None)
    if standing.count() >= MOST:
        raise DomainError(f"There are {MOST} standards already. More would not be checked. End one first.")
    return EvidenceStandard.objects.create(
        partnership=partnership,
        name=name,
        description=description.strip(),
        position=(standing.aggregate(last=Max("position"))["last"] or 0) + 1,
        created_by=by,
        created_at=created_at or timezone.now(),
    )


@transaction.atomic
def start_with_common_standards(
    *, partnership: Partnership, by: Any, created_at: datetime | None = None
) -> list[EvidenceStandard]:
    """The common standards, for a partnership that has none. Pressed twice it adds nothing."""
    partnership = _locked(partnership.pk)
    if EvidenceStandard.objects.filter(partnership=partnership, ended_on=None).exists():
        return []
    at = created_at or timezone.now()
    return EvidenceStandard.objects.bulk_create(
        EvidenceStandard(
            partnership=partnership,
            name=name,
            description=text,
            position=position,
            created_by=by,
            created_at=at,
        )
        for position, (name, text) in enumerate(COMMON_STANDARDS, 1)
    )


@transaction.atomic
def edit_standard(
    *,
    standard: EvidenceStandard,
    expected_version: int,
    name: str,
    description: str = "",
    keeps_checks: bool = False,
    by: Any,
) -> EvidenceStandard:
    """Reword a standard. What was checked was checked against the old words: it is asked again unless the meaning is the same.

    Returns the standard that stands now: another one where the checks begin anew.
    """
    partnership = _locked(standard.partnership_id)
    name, description = _check_name(partnership, name, standard.pk), description.strip()
    standard.refresh_from_db()
    if standard.ended_on is not None:
        raise DomainError("This standard has ended. Add a new one.")
    same = (name, description) == (standard.name, standard.description)
    if same or keeps_checks or not standard.checks.exists():
        changes = {"name": name, "description": description}
        return save_edit(standard, expected_version=expected_version, changes=changes)
    ended = save_edit(standard, expected_version=expected_version, changes={"ended_on": timezone.localdate()})
    return EvidenceStandard.objects.create(
        partnership=partnership, name=name, description=description, position=ended.position, created_by=by
    )


@transaction.atomic
def end_standard(*, standard: EvidenceStandard, by: Any, on: date | None = None) -> EvidenceStandard:
    """Nobody is asked about it any more. What was found against it stays in the history of each measure."""
    _locked(standard.partnership_id)
    standard.refresh_from_db()
    if standard.ended_on is not None:
        return standard
    changes = {"ended_on": on or timezone.localdate()}
    return save_edit(standard, expected_version=standard.version, changes=changes)


@transaction.atomic
def move_standard(*, standard: EvidenceStandard, up: bool, by: Any) -> None:
    """One step up or down in the partnership's order. At the end of the list nothing happens."""
    _locked(standard.partnership_id)
    order = list(EvidenceStandard.objects.filter(partnership=standard.partnership_id, ended_on=None))
    at = next((index for index, one in enumerate(order) if one.pk == standard.pk), None)
    to = None if at is None else at + (-1 if up else 1)
    if to is None or not 0 <= to < len(order):
        return
    order[at], order[to] = order[to], order[at]
    for position, one in enumerate(order, 1):
        if one.position != position:
            save_edit(one, expected_version=one.version, changes={"position": position})


@transaction.atomic
def check_evidence(
    *,
    measure: Measure,
    answers: Mapping[int, tuple[str, str]],
    by: Any,
    all_again: bool = False,
    at: datetime | None = None,
) -> list[EvidenceCheck]:
    """Keep what was found of a measure: standard id to (Fulfilled or "", note). Only what differs from before is written.

    `all_again`: every answer was looked at anew, so that each counts as checked today.
    """
    at = at or timezone.now()
    Measure.objects.select_for_update(no_key=True).get(pk=measure.pk)
    rows = standing_standards(measure.partnership, day=timezone.localtime(at).date())
    standards = {standard.pk: standard for standard in rows}
    if not set(answers) <= set(standards):
        raise DomainError("One of the standards has ended meanwhile. Load the page again.")
    newest = {
        check.standard_id: check
        for check in EvidenceCheck.objects.filter(Q(checked_at__lte=at), measure=measure)
        .order_by("standard_id", "-checked_at", "-pk")
        .distinct("standard_id")
    }
    wanted = []
    for pk, (fulfilled, note) in answers.items():
        note = " ".join(note.split())
        if not fulfilled:
            if note:
                raise DomainError(
                    "Say whether the standard is met, or take the note away.", field=f"met_{pk}"
                )
            continue
        before = newest.get(pk)
        if not all_again and before and (before.fulfilled, before.note) == (fulfilled, note):
            continue
        wanted.append((standards[pk], Fulfilled(fulfilled), note))
    return [
        EvidenceCheck.objects.create(
            partnership_id=measure.partnership_id, measure=measure, standard=standard, fulfilled=fulfilled,
            note=note, checked_at=at, checked_by=by,
        )
        for standard, fulfilled, note in wanted
    ]  # fmt: skip
