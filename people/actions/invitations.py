"""Inviting people: a letter with a link, which gives a role when it is accepted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from partnerships.errors import DomainError
from partnerships.models import Organisation, Partnership
from people.actions.known_as import note_real_name
from people.actions.memberships import add_person, check_organisation, give_role
from people.models import Invitation, Membership, Person
from people.models.memberships import new_nonce
from people.permissions import HUMAN_ROLES, Role
from people.queries.invitations import hash_of, token_for
from people.queries.signing_in import has_been_let_in
from people.tasks.invitations import send_invitation

# A letter that has not left after this long is sent again by the clock, until this long has passed.
PATIENCE = timedelta(minutes=2)
PERSISTENCE = timedelta(days=2)


@transaction.atomic
def invite(
    *,
    partnership: Partnership,
    name: str,
    email: str,
    role: Role,
    organisation: Organisation | None = None,
    ends_on: date | None = None,
    person: Person | None = None,
    by: Any = None,
) -> Invitation:
    """Invite somebody: a new person, one whom the partnership knows (`person`), or one known elsewhere by this address.

    The name is kept as it was typed: what somebody is called elsewhere is not shown before they accept.
    """
    name, email = " ".join(name.split()), email.strip().lower()
    if not name:
        raise DomainError("Enter the person’s name.", field="name")
    if not email:
        raise DomainError("Enter the person’s email address.", field="email")
    if role not in HUMAN_ROLES:
        raise DomainError("Choose a role that a person can hold.", field="role")
    if ends_on is not None and ends_on < timezone.localdate():
        raise DomainError("The last day must be today or later.", field="ends_on")
    check_organisation(partnership, organisation)
    person = _somebody_with(email, name, person)
    if Membership.objects.current().filter(partnership=partnership, person=person, role=role).exists():
        raise DomainError(f"{name} already has this role here.", field="role")
    if not has_been_let_in(person):
        _note_address(person, email, verified=False)
    nonce = new_nonce()
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                partnership=partnership,
                person=person,
                name=name,
                email=email,
                role=role,
                organisation=organisation,
                ends_on=ends_on,
                nonce=nonce,
                token_hash=hash_of(token_for(nonce)),
                invited_by=by,
                expires_at=_expiry(),
            )
    except IntegrityError as error:
        if "one_open_invitation_a_role" not in str(error):
            raise
        raise DomainError(
            f"{email} has been invited to this role already. You can send that invitation again.",
            field="email",
        ) from None
    _send_on_commit(invitation.pk)
    return invitation


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: Any = None) -> Invitation:
    """Send a new link that counts from today. The links sent before stop working."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    _check_open(invitation)
    invitation.nonce = new_nonce()
    invitation.token_hash = hash_of(token_for(invitation.nonce))
    invitation.sent_at = invitation.failed_at = None
    invitation.expires_at = _expiry()
    invitation.save(update_fields=["nonce", "token_hash", "sent_at", "failed_at", "expires_at"])
    _send_on_commit(invitation.pk)
    return invitation


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: Any = None) -> Invitation:
    """Withdraw an invitation: its link stops working at once."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    _check_open(invitation)
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    return invitation


@transaction.atomic
def accept_invitation(*, invitation: Invitation, name: str = "", password: str | None = None) -> Membership:
    """Give the role. Somebody who has never signed in also sets a name and a password, and has proved their address.

    Only the invited person may call this: the caller has checked the link, or that they are signed in as that person.
    """
    invitation = (
        Invitation.objects.select_for_update(of=["self"])
        .select_related("partnership", "person", "organisation")
        .get(pk=invitation.pk)
    )
    _check_open(invitation)
    if invitation.has_expired:
        raise DomainError("This invitation has expired.")
    if invitation.ends_on is not None and invitation.ends_on < timezone.localdate():
        raise DomainError("The role that this invitation gives has ended.")
    person = invitation.person
    if not person.is_active:
        raise DomainError("Your sign-in has been stopped. Ask the people who run this service.")
    if not has_been_let_in(person):
        _let_in(person, invitation.email, name, password)
        if invitation.role == Role.RESIDENT and invitation.name.casefold() != person.name.casefold():
            # A resident who chose to be known by another name: whoever invited them still knows whom.
            note_real_name(partnership=invitation.partnership, person=person, name=invitation.name, by=person)
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    held = Membership.objects.current().filter(
        partnership=invitation.partnership, person=person, role=invitation.role
    )
    return held.first() or give_role(
        partnership=invitation.partnership,
        person=person,
        role=Role(invitation.role),
        organisation=invitation.organisation,
        ends_on=invitation.ends_on,
        by=invitation.invited_by,
    )


def send_waiting_invitations() -> int:
    """Hand letters that have not left to the worker again: the broker was away, or the mail server refused."""
    asked = timezone.now() + timedelta(days=settings.INVITATION_DAYS)
    waiting = Invitation.objects.filter(
        sent_at__isnull=True,
        accepted_at__isnull=True,
        revoked_at__isnull=True,
        expires_at__gt=max(asked - PERSISTENCE, timezone.now()),
        expires_at__lt=asked - PATIENCE,
    ).values_list("pk", flat=True)
    for pk in waiting:
        send_invitation.delay(pk)
    return len(waiting)


def _somebody_with(email: str, name: str, person: Person | None) -> Person:
    known = Person.objects.filter(email__iexact=email).first()
    if known and known.is_system:
        raise DomainError("This address belongs to a partner’s system.", field="email")
    if known and not known.is_active:
        raise DomainError("The sign-in of the person with this address has been stopped.", field="email")
    if person is None or person == known:
        return known or add_person(name=name, email=email)
    if known:
        raise DomainError("Somebody else has this email address. Invite them by it instead.", field="email")
    if has_been_let_in(person):
        raise DomainError(f"{person.name} signs in with another address: invite them there.", field="email")
    person.email = email
    person.save(update_fields=["email"])
    return person


def _let_in(person: Person, email: str, name: str, password: str | None) -> None:
    if password is None:
        raise DomainError("Enter a password.", field="password")
    person.name = " ".join(name.split()) or person.name
    person.set_password(password)
    person.save(update_fields=["name", "password"])
    _note_address(person, email, verified=True)


def _note_address(person: Person, email: str, *, verified: bool) -> None:
    """The one address that sign-in knows of this person, who has not signed in before."""
    EmailAddress.objects.filter(user=person).exclude(email=email).delete()
    EmailAddress.objects.update_or_create(
        user=person, email=email, defaults={"verified": verified, "primary": True}
    )


def _check_open(invitation: Invitation) -> None:
    if invitation.accepted_at is not None:
        raise DomainError("This invitation has been accepted already.")
    if invitation.revoked_at is not None:
        raise DomainError("This invitation was withdrawn.")


def _expiry() -> Any:
    return timezone.now() + timedelta(days=settings.INVITATION_DAYS)


def _send_on_commit(pk: int) -> None:
    # Robust: with the broker away, the invitation stands and the clock sends it later.
    transaction.on_commit(lambda: send_invitation.delay(pk), robust=True)
