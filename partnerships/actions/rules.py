"""Simple rules that partners decide by. One that no longer holds is ended; its words are never changed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Partnership, SimpleRule


@transaction.atomic
def add_rule(
    *,
    partnership: Partnership,
    text: str,
    explanation: str = "",
    starts_on: date | None = None,
    by: Any = None,
) -> SimpleRule:
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    text = " ".join(text.split())
    if not text:
        raise DomainError("Enter the rule.", field="text")
    rules = SimpleRule.objects.filter(partnership=partnership)
    if rules.filter(text__iexact=text, ends_on__isnull=True).exists():
        raise DomainError("This rule is there already.", field="text")
    last = rules.order_by("-position").values_list("position", flat=True).first()
    return SimpleRule.objects.create(
        partnership=partnership,
        text=text,
        explanation=explanation.strip(),
        position=0 if last is None else last + 1,
        starts_on=starts_on or timezone.localdate(),
        created_by=by,
    )


@transaction.atomic
def explain_rule(*, rule: SimpleRule, expected_version: int, explanation: str, by: Any) -> SimpleRule:
    return save_edit(rule, expected_version=expected_version, changes={"explanation": explanation.strip()})


@transaction.atomic
def end_rule(*, rule: SimpleRule, on: date, by: Any) -> SimpleRule:
    """Its last day. Decisions that cite it keep citing it. Ended twice, the first day stands."""
    rule = SimpleRule.objects.select_for_update().get(pk=rule.pk)
    if rule.ends_on is not None:
        return rule
    if rule.starts_on and on < rule.starts_on:
        raise DomainError("The last day must be on or after the first.", field="on")
    return save_edit(rule, expected_version=rule.version, changes={"ends_on": on})


@transaction.atomic
def move_rule(*, rule: SimpleRule, up: bool, by: Any) -> None:
    """Change places with the rule above or below, among those that hold."""
    Partnership.objects.select_for_update().get(pk=rule.partnership_id)
    holding = list(SimpleRule.objects.filter(partnership=rule.partnership_id, ends_on__isnull=True))
    here = next((number for number, one in enumerate(holding) if one.pk == rule.pk), None)
    there = None if here is None else here + (-1 if up else 1)
    if here is None or there is None or not 0 <= there < len(holding):
        return
    holding[here], holding[there] = holding[there], holding[here]
    for number, one in enumerate(holding):
        if one.position != number:
            SimpleRule.objects.filter(pk=one.pk).update(position=number)
