"""Signed addresses of charts that stand on other websites, and what they show on the day on which they are read."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from html import escape

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from outcomes.models import Measure, MeasureEmbed
from outcomes.queries.beside import protected
from outcomes.queries.readings import Reading, readings_for
from partnerships.models import Partnership


def token_for(nonce: str) -> str:
    digest = salted_hmac("outcomes.embed", nonce, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def address_of(embed: MeasureEmbed) -> str:
    return settings.BASE_URL + reverse("embed", args=[token_for(embed.nonce)])


def code_of(embed: MeasureEmbed) -> str:
    """What somebody pastes into their page."""
    title = escape(f"{embed.measure.name}, {embed.place.name}", quote=True)
    return (
        f'<iframe src="{address_of(embed)}" title="{title}" width="100%" height="760" loading="lazy" '
        f'style="border:0"></iframe>'
    )


def find(token: str) -> MeasureEmbed | None:
    """The embed of an address that was given away, whether or not it still shows anything."""
    found = MeasureEmbed.objects.select_related(
        "partnership", "measure__programme", "measure__outcome", "place"
    )
    return found.filter(token_hash=hash_of(token)).first()


def is_open(embed: MeasureEmbed) -> bool:
    """Whether the address shows its chart today."""
    over = embed.ended_at is not None or (embed.ends_on is not None and embed.ends_on < timezone.localdate())
    return not over and embed.partnership.allows_embedding and not embed.measure.is_in_development


@dataclass(frozen=True, slots=True)
class Embedded:
    """What an address shows: a measure in its place, as it is known now."""

    reading: Reading
    as_of: datetime


def embedded(embed: MeasureEmbed) -> Embedded:
    now = timezone.now()
    reading = readings_for([embed.measure], embed.place, as_of=now)[embed.measure_id]
    return Embedded(protected([reading], as_of=now)[0], now)


def embeds_of(measure: Measure) -> QuerySet[MeasureEmbed]:
    return measure.embeds.select_related("partnership", "measure", "place", "made_by")


def embeds_in(partnership: Partnership) -> QuerySet[MeasureEmbed]:
    found = MeasureEmbed.objects.filter(partnership=partnership)
    return found.select_related("partnership", "measure", "place", "made_by")
