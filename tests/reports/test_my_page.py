"""A person's own page: what is new, what changed, and how often emails come."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outcomes.models import Measure
from partnerships.actions.activities import log_activity
from partnerships.actions.boards import add_board, take_seat
from partnerships.actions.commitments import make_commitment
from partnerships.actions.decisions import record_decision
from partnerships.actions.meetings import plan_meeting
from partnerships.actions.notices import mark_all_read
from partnerships.models import BoardLevel, LastLook, Notice, NoticeKind, NotificationChoice
from partnerships.tasks.telling import tell
from people.actions.messages import answer_message, carry_voice
from people.actions.voice_notices import tell_of_unanswered
from people.actions.voices import narrow_consent, record_voice
from people.models import Audience, Reply, Way
from reports.queries.my_page import what_changed


def page(name, world, *args):
    return reverse(name, args=[world.partnership.slug, *args])


def say(world, person, number=1, **more):
    tell(
        partnership=world.partnership,
        kind=NoticeKind.MEETING,
        occasion=f"meeting {number}",
        sentence=f"Paper <b>{number}</b>",
        path=page("board-detail", world, world.board.pk),
        people=[person.pk],
        board=world.board,
        **more,
    )
    return Notice.objects.get(person=person, occasion=f"meeting {number}")


@pytest.fixture
def seated(world):
    take_seat(board=world.board, person=world.stranger, starts_on=timezone.localdate())
    return world.stranger


@pytest.mark.parametrize(
    "role", ["manager", "officer", "chair", "partner", "resident", "evaluator", "observer"]
)
def test_everybody_has_one_and_the_header_counts_what_is_new(world, as_, role):
    person = getattr(world, role)
    say(world, person)
    found = as_(role).get(page("my-page", world))
    assert found.status_code == 200
    assert "Paper &lt;b&gt;1&lt;/b&gt;" in found.content.decode()
    assert (
        '<span class="tl-header__unread">1<span class="tl-header__new"> new</span></span>'
        in as_(role).get(page("home", world)).content.decode()
    )


def test_a_seat_holder_from_elsewhere_sees_what_belongs_to_their_boards(world, as_, seated):
    say(world, seated)
    other = add_board(partnership=world.partnership, name="Closed board", level=BoardLevel.STRATEGIC)
    given = {"partnership": world.partnership, "owner": seated, "by": world.officer}
    make_commitment(**given, what="Bring the keys", board=world.board)
    make_commitment(**given, what="Count the money", board=other)
    log_activity(
        partnership=world.partnership, title="Walked", happened_on=timezone.localdate(), by=world.officer
    )
    plan_meeting(board=world.board, held_on=timezone.localdate() + timedelta(3), by=world.officer)
    text = as_(seated).get(page("my-page", world)).content.decode()
    for shown in ("Paper", "Bring the keys", "Active Lives Board", "Next:", "tl-header__unread"):
        assert shown in text
    for hidden in ("Count the money", "Closed board", "Walked", "My voices", "Waiting for you"):
        assert hidden not in text
    form = as_(seated).get(page("notification-choices", world)).context["form"]
    assert set(form.fields) == {"commitment", "voice", "meeting"}


def test_a_stranger_finds_none_and_whoever_is_not_signed_in_signs_in(world, as_):
    for name in ("my-page", "notice-list", "notification-choices"):
        assert as_("stranger").get(page(name, world)).status_code == 404
        assert Client().get(page(name, world)).url.startswith("/account/login/")


def test_one_is_read_by_its_own_button_and_nobody_reads_for_somebody_else(world, as_):
    mine, theirs = say(world, world.partner), say(world, world.officer)
    client = as_("partner")
    assert client.post(page("notice-read", world, theirs.pk)).status_code == 404
    assert client.post(page("notice-read", world, mine.pk)).url == page("my-page", world)
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert mine.seen_at is not None
    assert theirs.seen_at is None
    elsewhere = reverse("notice-read", args=[world.other.slug, theirs.pk])
    assert as_("stranger").post(elsewhere).status_code == 404


@pytest.mark.parametrize("until", ["", "soon", "2026-02-31", "\x00", "9" * 5000, "2026-01-01T10:00"])
def test_all_is_read_whatever_the_form_says_of_when(world, as_, until):
    say(world, world.partner)
    assert as_("partner").post(page("notices-read", world), {"until": until}).status_code == 302
    assert not Notice.objects.filter(seen_at=None).exists()


def test_what_came_after_the_page_was_shown_stays_new(world, as_):
    client = as_("partner")
    say(world, world.partner, at=timezone.now() - timedelta(minutes=1))
    shown_at = client.get(page("my-page", world)).context["shown_at"]
    say(world, world.partner, 2)
    client.post(page("notices-read", world), {"until": shown_at})
    assert [n.occasion for n in Notice.objects.filter(seen_at=None)] == ["meeting 2"]


def test_reloading_keeps_the_mark_and_what_was_read_can_be_shown_once_more(world, as_):
    client = as_("chair")
    first = timezone.now() - timedelta(days=3)
    mark_all_read(partnership=world.partnership, by=world.chair, until=first)
    say(world, world.chair)
    meeting = plan_meeting(board=world.board, held_on=timezone.localdate(), by=world.officer)
    record_decision(meeting=meeting, what="Feed the ducks", by=world.officer)
    for _ in range(2):
        assert "Feed the ducks" in client.get(page("my-page", world)).content.decode()
    assert LastLook.objects.get().looked_at == first
    client.post(page("notices-read", world))
    assert "Feed the ducks" not in client.get(page("my-page", world)).content.decode()
    again = client.get(page("my-page", world) + "?since=before").content.decode()
    assert "Feed the ducks" in again
    assert "What you marked as read" in again


def test_what_changed_is_of_things_in_which_one_has_a_part(world):
    since, today = timezone.now() - timedelta(hours=1), timezone.localdate()
    made = {"partnership": world.partnership, "happened_on": today}
    log_activity(**made, title="Of my board", board=world.board, by=world.officer)
    log_activity(**made, title="With me", people=[world.chair], by=world.officer)
    log_activity(**made, title="Somebody else’s", by=world.officer)
    log_activity(**made, title="My own", board=world.board, by=world.chair)
    make_commitment(partnership=world.partnership, what="For my board", board=world.board, by=world.officer)
    make_commitment(partnership=world.partnership, what="Far away", by=world.officer)
    found = what_changed(world.chair, world.partnership, since=since)
    assert {one.title for one in found.activities} == {"Of my board", "With me"}
    assert [one.what for one in found.commitments] == ["For my board"]
    assert not what_changed(world.chair, world.partnership, since=timezone.now())


# --- Voices and measures -----------------------------------------------------------------------------------------
@pytest.fixture
def carried(world):
    """A voice of the resident, carried by the partner to a board with a chair."""
    today = timezone.localdate()
    voice = record_voice(
        partnership=world.partnership,
        theme="Lights",
        words="It is dark.",
        said_on=today,
        said_as="Pat",
        audience=Audience.PARTNERSHIP,
        speaker=world.resident,
        by=world.resident,
    )
    return carry_voice(
        voice=voice,
        carried_on=today,
        way=Way.PAPER,
        carried_by=world.partner,
        to_board=world.board,
        by=world.officer,
    )


def of(person):
    return sorted(Notice.objects.filter(person=person).values_list("sentence", flat=True))


def test_the_chair_hears_of_a_voice_and_both_hear_of_the_answer(world, carried):
    waits = "A voice about “Lights” was put to Active Lives Board and waits for an answer"
    assert of(world.chair) == [waits]
    answer_message(
        message=carried,
        expected_version=1,
        reply=Reply.YES,
        answer="In May.",
        answered_on=timezone.localdate(),
        by=world.chair,
    )
    assert of(world.resident) == ["Active Lives Board answered “Yes” to what you said about “Lights”"]
    assert of(world.partner) == [
        "Active Lives Board answered “Yes” to the voice about “Lights” that you carried"
    ]
    narrow_consent(voice=carried.voice, audience=None, by=world.resident)
    assert of(world.chair) == of(world.partner) == []
    assert len(of(world.resident)) == 1


def test_a_voice_that_waits_too_long_is_told_once_more(world, carried, settings):
    late = timezone.localdate() + timedelta(days=settings.VOICE_ANSWER_DAYS)
    tell_of_unanswered(today=late - timedelta(days=1))
    assert len(of(world.chair)) == 1
    tell_of_unanswered(today=late)
    tell_of_unanswered(today=late + timedelta(days=1))
    assert sum("has waited" in sentence for sentence in of(world.chair)) == 1


def test_a_voice_that_the_chair_may_not_read_is_not_told(world):
    forum = add_board(partnership=world.partnership, name="Forum", level=BoardLevel.STRATEGIC)
    today = timezone.localdate()
    voice = record_voice(
        partnership=world.partnership,
        theme="Debts",
        words="I owe.",
        said_on=today,
        said_as="Pat",
        audience=Audience.FORUM,
        consent_note="Told us",
        board=forum,
        by=world.officer,
    )
    carry_voice(voice=voice, carried_on=today, way=Way.PAPER, to_board=world.board, by=world.officer)
    assert of(world.chair) == []


def test_whoever_owns_a_measure_is_told_of_figures_once_a_day(world, django_capture_on_commit_callbacks):
    from decimal import Decimal

    from outcomes.actions.observations import NewObservation, record_observations
    from outcomes.actions.remarks import take_back_remark, write_remark
    from outcomes.actions.setting_up import add_measure, add_outcome

    outcome = add_outcome(partnership=world.partnership, title="Out of doors", by=world.manager)
    given = {"unit": "%", "direction": "up", "frequency": "year", "by": world.manager}
    measure = add_measure(outcome=outcome, name="Walkers", **given)
    Measure.objects.filter(pk=measure.pk).update(owner=world.officer)
    measure.refresh_from_db()
    day = timezone.localdate().replace(month=1, day=1)
    for value in (40, 41):
        row = NewObservation(
            place=world.place, period_start=day, period_end=day, period_label="A", value=Decimal(value)
        )
        with django_capture_on_commit_callbacks(execute=True):
            record_observations(measure=measure, rows=[row], by=world.manager)
    assert of(world.officer) == ["New figures of “Walkers”"]
    remark = write_remark(measure=measure, text="Rain?", by=world.chair)
    write_remark(measure=measure, text="No.", reply_to=remark, by=world.officer)
    assert of(world.chair) == ["An answer to what you said of “Walkers”"]
    assert "New remark on “Walkers”, which you look after" in of(world.officer)
    take_back_remark(remark=remark, by=world.chair)
    assert of(world.officer) == ["New figures of “Walkers”"]


# --- Choices -----------------------------------------------------------------------------------------------------
def test_choices_are_kept_as_chosen_and_only_what_differs_is_written(world, as_):
    client = as_("partner")
    form = client.get(page("notification-choices", world)).context["form"]
    sent = {name: form.initial[name] for name in form.fields} | {"mention": "weekly"}
    assert client.post(page("notification-choices", world), sent).status_code == 302
    chosen = NotificationChoice.objects.get()
    assert (chosen.person, chosen.kind, chosen.frequency) == (world.partner, "mention", "weekly")
    again = client.get(page("notification-choices", world)).context["form"]
    assert again["mention"].value() == "weekly"


def test_a_choice_that_does_not_exist_is_refused_and_the_rest_is_kept_on_the_page(world, as_):
    client = as_("partner")
    form = client.get(page("notification-choices", world)).context["form"]
    sent = dict.fromkeys(form.fields, "never") | {"mention": "hourly"}
    found = client.post(page("notification-choices", world), sent)
    assert found.status_code == 200
    assert found.context["form"].errors.keys() == {"mention"}
    assert found.context["form"]["meeting"].value() == "never"
    assert not NotificationChoice.objects.exists()


def test_no_number_of_notices_asks_more_of_the_database(world, as_, django_assert_max_num_queries):
    client = as_("chair")
    for number in range(3):
        say(world, world.chair, number)
    client.get(page("my-page", world))
    for number in range(3, 40):
        say(world, world.chair, number)
    with django_assert_max_num_queries(50):
        client.get(page("my-page", world))
    with django_assert_max_num_queries(9):
        assert "Next" in client.get(page("notice-list", world)).content.decode()
