from partnerships.models.activities import (
    Activity,
    ActivityKind,
    Contact,
    Draft,
    SavedFilter,
    Visibility,
)
from partnerships.models.base import Editable, TenantRecord
from partnerships.models.boards import Board, BoardLevel, Seat, SeatKind
from partnerships.models.organisations import Organisation, Sector
from partnerships.models.partnerships import (
    OrganisationRole,
    Partnership,
    PartnershipOrganisation,
    PartnershipPlace,
    ReportFrequency,
)
from partnerships.models.places import AuthorityDeprivation, Place, PlaceKind, SmallAreaDeprivation
from partnerships.models.programmes import Programme, ProgrammeKind, ProgrammeStatus

__all__ = [
    "Activity",
    "ActivityKind",
    "AuthorityDeprivation",
    "Board",
    "BoardLevel",
    "Contact",
    "Draft",
    "Editable",
    "Organisation",
    "OrganisationRole",
    "Partnership",
    "PartnershipOrganisation",
    "PartnershipPlace",
    "Place",
    "PlaceKind",
    "Programme",
    "ProgrammeKind",
    "ProgrammeStatus",
    "ReportFrequency",
    "SavedFilter",
    "Seat",
    "SeatKind",
    "Sector",
    "SmallAreaDeprivation",
    "TenantRecord",
    "Visibility",
]
