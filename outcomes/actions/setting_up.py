"""Making outcomes and measures.

`created_at` is for records that were made before they came here, so that a dashboard as of an earlier day shows them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from outcomes.models import ActivityOutcome, Group, Measure, MeasureKind, Outcome
from outcomes.statistics.rollup import can_add, rule_over
from partnerships.actions.activities import NewActivity, edit_activity, log_activities, log_activity
from partnerships.actions.commitments import known_among
from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Activity, Partnership

# A measure's page lies at measures/<slug>/, beside these.
ADDRESSES_IN_USE = {"new"}


@transaction.atomic
def add_outcome(
    *,
    partnership: Partnership,
    title: str,
    description: str = "",
    position: int | None = None,
    by: Any = None,
    created_at: datetime | None = None,
) -> Outcome:
    if Outcome.objects.filter(partnership=partnership, title__iexact=title.strip()).exists():
        raise DomainError("There is already an outcome with this title.", field="title")
    if position is None:
        position = Outcome.objects.filter(partnership=partnership).count() + 1
    return Outcome.objects.create(
        partnership=partnership,
        title=title.strip(),
        description=description,
        position=position,
        created_by=by,
        created_at=created_at or timezone.now(),
    )


@transaction.atomic
def edit_outcome(
    *,
    outcome: Outcome,
    expected_version: int,
    title: str,
    description: str = "",
    position: int | None = None,
    by: Any,
) -> Outcome:
    """Raises EditConflict, with nothing changed, when somebody else saved it since `expected_version`."""
    title = title.strip()
    others = Outcome.objects.filter(partnership=outcome.partnership_id).exclude(pk=outcome.pk)
    if others.filter(title__iexact=title).exists():
        raise DomainError("There is already an outcome with this title.", field="title")
    changes = {"title": title, "description": description}
    changes["position"] = outcome.position if position is None else position
    return save_edit(outcome, expected_version=expected_version, changes=changes)


@transaction.atomic
def add_measure(*, outcome: Outcome, name: str, by: Any = None, **fields: Any) -> Measure:
    """Add a measure. A performance measure needs its programme; a population indicator has none."""
    partnership = outcome.partnership
    _check_measure(partnership, name=name, **fields)
    base = slugify(name)[:70] or "measure"
    slug, count = base, 1
    while slug in ADDRESSES_IN_USE or Measure.objects.filter(partnership=partnership, slug=slug).exists():
        count += 1
        slug = f"{base}-{count}"
    return Measure.objects.create(
        partnership=partnership, outcome=outcome, name=name.strip(), slug=slug, created_by=by, **fields
    )


@transaction.atomic
def edit_measure(
    *, measure: Measure, expected_version: int, outcome: Outcome, name: str, by: Any, **fields: Any
) -> Measure:
    """Change what a measure is. Its address stays, so that links to it still work.

    Raises EditConflict, with nothing changed, when somebody else saved it since `expected_version`.
    """
    if outcome.partnership_id != measure.partnership_id:
        raise DomainError("Choose an outcome of this partnership.", field="outcome")
    _check_measure(measure.partnership, name=name, measure=measure, **fields)
    changes = {"outcome": outcome, "name": name.strip(), **fields}
    return save_edit(measure, expected_version=expected_version, changes=changes)


def _check_measure(
    partnership: Partnership, *, name: str, measure: Measure | None = None, **fields: Any
) -> None:
    programme = fields.get("programme")
    kind = fields.get("kind", MeasureKind.INDICATOR)
    if (kind == MeasureKind.PERFORMANCE) != (programme is not None):
        raise DomainError(
            "Choose the programme whose own measure this is."
            if kind == MeasureKind.PERFORMANCE
            else "A population indicator belongs to no programme. Leave the programme empty.",
            field="programme",
        )
    if programme is not None and programme.partnership_id != partnership.pk:
        raise DomainError("Choose a programme of this partnership.", field="programme")
    if fields.get("quadrant") and kind != MeasureKind.PERFORMANCE:
        raise DomainError("Only a programme's own measure answers one of these questions.", field="quadrant")
    _check_rules(fields)
    owner = fields.get("owner")
    keeps = measure.owner_id if measure else None
    if owner is not None and owner.pk != keeps and owner.pk not in known_among(partnership, [owner]):
        raise DomainError("Choose somebody of this partnership.", field="owner")
    if fields.get("is_headline") and fields.get("is_in_development"):
        raise DomainError("A measure without good data yet can’t be a headline measure.", field="tier")
    others = Measure.objects.filter(partnership=partnership).exclude(pk=measure.pk if measure else None)
    if others.filter(name__iexact=name.strip()).exists():
        raise DomainError("There is already a measure of this name.", field="name")


def _check_rules(fields: dict[str, Any]) -> None:
    """Refuses what cannot be put together: percentages that are added up, and running totals that are added to each other."""
    unit, rule = fields.get("unit", ""), fields.get("rule", "")
    for name in ("rule", "rule_across_periods", "rule_across_places", "rule_across_groups"):
        if not can_add(fields.get(name) or "", unit):
            raise DomainError(
                "Percentages and rates can’t be added up. Choose the sum of numerators over the sum of denominators.",
                field=name,
            )
    over_periods = fields.get("rule_across_periods")
    total = bool(fields.get("is_running_total"))
    if over_periods and over_periods != rule_over(rule, over_periods, is_running_total=total):
        raise DomainError(
            "Each figure counts everything so far, so those of several periods can’t be put together. Choose the latest.",
            field="rule_across_periods",
        )


@transaction.atomic
def add_group(*, partnership: Partnership, dimension: str, name: str, position: int = 0) -> Group:
    """One part of a breakdown; one that is known already is used again."""
    group, _ = Group.objects.get_or_create(
        partnership=partnership, dimension=dimension, name=name, defaults={"position": position}
    )
    return group


@transaction.atomic
def log_activity_for_outcomes(
    *, outcomes: list[Outcome] | tuple[Outcome, ...] = (), **fields: Any
) -> Activity:
    """Log an activity and say which outcomes it should help. The other fields are `log_activity`'s."""
    activity = log_activity(**fields)
    _link(activity, outcomes)
    return activity


