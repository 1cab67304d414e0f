"""Voices: who may read which, finding them, and how far each has come.

`visible_voices` is the only definition of who may read somebody's words. Everybody else learns that there are voices,
as a number, and nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from partnerships.models import Board, Partnership, Place
from people.models import Audience, Message, Person, Reply, Voice, VoiceEffect
from people.permissions import Permission
from people.queries.people import current_seats

PAGE_SIZE = 20


def patience() -> timedelta:
    """How long a board may take to answer before the page says so."""
    return timedelta(days=settings.VOICE_ANSWER_DAYS)


# --- Who may read ------------------------------------------------------------------------------------------------
def visible_voices(partnership: Partnership, person: Person) -> QuerySet[Voice]:
    """The voices whose words this person may read, newest first.

    The person who spoke always reads their own. While consent stands: whoever wrote it down; people who sit today on
    the forum where it was said; where the audience is wider, everybody who may see the partnership. After consent was
    withdrawn nobody but the person who spoke.
    """
    seen = Q(speaker=person)
    if person.has_perm(Permission.VIEW, partnership):
        seen |= Q(withdrawn_on__isnull=True) & (Q(created_by=person) | ~Q(audience=Audience.FORUM))
    here = current_seats().filter(person=person).values("board")
    forum = Q(board__in=here) | Q(board__isnull=True, activity__board__in=here)
    seen |= Q(withdrawn_on__isnull=True) & forum
    return Voice.objects.filter(seen, partnership=partnership)


def voices_carried_to(board: Board, person: Person) -> QuerySet[Voice]:
    """Of the voices that were carried to a board: those that this person may read on the board's page.

    Somebody from elsewhere who holds a seat on it reads what its speakers agreed that more than their forum may read.
    """
    seen = Q(pk__in=visible_voices(board.partnership, person).order_by().values("pk"))
    if current_seats().filter(person=person, board=board).exists():
        seen |= Q(withdrawn_on__isnull=True) & ~Q(audience=Audience.FORUM)
    return Voice.objects.filter(
        seen,
        Exists(Message.objects.filter(voice=OuterRef("pk"), to_board=board)),
        partnership=board.partnership,
    )


def hidden_count(partnership: Partnership, person: Person) -> int:
    """How many voices there are whose words this person may not read."""
    known = visible_voices(partnership, person).order_by().values("pk")
    return Voice.objects.filter(partnership=partnership).exclude(pk__in=known).count()


def may_change(voice: Voice, person: Person) -> bool:
    """Somebody's words are changed by whoever wrote them down, or by the person who spoke."""
    return voice.withdrawn_on is None and person.pk in (voice.created_by_id, voice.speaker_id)


def may_widen(voice: Voice, person: Person) -> bool:
    """A wider audience is the speaker's to give: whoever wrote it down passes it on only for those who do not sign in."""
    return person.pk == (voice.speaker_id or voice.created_by_id)


# --- Finding -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class VoiceFilters:
    """What a list is narrowed to; what is None or empty does not narrow it."""

    text: str = ""
    theme: str = ""
    forum: Board | None = None
    place: Place | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    not_carried: bool = False
    unanswered: bool = False


def find(voices: QuerySet[Voice], filters: VoiceFilters) -> QuerySet[Voice]:
    wanted = {
        "theme__iexact": filters.theme or None,
        "board": filters.forum,
        "place": filters.place,
        "said_on__gte": filters.starts_on,
        "said_on__lte": filters.ends_on,
    }
    found = voices.filter(**{name: value for name, value in wanted.items() if value is not None})
    for word in filters.text.split():
        found = found.filter(Q(theme__icontains=word) | Q(words__icontains=word) | Q(said_as__icontains=word))
    if filters.not_carried:
        found = found.filter(~Exists(Message.objects.filter(voice=OuterRef("pk"))))
    if filters.unanswered:
        found = found.filter(Exists(Message.objects.filter(voice=OuterRef("pk"), reply="")))
    return found


