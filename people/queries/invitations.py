"""Invitations: the token in a letter's link, and the letters of a partnership."""

from __future__ import annotations

import base64
import hashlib

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.crypto import salted_hmac

from partnerships.models import Partnership
from people.models import Invitation


def token_for(nonce: str) -> str:
    digest = salted_hmac("people.invitation", nonce, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(invitation: Invitation) -> str:
    """The address in the letter. Whoever has it can accept, so it goes to the invited person only."""
    path = reverse("invitation-accept", kwargs={"token": token_for(invitation.nonce)})
    return f"{settings.BASE_URL}{path}"


def find(token: str) -> Invitation | None:
    return (
        Invitation.objects.select_related("partnership", "person", "organisation", "invited_by")
        .filter(token_hash=hash_of(token))
        .first()
    )


def open_invitations(partnership: Partnership) -> QuerySet[Invitation]:
    """Neither accepted nor withdrawn, those that need attention first."""
    return (
        Invitation.objects.filter(partnership=partnership, accepted_at__isnull=True, revoked_at__isnull=True)
        .select_related("organisation", "invited_by")
        .order_by("expires_at", "pk")
    )
