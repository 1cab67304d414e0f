"""Sign-ins for partners' systems: made, changed, renewed and ended by a partnership manager."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.models import Client, Token
from django.db import IntegrityError, transaction
from django.utils import timezone

from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError, EditConflict
from partnerships.models import Organisation, Partnership
from people.actions.memberships import check_organisation, end_membership, give_role
from people.models import ApiClient, Membership, Person
from people.permissions import Role, Scope
from people.queries.api_clients import default_last_day, latest_last_day


@dataclass(frozen=True, slots=True)
class WithSecret:
    """A sign-in with its secret, which is readable now and never again: only its hash is kept."""

    client: ApiClient
    secret: str


@transaction.atomic
def make_api_client(
    *,
    partnership: Partnership,
    name: str,
    scopes: Iterable[Scope | str],
    organisation: Organisation | None = None,
    expires_on: date | None = None,
    by: Any = None,
) -> WithSecret:
    """Let a partner's system in: an OAuth client, a person of its own that is no human, and what it may read."""
    name, scopes = _checked(partnership, name, scopes, organisation)
    expires_on = _checked_last_day(expires_on or default_last_day())
    adapter = get_adapter()
    oauth = Client(
        id=adapter.generate_client_id(),
        name=name,
        type=Client.Type.CONFIDENTIAL,
        grant_types=Client.GrantType.CLIENT_CREDENTIALS,
        response_types="",
    )
    secret = _new_secret(oauth, scopes)
    oauth.save(force_insert=True)
    person = Person.objects.create_user(name=name, is_system=True)
    give_role(
        partnership=partnership,
        person=person,
        role=Role.SYSTEM,
        organisation=organisation,
        ends_on=expires_on,
        by=by,
    )
    try:
        with transaction.atomic():
            client = ApiClient.objects.create(
                partnership=partnership,
                name=name,
                organisation=organisation,
                client_id=oauth.pk,
                service_person=person,
                scopes=scopes,
                expires_on=expires_on,
                created_by=by,
            )
    except IntegrityError as error:
        raise _name_taken(error) from None
    return WithSecret(client, secret)


@transaction.atomic
def change_api_client(
    *,
    client: ApiClient,
    expected_version: int,
    name: str,
    scopes: Iterable[Scope | str],
    organisation: Organisation | None = None,
    by: Any = None,
) -> ApiClient:
    """Change what it is called and what it may read. A scope that is taken away is gone from tokens in use at once."""
    _check_not_ended(client)
    name, scopes = _checked(client.partnership, name, scopes, organisation)
    changes = {"name": name, "scopes": scopes, "organisation": organisation}
    try:
        with transaction.atomic():
            save_edit(client, expected_version=expected_version, changes=changes)
    except IntegrityError as error:
        raise _name_taken(error) from None
    oauth = Client.objects.get(pk=client.client_id)
    oauth.name = name
    _set_scopes(oauth, scopes)
    oauth.save(update_fields=["name", "scopes", "default_scopes"])
    _memberships(client).update(organisation=organisation)
    Person.objects.filter(pk=client.service_person_id).update(name=name)
    return client


@transaction.atomic
def renew_secret(
    *, client: ApiClient, expected_version: int, expires_on: date | None = None, by: Any = None
) -> WithSecret:
    """Give a new secret and a new last day. The old secret and every token in use stop working at once.

    There is no overlap: a secret is renewed because it may have been seen, and must be dead when the page says so.
    """
    _check_not_ended(client)
    expires_on = _checked_last_day(expires_on or default_last_day())
    changes = {"expires_on": expires_on, "renewed_at": timezone.now()}
    try:
        save_edit(client, expected_version=expected_version, changes=changes)
    except EditConflict:
        raise DomainError(
            "This sign-in was changed, or its secret renewed, after you opened this page. "
            "Look at it again before you renew the secret."
        ) from None
    oauth = Client.objects.get(pk=client.client_id)
    secret = _new_secret(oauth, client.scopes)
    oauth.save(update_fields=["secret", "scopes", "default_scopes"])
    Token.objects.filter(client=oauth).delete()
    _memberships(client).update(ends_on=expires_on)
    return WithSecret(client, secret)


@transaction.atomic
def end_api_client(*, client: ApiClient, by: Any = None) -> ApiClient:
    """End it for good: its secret, its tokens and its access stop at once. What it was stays on record."""
    client = ApiClient.objects.select_for_update(of=["self"]).get(pk=client.pk)
    _check_not_ended(client)
    client.ended_at = timezone.now()
    client.save(update_fields=["ended_at"])
    Client.objects.filter(pk=client.client_id).delete()
    for membership in _memberships(client).current():
        end_membership(membership=membership, by=by)
    Person.objects.filter(pk=client.service_person_id).update(is_active=False)
    return client


def note_token_given(*, client: ApiClient) -> None:
    """Remember when the partner's system last signed in, so that a manager sees which sign-ins nobody uses."""
    ApiClient.objects.filter(pk=client.pk).update(last_token_at=timezone.now())


def clear_expired_tokens() -> int:
    """Delete tokens that no longer work; how many there were."""
    return Token.objects.expired().delete()[0]


def _checked(
    partnership: Partnership, name: str, scopes: Iterable[Scope | str], organisation: Organisation | None
) -> tuple[str, list[str]]:
    name = " ".join(name.split())
    if not name:
        raise DomainError("Enter a name for the partner’s system.", field="name")
    chosen = {Scope(scope) for scope in scopes}
    if not chosen:
        raise DomainError("Choose what the system may read.", field="scopes")
    check_organisation(partnership, organisation)
    return name, [scope.value for scope in Scope if scope in chosen]


def _checked_last_day(day: date) -> date:
    if day < timezone.localdate():
        raise DomainError("The last day must be today or later.", field="expires_on")
    latest = latest_last_day()
    if day > latest:
        raise DomainError(
            f"A sign-in works for two years at most: choose {latest.day} {latest:%B %Y} or an earlier day. "
            "You can renew it before it ends.",
            field="expires_on",
        )
    return day


def _check_not_ended(client: ApiClient) -> None:
    if client.ended_at is not None:
        raise DomainError("This sign-in has ended. Make a new one.")


def _new_secret(oauth: Client, scopes: list[str]) -> str:
    secret = get_adapter().generate_client_secret()
    oauth.set_secret(secret)
    _set_scopes(oauth, scopes)
    return secret


def _set_scopes(oauth: Client, scopes: list[str]) -> None:
    """A system that asks for no scope in particular gets all that it may have."""
    oauth.set_scopes(scopes)
    oauth.set_default_scopes(scopes)


def _memberships(client: ApiClient):
    return Membership.objects.filter(
        partnership=client.partnership_id, person=client.service_person_id, ended_at__isnull=True
    )


def _name_taken(error: IntegrityError) -> Exception:
    if "one_open_api_client_a_name" not in str(error):
        return error
    return DomainError(
        "A sign-in of this name is in use already. Choose another name, or end that one first.", field="name"
    )
