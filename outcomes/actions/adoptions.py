"""An organisation says of an outcome: we share this. And ends it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from config.words import day_words
from outcomes.models import Outcome, OutcomeAdoption
from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Organisation, PartnershipOrganisation


@transaction.atomic
def adopt_outcome(
    *,
    outcome: Outcome,
    organisation: Organisation,
    adopted_on: date,
    words: str = "",
    where: str = "",
    by: Any = None,
) -> OutcomeAdoption:
    here = PartnershipOrganisation.objects.filter(
        partnership=outcome.partnership_id, organisation=organisation
    )
    if not here.exists():
        raise DomainError("Choose an organisation of this partnership.", field="organisation")
    _check_day(outcome, organisation, adopted_on)
    rows = OutcomeAdoption.objects.filter(outcome=outcome, organisation=organisation)
    if (now := rows.filter(ended_on__isnull=True).first()) is not None:
        raise DomainError(
            f"{organisation} shares it since {day_words(now.adopted_on)} already.", field="organisation"
        )
    return OutcomeAdoption.objects.create(
        partnership_id=outcome.partnership_id,
        outcome=outcome,
        organisation=organisation,
        adopted_on=adopted_on,
        words=words.strip(),
        where=" ".join(where.split())[:300],
        created_by=by,
    )


@transaction.atomic
def edit_adoption(
    *,
    adoption: OutcomeAdoption,
    expected_version: int,
    adopted_on: date,
    words: str = "",
    where: str = "",
    by: Any,
) -> OutcomeAdoption:
    _check_day(adoption.outcome, adoption.organisation, adopted_on, besides=adoption)
    if adoption.ended_on and adopted_on > adoption.ended_on:
        raise DomainError(f"It ended on {day_words(adoption.ended_on)}.", field="adopted_on")
    changes = {"adopted_on": adopted_on, "words": words.strip(), "where": " ".join(where.split())[:300]}
    return save_edit(adoption, expected_version=expected_version, changes=changes)


@transaction.atomic
def end_adoption(
    *, adoption: OutcomeAdoption, expected_version: int, ended_on: date, by: Any
) -> OutcomeAdoption:
    """It shares the outcome until a day, its last. What it said stays to be read."""
    if adoption.ended_on is not None:
        raise DomainError(f"It ended on {day_words(adoption.ended_on)} already.", field="ended_on")
    if ended_on < adoption.adopted_on:
        raise DomainError(
            f"{adoption.organisation} shares it since {day_words(adoption.adopted_on)}.", field="ended_on"
        )
    if ended_on > timezone.localdate():
        raise DomainError("The last day can’t be in the future.", field="ended_on")
    return save_edit(adoption, expected_version=expected_version, changes={"ended_on": ended_on})


def _check_day(
    outcome: Outcome, organisation: Organisation, day: date, besides: OutcomeAdoption | None = None
) -> None:
    """Adoptions of one body follow each other: a new one begins after the last day of the one before."""
    # Two people who say the same at once would otherwise both be heard.
    Outcome.objects.select_for_update(no_key=True).get(pk=outcome.pk)
    if day > timezone.localdate():
        raise DomainError("The day can’t be in the future.", field="adopted_on")
    rows = OutcomeAdoption.objects.filter(outcome=outcome, organisation=organisation, ended_on__gte=day)
    before = rows.exclude(pk=besides.pk if besides else None)
    if besides is not None:
        before = before.filter(adopted_on__lte=besides.adopted_on)
    if (last := before.order_by("-ended_on").first()) is not None:
        raise DomainError(f"{organisation} shared it until {day_words(last.ended_on)}.", field="adopted_on")
