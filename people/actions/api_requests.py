"""Doing what a partner's system asks once, however often it asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from partnerships.errors import DomainError
from people.models import ApiClient, IdempotentRequest

# A system that got no answer asks again within minutes; a day and a half covers a weekend's first retry of a nightly job.
KEPT = timedelta(hours=48)


class KeyUsed(DomainError):
    """The key was given before with another request."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a request was answered, and whether that was now or before."""

    status: int
    body: Any
    is_replay: bool


@transaction.atomic
def answer_once(
    *, client: ApiClient, key: str, request_hash: str, work: Callable[[], tuple[int, Any]]
) -> Answered:
    """Do `work` and keep its answer under the key; where the key was given before, give the answer of then.

    Of two at once the second waits for the first and gets its answer. Work that raises leaves nothing behind, so that the
    same key may come again with the mistake put right. Raises KeyUsed where the key came with another request.
    """
    try:
        with transaction.atomic():
            kept = IdempotentRequest.objects.create(
                partnership_id=client.partnership_id,
                client=client,
                key=key,
                request_hash=request_hash,
                status=0,
                body={},
            )
    except IntegrityError:
        (kept,) = IdempotentRequest.objects.filter(client=client, key=key)
        if kept.request_hash != request_hash:
            raise KeyUsed(
                "This key was given before with another request. Give each request a key of its own."
            ) from None
        return Answered(kept.status, kept.body, True)
    status, body = work()
    kept.status, kept.body = status, body
    kept.save(update_fields=["status", "body"])
    return Answered(status, body, False)


def forget_old_requests() -> int:
    """Delete the keys that nobody will give again; how many there were."""
    return IdempotentRequest.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]
