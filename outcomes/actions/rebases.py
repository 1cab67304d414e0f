"""Working out a chart's limits anew from a point, for a reason; and taking that back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from outcomes.models import Measure, Rebase, RebaseCause
from outcomes.queries.beside import place_choices, protected
from outcomes.queries.readings import readings_for
from outcomes.queries.rebases import in_force
from outcomes.queries.rebasing import hides_a_concern
from outcomes.statistics.method import MethodName
from outcomes.statistics.spc import rebase_problem
from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Activity, Decision, Place


@transaction.atomic
def rebase(
    *,
    measure: Measure,
    place: Place,
    period_end: date,
    cause: RebaseCause,
    reason: str,
    by: Any,
    activity: Activity | None = None,
    decision: Decision | None = None,
    hides_knowingly: bool = False,
    created_at: datetime | None = None,
) -> Rebase:
    """Work out the limits anew from the period that ends on a day. The same again by the same person changes nothing.

    `hides_knowingly`: somebody was told that a concern becomes common cause by it, and stands by the reason.
    """
    # Two at once would otherwise both find the point free.
    measure = Measure.objects.select_for_update(no_key=True, of=("self",)).select_related("programme", "partnership").get(
        pk=measure.pk
    )  # fmt: skip
    reason, at = reason.strip(), created_at or timezone.now()
    _check_links(measure, reason, activity, decision)
    if place not in place_choices(measure.partnership, measure):
        raise DomainError("Choose a place of this partnership.", field="place")
    there = Rebase.objects.filter(
        in_force(at), measure=measure, place=place, group=None, period_end=period_end
    ).first()
    if there is not None and there.created_by_id == by.pk and there.reason == reason:
        return there
    if there is not None:
        raise DomainError(
            f"The limits are worked out anew from {there.period_label} already. Withdraw that first.",
            field="period_end",
        )
    label = _check_point(measure, place, period_end, at, hides_knowingly=hides_knowingly)
    return Rebase.objects.create(
        partnership_id=measure.partnership_id,
        measure=measure,
        place=place,
        period_end=period_end,
        period_label=label,
        cause=cause,
        reason=reason,
        activity=activity,
        decision=decision,
        created_by=by,
        created_at=at,
    )


def _check_links(measure: Measure, reason: str, activity: Activity | None, decision: Decision | None) -> None:
    if not reason:
        raise DomainError("Say why the limits should be worked out anew.", field="reason")
    if activity is not None and activity.partnership_id != measure.partnership_id:
        raise DomainError("Choose an activity of this partnership.", field="activity")
    if decision is not None and decision.partnership_id != measure.partnership_id:
        raise DomainError("Choose a decision of this partnership.", field="decision")


def _check_point(
    measure: Measure, place: Place, period_end: date, at: datetime, *, hides_knowingly: bool
) -> str:
    """The name of the period, or a DomainError where no limits can begin there."""
    # As the page shows it: what is hidden beside others is no point of the chart.
    (reading,) = protected(readings_for([measure], place, as_of=at).values(), as_of=at)
    if reading.judgement.method.name is not MethodName.SPC:
        raise DomainError("This measure’s chart has no limits, so there is nothing to work out anew.")
    days = [point[0] for point in reading.series.points]
    values = [point[1] for point in reading.series.points]
    if problem := rebase_problem(days, values, period_end):
        raise DomainError(problem, field="period_end")
    if period_end == next(
        day for day, value in zip(days, values, strict=True) if value is not None
    ):  # fmt: skip
        raise DomainError("The limits begin at this point already. Choose a later one.", field="period_end")
    if not hides_knowingly and hides_a_concern(reading, period_end):
        raise DomainError(
            "This would turn a concern into ordinary ups and downs. Look at the preview, then say that you did.",
            field="hides_knowingly",
        )
    return next(f.period_label for f in reading.series.figures if f.period_end == period_end)


@transaction.atomic
def withdraw_rebase(*, rebase: Rebase, because: str, by: Any, at: datetime | None = None) -> Rebase:
    """Draw the chart as if it had never been made. Who made it, why, and why it was withdrawn stay told."""
    rebase = Rebase.objects.select_for_update(of=("self",)).get(pk=rebase.pk)
    if rebase.withdrawn_at is not None:
        raise DomainError("It has been withdrawn already.")
    if not because.strip():
        raise DomainError("Say why it is withdrawn.", field="because")
    changes = {
        "withdrawn_at": at or timezone.now(),
        "withdrawn_by": by,
        "withdrawn_because": because.strip(),
    }
    return save_edit(rebase, expected_version=rebase.version, changes=changes)