def with_progress(voices: QuerySet[Voice]) -> QuerySet[Voice]:
    """Each with how often it was `carried` and `answered`, how much `followed`, what was answered last (`last_reply`),
    and since when it waits (`waits_since`).
    """
    messages = Message.objects.filter(voice=OuterRef("pk")).order_by().values("voice")
    effects = VoiceEffect.objects.filter(voice=OuterRef("pk")).order_by().values("voice")
    return voices.select_related("board", "activity__board", "place").annotate(
        carried=Subquery(messages.annotate(n=Count("pk")).values("n")),
        answered=Subquery(messages.exclude(reply="").annotate(n=Count("pk")).values("n")),
        followed=Subquery(effects.annotate(n=Count("pk")).values("n")),
        last_reply=Subquery(
            Message.objects.filter(voice=OuterRef("pk"))
            .exclude(reply="")
            .order_by("-answered_on", "-pk")
            .values("reply")[:1]
        ),
        waits_since=Subquery(messages.filter(reply="").annotate(day=Min("carried_on")).values("day")),
    )


def themes_of(voices: QuerySet[Voice]) -> list[str]:
    """The themes in use among voices that somebody may read, by name."""
    return list(voices.order_by("theme").values_list("theme", flat=True).distinct()[:200])


def own_voices(partnership: Partnership, person: Person) -> QuerySet[Voice]:
    return Voice.objects.filter(partnership=partnership, speaker=person)


# --- What waits for an answer ------------------------------------------------------------------------------------
def unanswered_for(board: Board) -> QuerySet[Message]:
    """Messages to a board that nobody has answered, those that wait longest first. Withdrawn voices wait no more."""
    return _waiting().filter(to_board=board)


def unanswered_for_person(person: Person, partnership: Partnership) -> list[Message]:
    """Messages that wait for a board of which this person is chair or vice-chair, of voices whose words they may read."""
    chaired = current_seats().filter(person=person, partnership=partnership, kind__in=("chair", "vice_chair"))
    readable = visible_voices(partnership, person).order_by().values("pk")
    return list(_waiting().filter(to_board__in=chaired.values("board"), voice__in=readable))


def _waiting() -> QuerySet[Message]:
    return (
        Message.objects.filter(reply="", voice__withdrawn_on__isnull=True)
        .select_related("voice", "to_board")
        .order_by("carried_on", "pk")
    )


@dataclass(frozen=True, slots=True)
class BoardVoices:
    """A board's voices as one person may read them: what waits, what was answered lately, and how many more there are."""

    waiting: list[Message]
    answered: list[Message]
    hidden: int
    overdue: int


def voices_of_board(board: Board, person: Person, *, latest: int = 5) -> BoardVoices:
    """What was carried to a board. Constant in queries."""
    rows = Message.objects.filter(to_board=board, voice__withdrawn_on__isnull=True).select_related("voice")
    readable = set(voices_carried_to(board, person).order_by().values_list("pk", flat=True))
    carried = list(rows.order_by("carried_on", "pk"))
    shown = [message for message in carried if message.voice_id in readable]
    waiting = [message for message in carried if not message.reply]
    late = timezone.localdate() - patience()
    answered = sorted(
        (message for message in shown if message.reply), key=lambda m: (m.answered_on, m.pk), reverse=True
    )
    return BoardVoices(
        waiting=[message for message in shown if not message.reply],
        answered=answered[:latest],
        hidden=len({message.voice_id for message in carried} - readable),
        overdue=sum(message.carried_on < late for message in waiting),
    )


# --- In numbers --------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class VoiceCounts:
    """What was heard in a period and how far it came. All voices count, whoever may read them."""

    heard: int
    carried: int
    answered: int
    unanswered: int
    followed: int
    refused: int


def count_voices(
    partnership: Partnership, *, start: date | None = None, end: date | None = None
) -> VoiceCounts:
    """One query."""
    voices = Voice.objects.filter(partnership=partnership)
    if start is not None and end is not None:
        voices = voices.filter(said_on__range=(start, end))
    messages = Message.objects.filter(voice=OuterRef("pk"))
    carried, answered = Exists(messages), Exists(messages.exclude(reply=""))
    return VoiceCounts(
        **voices.order_by()
        .annotate(
            was_carried=carried,
            was_answered=answered,
            was_refused=Exists(messages.filter(reply=Reply.NO)),
            had_effect=Exists(VoiceEffect.objects.filter(voice=OuterRef("pk"))),
        )
        .aggregate(
            heard=Count("pk"),
            carried=Count("pk", filter=Q(was_carried=True)),
            answered=Count("pk", filter=Q(was_answered=True)),
            unanswered=Count("pk", filter=Q(was_carried=True, was_answered=False)),
            followed=Count("pk", filter=Q(had_effect=True)),
            refused=Count("pk", filter=Q(was_refused=True)),
        )
    )
