"""Writing voices down, carrying and answering them: what is refused, and in which words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from partnerships.actions.boards import add_board, take_seat
from partnerships.errors import DomainError, EditConflict
from partnerships.models import (
    BoardLevel,
    Commitment,
    Decision,
    Meeting,
    MeetingStatus,
)
from people.actions.memberships import add_person, end_membership
from people.actions.messages import (
    add_effect,
    answer_message,
    carry_voice,
    edit_effect,
    edit_message,
)
from people.actions.voices import edit_voice, end_code, give_code, narrow_consent
from people.models import Audience, EffectKind, Evidence, Reply, Way
from people.queries.follow_ups import as_typed, code_for, find, in_groups
from people.queries.voice_chains import chain_of
from tests.people.voices_world import SAID_ON, forum_of, voice_of

LATER = SAID_ON + timedelta(10)


def carried(world, voice=None, **changes):
    given = {"to_board": world.board, "carried_on": LATER, "way": Way.PAPER, "by": world.officer}
    return carry_voice(voice=voice or voice_of(world), **{**given, **changes})


def refused(field, action, **given):
    with pytest.raises(DomainError) as error:
        action(**given)
    assert error.value.field == field, error.value.message
    return error.value.message


# --- Writing it down ---------------------------------------------------------------------------------------------
def test_what_is_missing_is_asked_for(world):
    for field in ("words", "theme", "said_as"):
        refused(field, voice_of, world=world, **{field: "  "})
    refused("consent_note", voice_of, world=world, consent_note="")
    refused("said_on", voice_of, world=world, said_on=timezone.localdate() + timedelta(1))
    refused("words", voice_of, world=world, words="x" * 5001)
    refused("words", voice_of, world=world, words="a\x00b")


def test_whoever_speaks_for_themself_needs_no_note_of_consent(world):
    voice = voice_of(world, speaker=world.resident, by=world.resident, consent_note="")
    assert voice.speaker == world.resident


def test_nothing_of_another_partnership(world):
    theirs = add_board(partnership=world.other, name="Theirs", level=BoardLevel.HYPER_LOCAL)
    refused("board", voice_of, world=world, board=theirs)
    refused("place", voice_of, world=world, place=world.elsewhere)
    refused("speaker", voice_of, world=world, speaker=world.stranger)


def test_a_forums_voice_needs_a_forum(world):
    said = refused("board", voice_of, world=world, audience=Audience.FORUM, board=None)
    assert "wider audience" in said
    assert voice_of(world, Audience.PARTNERSHIP, board=None).board is None


def test_only_the_speaker_or_the_writer_changes_the_words(world):
    voice = voice_of(world)
    with pytest.raises(DomainError):
        edit_voice(voice=voice, expected_version=1, by=world.manager, words="Other words")
    assert edit_voice(voice=voice, expected_version=1, by=world.officer, words="New words").version == 2
    with pytest.raises(EditConflict):
        edit_voice(voice=voice, expected_version=1, by=world.officer, words="Older tab")


def test_a_wider_audience_is_the_speakers_to_give(world):
    voice = voice_of(world, Audience.FORUM, speaker=world.resident)
    given = {"voice": voice, "expected_version": 1, "audience": Audience.PUBLIC}
    assert "Only the person who spoke" in refused("audience", edit_voice, by=world.officer, **given)
    assert edit_voice(by=world.resident, **given).audience == Audience.PUBLIC
    told = voice_of(world, Audience.FORUM)
    assert (
        edit_voice(voice=told, expected_version=1, by=world.officer, audience=Audience.PARTNERSHIP).audience
        == Audience.PARTNERSHIP
    )


def test_consent_is_narrowed_or_taken_back_at_any_time(world):
    voice = voice_of(world, Audience.PUBLIC)
    refused("audience", narrow_consent, voice=voice, audience=Audience.PUBLIC, by=world.officer)
    assert narrow_consent(voice=voice, audience=Audience.PARTNERSHIP, by=world.officer).version == 2
    gone = narrow_consent(voice=voice, audience=None, by=world.officer)
    assert gone.withdrawn_on == timezone.localdate()
    assert narrow_consent(voice=voice, audience=None, by=world.officer).version == gone.version
    with pytest.raises(DomainError):
        edit_voice(voice=gone, expected_version=gone.version, by=world.officer, words="Again")
    with pytest.raises(DomainError):
        carried(world, gone)


# --- Carrying ----------------------------------------------------------------------------------------------------
def test_it_is_carried_after_it_was_said_and_not_tomorrow(world):
    said = refused("carried_on", carried, world=world, carried_on=SAID_ON - timedelta(1))
    assert "It was said on 2 March 2026" in said
    refused("carried_on", carried, world=world, carried_on=timezone.localdate() + timedelta(1))
    assert carried(world, carried_on=SAID_ON).carried_on == SAID_ON


def test_it_goes_somewhere_else(world):
    refused("to_board", carried, world=world, to_board=None)
    refused("to_board", carried, world=world, from_board=world.board)
    assert carried(world, to_board=None, to_whom="The  commissioners").to_whom == "The commissioners"
    theirs = add_board(partnership=world.other, name="Theirs", level=BoardLevel.STRATEGIC)
    assert "of this partnership" in refused("to_board", carried, world=world, to_board=theirs)
    refused("from_board", carried, world=world, from_board=theirs)


def test_a_board_that_had_stopped_gets_nothing(world):
    type(world.board).objects.filter(pk=world.board.pk).update(ended_on=SAID_ON)
    world.board.refresh_from_db()
    assert "stopped meeting on 2 March 2026" in refused("to_board", carried, world=world)
    assert carried(world, carried_on=SAID_ON).to_board == world.board


def test_somebody_who_had_left_carries_nothing(world):
    end_membership(membership=world.partner.memberships.get(), on=SAID_ON, by=world.manager)
    assert "left on 2 March 2026" in refused("carried_by", carried, world=world, carried_by=world.partner)
    assert carried(world, carried_by=world.partner, carried_on=SAID_ON).carried_by == world.partner
    refused("carried_by", carried, world=world, carried_by=world.stranger)


def test_a_seat_keeps_somebody_here_whose_role_ended(world):
    end_membership(membership=world.partner.memberships.get(), on=SAID_ON, by=world.manager)
    take_seat(board=world.board, person=world.partner, starts_on=date(2020, 1, 1))
    assert carried(world, carried_by=world.partner).carried_by == world.partner


def test_a_meeting_says_to_which_board(world):
    forum_of(world)
    here = {"partnership": world.partnership, "board": world.board}
    meeting = Meeting.objects.create(**here, held_on=LATER)
    item = meeting.agenda.create(partnership=world.partnership, title="Being active")
    message = carried(world, to_board=None, agenda_item=item)
    assert (message.to_board, message.meeting) == (world.board, meeting)
    refused("meeting", carried, world=world, to_board=world.forum, meeting=meeting)
    refused("meeting", carried, world=world, meeting=meeting, carried_on=LATER + timedelta(1))
    other = Meeting.objects.create(**here, held_on=LATER + timedelta(5))
    refused("agenda_item", carried, world=world, meeting=other, agenda_item=item)
    called_off = Meeting.objects.create(
        **here, held_on=LATER + timedelta(9), status=MeetingStatus.CANCELLED, status_reason="Snow"
    )
    refused("meeting", carried, world=world, meeting=called_off)


def test_correcting_a_step_keeps_its_rules(world):
    message = carried(world)
    message = answer_message(
        message=message, expected_version=1, reply=Reply.YES, answered_on=LATER, by=world.chair
    )
    after = {"message": message, "by": world.officer, "carried_on": LATER + timedelta(1)}
    assert "answered on 12 March 2026" in refused("carried_on", edit_message, expected_version=2, **after)
    with pytest.raises(EditConflict):
        edit_message(message=message, expected_version=1, by=world.officer, ask="Lights")
    assert edit_message(message=message, expected_version=2, by=world.officer, ask=" Lights ").ask == "Lights"


# --- Answers -----------------------------------------------------------------------------------------------------
def test_an_answer_comes_after_the_carrying_and_a_no_has_a_reason(world):
    message = carried(world)
    given = {"message": message, "expected_version": 1, "by": world.chair, "reply": Reply.YES}
    said = refused("answered_on", answer_message, answered_on=LATER - timedelta(1), **given)
    assert "It was carried on 12 March 2026" in said
    refused("answered_on", answer_message, answered_on=timezone.localdate() + timedelta(1), **given)
    refused("answer", answer_message, answered_on=LATER, **given | {"reply": Reply.NO})
    refused("answered_by", answer_message, answered_on=LATER, answered_by=world.stranger, **given)
    found = answer_message(
        answered_on=LATER, answered_by=world.chair, answer="No money", **given | {"reply": Reply.NO}
    )
    assert (found.reply, found.answered_by, found.version) == (Reply.NO, world.chair, 2)
    with pytest.raises(EditConflict):
        answer_message(answered_on=LATER, **given)


# --- What followed -----------------------------------------------------------------------------------------------
def test_a_decision_gives_its_words_and_day(world):
    meeting = Meeting.objects.create(partnership=world.partnership, board=world.board, held_on=LATER)
    decision = Decision.objects.create(partnership=world.partnership, meeting=meeting, what="Light the path")
    voice = voice_of(world)
    effect = add_effect(voice=voice, kind=EffectKind.DECISION, decision=decision, by=world.officer)
    assert (effect.what, effect.happened_on) == ("Light the path", LATER)
    refused("decision", add_effect, voice=voice, kind=EffectKind.POLICY, decision=decision, by=world.officer)
    with pytest.raises(EditConflict):
        edit_effect(effect=effect, expected_version=9, by=world.officer, what="Else")


def test_what_followed_is_ours_and_came_after(world):
    voice = voice_of(world)
    theirs = Commitment.objects.create(partnership=world.other, what="Theirs")
    given = {"voice": voice, "by": world.officer}
    refused("commitment", add_effect, kind=EffectKind.COMMITMENT, commitment=theirs, **given)
    refused("what", add_effect, kind=EffectKind.PRACTICE, **given)
    early = SAID_ON - timedelta(1)
    refused("happened_on", add_effect, kind=EffectKind.PRACTICE, what="Lamps", happened_on=early, **given)
    elsewhere = carried(world)
    refused("message", add_effect, kind=EffectKind.PRACTICE, what="Lamps", message=elsewhere, **given)


def test_what_followed_from_a_step_did_not_come_before_it(world):
    voice = voice_of(world)
    given = {"voice": voice, "message": carried(world, voice), "kind": EffectKind.PRACTICE, "what": "Lamps"}
    early = LATER - timedelta(1)
    assert "That step was on 12 March 2026" in refused(
        "happened_on", add_effect, happened_on=early, by=world.officer, **given
    )
    assert add_effect(happened_on=LATER, by=world.officer, **given).happened_on == LATER


# --- The story and its gaps --------------------------------------------------------------------------------------
def test_gaps_in_plain_words(world):
    voice = voice_of(world, said_on=timezone.localdate() - timedelta(100))
    assert chain_of(voice).gaps == ["It has not been carried anywhere yet: 100 days since it was said."]
    first = carried(world, voice, carried_on=timezone.localdate() - timedelta(61), evidence=Evidence.STRONG)
    assert chain_of(voice).gaps == ["No answer from Active Lives Board for 61 days."]
    edit_message(
        message=first, expected_version=1, by=world.officer, carried_on=timezone.localdate() - timedelta(60)
    )
    assert chain_of(voice).gaps == ["Active Lives Board has had it for 60 days and has not answered yet."]
    answer_message(
        message=first,
        expected_version=2,
        reply=Reply.YES,
        answered_on=timezone.localdate() - timedelta(5),
        answer_evidence=Evidence.STRONG,
        by=world.chair,
    )
    assert chain_of(voice).gaps == [
        "It was answered 5 days ago, and nothing has followed that anybody wrote down."
    ]
    add_effect(voice=voice, kind=EffectKind.PRACTICE, what="Lamps", by=world.officer)
    assert chain_of(voice).gaps == ["Nobody has tested the evidence for one step yet."]


def test_a_no_is_an_end_and_a_later_is_not(world):
    voice = voice_of(world)
    message = carried(world, voice, evidence=Evidence.WEAK)
    given = {"answered_on": LATER, "answer_evidence": Evidence.WEAK, "by": world.chair}
    answer_message(message=message, expected_version=1, reply=Reply.NO, answer="No money", **given)
    assert chain_of(voice).gaps == []
    message.refresh_from_db()
    answer_message(message=message, expected_version=2, reply=Reply.LATER, **given)
    assert chain_of(voice).gaps[0].startswith("Active Lives Board said later, ")


def test_the_story_names_nobody(world):
    voice = voice_of(world)
    message = carried(world, voice, carried_by=world.officer, from_board=forum_of(world))
    answer_message(
        message=message,
        expected_version=1,
        reply=Reply.PARTLY,
        answer="Half of it",
        answered_on=LATER,
        answered_by=world.chair,
        by=world.chair,
    )
    assert chain_of(voice).heard == [
        "12 March 2026: carried from Estate forum to Active Lives Board, in a paper.",
        "12 March 2026: Active Lives Board said yes in part. “Half of it”",
    ]


# --- Codes on paper ----------------------------------------------------------------------------------------------
def test_a_code_opens_its_voice_until_it_is_ended(world):
    voice, other = voice_of(world), voice_of(world)
    code = code_for(give_code(voice=voice, by=world.officer).nonce)
    assert len(code) == 16
    assert give_code(voice=voice, by=world.officer).nonce == voice.follow_ups.get().nonce
    assert find(in_groups(code).lower()).voice == voice
    assert code_for(give_code(voice=other, by=world.officer).nonce) != code
    end_code(voice=voice, by=world.officer)
    assert find(code) is None
    assert code_for(give_code(voice=voice, by=world.officer).nonce) != code


@pytest.mark.django_db
def test_a_code_is_read_however_it_was_typed():
    assert as_typed("o1il-ab c9") == "0111ABC9"
    assert find("") is None
    assert find("‮🙂" * 4000) is None


def test_somebody_not_of_here_is_not_known(world):
    refused("carried_by", carried, world=world, carried_by=add_person(name="Nobody here"))
