"""What somebody holds in a partnership, for the day when they leave: everything that needs another pair of hands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from learning.models import LearningEntry
from outcomes.models import Measure
from partnerships.models import (
    Agreement,
    Commitment,
    OrganisationContact,
    Partnership,
    Seat,
    StandingItem,
)
from partnerships.queries import commitments
from people.influence import Break, Link, breaks
from people.models import CohortPlace, Introduction, Leading, Message, Person
from people.permissions import Permission
from people.queries.influence import network_on
from people.queries.leadership import leadings_on
from people.queries.voices import visible_voices


@dataclass(frozen=True, slots=True)
class OnlyLink:
    """Two boards that nobody else links."""

    boards: tuple[str, str]
    link: Link


@dataclass(frozen=True, slots=True)
class Handover:
    """What one person holds on a day, as far as the reader may see it."""

    seats: list[Seat]
    only_links: list[OnlyLink]
    breaks: list[Break]
    boards: dict[int, str]
    commitments: list[Commitment]
    answers_for: list[Commitment]
    leads: list[Leading]
    accountable_for: list[Leading]
    messages: list[Message]
    readable_voices: frozenset[int]
    introductions: list[Introduction]
    agreements: list[Agreement]
    measures: list[Measure]
    learning: list[LearningEntry]
    standing_items: list[StandingItem]
    contact_lines: list[OrganisationContact]
    champion: list[CohortPlace]

    def __bool__(self) -> bool:
        return any(value for name in self.__slots__ if isinstance(value := getattr(self, name), list))


def handover_of(
    person: Person, partnership: Partnership, *, reader: Person, today: date | None = None
) -> Handover:
    """Everything that the person holds today. A fixed number of queries, whatever they hold."""
    today = today or timezone.localdate()
    now = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    here = {"partnership": partnership}
    seats = Seat.objects.filter(now, person=person, starts_on__lte=today, **here)
    network = network_on(partnership, today)
    boards = {key: room.name for key, room in network.rooms.items()}
    promised = commitments.visible(partnership).filter(commitments.is_open())
    leadings = leadings_on(partnership, today).filter(element__ended_on__isnull=True)
    messages = Message.objects.filter(carried_by=person, reply="", **here)
    return Handover(
        seats=list(seats.select_related("board", "organisation").order_by("board__name")),
        only_links=[
            OnlyLink((boards[one], boards[other]), network.links(one, other)[0])
            for one, other, people in network.graph.edges(data="people")
            if people == {person.pk}
        ],
        breaks=[found for found in breaks(network) if found.person == person.pk],
        boards=boards,
        commitments=list(promised.filter(owner=person)),
        answers_for=list(promised.filter(Q(accountable=person) | Q(enabler=person)).exclude(owner=person)),
        leads=list(leadings.filter(owner=person)),
        accountable_for=list(leadings.filter(accountable=person).exclude(owner=person)),
        messages=list(messages.select_related("voice", "to_board").order_by("carried_on")),
        readable_voices=frozenset(
            visible_voices(partnership, reader).order_by().values_list("pk", flat=True)
        ),
        introductions=list(
            Introduction.objects.filter(made_by=person, **here)
            .exclude(came_of_it="nothing")
            .select_related("one", "other")
        ),
        agreements=list(Agreement.objects.filter(owner=person, ended_on__isnull=True, **here)),
        measures=list(Measure.objects.filter(owner=person, **here)),
        learning=list(LearningEntry.objects.filter(owner=person, review_on__isnull=False, **here)),
        standing_items=list(StandingItem.objects.filter(now, lead=person, **here).select_related("board")),
        contact_lines=list(
            OrganisationContact.objects.filter(now, person=person, **here).select_related("organisation")
        ),
        champion=list(
            CohortPlace.objects.filter(person=person, champion_since__isnull=False, **here).select_related(
                "cohort__course"
            )
        )
        if reader == person or reader.has_perm(Permission.VIEW_DEVELOPMENT, partnership)
        else [],
    )
