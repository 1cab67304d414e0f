"""The money of a programme, line by line, in pounds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import MoneyHeading, MoneyKind, MoneyLine, Organisation, Programme
from partnerships.queries.activities import organisations_of

MOST = Decimal(10) ** 12


@transaction.atomic
def add_money_line(
    *,
    programme: Programme,
    kind: MoneyKind | str,
    heading: MoneyHeading | str,
    amount: Decimal,
    starts_on: date,
    ends_on: date,
    description: str = "",
    funder: Organisation | None = None,
    by: Any = None,
) -> MoneyLine:
    _check(programme, amount, starts_on, ends_on, funder)
    return MoneyLine.objects.create(
        partnership_id=programme.partnership_id,
        programme=programme,
        kind=kind,
        heading=heading,
        amount=amount,
        starts_on=starts_on,
        ends_on=ends_on,
        description=description.strip(),
        funder=funder,
        created_by=by,
    )


@transaction.atomic
def edit_money_line(
    *,
    line: MoneyLine,
    expected_version: int,
    kind: MoneyKind | str,
    heading: MoneyHeading | str,
    amount: Decimal,
    starts_on: date,
    ends_on: date,
    description: str = "",
    funder: Organisation | None = None,
    by: Any,
) -> MoneyLine:
    """Raises EditConflict, with nothing changed, when somebody else saved it since `expected_version`."""
    _check(line.programme, amount, starts_on, ends_on, funder if funder != line.funder else None)
    changes = {
        "kind": kind,
        "heading": heading,
        "amount": amount,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "description": description.strip(),
        "funder": funder,
    }
    return save_edit(line, expected_version=expected_version, changes=changes)


@transaction.atomic
def remove_money_line(*, line: MoneyLine, by: Any) -> None:
    """Its history keeps what it was. One that is gone already is no error."""
    MoneyLine.objects.filter(pk=line.pk).delete()


def _check(
    programme: Programme, amount: Decimal, starts_on: date, ends_on: date, funder: Organisation | None
) -> None:
    if amount < 0:
        raise DomainError("Enter an amount of 0 or more.", field="amount")
    if amount >= MOST:
        raise DomainError("Enter an amount below a million million pounds.", field="amount")
    if ends_on < starts_on:
        raise DomainError("The last day must be on or after the first.", field="ends_on")
    if funder is not None and not organisations_of(programme.partnership).filter(pk=funder.pk).exists():
        raise DomainError("Choose an organisation of this partnership.", field="funder")
