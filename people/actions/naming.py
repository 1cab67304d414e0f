"""Naming people who are in no list yet."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from partnerships.models import Partnership
from people.actions.memberships import add_person
from people.models import Person
from people.queries.named import people_to_name


@transaction.atomic
def person_named(*, partnership: Partnership, name: str, by: Any) -> Person:
    """The person of this name whom the partnership knows; a new one, who cannot sign in, if there is none."""
    name = " ".join(name.split())
    known = people_to_name(partnership).filter(name__iexact=name).first()
    return known or add_person(name=name, by=by)
