"""Charts on other bodies' web pages: whether a partnership allows it, and the signed addresses that it gave away."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from outcomes.models import Measure, MeasureEmbed
from outcomes.models.judging import new_nonce
from outcomes.queries.embeds import hash_of, token_for
from partnerships.errors import DomainError
from partnerships.models import Partnership, Place

MOST = 50


@transaction.atomic
def allow_embedding(*, partnership: Partnership, allows: bool, by: Any) -> Partnership:
    """Switch it on or off for the whole partnership. Off, every address shows nothing until it is on again."""
    current = Partnership.objects.select_for_update().get(pk=partnership.pk)
    if current.allows_embedding != allows:
        current.allows_embedding = allows
        current.save(update_fields=["allows_embedding"])
    return current


@transaction.atomic
def make_embed(
    *, measure: Measure, place: Place, shown_where: str, by: Any, ends_on: date | None = None
) -> MeasureEmbed:
    """A signed address for a measure's chart of a place.

    Raises DomainError where the partnership does not allow it, for a measure still in development, a day gone by, or an
    address for the same page that still works.
    """
    partnership = Partnership.objects.select_for_update().get(pk=measure.partnership_id)
    shown_where = shown_where.strip()
    if not partnership.allows_embedding:
        raise DomainError("This partnership does not allow its charts on other websites.")
    if measure.is_in_development:
        raise DomainError("This measure is still in development, so it is not for the public yet.")
    if not shown_where or "\x00" in shown_where:
        raise DomainError("Say where the chart will stand.", field="shown_where")
    if ends_on is not None and ends_on < timezone.localdate():
        raise DomainError("This day is past. Choose a day to come, or none.", field="ends_on")
    working = MeasureEmbed.objects.filter(measure=measure, ended_at__isnull=True)
    if (
        working.filter(place=place, shown_where__iexact=shown_where)
        .exclude(ends_on__lt=timezone.localdate())
        .exists()
    ):
        raise DomainError(
            "There is an address for this page already. It is in the list.", field="shown_where"
        )
    if working.count() >= MOST:
        raise DomainError(f"A measure can have {MOST} addresses at once. End one that nobody uses.")
    nonce = new_nonce()
    return MeasureEmbed.objects.create(
        partnership=partnership,
        measure=measure,
        place=place,
        shown_where=shown_where,
        nonce=nonce,
        token_hash=hash_of(token_for(nonce)),
        ends_on=ends_on,
        made_by=by,
    )


@transaction.atomic
def end_embed(*, embed: MeasureEmbed, by: Any) -> MeasureEmbed:
    """From now on the address shows nothing. Ending twice changes nothing; it cannot be begun again."""
    current = MeasureEmbed.objects.select_for_update().get(pk=embed.pk)
    if current.ended_at is None:
        current.ended_at = timezone.now()
        current.save(update_fields=["ended_at"])
    return current
