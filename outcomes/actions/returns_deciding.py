"""The way of a return: sent by the partner, sent back or accepted by an officer, opened again with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from outcomes.actions.observations import NewObservation, record_observations
from outcomes.actions.returns import STATES, fill_in, locked
from outcomes.models import (
    Marker,
    Observation,
    ObservationStatus,
    Return,
    ReturnCell,
    ReturnStatus,
    ReturnStep,
)
from outcomes.queries.returns import OPEN_TO_CHANGE, Grid, grid_of
from outcomes.statistics.return_checks import Finding, incomplete
from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError


class NotReady(DomainError):
    """A return that cannot be sent yet: `findings` say what to put right or explain, cell by cell."""

    def __init__(self, findings: list[Finding]) -> None:
        first = findings[0].message if len(findings) == 1 else f"{len(findings)} figures need a look."
        super().__init__(f"This return can’t be sent yet. {first}")
        self.findings = findings


@dataclass(frozen=True, slots=True)
class ToSettle:
    """What stands between a return and its being sent."""

    errors: tuple[Finding, ...]
    unexplained: tuple[Finding, ...]
    explained: tuple[Finding, ...]


def to_settle(grid: Grid) -> ToSettle:
    findings = [*incomplete(grid.asked, grid.said), *grid.findings()]
    explained = {key for key, cell in grid.cells.items() if cell.explanation}
    odd = [finding for finding in findings if not finding.is_error]
    return ToSettle(
        errors=tuple(finding for finding in findings if finding.is_error),
        unexplained=tuple(finding for finding in odd if finding.cell not in explained),
        explained=tuple(finding for finding in odd if finding.cell in explained),
    )


@transaction.atomic
def submit(*, found: Return, expected_version: int, by: Any, at: datetime | None = None) -> Return:
    """Send a return. What is odd about it must be explained, and the two questions in words answered.

    Raises NotReady with what is to be settled, and DomainError for a return that is sent already or locked.
    """
    found = locked(found)
    if found.status not in OPEN_TO_CHANGE:
        raise DomainError(f"This return can’t be sent: it is {STATES[ReturnStatus(found.status)]}.")
    grid = grid_of(found)
    if not grid.asked:
        raise DomainError("The programme has no measures to send figures for. Ask the partnership.")
    for field, question in (
        ("got_in_the_way", "Say what got in the way. If nothing did, write “nothing”."),
        ("way_forward", "Say what the way forward is. If nothing changes, write “nothing”."),
    ):
        if not getattr(found, field).strip():
            raise DomainError(question, field=field)
    waiting = to_settle(grid)
    if waiting.errors or waiting.unexplained:
        raise NotReady([*waiting.errors, *waiting.unexplained])
    at = at or timezone.now()
    changes = {
        "status": ReturnStatus.SUBMITTED,
        "submitted_by": by,
        "submitted_at": at,
        "decided_by": None,
        "decided_at": None,
    }
    return _step(found, expected_version, changes, by=by, at=at)


@transaction.atomic
def send_back(
    *, found: Return, expected_version: int, feedback: str, by: Any, at: datetime | None = None
) -> Return:
    """Send a return back to the partner with what to look at again. Raises DomainError unless it waits to be accepted."""
    found = locked(found)
    if found.status != ReturnStatus.SUBMITTED:
        raise DomainError(f"Only a return that was sent can be sent back. This one is {_state(found)}.")
    feedback = _reason(feedback, "feedback", "Say what the partner should look at again.")
    changes = {"status": ReturnStatus.SENT_BACK, "decided_by": by, "decided_at": at or timezone.now()}
    return _step(found, expected_version, changes, by=by, at=at, comment=feedback)


@transaction.atomic
def accept(
    *,
    found: Return,
    expected_version: int,
    by: Any,
    provisional: bool = False,
    comment: str = "",
    at: datetime | None = None,
) -> Return:
    """Take a return's figures: they become observations, as this partner's part of the place's figures, and it is locked.

    What a return that was opened again says anew supersedes what it said before; what it says as before stays as it is.
    Raises DomainError unless it waits to be accepted, so that of two who accept at once one is told.
    """
    found = locked(found)
    if found.status == ReturnStatus.ACCEPTED:
        who = found.decided_by.name if found.decided_by else "somebody"
        raise DomainError(f"This return was accepted already, by {who}.")
    if found.status != ReturnStatus.SUBMITTED:
        raise DomainError(f"Only a return that was sent can be accepted. This one is {_state(found)}.")
    now = timezone.now()
    changes = {"status": ReturnStatus.ACCEPTED, "decided_by": by, "decided_at": at or now}
    saved = _step(found, expected_version, changes, by=by, at=at, comment=comment.strip())
    _record(grid_of(saved), provisional=provisional, by=by, at=at)
    return saved


@transaction.atomic
def reopen(
    *, found: Return, expected_version: int, reason: str, by: Any, at: datetime | None = None
) -> Return:
    """Unlock a return, with a reason, so that the partner can change it and send it again.

    Its figures stay until it is accepted again. Raises DomainError unless it is accepted or was called not needed.
    """
    found = locked(found)
    if found.status not in (ReturnStatus.ACCEPTED, ReturnStatus.NOT_NEEDED):
        raise DomainError(f"This return is open: it is {_state(found)}.")
    reason = _reason(reason, "reason", "Say why it is opened again.")
    was_sent = found.submitted_at is not None
    status = ReturnStatus.SENT_BACK if was_sent else ReturnStatus.OWED
    changes = {"status": status, "decided_by": by, "decided_at": at or timezone.now()}
    return _step(found, expected_version, changes, by=by, at=at, comment=reason)


@transaction.atomic
def not_needed(
    *, found: Return, expected_version: int, reason: str, by: Any, at: datetime | None = None
) -> Return:
    """Say that a return is not needed after all, with a reason: nobody is reminded of it, and no total misses it."""
    found = locked(found)
    if found.status not in OPEN_TO_CHANGE:
        raise DomainError(f"Only a return that is still owed can be let go. This one is {_state(found)}.")
    if Observation.objects.filter(returned_in=found, superseded_at__isnull=True).exists():
        raise DomainError("Figures of this return were accepted before and count in totals. Accept it again.")
    reason = _reason(reason, "reason", "Say why it is not needed.")
    changes = {"status": ReturnStatus.NOT_NEEDED, "decided_by": by, "decided_at": at or timezone.now()}
    return _step(found, expected_version, changes, by=by, at=at, comment=reason)


def _state(found: Return) -> str:
    return STATES[ReturnStatus(found.status)].partition(".")[0]


def _reason(text: str, field: str, ask: str) -> str:
    text = text.strip()
    if not text:
        raise DomainError(ask, field=field)
    if len(text) > 5_000 or "\x00" in text:
        raise DomainError("Write 5,000 characters or fewer.", field=field)
    return text


def _step(
    found: Return,
    expected_version: int,
    changes: dict[str, Any],
    *,
    by: Any,
    at: datetime | None,
    comment: str = "",
) -> Return:
    saved = save_edit(found, expected_version=expected_version, changes=changes)
    ReturnStep.objects.create(
        partnership_id=saved.partnership_id,
        returned_in=saved,
        status=saved.status,
        comment=comment,
        by=by,
        at=at or timezone.now(),
    )
    return saved


# --- Figures become observations ---------------------------------------------------------------------------------
def _record(grid: Grid, *, provisional: bool, by: Any, at: datetime | None) -> None:
    found = grid.found
    standing: dict[int, dict[int | None, Observation]] = {}
    for row in Observation.objects.filter(
        measure__in=grid.measures,
        place=found.place,
        organisation=found.organisation,
        period_start=found.period.starts_on,
        period_end=found.period.ends_on,
        superseded_at__isnull=True,
    ).select_related("group"):
        standing.setdefault(row.measure_id, {})[row.group_id] = row
    for measure in grid.measures:
        before = standing.get(measure.pk, {})
        cells = {key[1]: cell for key, cell in grid.cells.items() if key[0] == measure.pk}
        rows = [_observation(grid, cell, before.get(group), provisional) for group, cell in cells.items()]
        # A figure that was taken out of a return that was opened again is not available any more.
        rows += [
            _gone(grid, row)
            for group, row in before.items()
            if group not in cells and row.returned_in_id == found.pk and row.value is not None
        ]
        if rows:
            record_observations(measure=measure, rows=rows, by=by, recorded_at=at)


def _observation(
    grid: Grid, cell: ReturnCell, before: Observation | None, provisional: bool
) -> NewObservation:
    # Nought out of nought is no share: it does not apply.
    marker = cell.marker or (Marker.NOT_APPLICABLE if cell.value is None else "")
    said = {
        "value": cell.value,
        "marker": str(marker),
        "numerator": None if marker else cell.numerator,
        "denominator": None if marker else cell.denominator,
    }
    return _row(grid, cell.group, _status(before, said, provisional), note=cell.explanation, **said)


def _status(before: Observation | None, said: dict[str, Any], provisional: bool) -> ObservationStatus | str:
    if provisional:
        return ObservationStatus.PROVISIONAL
    if before is None or before.status == ObservationStatus.PROVISIONAL:
        return ObservationStatus.FINAL
    same = all(getattr(before, name) == value for name, value in said.items())
    return before.status if same else ObservationStatus.REVISED


def _gone(grid: Grid, row: Observation) -> NewObservation:
    return _row(
        grid,
        row.group,
        ObservationStatus.REVISED,
        value=None,
        marker=Marker.UNAVAILABLE.value,
        note="Taken out of the return when it was opened again.",
    )


def _row(grid: Grid, group: Any, status: Any, **said: Any) -> NewObservation:
    found = grid.found
    value: Decimal | None = said.pop("value")
    return NewObservation(
        place=found.place,
        organisation=found.organisation,
        returned_in=found,
        group=group,
        period_start=found.period.starts_on,
        period_end=found.period.ends_on,
        period_label=found.period.name[:40],
        value=value,
        status=status,
        source=f"Return of {found.organisation}"[:300],
        **said,
    )


@transaction.atomic
def fill_in_and_send(*, found: Return, expected_version: int, by: Any, send: bool, **filled: Any) -> Return:
    """What a partner's system does in one go: all of it, or nothing. The other arguments are those of `fill_in`."""
    saved = fill_in(found=found, expected_version=expected_version, by=by, **filled)
    return submit(found=saved, expected_version=saved.version, by=by) if send else saved
