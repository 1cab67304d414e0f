"""Who may sign in: only somebody whom a partnership has let in."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.utils import timezone

from people.models import Invitation, Person

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_been_let_in(person: Person) -> bool:
    """Whether the person has accepted an invitation before, so that name, email address and password are their own to change."""
    return person.has_usable_password() or EmailAddress.objects.filter(user=person, verified=True).exists()


def may_sign_in(person: Person) -> bool:
    """Whether the person has been let in, or holds an invitation that still counts."""
    if not person.is_active or person.is_system:
        return False
    return has_been_let_in(person) or waiting_invitations(person).exists()


def waiting_invitations(person: Person):
    """Invitations that the person can accept today."""
    return Invitation.objects.filter(
        person=person, accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=timezone.now()
    )


def has_second_factor(person: Person) -> bool:
    """Recovery codes alone do not count: they stand in for a factor that is lost."""
    return Authenticator.objects.filter(user=person, type__in=SECOND_FACTORS).exists()
