"""What the periodic report says of voices: how many came how far, and one story told with its speaker’s consent.

The report leaves the partnership and does not change, so only words that anybody may read are in it, without names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from partnerships.models import Partnership
from people.models import Audience, Message, Voice, VoiceEffect
from people.queries.names import names_in
from people.queries.voice_chains import chain_of
from people.queries.voices import VoiceCounts, count_voices
from reports.queries.periods import Period


@dataclass(frozen=True, slots=True)
class Story:
    """One voice in short sentences: who it was known as, what was said, who heard it, what followed."""

    theme: str
    said_as: str
    words: str
    heard: tuple[str, ...]
    followed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VoicesInPeriod:
    counts: VoiceCounts
    story: Story | None


def voices_in(partnership: Partnership, period: Period, *, as_of: datetime) -> VoicesInPeriod:
    return VoicesInPeriod(
        counts=count_voices(partnership, start=period.start, end=period.end),
        story=_story(partnership, period, as_of=as_of),
    )


def _story(partnership: Partnership, period: Period, *, as_of: datetime) -> Story | None:
    """The latest voice from which something followed, or that was answered, in the period."""
    days = (period.start, period.end)
    effects = VoiceEffect.objects.filter(voice=OuterRef("pk"), happened_on__range=days, created_at__lte=as_of)
    answers = Message.objects.filter(voice=OuterRef("pk"), answered_on__range=days)
    told = (
        Voice.objects.filter(
            partnership=partnership,
            audience=Audience.PUBLIC,
            withdrawn_on__isnull=True,
            created_at__lte=as_of,
        )
        .annotate(has_effect=Exists(effects), has_answer=Exists(answers))
        .order_by("-has_effect", "-said_on", "-pk")
    )
    voice = told.filter(has_effect=True).first() or told.filter(has_answer=True).first()
    if voice is None:
        return None
    chain, names = chain_of(voice), names_in(partnership)
    return Story(
        theme=voice.theme,
        said_as=voice.said_as,
        words=names.removed_from(voice.words),
        heard=tuple(names.removed_from(line) for line in chain.heard),
        followed=tuple(names.removed_from(line) for line in chain.followed),
    )
