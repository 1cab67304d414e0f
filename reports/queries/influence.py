"""What the periodic report says of influence: what introductions led to, what waits for an answer, how well it is known.

Never a person. Which boards are linked is in it only where the partnership has opened that, since the report is read by
every member and leaves through the partner API.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from partnerships.models import Partnership
from people.models import Evidence, Introduction, Message, VoiceEffect
from people.queries.influence import network_on, wanted_on
from people.queries.introductions import FURTHEST_FIRST, WORDS
from people.queries.leadership import Share, shares_on
from people.queries.names import names_in
from reports.queries.periods import Period

ELSEWHERE = "Others than boards"
STRONGEST_FIRST = (Evidence.STRONG, Evidence.MODERATE, Evidence.WEAK, Evidence.UNTESTED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many messages a board had not answered at the end of the period, and for how many days the oldest."""

    where: str
    number: int
    days: int


@dataclass(frozen=True, slots=True)
class LinksInPeriod:
    """Boards that share people at the end of the period: in numbers, and which of them carried something."""

    boards: int
    pairs: int
    pairs_before: int
    on_one_person: int
    carried: tuple[tuple[str, str, int], ...]
    wanted: tuple[tuple[str, str, date, bool], ...]


@dataclass(frozen=True, slots=True)
class InfluenceInPeriod:
    introduced: int
    came: tuple[tuple[str, int], ...]
    waiting: tuple[Waiting, ...]
    evidence: tuple[tuple[str, int], ...]
    outside_before: Share
    outside: Share
    links: LinksInPeriod | None


def influence_in(partnership: Partnership, period: Period, *, as_of: datetime) -> InfluenceInPeriod:
    """A fixed number of queries, whatever there is."""
    introductions = Introduction.objects.filter(
        partnership=partnership, created_at__lte=as_of, made_on__lte=period.end
    )
    came = _came(introductions, period)
    messages = Message.objects.filter(
        Q(voice__withdrawn_on__isnull=True) | Q(voice__withdrawn_on__gt=period.end),
        partnership=partnership,
        created_at__lte=as_of,
        carried_on__lte=period.end,
    ).select_related("to_board", "from_board", "voice__board")
    before, after = shares_on(partnership, [period.start - timedelta(days=1), period.end])
    names = names_in(partnership)
    return InfluenceInPeriod(
        introduced=introductions.filter(made_on__gte=period.start).count(),
        came=tuple((WORDS[key], came[key]) for key in FURTHEST_FIRST if came[key]),
        waiting=_waiting(messages, period, names),
        evidence=_evidence(partnership, messages, period, as_of),
        outside_before=before,
        outside=after,
        links=_links(partnership, messages, period, names) if partnership.opens_influence else None,
    )


def _came(introductions: QuerySet[Introduction], period: Period) -> Counter[str]:
    """What had come of them when somebody last looked by the end of the period; what was found later belongs to a later one."""
    by_then = Q(looked_at_on__isnull=True) | Q(looked_at_on__lte=period.end)
    saved = Introduction.pgh_event_model.objects.filter(
        by_then, pgh_obj__in=introductions.order_by().values("pk")
    )
    return Counter(dict(saved.order_by("pgh_id").values_list("pgh_obj", "came_of_it")).values())


def _waiting(messages: QuerySet[Message], period: Period, names) -> tuple[Waiting, ...]:
    days: dict[str, list[int]] = {}
    for message in messages.filter(Q(reply="") | Q(answered_on__gt=period.end)):
        where = names.removed_from(message.to_board.name) if message.to_board else ELSEWHERE
        days.setdefault(where, []).append((period.end - message.carried_on).days)
    found = [Waiting(where, len(each), max(each)) for where, each in days.items()]
    return tuple(sorted(found, key=lambda one: (-one.days, one.where)))


def _evidence(
    partnership: Partnership, messages: QuerySet[Message], period: Period, as_of: datetime
) -> tuple[tuple[str, int], ...]:
    """By strength, the steps of the period: what was carried, what was answered, what followed."""
    days = (period.start, period.end)
    effects = VoiceEffect.objects.filter(
        Q(voice__withdrawn_on__isnull=True) | Q(voice__withdrawn_on__gt=period.end),
        partnership=partnership,
        created_at__lte=as_of,
        happened_on__range=days,
    )
    answered = messages.filter(answered_on__range=days)
    counted: Counter[str] = Counter()
    for rows, field in (
        (messages.filter(carried_on__range=days), "evidence"),
        (answered, "answer_evidence"),
        (effects, "evidence"),
    ):
        counted.update(rows.order_by().values_list(field, flat=True))
    return tuple((strength.label, counted[strength]) for strength in STRONGEST_FIRST if counted[strength])


def _links(partnership: Partnership, messages: QuerySet[Message], period: Period, names) -> LinksInPeriod:
    network = network_on(partnership, period.end)
    before = network_on(partnership, period.start - timedelta(days=1))
    carried: Counter[tuple[str, str]] = Counter()
    for message in messages.filter(carried_on__gte=period.start, to_board__isnull=False):
        start = message.from_board or message.voice.board
        if start and start != message.to_board:
            carried[names.removed_from(start.name), names.removed_from(message.to_board.name)] += 1
    return LinksInPeriod(
        boards=len(network.rooms),
        pairs=network.graph.number_of_edges(),
        pairs_before=before.graph.number_of_edges(),
        on_one_person=sum(1 for *_, people in network.graph.edges(data="people") if len(people) == 1),
        carried=tuple((*pair, number) for pair, number in sorted(carried.items())),
        wanted=tuple(
            (
                names.removed_from(one.link.one.name),
                names.removed_from(one.link.other.name),
                one.link.wanted_since,
                bool(one.people),
            )
            for one in wanted_on(partnership, network, period.end)
        ),
    )
