"""Joining without a work email: codes that let residents in, and back in."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from partnerships.models import Partnership, TenantRecord
from people.models.memberships import new_nonce


@pghistory.track(exclude=["nonce", "code_hash", "uses"])
class JoiningCode(TenantRecord):
    """A code that lets residents join, as a link or on paper; or, with a person, lets that one set a new password.

    The code is worked out from the secret key and the nonce and found by its hash, as the token of an invitation is.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="joining_codes")
    name = models.CharField("what it is for", max_length=120)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    nonce = models.CharField(max_length=32, default=new_nonce)
    code_hash = models.CharField(max_length=64, unique=True)
    uses_allowed = models.PositiveSmallIntegerField("how many may use it", default=1)
    uses = models.PositiveSmallIntegerField(default=0)
    expires_on = models.DateField("works until", help_text="The last day, which is included.")
    role_ends_on = models.DateField("last day of the role", null=True, blank=True)
    revoked_at = models.DateTimeField("withdrawn", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="joining_code_used_as_often", condition=Q(uses__lte=F("uses_allowed"))
            ),
            models.CheckConstraint(
                name="joining_code_for_one_person_once", condition=Q(person__isnull=True) | Q(uses_allowed=1)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def works(self) -> bool:
        return (
            self.revoked_at is None
            and self.expires_on >= timezone.localdate()
            and self.uses < self.uses_allowed
        )


class Joined(TenantRecord):
    """Somebody came in by a code, or came back in by one."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    code = models.ForeignKey(JoiningCode, on_delete=models.CASCADE, related_name="joined")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["code", "person"], name="joined_once_by_a_code")]

    def __str__(self) -> str:
        return str(self.code)
