"""Requests of partners' systems that write, remembered so that sending one twice writes once."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from partnerships.models import TenantRecord
from people.models.memberships import ApiClient


class IdempotentRequest(TenantRecord):
    """A key that a partner's system gave with a request that writes, and what it was answered.

    The same key with the same request gets the same answer again; with another request it is refused.
    """

    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64, help_text="Of the method, the address and the body.")
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="an_idempotency_key_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotent_request_age")]

    def __str__(self) -> str:
        return f"{self.client_id}: {self.key}"