@transaction.atomic
def log_activities_for_outcomes(
    *, partnership: Partnership, by: Any, entries: Collection[tuple[NewActivity, Collection[Outcome]]]
) -> list[Activity]:
    """Log many activities by one author, each with the outcomes that it should help: all of them, or none."""
    for _, outcomes in entries:
        _check_outcomes(partnership.pk, outcomes)
    activities = log_activities(partnership=partnership, by=by, entries=[entry for entry, _ in entries])
    ActivityOutcome.objects.bulk_create(
        ActivityOutcome(partnership=partnership, activity=activity, outcome_id=pk)
        for activity, (_, outcomes) in zip(activities, entries, strict=True)
        for pk in dict.fromkeys(outcome.pk for outcome in outcomes)
    )
    return activities


@transaction.atomic
def edit_activity_for_outcomes(
    *, activity: Activity, outcomes: list[Outcome] | tuple[Outcome, ...], **fields: Any
) -> Activity:
    edited = edit_activity(activity=activity, **fields)
    _link(edited, outcomes)
    return edited


def _link(activity: Activity, outcomes: list[Outcome] | tuple[Outcome, ...]) -> None:
    _check_outcomes(activity.partnership_id, outcomes)
    kept = {outcome.pk for outcome in outcomes}
    links = ActivityOutcome.objects.filter(activity=activity)
    links.exclude(outcome_id__in=kept).delete()
    known = set(links.values_list("outcome_id", flat=True))
    for outcome in outcomes:
        if outcome.pk not in known:
            ActivityOutcome.objects.create(
                partnership_id=activity.partnership_id, activity=activity, outcome=outcome
            )


def _check_outcomes(partnership_id: int, outcomes: Collection[Outcome]) -> None:
    if any(outcome.partnership_id != partnership_id for outcome in outcomes):
        raise DomainError("Choose outcomes of this partnership.", field="outcomes")
