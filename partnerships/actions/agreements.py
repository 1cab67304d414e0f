"""Agreements between partners: what was signed, who looks after it, and when it has to be looked at again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Agreement, AgreementKind, AgreementRenewal, Organisation, Partnership
from partnerships.queries.activities import organisations_of


@transaction.atomic
def add_agreement(
    *,
    partnership: Partnership,
    title: str,
    kind: AgreementKind | str,
    parties: Collection[Organisation],
    purpose: str = "",
    owner: Any = None,
    signed_on: date | None = None,
    renews_on: date | None = None,
    by: Any = None,
) -> Agreement:
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    title = _checked_title(partnership, title)
    _check_parties(partnership, parties)
    _check_days(signed_on, renews_on)
    agreement = Agreement.objects.create(
        partnership=partnership,
        title=title,
        kind=kind,
        purpose=purpose.strip(),
        owner=owner,
        signed_on=signed_on,
        renews_on=renews_on,
        created_by=by,
    )
    agreement.parties.set(parties)
    return agreement


@transaction.atomic
def edit_agreement(
    *,
    agreement: Agreement,
    expected_version: int,
    by: Any,
    title: str,
    parties: Collection[Organisation],
    signed_on: date | None,
    renews_on: date | None,
    **changes: Any,
) -> Agreement:
    title = _checked_title(agreement.partnership, title, except_for=agreement.pk)
    _check_parties(agreement.partnership, parties, known=agreement)
    _check_days(signed_on, renews_on)
    changes |= {"title": title, "signed_on": signed_on, "renews_on": renews_on}
    agreement = save_edit(agreement, expected_version=expected_version, changes=changes)
    agreement.parties.set(parties)
    return agreement


@transaction.atomic
def renew_agreement(
    *, agreement: Agreement, expected_version: int, renewed_on: date, renews_on: date, note: str = "", by: Any
) -> AgreementRenewal:
    """It was looked at again and goes on until a later day."""
    if agreement.ended_on:
        raise DomainError("This agreement has ended. Record a new one.")
    if renewed_on > timezone.localdate():
        raise DomainError("The day must be today or before.", field="renewed_on")
    if agreement.signed_on and renewed_on < agreement.signed_on:
        raise DomainError("It can't be renewed before it was signed.", field="renewed_on")
    if renews_on <= renewed_on:
        raise DomainError("The next renewal must be after the day of this one.", field="renews_on")
    before = agreement.renews_on
    save_edit(agreement, expected_version=expected_version, changes={"renews_on": renews_on})
    return AgreementRenewal.objects.create(
        partnership_id=agreement.partnership_id,
        agreement=agreement,
        renewed_on=renewed_on,
        renews_on_before=before,
        renews_on=renews_on,
        note=note.strip(),
        recorded_by=by,
    )


@transaction.atomic
def end_agreement(*, agreement: Agreement, expected_version: int, on: date, by: Any) -> Agreement:
    if agreement.signed_on and on < agreement.signed_on:
        raise DomainError("The last day must be on or after the day it was signed.", field="on")
    return save_edit(agreement, expected_version=expected_version, changes={"ended_on": on})


def _checked_title(partnership: Partnership, title: str, except_for: int = 0) -> str:
    title = " ".join(title.split())
    if not title:
        raise DomainError("Enter a title.", field="title")
    same = Agreement.objects.filter(partnership=partnership, title__iexact=title, ended_on__isnull=True)
    if same.exclude(pk=except_for).exists():
        raise DomainError("There is already an agreement of this title.", field="title")
    return title


def _check_parties(
    partnership: Partnership, parties: Collection[Organisation], known: Agreement | None = None
) -> None:
    if not parties:
        raise DomainError("Choose at least one organisation.", field="parties")
    ours = set(organisations_of(partnership).values_list("pk", flat=True))
    if known is not None:
        ours |= set(known.parties.values_list("pk", flat=True))
    if not {one.pk for one in parties} <= ours:
        raise DomainError("Choose organisations from the list.", field="parties")


def _check_days(signed_on: date | None, renews_on: date | None) -> None:
    if signed_on and signed_on > timezone.localdate():
        raise DomainError("The day it was signed must be today or before.", field="signed_on")
    if signed_on and renews_on and renews_on <= signed_on:
        raise DomainError("The renewal must be after the day it was signed.", field="renews_on")
