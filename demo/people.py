"""Organisations, people, their roles, and the accounts that may sign in."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from demo.chance import texts
from demo.setting import Setting
from partnerships.actions.setting_up import add_organisation
from partnerships.models import Partnership
from people.actions.memberships import add_person, give_role
from people.models import Person
from people.permissions import Role

# Addresses under .example never reach anybody.
OURS, THEIRS = "brackenford.example", "thornmere.example"


def load_organisations(setting: Setting) -> None:
    text = texts("organisations")
    for row in text["organisation"]:
        _organisation(setting, setting.partnership, row)
    for row in text["elsewhere"]:
        known = setting.organisations.get(row["key"])
        named = {"name": known.name, "sector": known.sector} if known else {}
        _organisation(setting, setting.neighbour, named | row)


def _organisation(setting: Setting, partnership: Partnership, row: dict[str, Any]) -> None:
    place = (
        "neighbour" if partnership == setting.neighbour or row["key"].startswith("thornmere") else "borough"
    )
    setting.organisations[row["key"]] = add_organisation(
        partnership=partnership,
        name=row["name"],
        sector=row["sector"],
        role=row["role"],
        place=setting.places[place],
        starts_on=setting.from_month(row["since"], f"{partnership.slug}:{row['key']}"),
        is_fictional=True,
    )


def load_people(setting: Setting) -> None:
    text = texts("people")
    for row in text["person"]:
        _person(setting, setting.partnership, row, OURS)
    for row in text["elsewhere"]:
        _person(setting, setting.neighbour, row, THEIRS)


def _person(setting: Setting, partnership: Partnership, row: dict[str, Any], domain: str) -> None:
    key, account = row["key"], row.get("account")
    person = add_person(
        name=row["name"],
        job_title=row["job"],
        email=f"{account}@{domain}" if account else None,
        by=setting.people.get("ramanathan"),
    )
    setting.people[key] = person
    employer = setting.organisations.get(row.get("org", ""))
    if employer:
        setting.employers[key] = employer
    if "role" in row:
        give_role(
            partnership=partnership,
            person=person,
            role=Role(row["role"]),
            organisation=employer,
            starts_on=setting.from_month(row["since"], key),
            ends_on=setting.to_month(row.get("until", 0), key),
            by=setting.people["ramanathan"],
        )
    if account:
        setting.accounts[person.email] = person


def let_in(people: list[Person], password: str) -> None:
    """Give everybody the demo's password and a verified address, as accepting an invitation would.

    Hashed once for all: a password hash is slow on purpose, and they share the password anyway.
    """
    Person.objects.filter(pk__in=[person.pk for person in people]).update(password=make_password(password))
    known = set(EmailAddress.objects.filter(user__in=people).values_list("user_id", flat=True))
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, verified=True, primary=True)
        for person in people
        if person.pk not in known
    )
