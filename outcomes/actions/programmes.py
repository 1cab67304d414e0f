"""What hangs on a programme from outcomes: the outcomes it should help, and its periods with the returns asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from outcomes.models import Outcome, ProgrammeOutcome, Return, ReturnStatus
from outcomes.statistics.haf import HafRules
from partnerships.actions.editing import save_edit
from partnerships.actions.periods import edit_period, remove_period
from partnerships.errors import DomainError
from partnerships.models import Programme, ProgrammeKind, ProgrammePeriod

LONGEST_HOW = 300
# The largest number that a rule may ask for, by the last word of its name.
MOST = {"days": 60, "weeks": 9, "day": 24, "share": 100}


@transaction.atomic
def link_outcomes(*, programme: Programme, links: Mapping[Outcome, str], by: Any) -> None:
    """The outcomes that a programme should help, each with how. Those that are not named are unlinked."""
    if any(outcome.partnership_id != programme.partnership_id for outcome in links):
        raise DomainError("Choose outcomes of this partnership.")
    for outcome, how in links.items():
        if len(how.strip()) > LONGEST_HOW:
            raise DomainError(f"Write {LONGEST_HOW} characters or fewer.", field=f"how_{outcome.pk}")
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    now = {link.outcome_id: link for link in ProgrammeOutcome.objects.filter(programme=programme)}
    wanted = {outcome.pk: how.strip() for outcome, how in links.items()}
    ProgrammeOutcome.objects.filter(pk__in=[link.pk for pk, link in now.items() if pk not in wanted]).delete()
    for pk, how in wanted.items():
        if pk not in now:
            ProgrammeOutcome.objects.create(
                partnership_id=programme.partnership_id, programme=programme, outcome_id=pk, how=how
            )
        elif now[pk].how != how:
            ProgrammeOutcome.objects.filter(pk=now[pk].pk).update(how=how)


def set_holiday_rules(
    *, programme: Programme, expected_version: int, rules: Mapping[str, float], by: Any
) -> Programme:
    """What a holiday of this programme must offer. What is as usual is not kept, so that it follows when the usual changes.

    Raises EditConflict when somebody saved the programme since `expected_version`.
    """
    if programme.kind != ProgrammeKind.HAF:
        raise DomainError("Only holiday programmes have these rules.")
    usual = HafRules().as_kept()
    for name, value in rules.items():
        if name not in usual:
            raise DomainError("There is no such rule.")
        most = MOST[name.rsplit("_", 1)[1]]
        if not 0 <= value <= most:
            raise DomainError(f"Enter a number from 0 to {most}.", field=name)
    kept = {name: value for name, value in rules.items() if value != usual[name]}
    return save_edit(programme, expected_version=expected_version, changes={"rules": kept})


@transaction.atomic
def reschedule_period(*, period: ProgrammePeriod, by: Any, **said: Any) -> ProgrammePeriod:
    """Change a period (`said` is what `edit_period` takes); returns that are still owed are due on its new day."""
    saved = edit_period(period=period, by=by, **said)
    owed = Return.objects.filter(period=saved, status__in=[ReturnStatus.OWED, ReturnStatus.SENT_BACK])
    owed.exclude(due_on=saved.returns_due_on).update(due_on=saved.returns_due_on)
    return saved


@transaction.atomic
def drop_period(*, period: ProgrammePeriod, by: Any) -> None:
    """Remove a period for which nobody has filled in anything, with the empty returns that were asked for."""
    untouched = Return.objects.filter(
        period=period,
        status__in=[ReturnStatus.OWED, ReturnStatus.NOT_NEEDED],
        cells__isnull=True,
        answers__isnull=True,
        steps__isnull=True,
        got_in_the_way="",
        way_forward="",
    )
    if Return.objects.filter(period=period).exclude(pk__in=untouched.values("pk")).exists():
        raise DomainError(f"{period.name} can’t be removed: partners have filled in figures for it.")
    untouched.delete()
    remove_period(period=period, by=by)
