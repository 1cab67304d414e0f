"""The published lookup from councils' org-id identifiers to GSS codes. Loading it again changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import transaction

from partnerships.actions.places import Loaded, read_table
from partnerships.errors import DomainError
from partnerships.models import CouncilIdentifier
from partnerships.queries.org_ids import fault_of
from partnerships.queries.place_codes import FORM

COLUMNS = ("org_id", "name", "gss_code", "active")


@transaction.atomic
def import_council_ids(*, path: Path, by: Any = None) -> Loaded:
    """All of the file or nothing. A council that is no longer in the file stays, because organisations may name it."""
    said: dict[str, dict[str, Any]] = {}
    for number, row in enumerate(read_table(path, COLUMNS), 2):
        fault = fault_of(row["org_id"])
        if fault:
            raise DomainError(f"{path.name}, row {number}: “{row['org_id']}”. {fault}")
        if row["gss_code"] and not FORM.match(row["gss_code"]):
            raise DomainError(f"{path.name}, row {number}: “{row['gss_code']}” is no GSS code.")
        if row["org_id"] in said:
            raise DomainError(f"{path.name} has two rows for {row['org_id']}.")
        said[row["org_id"]] = {
            "name": row["name"],
            "gss_code": row["gss_code"],
            "is_current": row["active"].upper() == "TRUE",
        }
    if not said:
        raise DomainError(f"{path.name} has headings, but no rows.")
    known = {one.org_id: one for one in CouncilIdentifier.objects.select_for_update()}
    new = [CouncilIdentifier(org_id=key, **values) for key, values in said.items() if key not in known]
    changed = []
    for key, values in said.items():
        kept = known.get(key)
        if kept and any(getattr(kept, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(kept, name, value)
            changed.append(kept)
    CouncilIdentifier.objects.bulk_create(new)
    CouncilIdentifier.objects.bulk_update(changed, ["name", "gss_code", "is_current"])
    return Loaded(len(new), len(changed), len(said) - len(new) - len(changed))
