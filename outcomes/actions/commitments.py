"""Commitments together with the outcomes that they should help; everything else is the lower action's."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction

from outcomes.models import CommitmentOutcome, Outcome
from partnerships.actions.commitments import commit_next_step, edit_commitment, make_commitment
from partnerships.actions.commitments_closing import close_commitment
from partnerships.errors import DomainError
from partnerships.models import Activity, Commitment


@transaction.atomic
def make_commitment_for_outcomes(*, outcomes: Collection[Outcome] = (), **fields: Any) -> Commitment:
    """Make a commitment and say which outcomes it should help. The other fields are `make_commitment`'s."""
    commitment = make_commitment(**fields)
    _link(commitment, outcomes)
    return commitment


@transaction.atomic
def edit_commitment_for_outcomes(
    *, commitment: Commitment, outcomes: Collection[Outcome], **fields: Any
) -> Commitment:
    edited = edit_commitment(commitment=commitment, **fields)
    _link(edited, outcomes)
    return edited


@transaction.atomic
def commit_next_step_for_outcomes(*, activity: Activity, by: Any) -> Commitment:
    """A next step made a commitment should help what its activity should help."""
    commitment = commit_next_step(activity=activity, by=by)
    if not commitment.outcome_links.exists():
        _link(commitment, Outcome.objects.filter(activity_links__activity=activity))
    return commitment


@transaction.atomic
def close_commitment_for_outcomes(**fields: Any) -> Commitment:
    """Close a commitment; what it is changed into should help the same outcomes."""
    closed = close_commitment(**fields)
    if closed.changed_into is not None:
        _link(closed.changed_into, Outcome.objects.filter(commitment_links__commitment=closed))
    return closed


def _link(commitment: Commitment, outcomes: Collection[Outcome]) -> None:
    if any(outcome.partnership_id != commitment.partnership_id for outcome in outcomes):
        raise DomainError("Choose outcomes of this partnership.", field="outcomes")
    kept = {outcome.pk for outcome in outcomes}
    links = CommitmentOutcome.objects.filter(commitment=commitment)
    links.exclude(outcome_id__in=kept).delete()
    for pk in kept - set(links.values_list("outcome_id", flat=True)):
        CommitmentOutcome.objects.create(
            partnership_id=commitment.partnership_id, commitment=commitment, outcome_id=pk
        )
