"""Who may read somebody's words: every role × every audience, seats, the speaker, the writer, and after withdrawal."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from partnerships.actions.activities import log_activity
from partnerships.actions.boards import end_seat, take_seat
from people.actions.memberships import add_person, end_membership
from people.actions.messages import carry_voice
from people.actions.voices import narrow_consent
from people.models import Audience, Person, Way
from people.permissions import HUMAN_ROLES
from people.queries.voices import (
    hidden_count,
    unanswered_for,
    unanswered_for_person,
    visible_voices,
    voices_carried_to,
    voices_of_board,
)
from tests.people.voices_world import SAID_ON, forum_of, voice_of

SINCE = date(2020, 1, 1)
MEMBERS = {role.value for role in HUMAN_ROLES}
# Whoever there is: all roles; an officer of another partnership; and people with nothing but a seat, now or before.
SEATED = {"on_forum", "was_on_forum", "will_be_on_forum", "on_board"}
EVERYBODY = MEMBERS | SEATED | {"stranger", "nobody"}
READERS = {
    Audience.FORUM: {"officer", "on_forum"},
    Audience.PARTNERSHIP: MEMBERS | {"on_forum"},
    Audience.PUBLIC: MEMBERS | {"on_forum"},
}


@pytest.fixture
def here(world):
    """A forum, a board, and people who sit on one of them; the officer writes voices down."""
    today = timezone.localdate()
    forum_of(world)
    for name in SEATED | {"nobody"}:
        setattr(world, name, add_person(name=f"Test {name}"))
    take_seat(board=world.forum, person=world.on_forum, starts_on=SINCE)
    past = take_seat(board=world.forum, person=world.was_on_forum, starts_on=SINCE)
    end_seat(seat=past, on=today - timedelta(1), by=world.manager)
    take_seat(board=world.forum, person=world.will_be_on_forum, starts_on=today + timedelta(1))
    take_seat(board=world.board, person=world.on_board, starts_on=SINCE)
    return world


def fresh(person: Person) -> Person:
    """Permissions are kept on a person for the length of a request."""
    return Person.objects.get(pk=person.pk)


def readers(here, voice) -> set[str]:
    return {
        name
        for name in EVERYBODY
        if visible_voices(here.partnership, fresh(getattr(here, name))).filter(pk=voice.pk).exists()
    }


@pytest.mark.parametrize("audience", Audience)
def test_who_reads_a_voice(here, audience):
    assert readers(here, voice_of(here, audience)) == READERS[audience]


@pytest.mark.parametrize("audience", Audience)
def test_the_person_who_spoke_always_reads_it(here, audience):
    voice = voice_of(here, audience, speaker=here.resident)
    assert readers(here, voice) == READERS[audience] | {"resident"}


@pytest.mark.parametrize("audience", Audience)
def test_after_withdrawal_nobody_but_the_person_who_spoke(here, audience):
    theirs, told = voice_of(here, audience, speaker=here.resident), voice_of(here, audience)
    for voice in (theirs, told):
        narrow_consent(voice=voice, audience=None, by=here.officer)
    assert readers(here, theirs) == {"resident"}
    assert readers(here, told) == set()


def test_whoever_wrote_it_down_and_left_reads_it_no_more(here):
    voice = voice_of(here, Audience.FORUM)
    end_membership(
        membership=here.officer.memberships.get(), on=timezone.localdate() - timedelta(1), by=here.manager
    )
    assert readers(here, voice) == {"on_forum"}


def test_the_forum_of_an_activity_counts_where_no_other_is_named(here):
    activity = log_activity(
        partnership=here.partnership,
        by=here.manager,
        title="Walkabout",
        happened_on=SAID_ON,
        board=here.board,
    )
    assert readers(here, voice_of(here, Audience.FORUM, board=None, activity=activity)) == {
        "officer",
        "chair",
        "on_board",
    }
    both = voice_of(here, Audience.FORUM, activity=activity)
    assert readers(here, both) == READERS[Audience.FORUM]


def test_a_voice_of_another_partnership_is_nobodys_here(here):
    voice = voice_of(here, Audience.PUBLIC)
    assert not visible_voices(here.other, fresh(here.manager)).filter(pk=voice.pk).exists()
    assert not visible_voices(here.other, fresh(here.stranger)).exists()


@pytest.mark.parametrize("audience", Audience)
def test_who_reads_it_on_the_board_to_which_it_was_carried(here, audience):
    """A guest on the board reads what is agreed for more than the forum; a forum's words stay in the forum."""
    voice = voice_of(here, audience)
    carry_voice(voice=voice, to_board=here.board, carried_on=SAID_ON, way=Way.PAPER, by=here.officer)
    found = {
        name
        for name in EVERYBODY
        if voices_carried_to(here.board, fresh(getattr(here, name))).filter(pk=voice.pk).exists()
    }
    guests = set() if audience == Audience.FORUM else {"on_board"}
    assert found == READERS[audience] | guests
    narrow_consent(voice=voice, audience=None, by=here.officer)
    assert not voices_carried_to(here.board, fresh(here.on_board)).exists()


def test_a_board_page_counts_what_it_may_not_show(here):
    for audience in Audience:
        voice = voice_of(here, audience)
        carry_voice(voice=voice, to_board=here.board, carried_on=SAID_ON, way=Way.PAPER, by=here.officer)
    found = voices_of_board(here.board, fresh(here.on_board))
    assert (len(found.waiting), found.hidden, found.overdue) == (2, 1, 3)
    assert {message.voice.audience for message in found.waiting} == {"partnership", "public"}
    assert voices_of_board(here.forum, fresh(here.on_forum)).waiting == []


def test_the_others_are_a_number(here):
    for audience in Audience:
        voice_of(here, audience)
    narrow_consent(voice=voice_of(here, Audience.PUBLIC), audience=None, by=here.manager)
    assert hidden_count(here.partnership, fresh(here.chair)) == 2
    assert hidden_count(here.partnership, fresh(here.officer)) == 1
    assert hidden_count(here.partnership, fresh(here.nobody)) == 4


def test_the_chair_is_told_what_waits_and_reads_only_what_is_agreed(here):
    waiting = voice_of(here, Audience.PARTNERSHIP)
    message = carry_voice(
        voice=waiting, to_board=here.board, carried_on=SAID_ON, way=Way.PAPER, by=here.officer
    )
    kept = voice_of(here, Audience.FORUM)
    carry_voice(voice=kept, to_board=here.board, carried_on=SAID_ON, way=Way.PAPER, by=here.officer)
    gone = voice_of(here, Audience.PUBLIC)
    carry_voice(voice=gone, to_board=here.board, carried_on=SAID_ON, way=Way.PAPER, by=here.officer)
    narrow_consent(voice=gone, audience=None, by=here.officer)
    assert unanswered_for_person(fresh(here.chair), here.partnership) == [message]
    assert unanswered_for_person(fresh(here.on_board), here.partnership) == []
    assert unanswered_for(here.board).count() == 2
