"""Voices on pages of other rooms: a board's, home, search, an activity's, and the periodic report."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships.actions.activities import log_activity
from partnerships.actions.boards import take_seat
from partnerships.actions.meetings import plan_meeting
from partnerships.models import ActivityKind
from people.actions.memberships import add_person
from people.actions.messages import add_effect, answer_message, carry_voice
from people.actions.voices import narrow_consent
from people.models import Audience, EffectKind, Reply, Way
from reports.queries.cross_system import collect
from reports.queries.periods import Period
from reports.renderers.cross_system import compose
from tests.people.voices_world import SAID_ON, voice_of

PERIOD = Period(SAID_ON.replace(day=1), SAID_ON.replace(day=31))


@pytest.fixture
def carried(world):
    """One voice for each audience, all carried to the board."""
    for audience in Audience:
        voice = voice_of(
            world, audience, words=f"Words for {audience.value}.", theme=f"Theme {audience.value}"
        )
        carry_voice(voice=voice, to_board=world.board, carried_on=SAID_ON, way=Way.PAPER, by=world.officer)


def test_the_chair_reads_what_waits_on_the_page_of_the_board(as_, world, carried):
    path = reverse("board-detail", args=[world.partnership.slug, world.board.pk])
    page = as_("chair").get(path).content.decode()
    assert "Words for partnership." in page
    assert "Words for public." in page
    assert "Words for forum." not in page
    assert "Theme forum" not in page
    assert "3 have waited too long for an answer." in page
    assert "1 more voice reached this board whose words are not shown to you." in page
    assert "/voices/" in page[page.index('id="board-voices"') :]


def test_the_pack_has_what_waits_for_an_answer_and_no_more_than_the_reader_may_read(as_, world, carried):
    meeting = plan_meeting(board=world.board, held_on=timezone.localdate(), by=world.officer)
    page = (
        as_("chair")
        .get(reverse("meeting-pack", args=[world.partnership.slug, world.board.pk, meeting.pk]))
        .content.decode()
    )
    waiting = page[page.index('id="voices"') :]
    assert "3 have waited too long." in waiting
    assert "Words for partnership." in waiting
    assert "Words for forum." not in page
    assert "1 voice reached this board whose words are not shown to you." in waiting


def test_a_guest_of_the_board_reads_what_is_agreed_and_has_nowhere_else_to_go(as_, world, carried):
    guest = add_person(name="A guest", email="guest@elsewhere.example")
    take_seat(board=world.board, person=guest, starts_on=SAID_ON)
    page = (
        as_(guest)
        .get(reverse("board-detail", args=[world.partnership.slug, world.board.pk]))
        .content.decode()
    )
    assert "Words for partnership." in page
    assert "Words for forum." not in page
    assert "/voices/" not in page
    assert as_(guest).get(reverse("voice-list", args=[world.partnership.slug])).status_code == 403


def test_the_chair_finds_at_home_what_waits(as_, world, carried):
    home = reverse("home", args=[world.partnership.slug])
    page = as_("chair").get(home).content.decode()
    assert "Voices that wait for an answer" in page
    assert "Words for partnership." in page
    assert "Words for forum." not in page
    assert "Voices that wait for an answer" not in as_("partner").get(home).content.decode()


def test_search_finds_what_one_may_read(as_, world, carried):
    path = reverse("search", args=[world.partnership.slug])
    page = as_("chair").get(f"{path}?q=theme").content.decode()
    assert "Theme partnership" in page
    assert "Theme forum" not in page
    assert "Theme forum" in as_("officer").get(f"{path}?q=words+forum").content.decode()


def test_an_activity_leads_to_writing_down_who_was_heard_and_who_met(as_, world):
    activity = log_activity(
        partnership=world.partnership,
        by=world.officer,
        title="Put them in touch",
        happened_on=SAID_ON,
        kind=ActivityKind.INTRODUCTION,
    )
    path = reverse("activity-detail", args=[world.partnership.slug, activity.pk])
    page = as_("officer").get(path).content.decode()
    for name in ("voice-new", "introduction-new"):
        assert f"{reverse(name, args=[world.partnership.slug])}?activity={activity.pk}" in page
    assert "introductions/new" not in as_("observer").get(path).content.decode()


# --- The periodic report -----------------------------------------------------------------------------------------
def told(world) -> str:
    as_of = timezone.make_aware(datetime(2026, 4, 2, 9, 0))
    found = collect(world.partnership, PERIOD, as_of=max(as_of, timezone.now()))
    return repr(compose(found, title="Report"))


def test_the_report_counts_all_and_tells_only_what_anybody_may_read(world):
    for audience in Audience:
        voice = voice_of(world, audience, words=f"Words for {audience.value}, says {world.officer.name}.")
        message = carry_voice(
            voice=voice, to_board=world.board, carried_on=SAID_ON, way=Way.PAPER, by=world.officer
        )
        answer_message(
            message=message,
            expected_version=1,
            reply=Reply.YES,
            answered_on=SAID_ON,
            answered_by=world.chair,
            by=world.chair,
        )
    report = told(world)
    assert "('Voices heard', '3', '')" in report
    assert "Words for public, says [name]." in report
    assert "Words for partnership" not in report
    assert "Words for forum" not in report
    assert world.chair.name not in report


def test_a_voice_that_was_taken_back_is_told_in_no_report_to_come(world):
    voice = voice_of(world, Audience.PUBLIC, words="Taken back later.")
    add_effect(
        voice=voice,
        kind=EffectKind.PRACTICE,
        what="Lamps",
        happened_on=SAID_ON + timedelta(1),
        by=world.officer,
    )
    assert "Taken back later." in told(world)
    narrow_consent(voice=voice, audience=None, by=world.officer)
    assert "Taken back later." not in told(world)
    assert "('Voices heard', '1', '')" in told(world)


def test_a_period_without_voices_says_so(world):
    assert "No voice was written down in this period." in told(world)
