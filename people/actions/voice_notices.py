"""Telling the chair that a voice waits for their board, and those who spoke or carried it that something came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from config.words import day_words
from partnerships.models import Board, NoticeKind, SeatKind
from partnerships.queries.notices import people_on
from partnerships.tasks.telling import short, tell
from people.models import Message, Person, Voice, VoiceEffect
from people.queries.voices import patience, visible_voices, voices_carried_to

CHAIRS = (SeatKind.CHAIR, SeatKind.VICE_CHAIR)
# What is written down long after it was is history, and no news.
NEWS = timedelta(days=60)


def tell_of_asking(message: Message, *, by: Any) -> None:
    """The board's chairs, where they may read the voice."""
    if message.to_board is not None and _is_news(message.carried_on):
        said = f"A voice about “{short(message.voice.theme)}” was put to {message.to_board} and waits for an answer"
        _tell_chairs(message, "put", said, by=by)


def tell_of_answer(message: Message, *, by: Any) -> None:
    """Who spoke and who carried it; a corrected answer is no second one."""
    if message.answered_on is None or not _is_news(message.answered_on):
        return
    whose = message.to_board or short(message.to_whom)
    answer = f"{whose} answered “{message.get_reply_display()}”"
    _tell_speakers(
        message.voice,
        f"message {message.pk} answered",
        said=f"{answer} to what you said about “[theme]”",
        carried=f"{answer} to the voice about “[theme]” that you carried",
        carriers=[message.carried_by_id],
        by=by,
    )


def tell_of_effect(effect: VoiceEffect, *, by: Any) -> None:
    if effect.happened_on is not None and not _is_news(effect.happened_on):
        return
    what = effect.get_kind_display()
    carriers = effect.voice.messages.exclude(carried_by=None).values_list("carried_by", flat=True)
    _tell_speakers(
        effect.voice,
        f"effect {effect.pk}",
        said=f"{what} followed from what you said about “[theme]”",
        carried=f"{what} followed from the voice about “[theme]” that you carried",
        carriers=carriers,
        by=by,
    )


@transaction.atomic
def tell_of_unanswered(*, today: date | None = None) -> None:
    """What the clock does: once more to the chairs, when a board has let somebody wait longer than it should."""
    late = (today or timezone.localdate()) - patience()
    waiting = Message.objects.filter(
        reply="",
        to_board__isnull=False,
        voice__withdrawn_on__isnull=True,
        carried_on__range=(late - timedelta(days=14), late),
    ).select_related("voice", "to_board__partnership")
    for message in waiting:
        said = (
            f"A voice about “{short(message.voice.theme)}” has waited for {message.to_board}’s answer since "
            f"{day_words(message.carried_on)}"
        )
        _tell_chairs(message, "unanswered", said, by=None)


def about(voice: Voice, step: Message | VoiceEffect | None = None) -> str:
    """How notices about a voice, or one step of it, are found again."""
    return f"voice {voice.pk}" + (
        f" {type(step).__name__.lower().removeprefix('voice')} {step.pk}" if step else ""
    )


def _tell_chairs(message: Message, what: str, sentence: str, *, by: Any) -> None:
    board: Board = message.to_board
    slug = board.partnership.slug
    paths: dict[str, list[int]] = defaultdict(list)
    for chair in Person.objects.filter(pk__in=people_on(board, kinds=CHAIRS)):
        if visible_voices(board.partnership, chair).filter(pk=message.voice_id).exists():
            paths[reverse("voice-detail", args=[slug, message.voice_id])].append(chair.pk)
        elif voices_carried_to(board, chair).filter(pk=message.voice_id).exists():
            paths[reverse("board-detail", args=[slug, board.pk])].append(chair.pk)
    for path, people in paths.items():
        tell(
            partnership=board.partnership,
            kind=NoticeKind.VOICE,
            occasion=f"{about(message.voice, message)} {what}",
            sentence=sentence,
            path=path,
            people=people,
            board=board,
            by=by,
        )


def _tell_speakers(
    voice: Voice, what: str, *, said: str, carried: str, carriers: Iterable[int | None], by: Any
) -> None:
    shared = {
        "partnership": voice.partnership,
        "kind": NoticeKind.VOICE,
        "occasion": f"{about(voice)} {what}",
        "path": reverse("voice-detail", args=[voice.partnership.slug, voice.pk]),
        "by": by,
    }
    theme = short(voice.theme)
    tell(**shared, sentence=said.replace("[theme]", theme), people=[voice.speaker_id])
    others = Person.objects.filter(pk__in=[pk for pk in carriers if pk not in (None, voice.speaker_id)])
    may_read = [
        one.pk for one in others if visible_voices(voice.partnership, one).filter(pk=voice.pk).exists()
    ]
    tell(**shared, sentence=carried.replace("[theme]", theme), people=may_read)


def _is_news(day: date) -> bool:
    return day >= timezone.localdate() - NEWS
