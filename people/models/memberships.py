from __future__ import annotations

import secrets
from datetime import date

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from partnerships.models import Editable, Organisation, Partnership, TenantRecord
from partnerships.models.boards import DateRange
from people.permissions import Role


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, on: date | None = None) -> MembershipQuerySet:
        """Roles held on the day, today by default. A role that was taken away today is gone at once."""
        on = on or timezone.localdate()
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on, ended_at__isnull=True
        )


@pghistory.track()
class Membership(TenantRecord, Editable):
    """A person's role in a partnership, for an organisation, from a day to a day. It is ended, never deleted."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField(max_length=12, choices=Role)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="The last day, which is included.")
    ended_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When access was taken away, which counts at once and not at midnight.",
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="membership_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="membership_ended_has_last_day",
                condition=Q(ended_at__isnull=True) | Q(ends_on__isnull=False),
            ),
            ExclusionConstraint(
                name="one_role_at_a_time",
                expressions=[
                    ("partnership", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (
                        DateRange(
                            "starts_on", "ends_on", RangeBoundary(inclusive_lower=True, inclusive_upper=True)
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                # A role taken away by mistake can be given again the same day.
                condition=Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} of {self.partnership}"

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None or (self.ends_on is not None and self.ends_on < timezone.localdate())


def new_nonce() -> str:
    return secrets.token_hex(16)


@pghistory.track(exclude=["token_hash", "nonce"])
class Invitation(TenantRecord):
    """A letter that lets one person in. Its link carries a token of which only the hash is kept.

    The token is worked out from the secret key, the invitation and its nonce, so that sending a letter twice gives the
    same link, and neither the database nor the broker holds it. A new nonce ends the links sent before.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations")
    name = models.CharField(max_length=150, help_text="As the inviter wrote it.")
    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ends_on = models.DateField(null=True, blank=True)
    nonce = models.CharField(max_length=32, default=new_nonce)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Nobody, where the partnership was begun from the command line.",
    )
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(
        null=True, blank=True, help_text="When the mail server last refused the letter."
    )
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "person", "role"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="one_open_invitation_a_role",
            )
        ]

    def __str__(self) -> str:
        return f"Invitation to {self.partnership}"

    @property
    def is_open(self) -> bool:
        """Not used and not withdrawn; it may have expired."""
        return self.accepted_at is None and self.revoked_at is None

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= timezone.now()


class ApiClientQuerySet(models.QuerySet["ApiClient"]):
    def open(self, on: date | None = None) -> ApiClientQuerySet:
        """Sign-ins that work on the day, today by default: neither ended nor past their last day."""
        on = on or timezone.localdate()
        return self.filter(ended_at__isnull=True, expires_on__gte=on, service_person__is_active=True)


@pghistory.track(exclude=["last_token_at"])
class ApiClient(TenantRecord, Editable):
    """A partner's system that may read from the API: which OAuth client it is, what it may read, and until when.

    The secret is kept, hashed, by the OAuth client alone, which is deleted with its tokens when the sign-in is ended.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="api_clients")
    name = models.CharField(max_length=100)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    client_id = models.CharField(max_length=100, unique=True)
    service_person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_client"
    )
    scopes = models.JSONField("may read", default=list)
    expires_on = models.DateField("works until", help_text="The last day, which is included.")
    renewed_at = models.DateTimeField("secret renewed", null=True, blank=True)
    last_token_at = models.DateTimeField(null=True, blank=True, help_text="When it last asked for a token.")
    ended_at = models.DateTimeField("ended", null=True, blank=True)

    objects = ApiClientQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                F("partnership"),
                Lower("name"),
                condition=Q(ended_at__isnull=True),
                name="one_open_api_client_a_name",
            ),
            models.CheckConstraint(name="api_client_name_given", condition=~Q(name="")),
            models.CheckConstraint(name="api_client_may_read_something", condition=~Q(scopes=[])),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None or self.expires_on < timezone.localdate()
