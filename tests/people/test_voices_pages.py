"""The pages of voices: who may open them, what they say, and what they keep to themselves."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from people.actions.messages import add_effect, answer_message, carry_voice
from people.actions.voices import give_code, narrow_consent
from people.models import Audience, EffectKind, Message, Reply, Voice, Way
from people.permissions import HUMAN_ROLES, ROLES, Permission
from people.queries.follow_ups import code_for, in_groups
from tests.people.voices_world import SAID_ON, WORDS, forum_of, voice_of

READING = ["voice-list", "my-voices", "voice-detail"]
WRITING = [
    "voice-new",
    "voice-follow-up",
    "message-new",
    "message-edit",
    "message-answer",
    "effect-new",
    "effect-edit",
    "message-remove",
    "effect-remove",
]


@pytest.fixture
def voice(world):
    return voice_of(world)


@pytest.fixture
def address(world, voice):
    message = carry_voice(
        voice=voice, to_board=world.board, carried_on=SAID_ON, way=Way.PAPER, by=world.officer
    )
    effect = add_effect(voice=voice, kind=EffectKind.PRACTICE, what="Lamps", by=world.officer)
    more = {"message-edit": [message.pk], "message-answer": [message.pk], "effect-edit": [effect.pk]}
    more |= {"message-remove": [message.pk], "effect-remove": [effect.pk]}

    def path(name, partnership=None):
        here = [] if name in {"voice-list", "my-voices", "voice-new"} else [voice.pk]
        return reverse(name, args=[(partnership or world.partnership).slug, *here, *more.get(name, [])])

    return path


@pytest.mark.parametrize("name", READING + WRITING)
def test_who_may_open_it(name, as_, world, address):
    needed = Permission.VIEW if name in READING else Permission.RECORD_VOICE
    for role in HUMAN_ROLES:
        expected = 200 if needed in ROLES[role].permissions else 403
        assert as_(role.value).get(address(name)).status_code == expected, (name, role)
    assert as_("stranger").get(address(name)).status_code == 404
    if name not in {"voice-list", "my-voices", "voice-new"}:
        assert as_("stranger").get(address(name, world.other)).status_code == 404
    assert Client().get(address(name)).url.startswith("/account/login/")


def test_words_that_are_not_agreed_for_somebody_are_nowhere(as_, world):
    forum_of(world)
    kept = voice_of(world, Audience.FORUM, words="Only for the forum, please.")
    slug = world.partnership.slug
    for name in (
        "voice-detail",
        "voice-edit",
        "voice-consent",
        "voice-follow-up",
        "message-new",
        "effect-new",
    ):
        assert as_("manager").get(reverse(name, args=[slug, kept.pk])).status_code == 404, name
    assert as_("manager").get(reverse("history", args=[slug, "voice", kept.pk])).status_code == 404
    page = as_("manager").get(reverse("voice-list", args=[slug])).content.decode()
    assert "Only for the forum" not in page
    assert "1 of them is not shown to you" in page
    for kind in ("csv", "xlsx"):
        path = reverse("voice-export", args=[slug, kind])
        assert "Only for the forum" not in text_of(as_("officer").get(path), kind)


def text_of(response, kind):
    data = b"".join(response.streaming_content)
    if kind == "csv":
        return data.decode()
    book = load_workbook(io.BytesIO(data))
    return "\n".join(str(cell.value) for sheet in book for row in sheet for cell in row)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_for_outside_holds_only_what_anybody_may_read(kind, as_, world):
    voice_of(world, Audience.PARTNERSHIP, words="For us here.")
    voice_of(world, Audience.PUBLIC, words=f"Ask {world.officer.name} about it.")
    gone = voice_of(world, Audience.PUBLIC, words="Taken back.")
    narrow_consent(voice=gone, audience=None, by=world.officer)
    path = reverse("voice-export", args=[world.partnership.slug, kind])
    within = text_of(as_("officer").get(path), kind)
    assert "For us here." in within
    assert "Taken back." not in within
    outside = text_of(as_("officer").get(f"{path}?for=outside"), kind)
    assert "For us here." not in outside
    assert "Ask [name] about it." in outside


def test_the_name_of_who_spoke_is_shown_to_nobody(as_, world):
    voice = voice_of(
        world, speaker=world.resident, by=world.resident, said_as="Bo from the flats", consent_note=""
    )
    slug = world.partnership.slug
    pages = [
        reverse("voice-detail", args=[slug, voice.pk]),
        reverse("history", args=[slug, "voice", voice.pk]),
    ]
    for path in pages:
        page = as_("manager").get(path).content.decode()
        assert "Bo from the flats" in page, path
        assert world.resident.name not in page, path


def test_a_resident_speaks_and_sees_what_became_of_it(as_, world):
    forum_of(world)
    slug, resident = world.partnership.slug, as_("resident")
    empty = resident.get(reverse("my-voices", args=[slug])).content.decode()
    assert "You have said nothing here yet" in empty
    sent = {
        "words": WORDS,
        "theme": "Lights",
        "myself": "on",
        "said_on": "2026-03-02",
        "board": world.forum.pk,
        "said_as": "Bo",
        "audience": "partnership",
        "consent_note": "",
    }
    answer = resident.post(reverse("voice-new", args=[slug]), sent)
    voice = Voice.objects.get()
    assert answer.url == reverse("voice-detail", args=[slug, voice.pk])
    assert voice.speaker == world.resident
    message = carry_voice(
        voice=voice, to_board=world.board, carried_on=SAID_ON, way=Way.PAPER, by=world.officer
    )
    answer_message(
        message=message,
        expected_version=1,
        reply=Reply.NO,
        answer="No money",
        answered_on=SAID_ON,
        by=world.chair,
    )
    page = resident.get(reverse("my-voices", args=[slug])).content.decode()
    assert WORDS in page
    assert "said no. “No money”" in page
    assert "Lights" not in as_("officer").get(reverse("my-voices", args=[slug])).content.decode()


def test_the_whole_way_through_the_forms(as_, world, voice):
    slug, officer = world.partnership.slug, as_("officer")
    sent = {"to_board": world.board.pk, "from_board": world.forum.pk, "carried_by": world.officer.pk}
    sent |= {"carried_on": "2026-03-04", "way": "paper", "evidence": "strong"}
    officer.post(reverse("message-new", args=[slug, voice.pk]), sent)
    message = Message.objects.get()
    page = officer.get(reverse("voice-detail", args=[slug, voice.pk])).content.decode()
    assert "No answer from Active Lives Board yet." in page
    answer = {
        "version": 1,
        "reply": "yes",
        "answered_on": "2026-03-05",
        "answer_evidence": "weak",
        "answer": "Yes",
    }
    as_("chair").post(reverse("message-answer", args=[slug, voice.pk, message.pk]), answer)
    followed = {"kind": "practice", "what": "Lamps", "evidence": "untested", "message": message.pk}
    officer.post(reverse("effect-new", args=[slug, voice.pk]), followed)
    page = officer.get(reverse("voice-detail", args=[slug, voice.pk])).content.decode()
    for words in (
        "A way of working changed: Lamps",
        "Strong: written down",
        "Nobody has tested the evidence",
    ):
        assert words in page, words


def test_a_refusal_keeps_what_was_typed(as_, world, voice):
    path = reverse("message-new", args=[world.partnership.slug, voice.pk])
    sent = {
        "to_board": world.board.pk,
        "carried_on": "2026-03-01",
        "way": "paper",
        "ask": "A lamp by the gate",
        "evidence": "weak",
    }
    page = as_("officer").post(path, sent).content.decode()
    assert "It was said on 2 March 2026" in page
    assert "A lamp by the gate" in page
    assert not Message.objects.exists()


@pytest.mark.parametrize("field", ["to_board", "from_board", "carried_by", "meeting", "agenda_item"])
def test_forged_ids_are_refused(field, as_, world, voice):
    from partnerships.actions.boards import add_board
    from partnerships.models import BoardLevel, Meeting

    theirs = add_board(partnership=world.other, name="Theirs", level=BoardLevel.STRATEGIC)
    meeting = Meeting.objects.create(partnership=world.other, board=theirs, held_on=timezone.localdate())
    item = meeting.agenda.create(partnership=world.other, title="Secret item")
    forged = {
        "to_board": theirs.pk,
        "from_board": theirs.pk,
        "carried_by": world.stranger.pk,
        "meeting": meeting.pk,
        "agenda_item": item.pk,
    }
    sent = {"to_whom": "Somebody", "carried_on": "2026-03-04", "way": "paper", "evidence": "weak"}
    path = reverse("message-new", args=[world.partnership.slug, voice.pk])
    answer = as_("officer").post(path, sent | {field: forged[field]})
    assert answer.status_code == 200
    assert "Secret item" not in answer.content.decode()
    assert not Message.objects.exists()


def test_a_step_of_another_voice_is_not_here(as_, world, voice):
    other = carry_voice(
        voice=voice_of(world), to_whom="Somebody", carried_on=SAID_ON, way=Way.PAPER, by=world.officer
    )
    for name in ("message-edit", "message-answer"):
        path = reverse(name, args=[world.partnership.slug, voice.pk, other.pk])
        assert as_("officer").get(path).status_code == 404


def test_a_step_is_removed_by_whoever_wrote_it_until_it_was_answered(as_, world, voice):
    slug = world.partnership.slug
    message = carry_voice(
        voice=voice, to_board=world.board, carried_on=SAID_ON, way=Way.PAPER, by=world.manager
    )
    effect = add_effect(voice=voice, kind=EffectKind.PRACTICE, what="Lamps", by=world.manager)
    story = reverse("voice-detail", args=[slug, voice.pk])
    remove = reverse("message-remove", args=[slug, voice.pk, message.pk])
    assert remove in as_("manager").get(story).content.decode()
    assert remove not in as_("chair").get(story).content.decode()
    assert "Only whoever wrote down this step" in as_("chair").post(remove).content.decode()
    answered = answer_message(
        message=message, expected_version=1, reply=Reply.YES, answered_on=SAID_ON, by=world.chair
    )
    assert "Correct it instead" in as_("manager").post(remove).content.decode()
    Message.objects.filter(pk=answered.pk).update(reply="", answered_on=None)
    assert as_("manager").post(remove).url == story
    assert as_("officer").post(reverse("effect-remove", args=[slug, voice.pk, effect.pk])).url == story
    assert not voice.messages.exists()
    assert not voice.effects.exists()


def test_two_at_once_are_told(as_, world, voice):
    path = reverse("voice-edit", args=[world.partnership.slug, voice.pk])
    sent = {
        "version": 1,
        "words": "First",
        "theme": "Lights",
        "said_on": "2026-03-02",
        "board": world.forum.pk,
        "said_as": "Bo",
        "audience": "partnership",
        "consent_note": "Asked",
    }
    assert as_("officer").post(path, sent).status_code == 302
    page = as_("officer").post(path, sent | {"words": "Second"}).content.decode()
    assert "Somebody else saved this" in page
    assert "Second" in page
    assert as_("manager").get(path).status_code == 403


def test_a_speaker_without_the_right_to_write_takes_back_their_consent(as_, world):
    voice = voice_of(world, Audience.PUBLIC, speaker=world.observer)
    path = reverse("voice-consent", args=[world.partnership.slug, voice.pk])
    assert as_("observer").post(path, {"audience": "withdraw"}).status_code == 302
    voice.refresh_from_db()
    assert voice.withdrawn_on is not None
    told = voice_of(world, Audience.PUBLIC)
    path = reverse("voice-consent", args=[world.partnership.slug, told.pk])
    assert as_("observer").post(path, {"audience": "withdraw"}).status_code == 403
    assert as_("officer").post(path, {"audience": "public"}).status_code == 200
    assert as_("officer").post(path, {"audience": "withdraw"}).url.endswith("/voices/")


def test_filters_stand_in_the_address(as_, world, voice):
    path = reverse("voice-list", args=[world.partnership.slug])
    carry_voice(voice=voice, to_board=world.board, carried_on=SAID_ON, way=Way.PAPER, by=world.officer)
    voice_of(world, theme="Benches", words="Nowhere to sit.")
    narrowed = {
        "q=sit": "Benches",
        "theme=Benches": "Benches",
        "not_carried=on": "Benches",
        "unanswered=on": "Lights on the path",
        "q=walk+home": "Lights on the path",
    }
    for query, found in narrowed.items():
        page = as_("chair").get(f"{path}?{query}").content.decode()
        rows = page[page.index('class="tl-rows"') :]
        other = ({"Benches", "Lights on the path"} - {found}).pop()
        assert found in rows, query
        assert other not in rows, query
    assert (
        "No voice that you may read matches" in as_("chair").get(f"{path}?until=2020-01-01").content.decode()
    )
    for odd in ("since=nonsense", "forum=999999", "page=zzz", "since=2026-03-03&until=2026-03-01"):
        assert as_("chair").get(f"{path}?{odd}").status_code == 200


def test_the_list_asks_no_more_the_more_there_is(as_, world, voice):
    path = reverse("voice-list", args=[world.partnership.slug])
    client = as_("officer")

    def asked():
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    before = asked()
    for _ in range(6):
        carry_voice(
            voice=voice_of(world), to_board=world.board, carried_on=SAID_ON, way=Way.PAPER, by=world.officer
        )
    assert asked() <= before <= 20


# --- With a code on paper ----------------------------------------------------------------------------------------
def test_a_code_shows_what_became_of_it_and_no_name(world, voice):
    message = carry_voice(
        voice=voice,
        to_board=world.board,
        carried_on=SAID_ON,
        carried_by=world.officer,
        way=Way.PAPER,
        by=world.officer,
    )
    answer_message(
        message=message,
        expected_version=1,
        reply=Reply.YES,
        answer=f"{world.chair.name} will see to it.",
        answered_on=SAID_ON,
        answered_by=world.chair,
        by=world.chair,
    )
    code = in_groups(code_for(give_code(voice=voice, by=world.officer).nonce))
    client = Client()
    sent = client.post(reverse("voice-code"), {"code": code.lower().replace("-", " ")})
    assert sent.url == reverse("voice-heard", args=[code])
    found = client.get(sent.url)
    page = found.content.decode()
    assert WORDS in page
    assert "[name] will see to it." in page
    assert world.chair.name not in page
    assert world.officer.name not in page
    assert "noindex" in found["X-Robots-Tag"]
    assert 'name="robots"' in page
    assert found["Referrer-Policy"] == "no-referrer"
    assert "no-store" in found["Cache-Control"]


def test_a_wrong_code_shows_nothing(world, voice):
    give_code(voice=voice, by=world.officer)
    assert Client().get(reverse("voice-heard", args=["AAAA-AAAA-AAAA-AAAA"])).status_code == 404
    page = Client().post(reverse("voice-code"), {"code": "AAAA"}).content.decode()
    assert "This code does not work" in page
    assert Client().post(reverse("voice-code"), {"code": "\x00"}).status_code == 200


def test_whoever_holds_the_code_takes_back_their_words(as_, world, voice):
    code = in_groups(code_for(give_code(voice=voice, by=world.officer).nonce))
    path = reverse("voice-heard", args=[code])
    client = Client()
    client.post(path, {"take_back": "yes"})
    voice.refresh_from_db()
    assert voice.withdrawn_on == timezone.localdate()
    page = client.get(path).content.decode()
    assert WORDS not in page, "the code may be in other hands too"
    assert "Consent was taken back" in page
    assert (
        as_("officer").get(reverse("voice-detail", args=[world.partnership.slug, voice.pk])).status_code
        == 404
    )


def test_long_odd_and_right_to_left_words_are_shown_as_text(as_, world):
    words = "<script>alert(1)</script> שלום 🙂 " + "x" * 4900
    voice = voice_of(world, words=words)
    page = as_("chair").get(reverse("voice-detail", args=[world.partnership.slug, voice.pk])).content.decode()
    assert "<script>alert(1)" not in page
    assert "שלום 🙂" in page


def test_an_activity_that_one_may_not_see_is_not_told(as_, world):
    from partnerships.actions.activities import log_activity
    from partnerships.models import Visibility

    activity = log_activity(
        partnership=world.partnership,
        by=world.officer,
        title="Quiet talk",
        happened_on=SAID_ON,
        visibility=Visibility.AUTHORS,
    )
    voice = voice_of(world, activity=activity)
    path = reverse("voice-detail", args=[world.partnership.slug, voice.pk])
    assert "Quiet talk" in as_("officer").get(path).content.decode()
    assert "Quiet talk" not in as_("chair").get(path).content.decode()


def test_an_activity_fills_in_what_it_knows(as_, world):
    from partnerships.actions.activities import log_activity

    activity = log_activity(
        partnership=world.partnership,
        by=world.officer,
        title="Walkabout",
        happened_on=timezone.localdate() - timedelta(3),
        board=world.board,
    )
    path = reverse("voice-new", args=[world.partnership.slug])
    page = as_("officer").get(f"{path}?activity={activity.pk}").content.decode()
    assert f'<option value="{activity.pk}" selected>' in page
    assert as_("officer").get(f"{path}?activity=zzz&board=x").status_code == 200
