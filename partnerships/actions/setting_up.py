"""Making a partnership and what it is made of."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from partnerships.errors import DomainError
from partnerships.models import (
    Board,
    BoardLevel,
    Organisation,
    OrganisationRole,
    Partnership,
    PartnershipOrganisation,
    PartnershipPlace,
    Place,
    Programme,
    ProgrammeKind,
    ProgrammeStatus,
    Seat,
    SeatKind,
    Sector,
)


@transaction.atomic
def create_partnership(
    *, name: str, started_on: date, main_place: Place, vision: str = "", by: Any = None
) -> Partnership:
    slug = slugify(name)[:60]
    if Partnership.objects.filter(slug=slug).exists():
        raise DomainError(
            "There is already a partnership of this name. Give this one another name.", field="name"
        )
    partnership = Partnership.objects.create(
        name=name, slug=slug, vision=vision, started_on=started_on, created_by=by
    )
    PartnershipPlace.objects.create(partnership=partnership, place=main_place, is_main=True)
    return partnership


@transaction.atomic
def cover_place(*, partnership: Partnership, place: Place, by: Any = None) -> PartnershipPlace:
    covered, _ = PartnershipPlace.objects.get_or_create(partnership=partnership, place=place)
    return covered


@transaction.atomic
def add_organisation(
    *,
    partnership: Partnership,
    name: str,
    sector: Sector,
    role: OrganisationRole = OrganisationRole.SYSTEM,
    org_id: str | None = None,
    place: Place | None = None,
    starts_on: date | None = None,
    is_fictional: bool = False,
    by: Any = None,
) -> Organisation:
    """Give an organisation a part in the partnership; one that is known already (by name, whatever its case) is used again."""
    name = " ".join(name.split())
    if not name:
        raise DomainError("Enter the organisation's name.", field="name")
    organisation = Organisation.objects.filter(name__iexact=name).first()
    if organisation is None:
        if org_id and Organisation.objects.filter(org_id=org_id).exists():
            raise DomainError("Another organisation has this identifier.", field="org_id")
        # Somebody else may add the same one in this very moment: then theirs is used.
        organisation, _ = Organisation.objects.get_or_create(
            name=name,
            defaults={
                "sector": sector,
                "org_id": org_id or None,
                "place": place,
                "is_fictional": is_fictional,
            },
        )
    has_part = PartnershipOrganisation.objects.filter(
        partnership=partnership, organisation=organisation, role=role, ends_on__isnull=True
    ).exists()
    if not has_part:
        PartnershipOrganisation.objects.create(
            partnership=partnership,
            organisation=organisation,
            role=role,
            starts_on=starts_on or timezone.localdate(),
        )
    return organisation


@transaction.atomic
def add_board(
    *,
    partnership: Partnership,
    name: str,
    level: BoardLevel,
    purpose: str = "",
    meets: str = "",
    place: Place | None = None,
    host: Organisation | None = None,
    reports_to: Board | None = None,
    by: Any = None,
) -> Board:
    if Board.objects.filter(partnership=partnership, name__iexact=name).exists():
        raise DomainError("There is already a board of this name.", field="name")
    if reports_to is not None and reports_to.partnership_id != partnership.pk:
        raise DomainError("Choose a board of this partnership.", field="reports_to")
    return Board.objects.create(
        partnership=partnership,
        name=name,
        level=level,
        purpose=purpose,
        meets=meets,
        place=place,
        host=host,
        reports_to=reports_to,
        created_by=by,
    )


@transaction.atomic
def take_seat(
    *,
    board: Board,
    person: Any,
    kind: SeatKind = SeatKind.MEMBER,
    organisation: Organisation | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    by: Any = None,
) -> Seat:
    starts_on = starts_on or timezone.localdate()
    if ends_on is not None and ends_on < starts_on:
        raise DomainError("The last day must be on or after the first.", field="ends_on")
    try:
        with transaction.atomic():
            return Seat.objects.create(
                partnership_id=board.partnership_id,
                board=board,
                person=person,
                organisation=organisation,
                kind=kind,
                starts_on=starts_on,
                ends_on=ends_on,
                created_by=by,
            )
    except IntegrityError as error:
        if "one_seat_a_person_a_board" in str(error):
            raise DomainError(
                f"{person} already has a seat on {board} in these dates.", field="person"
            ) from None
        raise


@transaction.atomic
def add_programme(
    *,
    partnership: Partnership,
    name: str,
    kind: ProgrammeKind,
    summary: str = "",
    provider: Organisation | None = None,
    status: ProgrammeStatus = ProgrammeStatus.RUNNING,
    starts_on: date | None = None,
    ends_on: date | None = None,
    by: Any = None,
) -> Programme:
    if Programme.objects.filter(partnership=partnership, name__iexact=name).exists():
        raise DomainError("There is already a programme of this name.", field="name")
    if starts_on and ends_on and ends_on < starts_on:
        raise DomainError("The last day must be on or after the first.", field="ends_on")
    return Programme.objects.create(
        partnership=partnership,
        name=name,
        kind=kind,
        summary=summary,
        provider=provider,
        status=status,
        starts_on=starts_on,
        ends_on=ends_on,
        created_by=by,
    )
