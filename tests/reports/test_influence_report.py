"""The report’s section on influence: what was carried, what waits, what introductions led to; boards only where opened."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from partnerships.actions.boards import add_board, take_seat
from partnerships.models import BoardLevel, SeatKind
from people.actions.introductions import introduce, say_what_came
from people.actions.memberships import add_person
from people.actions.opening import open_influence
from people.actions.wanted_links import want_link
from people.models import Evidence, Introduction, Message, Voice, VoiceEffect, WantedLink, Way
from reports.queries.influence import influence_in
from reports.queries.periods import Period
from reports.renderers.document import to_json
from reports.renderers.influence_report import influence_blocks

pytestmark = pytest.mark.django_db
SUMMER = Period(date(2026, 7, 1), date(2026, 9, 30))


@pytest.fixture
def told(world):
    """A forum whose voices went up twice: one answered in the summer, one still waiting; an introduction; a wanted link."""
    ours = world.partnership
    world.robin = add_person(name="Robin Practitioner")
    world.forum = add_board(partnership=ours, name="Mill forum", level=BoardLevel.HYPER_LOCAL)
    world.transport = add_board(partnership=ours, name="Transport board", level=BoardLevel.REGIONAL)
    for board in (world.forum, world.board):
        take_seat(board=board, person=world.robin, kind=SeatKind.MEMBER, starts_on=date(2026, 8, 1))
    world.heard = carry(world, "Somewhere to sit", date(2026, 7, 5), evidence=Evidence.STRONG)
    Message.objects.filter(voice=world.heard).update(
        reply="yes", answered_on=date(2026, 9, 1), answer_evidence=Evidence.MODERATE
    )
    VoiceEffect.objects.create(
        partnership=ours, voice=world.heard, kind="practice", what="Benches", happened_on=date(2026, 9, 20)
    )
    world.waits = carry(world, "Lights on the path", date(2026, 6, 1))
    made = introduce(
        partnership=ours,
        one=world.chair,
        other=world.partner,
        made_by=world.officer,
        made_on=date(2026, 8, 3),
        by=world.officer,
    )
    say_what_came(
        introduction=made,
        expected_version=made.version,
        came_of_it="joint_work",
        note="A walk",
        looked_at_on=date(2026, 9, 2),
        programme=None,
        by=world.officer,
    )
    want_link(partnership=ours, one=world.forum, other=world.transport, why="Robin asked", by=world.manager)
    WantedLink.objects.update(wanted_since=date(2026, 5, 1))
    return world


def carry(world, theme, day, **said):
    voice = Voice.objects.create(
        partnership=world.partnership,
        theme=theme,
        words="Words.",
        said_on=day,
        said_as="R",
        board=world.forum,
    )
    Message.objects.create(
        partnership=world.partnership,
        voice=voice,
        carried_on=day,
        way=Way.PAPER,
        to_board=world.board,
        **said,
    )
    return voice


def read(world, period=SUMMER):
    return influence_in(world.partnership, period, as_of=timezone.now())


def opened(world):
    world.partnership.refresh_from_db()
    version = world.partnership.version
    open_influence(partnership=world.partnership, is_open=True, expected_version=version, by=world.manager)


def text(found) -> str:
    from reports.renderers.document import Document, Section

    section = Section("How influence travelled", tuple(influence_blocks(found)))
    return str(to_json(Document("T", "P", "S", timezone.now(), (), (section,))))


def test_what_was_found_after_the_period_belongs_to_a_later_one(told):
    made = Introduction.objects.get()
    say_what_came(
        introduction=made, expected_version=made.version, came_of_it="nothing", looked_at_on=date(2026, 11, 2), by=told.officer
    )  # fmt: skip
    assert read(told).came == (("They work together", 1),)
    autumn = Period(date(2026, 10, 1), date(2026, 12, 31))
    assert [number for _, number in read(told, autumn).came] == [1]
    assert read(told, autumn).came != read(told).came


def test_introductions_evidence_and_what_waits(told):
    found = read(told)
    assert (found.introduced, found.came) == (1, (("They work together", 1),))
    (waiting,) = found.waiting
    assert (waiting.where, waiting.number, waiting.days) == ("Active Lives Board", 1, 121)
    assert [number for _, number in found.evidence] == [1, 1, 1]
    assert [label.partition(":")[0] for label, _ in found.evidence] == [
        "Strong",
        "Moderate",
        "Not tested yet",
    ]


def test_as_it_stood_at_the_end_of_the_period(told):
    spring = read(told, Period(date(2026, 4, 1), date(2026, 6, 30)))
    assert spring.introduced == 0
    assert [one.number for one in spring.waiting] == [1]
    before_the_answer = read(told, Period(date(2026, 7, 1), date(2026, 8, 31)))
    assert [one.number for one in before_the_answer.waiting] == [2]


def test_boards_are_in_it_only_where_the_partnership_opened_it(told):
    assert read(told).links is None
    assert "Mill forum" not in text(read(told))
    opened(told)
    links = read(told).links
    assert (links.boards, links.pairs, links.pairs_before, links.on_one_person) == (3, 1, 0, 1)
    assert links.carried == (("Mill forum", "Active Lives Board", 1),)
    assert links.wanted == (("Mill forum", "Transport board", date(2026, 5, 1), False),)
    said = text(read(told))
    assert "missing, wanted since 1 May 2026" in said
    assert "0 before the period" in said


def test_no_person_is_named_and_no_voice(told):
    told.forum.name = "Robin Practitioner’s forum"
    told.forum.save()
    opened(told)
    said = text(read(told))
    for hidden in ("Robin", "Somewhere to sit", "Lights on the path", told.chair.name, told.partner.name):
        assert hidden not in said, hidden
    assert "[name]’s forum" in said


def test_a_withdrawn_voice_counts_no_more(told):
    told.waits.withdrawn_on = date(2026, 9, 1)
    told.waits.save()
    assert read(told).waiting == ()


def test_nothing_to_say_makes_no_section(world):
    assert influence_blocks(influence_in(world.partnership, SUMMER, as_of=timezone.now())) == []
