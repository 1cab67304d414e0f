"""Drawing how what partners do should lead to an outcome: stepping stones, what helps them, and what speaks for and against it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from outcomes.models import (
    Contribution,
    ContributionEvidence,
    OtherExplanation,
    Outcome,
    Points,
    SteppingStone,
    StoneLook,
    StoneProgress,
    Strength,
)
from outcomes.queries.contribution import leads_in_a_circle
from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Activity, Commitment, Programme

MOST_STONES = 40


def _locked(outcome_id: int) -> Outcome:
    # Two lines drawn at once could otherwise close a circle that neither sees.
    return Outcome.objects.select_for_update(no_key=True).get(pk=outcome_id)


# --- Stepping stones ----------------------------------------------------------------------------------------------
@transaction.atomic
def add_stone(
    *,
    outcome: Outcome,
    title: str,
    expected: str = "",
    leads_to: SteppingStone | None = None,
    by: Any,
    created_at: datetime | None = None,
) -> SteppingStone:
    outcome = _locked(outcome.pk)
    title = _title(outcome, title)
    _check_next(outcome, None, leads_to)
    last = outcome.stones.aggregate(last=Max("position"))["last"] or 0
    if outcome.stones.count() >= MOST_STONES:
        raise DomainError(f"There are {MOST_STONES} stepping stones already. A map with more is not read.")
    return SteppingStone.objects.create(
        partnership_id=outcome.partnership_id,
        outcome=outcome,
        title=title,
        expected=expected.strip(),
        leads_to=leads_to,
        position=last + 1,
        created_by=by,
        created_at=created_at or timezone.now(),
    )


@transaction.atomic
def edit_stone(
    *,
    stone: SteppingStone,
    expected_version: int,
    title: str,
    expected: str = "",
    leads_to: SteppingStone | None = None,
    by: Any,
) -> SteppingStone:
    outcome = _locked(stone.outcome_id)
    title = _title(outcome, title, but=stone.pk)
    _check_next(outcome, stone, leads_to)
    changes = {"title": title, "expected": expected.strip(), "leads_to": leads_to}
    return save_edit(stone, expected_version=expected_version, changes=changes)


def _title(outcome: Outcome, title: str, but: int | None = None) -> str:
    title = " ".join(title.split())
    if not title:
        raise DomainError("Say what has to happen.", field="title")
    if outcome.stones.filter(title__iexact=title).exclude(pk=but).exists():
        raise DomainError("There is already a stepping stone of this name.", field="title")
    return title


def _check_next(outcome: Outcome, stone: SteppingStone | None, leads_to: SteppingStone | None) -> None:
    if leads_to is None:
        return
    if leads_to.outcome_id != outcome.pk:
        raise DomainError("Choose a stepping stone of this outcome.", field="leads_to")
    if stone is not None and leads_in_a_circle(stone, leads_to):
        raise DomainError(
            "It would lead back to itself. Choose a stepping stone that comes later.", field="leads_to"
        )


@transaction.atomic
def move_stone(*, stone: SteppingStone, up: bool, by: Any) -> None:
    """One place up or down among the stones that lead to the same. At the end nothing happens."""
    outcome = _locked(stone.outcome_id)
    stone.refresh_from_db()
    beside = list(outcome.stones.filter(leads_to=stone.leads_to_id))
    at = next(index for index, one in enumerate(beside) if one.pk == stone.pk)
    to = at + (-1 if up else 1)
    if not 0 <= to < len(beside):
        return
    positions = sorted(one.position for one in beside)
    if len(set(positions)) < len(positions):
        positions = list(range(1, len(beside) + 1))
    beside[at], beside[to] = beside[to], beside[at]
    for position, one in zip(positions, beside, strict=True):
        if one.position != position:
            save_edit(one, expected_version=one.version, changes={"position": position})


@transaction.atomic
def remove_stone(*, stone: SteppingStone, by: Any) -> None:
    """Take it off the map with its evidence. What led to it leads to what it led to; its history stays."""
    _locked(stone.outcome_id)
    stone.refresh_from_db()
    for before in stone.comes_from.all():
        save_edit(before, expected_version=before.version, changes={"leads_to": stone.leads_to})
    stone.delete()


@transaction.atomic
def look_at_stone(
    *,
    stone: SteppingStone,
    progress: StoneProgress,
    confidence: Strength,
    note: str = "",
    on: date | None = None,
    by: Any,
    at: datetime | None = None,
) -> StoneLook:
    """Say how far a stone is and how sure people are. The newest look is what the map shows; earlier ones stay told."""
    stone = SteppingStone.objects.select_for_update(of=("self",)).get(pk=stone.pk)
    on, note = on or timezone.localdate(), note.strip()
    if on > timezone.localdate():
        raise DomainError("The day lies in the future.", field="on")
    if not note and progress != StoneProgress.NOT_BEGUN:
        raise DomainError("Say how you know.", field="note")
    look = StoneLook.objects.create(
        partnership_id=stone.partnership_id,
        stone=stone,
        progress=progress,
        confidence=confidence,
        note=note,
        looked_at_on=on,
        at=at or timezone.now(),
        by=by,
    )
    if stone.looked_at_on is None or on >= stone.looked_at_on:
        changes = {"progress": progress, "progress_note": note, "confidence": confidence, "looked_at_on": on}
        save_edit(stone, expected_version=stone.version, changes=changes)
    return look


# --- What helps ---------------------------------------------------------------------------------------------------
@transaction.atomic
def add_contribution(
    *,
    stone: SteppingStone,
    what: Activity | Commitment | Programme,
    how: str = "",
    strength: Strength = Strength.UNTESTED,
    by: Any,
    created_at: datetime | None = None,
) -> Contribution:
    """Put something that partners do under a stone. What stands there already is left as it is."""
    SteppingStone.objects.select_for_update(of=("self",)).get(pk=stone.pk)
    if what.partnership_id != stone.partnership_id:
        raise DomainError("Choose something that this partnership does.", field="what")
    link = {type(what)._meta.model_name: what}
    there = Contribution.objects.filter(stone=stone, **link).first()
    return there or Contribution.objects.create(
        partnership_id=stone.partnership_id,
        stone=stone,
        how=" ".join(how.split()),
        strength=strength,
        created_by=by,
        created_at=created_at or timezone.now(),
        **link,
    )


@transaction.atomic
def edit_contribution(
    *, contribution: Contribution, expected_version: int, how: str, strength: Strength, by: Any
) -> Contribution:
    changes = {"how": " ".join(how.split()), "strength": strength}
    return save_edit(contribution, expected_version=expected_version, changes=changes)


@transaction.atomic
def remove_contribution(*, contribution: Contribution, by: Any) -> None:
    Contribution.objects.filter(pk=contribution.pk).delete()


# --- What speaks for and against ----------------------------------------------------------------------------------
def _evidence(partnership_id: int, said: dict[str, Any]) -> dict[str, Any]:
    said = {"points": Points.FOR, "strength": Strength.UNTESTED} | said
    said["what_it_shows"] = said["what_it_shows"].strip()
    if not said["what_it_shows"]:
        raise DomainError("Say what it shows.", field="what_it_shows")
    for name in ("document", "activity", "measure"):
        linked = said.get(name)
        if linked is not None and linked.partnership_id != partnership_id:
            raise DomainError(f"Choose one of this partnership’s {name}s.", field=name)
    if said.get("happened_on") and said["happened_on"] > timezone.localdate():
        raise DomainError("The day lies in the future.", field="happened_on")
    return said


@transaction.atomic
def add_evidence(
    *, stone: SteppingStone, by: Any, created_at: datetime | None = None, **said: Any
) -> ContributionEvidence:
    """`said`: what_it_shows, points, strength, happened_on, url, and one of document, activity and measure, or none."""
    said = _evidence(stone.partnership_id, said)
    return ContributionEvidence.objects.create(
        partnership_id=stone.partnership_id,
        stone=stone,
        created_by=by,
        created_at=created_at or timezone.now(),
        **said,
    )


@transaction.atomic
def edit_evidence(
    *, evidence: ContributionEvidence, expected_version: int, by: Any, **said: Any
) -> ContributionEvidence:
    changes = _evidence(evidence.partnership_id, said)
    return save_edit(evidence, expected_version=expected_version, changes=changes)


@transaction.atomic
def remove_evidence(*, evidence: ContributionEvidence, by: Any) -> None:
    ContributionEvidence.objects.filter(pk=evidence.pk).delete()


def _explanation(outcome_id: int, what: str, stone: SteppingStone | None) -> str:
    what = " ".join(what.split())
    if not what:
        raise DomainError("Say what else could explain it.", field="what")
    if stone is not None and stone.outcome_id != outcome_id:
        raise DomainError("Choose a stepping stone of this outcome.", field="stone")
    return what


@transaction.atomic
def add_explanation(
    *,
    outcome: Outcome,
    what: str,
    stone: SteppingStone | None = None,
    weight: str = "unknown",
    what_we_know: str = "",
    by: Any,
    created_at: datetime | None = None,
) -> OtherExplanation:
    return OtherExplanation.objects.create(
        partnership_id=outcome.partnership_id,
        outcome=outcome,
        stone=stone,
        what=_explanation(outcome.pk, what, stone),
        weight=weight,
        what_we_know=what_we_know.strip(),
        created_by=by,
        created_at=created_at or timezone.now(),
    )


@transaction.atomic
def edit_explanation(
    *,
    explanation: OtherExplanation,
    expected_version: int,
    what: str,
    stone: SteppingStone | None,
    weight: str,
    what_we_know: str,
    by: Any,
) -> OtherExplanation:
    changes = {
        "what": _explanation(explanation.outcome_id, what, stone),
        "stone": stone,
        "weight": weight,
        "what_we_know": what_we_know.strip(),
    }
    return save_edit(explanation, expected_version=expected_version, changes=changes)


@transaction.atomic
def remove_explanation(*, explanation: OtherExplanation, by: Any) -> None:
    OtherExplanation.objects.filter(pk=explanation.pk).delete()
